// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/analysis/sensitivity_sums.h"

#include "core/analysis/logits.h"

namespace bitwright {

void CellSums::add(const CellSums& other)
{
    error.add(other.error);
    kl += other.kl;
    loss += other.loss;
    rows += other.rows;
    labelled += other.labelled;
    hits += other.hits;
}

SensitivityCell CellSums::finished(SensitivityCell cell) const
{
    cell.outputSqnrDb = error.sqnrDb();
    if (rows > 0)
        cell.kl = kl / double(rows);
    if (labelled > 0) {
        cell.top1 = double(hits) / double(labelled);
        cell.loss = loss / double(labelled);
    }
    return cell;
}

CellSums compareOutputs(const Tensor& floating, const Tensor& quantized, const std::vector<int64_t>& labels)
{
    CellSums sums;
    sums.error = compare(floating.floats(), quantized.floats());
    if (!isLogits(floating))
        return sums;
    sums.rows = floating.shape()[0];
    for (int64_t i = 0; i < sums.rows; ++i) {
        const std::span<const float> row = logitsRow(quantized, i);
        sums.kl += klDivergence(logitsRow(floating, i), row);
        if (labels.empty() || labels[size_t(i)] < 0)
            continue;
        ++sums.labelled;
        sums.hits += top1(row) == labels[size_t(i)];
        sums.loss += crossEntropy(row, labels[size_t(i)]);
    }
    return sums;
}

} // namespace bitwright
