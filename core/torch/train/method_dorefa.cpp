// SPDX-License-Identifier: GPL-3.0-or-later
// DoReFa-Net weights (Zhou et al. 2016): tanh(w) / max|tanh(w)|, here times the largest |w| that the weight
// began with, so that a trained model starts where it was; quantized on the grid of the plan whose range is
// that.
#include "core/torch/train/fake_quantize_p.h"
#include "core/torch/train/site_quantizer_p.h"

#include <ATen/ATen.h>
#include <ATen/core/grad_mode.h>

#include <algorithm>

namespace bitwright {
namespace {

class Dorefa : public SiteQuantizer {
public:
    using SiteQuantizer::SiteQuantizer;

    void begin(const at::Tensor& values) override
    {
        m_top = values.detach().abs().max().to(c10::kFloat).clamp_min(1e-12);
        const at::Tensor start = transformed(values.detach());
        m_scales = fromVector(bestScales(start, m_site.start));
    }

    at::Tensor apply(const at::Tensor& x, const Moment&) override
    {
        return fakeQuantizeGrad(transformed(x), params(x));
    }

    QuantParams params(const at::Tensor&) const override
    {
        QuantParams params = m_site.start;
        params.scale = toVector(m_scales);
        return params;
    }
    at::Tensor exported(const at::Tensor& weight) const override
    {
        const at::NoGradGuard none;
        return transformed(weight.detach());
    }
    std::vector<at::Tensor> state() const override { return {m_top, m_scales}; }

private:
    at::Tensor transformed(const at::Tensor& w) const
    {
        const at::Tensor squashed = at::tanh(w);
        return squashed / squashed.detach().abs().max().clamp_min(1e-12) * m_top.to(w.scalar_type());
    }

    at::Tensor m_top, m_scales;
};

} // namespace

std::unique_ptr<SiteQuantizer> makeDorefa(const Site& site)
{
    return std::make_unique<Dorefa>(site);
}

} // namespace bitwright
