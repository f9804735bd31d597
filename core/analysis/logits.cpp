// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/analysis/logits.h"

#include <algorithm>
#include <cmath>
#include <limits>
#include <utility>

namespace bitwright {
namespace {

double logSumExp(std::span<const float> row)
{
    const double largest = *std::max_element(row.begin(), row.end());
    double sum = 0;
    for (const float v : row)
        sum += std::exp(double(v) - largest);
    return largest + std::log(sum);
}

} // namespace

bool isLogits(const Tensor& output)
{
    return output.dim() == 2 && output.shape()[1] >= 2;
}

std::span<const float> logitsRow(const Tensor& logits, int64_t i)
{
    const size_t width = size_t(logits.shape()[1]);
    return logits.floats().subspan(size_t(i) * width, width);
}

int64_t top1(std::span<const float> row)
{
    if (std::any_of(row.begin(), row.end(), [](float value) { return std::isnan(value); }))
        return -1;
    return std::max_element(row.begin(), row.end()) - row.begin();
}

float topMargin(std::span<const float> row)
{
    if (row.size() < 2)
        return 0;
    float first = -std::numeric_limits<float>::infinity(), second = first;
    for (const float value : row) {
        if (value > first)
            second = std::exchange(first, value);
        else if (value > second)
            second = value;
    }
    return std::isfinite(first - second) ? first - second : 0;
}

bool isInTop(std::span<const float> row, int64_t label, int k)
{
    const float own = row[size_t(label)];
    int ahead = 0;
    for (int64_t i = 0; i < int64_t(row.size()); ++i) {
        if (std::isnan(row[size_t(i)]))
            return false;
        ahead += row[size_t(i)] > own || (row[size_t(i)] == own && i < label);
    }
    return ahead < k;
}

double crossEntropy(std::span<const float> row, int64_t label)
{
    return logSumExp(row) - row[size_t(label)];
}

double klDivergence(std::span<const float> p, std::span<const float> q)
{
    const double logP = logSumExp(p), logQ = logSumExp(q);
    double sum = 0;
    for (size_t i = 0; i < p.size(); ++i) {
        const double share = std::exp(p[i] - logP);
        if (share > 0)
            sum += share * ((p[i] - logP) - (q[i] - logQ));
    }
    return std::max(0.0, sum); // the rounding of a sum that is 0 may fall below it
}

Result<void> checkLabels(const Tensor& logits, const std::vector<int64_t>& labels)
{
    if (labels.empty())
        return {};
    const int64_t rows = logits.shape()[0], classes = logits.shape()[1];
    if (int64_t(labels.size()) != rows)
        return Error{Error::Unsupported,
                     "The model answered " + std::to_string(rows) + " samples of a batch of " +
                         std::to_string(labels.size()) +
                         "; a batch size may be fixed in the file, so try --batch " + std::to_string(rows) +
                         ".",
                     {}};
    for (const int64_t label : labels)
        if (label >= classes || label < -1)
            return Error{Error::Unsupported,
                         "The data have the label " + std::to_string(label) +
                             ", but the model knows only the " + std::to_string(classes) + " classes 0 to " +
                             std::to_string(classes - 1) + "; check that data and model belong together.",
                         {}};
    return {};
}

} // namespace bitwright
