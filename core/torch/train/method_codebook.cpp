// SPDX-License-Identifier: GPL-3.0-or-later
// Deep Compression (Han, Mao, Dally 2016), section 3: every weight is one of 2^b shared values. Which one is
// decided once, by k-means before training; then the shared values learn, each with the sum of the gradients
// of the weights that use it. A shared value of 0 (pruned weights) stays 0.
#include "core/quant/entry_layout.h"
#include "core/quant/quantize.h"
#include "core/torch/tensor_bridge_p.h"
#include "core/torch/train/site_quantizer_p.h"

#include <ATen/ATen.h>
#include <ATen/core/grad_mode.h>

namespace bitwright {
namespace {

/// Position in QuantParams::codebook of the value of every weight.
std::vector<int64_t> sharedValues(const Tensor& weight, const QuantParams& params)
{
    const std::vector<int32_t> codes = quantizeToCodes(weight, params);
    const auto levels = int64_t(params.codebook.size() / params.scale.size());
    std::vector<int64_t> shared(codes.size());
    forEachRun(entryLayout(weight.shape(), params.axis, params.group), 0, int64_t(codes.size()),
               [&](int64_t entry, int64_t begin, int64_t length) {
                   for (int64_t i = begin; i < begin + length; ++i)
                       shared[size_t(i)] = entry * levels + codes[size_t(i)];
               });
    return shared;
}

class CodebookSite : public SiteQuantizer {
public:
    using SiteQuantizer::SiteQuantizer;

    void begin(const at::Tensor& values) override
    {
        const at::NoGradGuard none;
        const Tensor weight = floatFromTorch(values);
        m_params = paramsFromValues(m_site.spec, weight, m_site.start.axis);
        m_shared = at::tensor(sharedValues(weight, m_params), c10::kLong);
        const at::Tensor codebook = at::tensor(m_params.codebook, c10::kFloat);
        // The leaf is relative to the largest value, so that one learning rate serves all sites.
        m_unit = codebook.abs().max().clamp_min(1e-30);
        m_free = codebook.ne(0).to(c10::kFloat);
        m_leaf = (codebook / m_unit).requires_grad_(true);
    }

    at::Tensor apply(const at::Tensor& x, const Moment&) override
    {
        return (m_leaf * m_unit).index_select(0, m_shared).view(x.sizes()).to(x.scalar_type());
    }

    std::vector<at::Tensor> learned() const override { return {m_leaf}; }
    std::vector<at::Tensor> state() const override { return {m_leaf, m_shared, m_unit, m_free}; }

    void project() override
    {
        const at::NoGradGuard none;
        m_leaf.mul_(m_free);
    }

    QuantParams params(const at::Tensor&) const override
    {
        QuantParams params = m_params;
        const Tensor values = floatFromTorch((m_leaf * m_unit).detach());
        params.codebook.assign(values.floats().begin(), values.floats().end());
        return params;
    }

    at::Tensor exported(const at::Tensor& weight) const override
    {
        return (m_leaf * m_unit)
            .detach()
            .index_select(0, m_shared)
            .view(weight.sizes())
            .to(weight.scalar_type());
    }

private:
    QuantParams m_params; ///< at the beginning
    at::Tensor m_leaf, m_shared, m_unit, m_free;
};

} // namespace

std::unique_ptr<SiteQuantizer> makeCodebook(const Site& site)
{
    if (site.start.format == Format::Codebook)
        return std::make_unique<CodebookSite>(site);
    return makeLsq(site);
}

} // namespace bitwright
