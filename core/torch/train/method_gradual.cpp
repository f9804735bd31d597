// SPDX-License-Identifier: GPL-3.0-or-later
// Quantization introduced step by step, on learned step sizes: the bits step down from 8 to the plan's over
// the first half of the run, or the sites join one after the other, first to last.
#include "core/torch/train/fake_quantize_p.h"
#include "core/torch/train/learned_site_p.h"

#include <ATen/ATen.h>

#include <algorithm>
#include <cmath>

namespace bitwright {
namespace {

constexpr double kHalf = 0.5;
constexpr int kFirstBits = 8;

class GradualBits : public LearnedSite {
public:
    using LearnedSite::LearnedSite;

    at::Tensor apply(const at::Tensor& x, const Moment& moment) override
    {
        const int bits = bitsAt(moment.progress);
        if (bits <= m_site.start.bits)
            return LearnedSite::apply(x, moment);
        // The same range in finer steps.
        const at::Tensor target = m_scale.value();
        QuantSpec spec = m_site.spec;
        spec.bits = bits;
        const IntegerBounds bounds = integerBounds(spec);
        QuantParams grid = m_site.start;
        grid.bits = bits;
        const double finer = double(std::max(grid.qmax, 1)) / bounds.qmax;
        for (int32_t& zero : grid.zeroPoint)
            zero = int32_t(std::nearbyint(zero / finer));
        grid.qmin = bounds.qmin;
        grid.qmax = bounds.qmax;
        const at::Tensor scale = target * finer;
        grid.scale = toVector(scale);
        return fakeQuantizeGrad(x, grid, ScaleGradient::Lsq, scale, {}, lsqGradientScale(x, m_site));
    }

private:
    int bitsAt(double progress) const
    {
        const int target = m_site.start.bits;
        if (progress >= kHalf || target >= kFirstBits)
            return target;
        return int(std::ceil(kFirstBits - (kFirstBits - target) * progress / kHalf));
    }
};

class GradualLayers : public LearnedSite {
public:
    using LearnedSite::LearnedSite;

    at::Tensor apply(const at::Tensor& x, const Moment& moment) override
    {
        return moment.progress < kHalf * m_site.position ? x : LearnedSite::apply(x, moment);
    }
};

} // namespace

std::unique_ptr<SiteQuantizer> makeGradualBits(const Site& site)
{
    return std::make_unique<GradualBits>(site);
}
std::unique_ptr<SiteQuantizer> makeGradualLayers(const Site& site)
{
    return std::make_unique<GradualLayers>(site);
}

} // namespace bitwright
