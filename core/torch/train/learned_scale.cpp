// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/base/parallel.h"
#include "core/quant/entry_layout.h"
#include "core/tensor/quant_kernels.h"
#include "core/torch/train/fake_quantize_p.h"
#include "core/torch/train/site_quantizer_p.h"

#include <ATen/ATen.h>
#include <ATen/core/grad_mode.h>

#include <algorithm>
#include <cmath>

namespace bitwright {
namespace {

/// Elements of one scale that decide.
constexpr size_t kJudges = 1 << 16;

/// Every n-th element of an entry, so that at most kJudges are left.
std::vector<float> sampleOf(const float* values, const EntryLayout& layout, int64_t entry)
{
    const int64_t step =
        std::max<int64_t>(1, std::min(layout.group, layout.channelLength()) / int64_t(kJudges));
    std::vector<float> sample;
    int64_t seen = 0;
    forEachPiece(layout, entry, [&](int64_t, int64_t offset, int64_t length) {
        for (int64_t i = 0; i < length; ++i, ++seen)
            if (seen % step == 0 && std::isfinite(values[offset + i]))
                sample.push_back(values[offset + i]);
    });
    return sample;
}

float bestScale(const std::vector<float>& values, const QuantParams& start, size_t entry)
{
    const int32_t zero = start.zeroPoint[entry];
    const float lo = float(start.qmin - zero), hi = float(start.qmax - zero);
    double mean = 0;
    float top = 0;
    for (const float x : values) {
        mean += std::abs(double(x));
        top = std::max({top, hi > 0 ? x / hi : 0.0f, lo < 0 ? x / lo : 0.0f});
    }
    float best = start.scale[entry];
    if (values.empty() || !(top > 0))
        return best;
    double least = INFINITY;
    const auto consider = [&](float scale) {
        if (!(scale > 0x1p-100f) || !std::isfinite(scale))
            return;
        const double unit = double(scale) * scale, enough = least / unit;
        const kernels::GridFit fit =
            kernels::gridFit(values.data(), values.size(), {scale, zero, start.qmin, start.qmax}, enough);
        if (const double error = unit * fit.squared; error < least) {
            least = error;
            best = scale;
        }
    };
    consider(best);
    consider(float(2 * mean / double(values.size()) / std::sqrt(std::max(hi, 1.0f))));
    for (int i = 1; i <= 40; ++i)
        consider(top * float(i) / 40);
    return best;
}

} // namespace

std::vector<float> bestScales(const at::Tensor& values, const QuantParams& start)
{
    const at::Tensor dense = values.detach().to(c10::kFloat).contiguous();
    EntryLayout layout = entryLayout(dense.sizes().vec(), start.axis, start.group);
    if (int64_t(start.scale.size()) < layout.entries())
        layout = entryLayout(dense.sizes().vec(), -1, 0);
    std::vector<float> scales = start.scale;
    const float* data = dense.data_ptr<float>();
    parallelFor(layout.entries(), [&](int64_t entry) {
        scales[size_t(entry)] = bestScale(sampleOf(data, layout, entry), start, size_t(entry));
    });
    return scales;
}

void LearnedScale::start(const Site& site, const std::vector<float>& scales)
{
    m_powerOfTwo = site.spec.scheme == Scheme::PowerOfTwo;
    m_first = fromVector(scales);
    m_ratio = at::ones_like(m_first).requires_grad_(true);
}

at::Tensor LearnedScale::value() const
{
    const at::Tensor scale = m_first * m_ratio;
    return m_powerOfTwo ? straightThrough(scale, at::exp2(at::round(at::log2(scale.detach())))) : scale;
}

void LearnedScale::project()
{
    const at::NoGradGuard none;
    m_ratio.clamp_(1e-3, 1e3);
}

} // namespace bitwright
