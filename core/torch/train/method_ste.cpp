// SPDX-License-Identifier: GPL-3.0-or-later
// Straight-through estimator (Bengio, Leonard, Courville 2013): the gradient of rounding is 1 inside the
// range.
#include "core/torch/tensor_bridge_p.h"
#include "core/torch/train/fake_quantize_p.h"
#include "core/torch/train/site_quantizer_p.h"
#include "core/torch/workers_p.h"

#include <ATen/ATen.h>

namespace bitwright {
namespace {

/// The ranges of the plan as they are. Formats whose grid comes from the values follow the weights.
class FixedSte : public SiteQuantizer {
public:
    using SiteQuantizer::SiteQuantizer;

    at::Tensor apply(const at::Tensor& x, const Moment&) override { return fakeQuantizeGrad(x, gridFor(x)); }
    QuantParams params(const at::Tensor& values) const override { return gridFor(values); }

private:
    QuantParams gridFor(const at::Tensor& x) const
    {
        const Format format = m_site.start.format;
        if (m_site.dynamic) {
            const auto [lo, hi] = at::aminmax(x.detach().to(c10::kFloat));
            const at::Tensor ends = at::stack({lo, -hi});
            leastOverWorkers(ends);
            return paramsFromRanges(m_site.spec, {{ends[0].item<float>(), -ends[1].item<float>()}}, -1);
        }
        const bool ofValues =
            format == Format::Binary || format == Format::Ternary || format == Format::Codebook;
        if (!m_site.weight || !ofValues || !x.defined() || m_site.spec.granularity == Granularity::Model)
            return m_site.start;
        return paramsFromValues(m_site.spec, floatFromTorch(x), m_site.start.axis);
    }
};

/// The range follows the mean magnitude: of the weight as it is, of activations by a moving average over the
/// batches (0.9 old, 0.1 new). So it moves with the values and keeps the clipping that the plan's estimator
/// chose.
class MovingSte : public SiteQuantizer {
public:
    using SiteQuantizer::SiteQuantizer;

    void begin(const at::Tensor& values) override
    {
        m_first = entryMeanAbs(values, m_site.start);
        m_mean = m_first.clone();
    }

    at::Tensor apply(const at::Tensor& x, const Moment& moment) override
    {
        if (moment.training && m_site.weight)
            m_mean.copy_(entryMeanAbs(x, m_site.start));
        else if (moment.training)
            m_mean.mul_(0.9).add_(sharedMeanAbs(x), 0.1);
        return fakeQuantizeGrad(x, grid());
    }

    QuantParams params(const at::Tensor& values) const override
    {
        if (m_site.weight && m_mean.defined())
            at::Tensor(m_mean).copy_(entryMeanAbs(values, m_site.start));
        return grid();
    }
    std::vector<at::Tensor> state() const override { return {m_first, m_mean}; }

private:
    /// Over the batch of all workers.
    at::Tensor sharedMeanAbs(const at::Tensor& x) const
    {
        const at::Tensor mean = entryMeanAbs(x, m_site.start);
        sumOverWorkers(mean);
        return mean / double(workers().size());
    }

    QuantParams grid() const
    {
        QuantParams params = m_site.start;
        const std::vector<float> first = toVector(m_first), mean = toVector(m_mean);
        for (size_t i = 0; i < params.scale.size(); ++i)
            if (first[i] > 0 && mean[i] > 0)
                params.scale[i] *= mean[i] / first[i];
        return params;
    }

    at::Tensor m_first, m_mean;
};

} // namespace

std::unique_ptr<SiteQuantizer> makeFixedSte(const Site& site)
{
    return std::make_unique<FixedSte>(site);
}
std::unique_ptr<SiteQuantizer> makeMovingSte(const Site& site)
{
    // A scale that must be a power of two cannot follow anything smoothly.
    if (site.spec.scheme == Scheme::PowerOfTwo)
        return makeFixedSte(site);
    return std::make_unique<MovingSte>(site);
}

} // namespace bitwright
