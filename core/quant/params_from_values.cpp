// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/base/parallel.h"
#include "core/quant/codebook.h"
#include "core/quant/entry_layout.h"
#include "core/quant/quant_params.h"

#include <algorithm>
#include <cmath>
#include <iterator>

namespace bitwright {

namespace {

/// A scale that fake quantization can live with where the data has none.
float positive(double scale)
{
    return scale > 0 ? float(std::clamp(scale, 0x1p-126, 0x1p+126)) : 1.0f;
}

double meanAbs(const std::vector<float>& values)
{
    double sum = 0;
    int64_t count = 0;
    for (const float x : values)
        if (std::isfinite(x)) {
            sum += std::fabs(double(x));
            ++count;
        }
    return count ? sum / double(count) : 0;
}

/// Ternary Weight Networks: threshold 0.7 mean|x|, scale the mean magnitude above it.
struct TernaryFit {
    float scale = 1, threshold = 0;
};
TernaryFit fitTernary(const std::vector<float>& values)
{
    const auto threshold = float(0.7 * meanAbs(values));
    double sum = 0;
    int64_t count = 0;
    for (const float x : values)
        if (std::isfinite(x) && std::fabs(x) > threshold) {
            sum += std::fabs(double(x));
            ++count;
        }
    return {positive(count ? sum / double(count) : 0), threshold};
}

/// Where more values than an average entry stands for are exactly 0 (pruned weights), one entry is 0 and the
/// others are fitted to the rest, as Deep Compression shares weights.
std::vector<float> codebookOf(const std::vector<float>& values, size_t levels)
{
    const auto zeros = size_t(std::ranges::count(values, 0.0f));
    if (zeros == 0 || zeros * levels < values.size() || zeros == values.size() || levels < 2)
        return fitCodebook(values, levels);
    std::vector<float> others;
    std::ranges::copy_if(values, std::back_inserter(others), [](float x) { return x != 0; });
    std::vector<float> fitted = fitCodebook(others, levels - 1);
    fitted.insert(std::ranges::lower_bound(fitted, 0.0f), 0.0f);
    return fitted;
}

} // namespace

QuantParams paramsFromValues(const QuantSpec& spec, const Tensor& tensor, int axis)
{
    QuantParams params = emptyParams(spec, axis);
    if (spec.hasRange())
        return paramsFromRanges(spec, entryRanges(tensor, params.axis, params.group), axis);
    if (spec.format != Format::Binary && spec.format != Format::Ternary && spec.format != Format::Codebook)
        return params;
    const EntryLayout layout = entryLayout(tensor.shape(), params.axis, params.group);
    const size_t levels = size_t(1) << spec.bits;
    params.scale.assign(size_t(layout.entries()), 1.0f);
    params.zeroPoint.assign(params.scale.size(), 0);
    if (spec.format == Format::Ternary)
        params.codebook.resize(params.scale.size());
    if (spec.format == Format::Codebook)
        params.codebook.resize(params.scale.size() * levels);
    parallelFor(layout.entries(), [&](int64_t entry) {
        const auto e = size_t(entry);
        const std::vector<float> values = entryValues(tensor, layout, entry);
        if (spec.format == Format::Binary) {
            params.scale[e] = positive(meanAbs(values));
        } else if (spec.format == Format::Ternary) {
            const TernaryFit fit = fitTernary(values);
            params.scale[e] = fit.scale;
            params.codebook[e] = fit.threshold;
        } else {
            std::ranges::copy(codebookOf(values, levels),
                              params.codebook.begin() + std::ptrdiff_t(e * levels));
        }
    });
    return params;
}

} // namespace bitwright
