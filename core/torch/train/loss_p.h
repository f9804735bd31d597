// SPDX-License-Identifier: GPL-3.0-or-later
// What training makes small.
#pragma once

#include "core/run/trainer.h"
#include "core/torch/train/train_graph_p.h"

namespace bitwright {

/// Cross-entropy over rows with a label >= 0, with smoothing; mean squared error against one-hot rows or
/// numbers. Throws Stop where `output` is not of the shape that the loss needs ([n, K]).
at::Tensor labelLoss(const at::Tensor& output, const std::vector<int64_t>& labels,
                     const TrainOptions& options);
/// T^2 KL(softmax(teacher / T) || softmax(student / T)), mean over rows (Hinton et al. 2015).
at::Tensor distillKl(const at::Tensor& student, const at::Tensor& teacher, double temperature);
/// Mean squared difference over the teacher's variance.
at::Tensor distillSquares(const at::Tensor& student, const at::Tensor& teacher, double variance);
/// Of all elements; of a single one its square.
double varianceOf(const at::Tensor& teacher);

/// The whole objective of a batch. `labels` may be empty. Class scores [n, K] are distilled by KL; other
/// outputs, and all of them when there is no loss against labels (they may be no class scores), by squares.
at::Tensor objective(const Forward& student, const Forward& teacher, const std::vector<int64_t>& labels,
                     const TrainOptions& options);
/// Rows whose largest score is at their label, and rows with a label; {0, 0} when `output` is not [n, K].
std::pair<int64_t, int64_t> hits(const at::Tensor& output, const std::vector<int64_t>& labels);
/// The options ask for the float model's answers.
bool needsTeacher(const TrainOptions& options);

} // namespace bitwright
