// SPDX-License-Identifier: GPL-3.0-or-later
// Parameterized clipping activation (Choi et al. 2018): y = clip(x, 0, alpha), alpha learned from what is
// clipped. Tensors with both signs are clipped at both ends of their grid, which alpha stretches.
#include "core/torch/train/fake_quantize_p.h"
#include "core/torch/train/learned_site_p.h"

#include <ATen/ATen.h>

namespace bitwright {
namespace {

class Pact : public LearnedSite {
public:
    using LearnedSite::LearnedSite;

    at::Tensor apply(const at::Tensor& x, const Moment&) override
    {
        const at::Tensor scale = m_scale.value();
        const QuantParams grid = params(x);
        return fakeQuantizeGrad(x, grid, ScaleGradient::Clip, scale);
    }
};

} // namespace

std::unique_ptr<SiteQuantizer> makePact(const Site& site)
{
    return std::make_unique<Pact>(site);
}

} // namespace bitwright
