// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/torch/guard_p.h"
#include "core/torch/train/loss_p.h"
#include "core/torch/workers_p.h"

#include <ATen/ATen.h>
#include <ATen/core/grad_mode.h>

#include <algorithm>

namespace bitwright {
namespace {

bool isScores(const at::Tensor& output)
{
    return output.dim() == 2 && output.size(1) > 1;
}

Stop misfit(const std::string& message)
{
    return Stop{{Error::InvalidArgument, message, {}}};
}

at::Tensor labelTensor(const std::vector<int64_t>& labels, int64_t rows)
{
    if (int64_t(labels.size()) != rows)
        throw misfit("The model gives another number of rows than there are labels; train by distillation "
                     "alone (loss none).");
    return at::tensor(labels);
}

at::Tensor squaredLoss(const at::Tensor& output, const at::Tensor& labels)
{
    const at::Tensor flat = output.reshape({output.size(0), -1});
    const at::Tensor target =
        flat.size(1) == 1 ? labels.to(flat.scalar_type()).view({-1, 1})
                          : at::zeros_like(flat.detach()).scatter_(1, labels.clamp_min(0).view({-1, 1}), 1.0);
    const at::Tensor known = (labels >= 0).to(flat.scalar_type()).view({-1, 1});
    return ((flat - target).square() * known).sum() / (known.sum() * double(flat.size(1))).clamp_min(1);
}

/// Of the batch of all workers.
double sharedVariance(const at::Tensor& teacher)
{
    if (workers().isAlone())
        return varianceOf(teacher);
    const at::Tensor wide = teacher.detach().to(c10::kDouble);
    at::Tensor sums =
        at::stack({wide.sum(), wide.square().sum(), at::full({}, double(wide.numel()), wide.options())});
    sumOverWorkers(sums);
    const at::Tensor moments = sums / sums[2];
    const double mean = moments[0].item<double>(), square = moments[1].item<double>();
    return sums[2].item<double>() > 1 ? square - mean * mean : square;
}

/// What the mean over the labelled rows here weighs in that over the rows of all workers.
double labelShare(const std::vector<int64_t>& labels)
{
    const auto known = double(std::count_if(labels.begin(), labels.end(), [](int64_t l) { return l >= 0; }));
    const at::Tensor total = at::full({1}, known, c10::kDouble);
    sumOverWorkers(total);
    const double all = total.item<double>();
    return all > 0 ? known * workers().size() / all : 1;
}

} // namespace

at::Tensor labelLoss(const at::Tensor& output, const std::vector<int64_t>& labels,
                     const TrainOptions& options)
{
    if (output.dim() < 1)
        throw misfit("The first output is a single number; train by distillation alone (loss none).");
    const at::Tensor target = labelTensor(labels, output.size(0));
    const int64_t most = labels.empty() ? -1 : *std::max_element(labels.begin(), labels.end());
    const bool number = options.loss == TrainLoss::MeanSquared && output.numel() == output.size(0);
    if (!number && (!isScores(output) || most >= output.size(1)))
        throw misfit("The first output has the shape " + shapeText(output.sizes().vec()) +
                     ", which is no score for each of " + std::to_string(most + 1) +
                     " classes; train by distillation alone (loss none).");
    if (options.loss == TrainLoss::MeanSquared)
        return squaredLoss(output, target);
    if (most < 0)
        return output.sum() * 0;
    return at::cross_entropy_loss(output, target, {}, at::Reduction::Mean, -1, options.labelSmoothing);
}

at::Tensor distillKl(const at::Tensor& student, const at::Tensor& teacher, double temperature)
{
    const at::Tensor wanted = at::softmax(teacher / temperature, 1);
    const at::Tensor rows =
        (wanted * (at::log_softmax(teacher / temperature, 1) - at::log_softmax(student / temperature, 1)))
            .sum(1);
    return rows.mean() * (temperature * temperature);
}

double varianceOf(const at::Tensor& teacher)
{
    return (teacher.numel() > 1 ? teacher.var(false) : teacher.square().mean()).item<double>();
}

at::Tensor distillSquares(const at::Tensor& student, const at::Tensor& teacher, double variance)
{
    return (student - teacher).square().mean() / std::max(variance, 1e-12);
}

at::Tensor objective(const Forward& student, const Forward& teacher, const std::vector<int64_t>& labels,
                     const TrainOptions& options)
{
    if (student.outputs.empty())
        throw misfit("The model gives no floating numbers to learn from.");
    at::Tensor sum;
    const auto add = [&](const at::Tensor& part, double weight) {
        sum = sum.defined() ? sum + part * weight : part * weight;
    };
    const bool labelled = options.loss != TrainLoss::None && options.lossWeight > 0 && !labels.empty();
    if (labelled)
        add(labelLoss(student.outputs[0], labels, options), options.lossWeight * labelShare(labels));
    const Distillation& distill = options.distill;
    for (size_t i = 0; distill.weight > 0 && i < student.outputs.size(); ++i) {
        const at::Tensor &mine = student.outputs[i], &theirs = teacher.outputs.at(i);
        if (isScores(mine))
            add(distillKl(mine, theirs, distill.temperature), distill.weight);
        if (!isScores(mine) || !labelled)
            add(distillSquares(mine, theirs, sharedVariance(theirs)), distill.weight);
    }
    for (const auto& [id, value] : student.watched)
        if (const auto theirs = teacher.watched.find(id); theirs != teacher.watched.end())
            add(distillSquares(value, theirs->second, sharedVariance(theirs->second)), distill.layerWeight);
    if (!sum.defined())
        throw misfit("Without labels and without distillation there is nothing to learn from.");
    return sum;
}

std::pair<int64_t, int64_t> hits(const at::Tensor& output, const std::vector<int64_t>& labels)
{
    if (!isScores(output) || output.size(0) != int64_t(labels.size()))
        return {0, 0};
    const at::NoGradGuard none;
    const at::Tensor best = output.detach().argmax(1), target = at::tensor(labels);
    return {(best == target).sum().item<int64_t>(), (target >= 0).sum().item<int64_t>()};
}

bool needsTeacher(const TrainOptions& options)
{
    return options.distill.weight > 0 || (!options.distill.layers.empty() && options.distill.layerWeight > 0);
}

} // namespace bitwright
