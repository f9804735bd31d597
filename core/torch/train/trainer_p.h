// SPDX-License-Identifier: GPL-3.0-or-later
// The training run.
#pragma once

#include "core/run/trainer.h"
#include "core/torch/train/checkpoint_p.h"
#include "core/torch/train/loss_p.h"
#include "core/torch/train/train_graph_p.h"

#include <chrono>
#include <memory>

namespace bitwright {

/// Loss and top-1 of a configuration on the validation samples. Without labels the loss is the mean squared
/// difference from the float model over its variance.
struct Validation {
    double loss = 0;
    std::optional<double> top1;
    int64_t labelled = 0;

    /// Larger is better: top-1 where enough samples decide it, else minus the loss.
    double score() const;
};
Result<Validation> validateConfig(const ModelRunner& runner, const RunConfig& config, const TrainData& data,
                                  const TrainOptions& options, Progress& progress);
/// The configuration that `deployed` stands for, ready to run.
RunConfig deployedConfig(const TrainGraph::Deployed& deployed);

/// `runner` with other numbers: those of `deployed` in the graph and, where every name and shape fits, in the
/// module that its file is written from.
std::shared_ptr<const ModelRunner>
tunedRunner(const TorchRunner& runner, const TrainGraph::Deployed& deployed, const Variables& variables);

class TorchTrainer final : public Trainer {
public:
    TorchTrainer(const TorchRunner& runner, TrainJob job);

    int64_t memoryBytes() const override;
    Result<TrainResult> train(const TrainListener& listener, const TrainControl& control,
                              Progress& progress) override;

private:
    const TorchRunner& m_runner;
    TrainJob m_job;
};

} // namespace bitwright
