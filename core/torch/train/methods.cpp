// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/torch/guard_p.h"
#include "core/torch/train/site_quantizer_p.h"

namespace bitwright {

const std::vector<MethodRow>& methodRows()
{
    static const std::vector<MethodRow> rows = {
        {"ste", makeFixedSte, makeFixedSte},
        {"ste-moving", makeMovingSte, makeMovingSte},
        {"lsq", makeLsq, makeLsq},
        {"lsq+", makeLsq, makeLsqPlus},
        {"pact", makeMovingSte, makePact},
        {"dorefa", makeDorefa, makeFixedSte},
        {"gradual-bits", makeGradualBits, makeGradualBits},
        {"gradual-layers", makeGradualLayers, makeGradualLayers},
        {"soft", makeSoft, makeSoft},
        {"codebook", makeCodebook, makeLsq},
    };
    return rows;
}

std::unique_ptr<SiteQuantizer> makeSiteQuantizer(const std::string& method, const Site& site)
{
    const bool learns = site.start.format == Format::Int && !site.dynamic &&
                        site.spec.granularity != Granularity::Model &&
                        site.start.rounding == Rounding::HalfEven;
    const bool shares = method == "codebook" && site.weight && site.start.format == Format::Codebook &&
                        site.spec.granularity != Granularity::Model;
    for (const MethodRow& row : methodRows())
        if (row.name == method)
            return learns || shares ? (site.weight ? row.weight : row.activation)(site) : makeFixedSte(site);
    throw Stop{{Error::InvalidArgument, "There is no training method \"" + method + "\".", {}}};
}

} // namespace bitwright
