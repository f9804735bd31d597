// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/base/result.h"
#include "core/tensor/tensor.h"

#include <cstdint>
#include <span>
#include <vector>

namespace bitwright {

/// Whether an output looks like class scores: [n, K] with K >= 2.
bool isLogits(const Tensor& output);
/// Row `i` of logits [n, K].
std::span<const float> logitsRow(const Tensor& logits, int64_t i);

/// Index of the largest value, the first of equal ones (as torch.argmax and numpy do on the CPU); -1 when a
/// value is NaN: the model decides for nothing.
int64_t top1(std::span<const float> row);
/// The largest value minus the second largest; 0 for fewer than two.
float topMargin(std::span<const float> row);
/// Whether `label` is among the `k` largest; of equal values the lower index counts as larger. False when a
/// value is NaN.
bool isInTop(std::span<const float> row, int64_t label, int k);
/// -log softmax(row)[label], nat; computed with the maximum taken out.
double crossEntropy(std::span<const float> row, int64_t label);
/// KL(softmax(p) || softmax(q)), nat, >= 0.
double klDivergence(std::span<const float> p, std::span<const float> q);

/// Unsupported when the labels do not fit logits [n, K]: a wrong number, or a label outside [0, K).
/// -1 (unknown) is fine, and so is no label at all.
Result<void> checkLabels(const Tensor& logits, const std::vector<int64_t>& labels);

} // namespace bitwright
