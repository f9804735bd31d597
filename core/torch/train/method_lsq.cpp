// SPDX-License-Identifier: GPL-3.0-or-later
// Learned step size quantization (Esser et al. 2020, LSQ) and learned offsets (Bhalgat et al. 2020, LSQ+).
#include "core/torch/train/fake_quantize_p.h"
#include "core/torch/train/learned_site_p.h"

#include <ATen/ATen.h>

#include <algorithm>
#include <cmath>

namespace bitwright {

double lsqGradientScale(const at::Tensor& x, const Site& site)
{
    const QuantParams& p = site.start;
    const double samples = site.weight ? 1.0 : double(std::max<int64_t>(x.dim() > 0 ? x.size(0) : 1, 1));
    const double elements = double(x.numel()) / double(p.scale.size()) / samples;
    return 1 / std::sqrt(std::max(elements, 1.0) * std::max(p.qmax, 1));
}

void LearnedSite::begin(const at::Tensor& values)
{
    m_scale.start(m_site, bestScales(values, m_site.start));
}

at::Tensor LearnedSite::apply(const at::Tensor& x, const Moment&)
{
    const at::Tensor scale = m_scale.value();
    QuantParams params = m_site.start;
    params.scale = toVector(scale);
    return fakeQuantizeGrad(x, params, ScaleGradient::Lsq, scale, {}, lsqGradientScale(x, m_site));
}

QuantParams LearnedSite::params(const at::Tensor&) const
{
    QuantParams params = m_site.start;
    params.scale = toVector(m_scale.value());
    return params;
}

std::vector<at::Tensor> LearnedSite::learned() const
{
    return {m_scale.ratio()};
}

std::vector<at::Tensor> LearnedSite::state() const
{
    return {m_scale.ratio(), m_scale.first()};
}

void LearnedSite::project()
{
    m_scale.project();
}

namespace {

/// x^ = s q + offset; the zero point is the offset in steps, rounded, so that 0 stays on the grid. The offset
/// is learned in steps of the first scale.
class LsqPlus : public LearnedSite {
public:
    using LearnedSite::LearnedSite;

    void begin(const at::Tensor& values) override
    {
        LearnedSite::begin(values);
        std::vector<float> steps;
        for (const int32_t zero : m_site.start.zeroPoint)
            steps.push_back(-float(zero));
        m_steps = fromVector(steps).requires_grad_(true);
    }

    at::Tensor apply(const at::Tensor& x, const Moment&) override
    {
        const at::Tensor scale = m_scale.value(), offset = m_steps * m_scale.first();
        return fakeQuantizeGrad(x, grid(), ScaleGradient::Plus, scale, offset, lsqGradientScale(x, m_site));
    }

    QuantParams params(const at::Tensor&) const override { return grid(); }
    std::vector<at::Tensor> learned() const override { return {m_scale.ratio(), m_steps}; }
    std::vector<at::Tensor> state() const override { return {m_scale.ratio(), m_scale.first(), m_steps}; }

private:
    QuantParams grid() const
    {
        QuantParams params = LearnedSite::params({});
        const std::vector<float> steps = toVector(m_steps), first = toVector(m_scale.first());
        for (size_t i = 0; i < steps.size(); ++i) {
            const float zero = std::nearbyint(-steps[i] * first[i] / params.scale[i]);
            params.zeroPoint[i] = int32_t(std::clamp(zero, float(params.qmin), float(params.qmax)));
        }
        return params;
    }

    at::Tensor m_steps;
};

bool startsAtZero(const Site& site)
{
    return std::all_of(site.start.zeroPoint.begin(), site.start.zeroPoint.end(),
                       [&](int32_t z) { return z == site.start.qmin; });
}

} // namespace

std::unique_ptr<SiteQuantizer> makeLsq(const Site& site)
{
    return std::make_unique<LearnedSite>(site);
}

std::unique_ptr<SiteQuantizer> makeLsqPlus(const Site& site)
{
    // An offset would only be learned away from 0 where values are never negative (behind ReLU).
    if (site.spec.scheme != Scheme::Asymmetric || startsAtZero(site))
        return makeLsq(site);
    return std::make_unique<LsqPlus>(site);
}

} // namespace bitwright
