// SPDX-License-Identifier: GPL-3.0-or-later
// The site that most methods start from: a learned scale.
#pragma once

#include "core/torch/train/site_quantizer_p.h"

namespace bitwright {

/// 1 / sqrt(elements per scale (and sample) * qmax), LSQ's balance between ranges and weights.
double lsqGradientScale(const at::Tensor& x, const Site& site);

/// LSQ.
class LearnedSite : public SiteQuantizer {
public:
    using SiteQuantizer::SiteQuantizer;

    void begin(const at::Tensor& values) override;
    at::Tensor apply(const at::Tensor& x, const Moment& moment) override;
    QuantParams params(const at::Tensor& values) const override;
    std::vector<at::Tensor> learned() const override;
    std::vector<at::Tensor> state() const override;
    void project() override;

protected:
    LearnedScale m_scale;
};

} // namespace bitwright
