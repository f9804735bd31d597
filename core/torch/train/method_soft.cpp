// SPDX-License-Identifier: GPL-3.0-or-later
// Differentiable soft quantization (Gong et al. 2019): every rounding step is a piece of tanh whose steepness
// k grows over the first four fifths of the run; then rounding is hard and gradients go straight through.
//   soft(u) = floor(u) + 1/2 + tanh(k (u - floor(u) - 1/2)) / (2 tanh(k/2)),  u = clip(x/s, qmin - z, qmax -
//   z)
#include "core/torch/train/fake_quantize_p.h"
#include "core/torch/train/learned_site_p.h"

#include <ATen/ATen.h>

#include <cmath>

namespace bitwright {
namespace {

constexpr double kHardFrom = 0.8, kFirst = 1, kLast = 20;

class Soft : public LearnedSite {
public:
    using LearnedSite::LearnedSite;

    at::Tensor apply(const at::Tensor& x, const Moment& moment) override
    {
        if (moment.progress >= kHardFrom)
            return LearnedSite::apply(x, moment);
        const double k = kFirst * std::pow(kLast / kFirst, moment.progress / kHardFrom);
        const QuantParams& p = m_site.start;
        const at::Tensor scale = spreadEntries(m_scale.value(), p, x.sizes());
        std::vector<float> lo, hi;
        for (const int32_t zero : p.zeroPoint) {
            lo.push_back(float(p.qmin - zero));
            hi.push_back(float(p.qmax - zero));
        }
        const at::Tensor low = spreadEntries(fromVector(lo), p, x.sizes()),
                         high = spreadEntries(fromVector(hi), p, x.sizes());
        const at::Tensor u = at::minimum(at::maximum(x / scale, low), high);
        // The middle between two codes: half a step lies on both sides of every rounding threshold.
        const at::Tensor middle = at::floor(u.detach()) + 0.5;
        const at::Tensor soft = middle + at::tanh((u - middle) * k) * (0.5 / std::tanh(k / 2));
        return soft * scale;
    }
};

} // namespace

std::unique_ptr<SiteQuantizer> makeSoft(const Site& site)
{
    return std::make_unique<Soft>(site);
}

} // namespace bitwright
