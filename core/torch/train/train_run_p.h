// SPDX-License-Identifier: GPL-3.0-or-later
// One run of the trainer, from the first batch to the result.
#pragma once

#include "core/torch/train/trainer_p.h"

namespace bitwright {

Result<std::unique_ptr<Trainer>> makeTorchTrainer(const ModelRunner& runner, TrainJob job);

/// Throws Stop and c10::Error beside giving errors.
class TrainRun {
public:
    TrainRun(const TorchRunner& runner, const TrainJob& job, const TrainListener& listener,
             const TrainControl& control, Progress& progress, const TorchRunner* teacher = nullptr);

    Result<TrainResult> run();

private:
    struct Sample {
        Batch batch;
        std::vector<int64_t> labels;
    };
    using Clock = std::chrono::steady_clock;

    /// Names what must agree for a checkpoint to fit.
    std::string identity() const;
    int64_t stepsPerEpoch() const;
    /// Samples of an epoch in the order that they are used.
    std::vector<int64_t> order(int epoch) const;
    /// Of a list of whole batches what is this worker's: an equal part of every batch.
    std::vector<int64_t> ownRows(const std::vector<int64_t>& order) const;
    /// The same of one batch.
    Sample ownPart(Sample sample) const;
    Result<void> prepare();
    Result<void> train();
    Result<void> runEpoch();
    Result<void> trainBatch(const Sample& sample);
    Result<void> endEpoch();
    Result<void> measure(EpochRecord& record);
    Result<void> reestimateNorms();
    Result<void> saveCheckpoint();
    Result<Sample> randomSample(uint64_t number) const;
    void report(double loss);
    void waitWhilePaused();
    /// Keeps the epoch if it is the best so far; says whether to stop for want of patience.
    bool judge(const EpochRecord& record, const Validation& validation);
    /// Beyond the uncertainty of the validation samples, or no epoch was finished.
    bool startWasBetter() const;
    TrainResult result();
    double seconds() const { return std::chrono::duration<double>(Clock::now() - m_begun).count(); }

    const TorchRunner& m_runner;
    const TrainJob& m_job;
    const TrainOptions& m_options;
    const TrainListener& m_listener;
    const TrainControl& m_control;
    Progress& m_progress;
    StopCheck m_stop;
    TrainGraph m_graph;
    std::unique_ptr<TrainOptimizer> m_optimizer;
    std::set<ValueId> m_watched;
    TrainPosition m_at;
    std::vector<at::Tensor> m_best;
    Validation m_validation;
    int64_t m_stepsPerEpoch = 0, m_steps = 0, m_firstStep = 0;
    bool m_stopped = false, m_diverged = false, m_cancelled = false;
    Clock::time_point m_begun, m_epochBegun;
};

} // namespace bitwright
