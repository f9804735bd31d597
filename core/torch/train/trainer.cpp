// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/run/workers.h"
#include "core/torch/train/remove_channels_p.h"
#include "core/torch/train/train_run_p.h"
#include "core/torch/train/trainer_p.h"

#include <ATen/ATen.h>

#include <algorithm>

namespace bitwright {
namespace {

/// A model that takes one sample at a time has no batch to take statistics of.
TrainOptions fitted(TrainOptions options, const ImportedModel& model, int64_t samples)
{
    options.batch = std::min(options.batch, std::max<int64_t>(samples, 1));
    if (model.fixedBatch)
        options.batch = 1;
    return options;
}

} // namespace

TorchTrainer::TorchTrainer(const TorchRunner& runner, TrainJob job)
    : m_runner(runner)
    , m_job(std::move(job))
{
    m_job.options = fitted(m_job.options, runner.model(), m_job.train.size());
}

int64_t TorchTrainer::memoryBytes() const
{
    constexpr int64_t kFloat = 4;
    int64_t parameters = 0, activations = 0;
    for (const LiftedParameter& parameter : m_runner.model().lifted.parameters)
        parameters += parameter.tensor.numel();
    for (const Value& value : m_runner.graph().values) {
        Shape one = value.shape;
        if (value.batched && !one.empty())
            one[0] = m_job.options.batch / workers().size();
        // Kept for the backward pass, and once more behind its quantizer.
        activations += value.isTensor && !value.shape.empty()
                           ? elementCount(one) * (m_job.resolved.activations.count(value.id) ? 2 : 1)
                           : 0;
    }
    // Leaf, gradient, quantized copy, best copy, two moments of the optimizer; gradients of a few
    // activations.
    return kFloat * (parameters * 6 + activations + activations / 4);
}

Result<TrainResult> TorchTrainer::train(const TrainListener& listener, const TrainControl& control,
                                        Progress& progress)
{
    BITWRIGHT_CHECK(validate(m_job.options));
    if (m_job.train.size() < 1)
        return Error{Error::InvalidArgument, "There are no samples to train on.", {}};
    if (const int64_t batch = m_job.options.batch, size = workers().size(); batch % size != 0)
        return Error{Error::InvalidArgument,
                     "A batch of " + std::to_string(batch) + " samples cannot be shared by " +
                         std::to_string(size) + " workers; choose a multiple of " + std::to_string(size) +
                         ".",
                     "batch"};
    const Result<TrainResult> result = guarded(m_runner.model().path, [&]() -> Result<TrainResult> {
        if (m_job.options.prune.kind == PruneOptions::Channels)
            return trainWithoutChannels(m_runner, m_job, listener, control, progress);
        return TrainRun(m_runner, m_job, listener, control, progress).run();
    });
    if (!result && progress.cancelled())
        return cancelledError();
    return result;
}

Result<std::unique_ptr<Trainer>> makeTorchTrainer(const ModelRunner& runner, TrainJob job)
{
    const auto* own = dynamic_cast<const TorchRunner*>(&runner);
    if (!own)
        return Error{Error::InvalidArgument, "Only a model that LibTorch runs can be trained.", {}};
    BITWRIGHT_CHECK(validate(job.options));
    return std::unique_ptr<Trainer>(std::make_unique<TorchTrainer>(*own, std::move(job)));
}

} // namespace bitwright
