// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/base/sha256.h"
#include "core/base/split_mix.h"
#include "core/calib/fixed_ranges.h"
#include "core/run/augment.h"
#include "core/torch/guard_p.h"
#include "core/torch/train/train_run_p.h"
#include "core/torch/workers_p.h"

#include <ATen/ATen.h>
#include <ATen/core/grad_mode.h>
#include <nlohmann/json.hpp>

#include <algorithm>
#include <cmath>
#include <thread>

namespace bitwright {
namespace {

/// Independent numbers from a seed and two counters.
uint64_t mixed(uint64_t seed, uint64_t a, uint64_t b)
{
    return splitMix(seed * kSplitMixStep + a * 0xbf58476d1ce4e5b9ull + b + 0x94d049bb133111ebull);
}

std::set<ValueId> watchedValues(const Graph& graph, const TrainOptions& options)
{
    std::set<ValueId> watched;
    for (const std::string& name : options.distill.layers) {
        const Layer* layer = graph.findLayer(name);
        if (!layer || layer->output == kNone)
            throw Stop{
                {Error::NotFound, "There is no layer of this name whose output could be distilled.", name}};
        watched.insert(layer->output);
    }
    return options.distill.layerWeight > 0 ? watched : std::set<ValueId>();
}

} // namespace

TrainRun::TrainRun(const TorchRunner& runner, const TrainJob& job, const TrainListener& listener,
                   const TrainControl& control, Progress& progress, const TorchRunner* teacher)
    : m_runner(runner)
    , m_job(job)
    , m_options(job.options)
    , m_listener(listener)
    , m_control(control)
    , m_progress(progress)
    , m_stop(progress)
    , m_graph(runner, job, teacher)
    , m_watched(watchedValues(runner.graph(), job.options))
    , m_begun(Clock::now())
{
    m_stepsPerEpoch = stepsPerEpoch();
    m_steps = m_stepsPerEpoch * m_options.epochs;
}

int64_t TrainRun::stepsPerEpoch() const
{
    const int64_t whole = std::max<int64_t>(1, m_job.train.size() / m_options.batch);
    return m_options.stepsPerEpoch > 0 ? std::min(whole, m_options.stepsPerEpoch) : whole;
}

std::string TrainRun::identity() const
{
    std::string text = trainOptionsToJson(m_options).dump() + planToJson(m_job.plan);
    for (const auto& [name, leaf] : m_graph.variables().leaves())
        text += name + shapeText(leaf.sizes().vec());
    for (const TrainData* data : {&m_job.train, &m_job.validation}) {
        text += ";" + std::to_string(data->size());
        for (const int64_t index : data->indices)
            text += "," + std::to_string(index);
    }
    return sha256(text.data(), text.size());
}

std::vector<int64_t> TrainRun::order(int epoch) const
{
    const std::vector<int64_t>& indices = m_job.train.indices;
    std::vector<int64_t> picked =
        calibrationSubset(int64_t(indices.size()), -1, mixed(m_options.seed, uint64_t(epoch), 1));
    picked.resize(size_t(std::min<int64_t>(int64_t(picked.size()), m_stepsPerEpoch * m_options.batch)));
    for (int64_t& index : picked)
        index = indices[size_t(index)];
    return picked;
}

Result<TrainRun::Sample> TrainRun::randomSample(uint64_t number) const
{
    BITWRIGHT_TRY(Batch batch, m_runner.exampleBatch(m_options.batch, mixed(m_options.seed, number, 2)));
    return Sample{std::move(batch), {}};
}

Result<void> TrainRun::prepare()
{
    Sample first;
    if (m_job.train.dataset) {
        std::vector<int64_t> indices = order(1);
        indices.resize(std::min(indices.size(), size_t(m_options.batch)));
        BITWRIGHT_TRY(Tensor images, m_job.train.dataset->images(indices));
        first.batch.push_back(std::move(images));
    } else {
        BITWRIGHT_TRY(first, randomSample(0));
    }
    m_graph.begin(m_graph.inputs(first.batch, m_stop), m_stop);
    m_optimizer =
        std::make_unique<TrainOptimizer>(m_graph.variables().leaves(), m_graph.learnedRanges(), m_options);
    if (!m_options.resume.empty()) {
        BITWRIGHT_TRY(m_at,
                      readCheckpoint(m_options.resume, identity(), m_graph.state(), m_best, *m_optimizer));
        m_firstStep = m_at.step;
        return {};
    }
    Progress part(&m_progress);
    BITWRIGHT_TRY(const RunConfig start, makeRunConfig(m_runner, m_job.resolved, part));
    BITWRIGHT_TRY(m_validation, validateConfig(m_runner, start, m_job.validation, m_options, part));
    EpochRecord record;
    record.loss = record.validationLoss = m_validation.loss;
    record.top1 = m_validation.top1;
    record.seconds = seconds();
    record.scales = m_graph.scales();
    m_at.epochs.push_back(record);
    if (m_listener.epoch)
        m_listener.epoch(record);
    return {};
}

void TrainRun::waitWhilePaused()
{
    const auto waits = Clock::now();
    while (m_control.paused() && !m_control.stopped() && !m_progress.cancelled())
        std::this_thread::sleep_for(std::chrono::milliseconds(20));
    // A pause is no part of the pace.
    m_begun += Clock::now() - waits;
}

void TrainRun::report(double loss)
{
    if (!m_listener.step)
        return;
    StepRecord record;
    record.step = m_at.step;
    record.steps = m_steps;
    record.epoch = m_at.epoch;
    record.epochs = m_options.epochs;
    record.loss = loss;
    record.lr = m_options.lr * rateFactor(m_options, m_at.step, m_steps);
    if (m_at.labelled > 0)
        record.top1 = double(m_at.hits) / double(m_at.labelled);
    record.seconds = seconds();
    record.secondsLeft =
        record.seconds / double(std::max<int64_t>(1, m_at.step - m_firstStep)) * double(m_steps - m_at.step);
    m_listener.step(record);
}

Result<void> TrainRun::trainBatch(const Sample& sample)
{
    TrainGraph::Pass pass;
    pass.moment = {double(m_at.step) / double(m_steps), true};
    const bool frozen = m_options.norm == NormMode::Frozen || m_options.norm == NormMode::Fold ||
                        (m_options.freezeNormAfter > 0 && m_at.epoch > m_options.freezeNormAfter);
    pass.norms = frozen ? TrainGraph::Norms::Stored : TrainGraph::Norms::Batch;
    pass.watch = m_watched;
    const std::vector<at::Tensor> inputs = m_graph.inputs(sample.batch, m_stop);
    Forward teacher;
    if (needsTeacher(m_options))
        teacher = m_graph.teacher(inputs, m_watched, m_stop);
    at::AutoGradMode gradients(true);
    m_optimizer->clearGradients();
    const Forward student = m_graph.forward(inputs, pass, m_stop);
    const at::Tensor loss = objective(student, teacher, sample.labels, m_options);
    const auto [right, known] =
        student.outputs.empty() ? std::pair<int64_t, int64_t>() : hits(student.outputs[0], sample.labels);
    const at::Tensor sums =
        at::tensor(std::vector<double>{loss.item<double>(), double(right), double(known)}, c10::kDouble);
    sumOverWorkers(sums);
    const double value = sums[0].item<double>() / workers().size();
    if (!std::isfinite(value)) {
        m_diverged = true;
        return {};
    }
    if (!loss.requires_grad())
        return Error{
            Error::Unsupported, "No gradient reaches the parameters: the model cuts it, or has none.", {}};
    loss.backward();
    m_optimizer->shareGradients();
    m_optimizer->step(rateFactor(m_options, m_at.step, m_steps));
    m_graph.project(double(m_at.step + 1) / double(m_steps));
    m_at.lossSum += value;
    m_at.hits += sums[1].item<int64_t>();
    m_at.labelled += sums[2].item<int64_t>();
    ++m_at.step;
    ++m_at.stepInEpoch;
    report(value);
    m_progress.advance();
    return {};
}

Result<void> TrainRun::runEpoch()
{
    m_epochBegun = Clock::now();
    std::unique_ptr<BatchLoader> loader;
    if (m_job.train.dataset) {
        std::vector<int64_t> rest = order(m_at.epoch);
        rest.erase(rest.begin(), rest.begin() + std::min<int64_t>(int64_t(rest.size()),
                                                                  m_at.stepInEpoch * m_options.batch));
        const auto data = augmented(m_job.train.dataset, {m_options.flip, m_options.cropPadding},
                                    mixed(m_options.seed, uint64_t(m_at.epoch), 3));
        loader = std::make_unique<BatchLoader>(data, ownRows(rest), m_options.batch / workers().size());
    }
    while (m_at.stepInEpoch < m_stepsPerEpoch && !m_diverged) {
        waitWhilePaused();
        if (m_progress.cancelled())
            return cancelledError();
        if (m_control.stopped()) {
            m_stopped = true;
            return {};
        }
        Sample sample;
        if (loader) {
            BITWRIGHT_TRY(BatchLoader::Item item, loader->next());
            sample = {{std::move(item.images)}, std::move(item.labels)};
        } else {
            BITWRIGHT_TRY(sample, randomSample(uint64_t(m_at.step) + 1));
            sample = ownPart(std::move(sample));
        }
        BITWRIGHT_CHECK(trainBatch(sample));
        if (m_options.checkpointEvery > 0 && m_at.step % m_options.checkpointEvery == 0)
            BITWRIGHT_CHECK(saveCheckpoint());
    }
    return {};
}

Result<void> TrainRun::reestimateNorms()
{
    if (m_options.normBatches <= 0 || m_options.norm != NormMode::Train || !m_graph.hasNorms() ||
        m_options.batch < 2)
        return {};
    const at::NoGradGuard none;
    const std::vector<int64_t> picked = ownRows(order(m_at.epoch));
    const size_t rows = size_t(m_options.batch / workers().size());
    for (int64_t i = 0; i < m_options.normBatches; ++i) {
        Sample sample;
        const size_t first = size_t(i) * rows;
        if (m_job.train.dataset) {
            if (first + rows > picked.size())
                break;
            BITWRIGHT_TRY(Tensor images, m_job.train.dataset->images({picked.data() + first, rows}));
            sample.batch.push_back(std::move(images));
        } else {
            BITWRIGHT_TRY(sample, randomSample(uint64_t(i) + 1));
            sample = ownPart(std::move(sample));
        }
        TrainGraph::Pass pass;
        pass.moment = {double(m_at.step) / double(m_steps), false};
        pass.momentum = 1 / double(i + 1);
        m_graph.forward(m_graph.inputs(sample.batch, m_stop), pass, m_stop);
    }
    return {};
}

Result<void> TrainRun::measure(EpochRecord& record)
{
    Progress part(&m_progress);
    const TrainGraph::Deployed deployed = m_graph.deployed();
    BITWRIGHT_TRY(m_validation,
                  validateConfig(m_runner, deployedConfig(deployed), m_job.validation, m_options, part));
    record.validationLoss = m_validation.loss;
    record.top1 = m_validation.top1;
    record.scales = m_graph.scales();
    return {};
}

bool TrainRun::judge(const EpochRecord& record, const Validation& validation)
{
    const double score = validation.score();
    if (!m_graph.masks().isFinal(double(m_at.step) / double(m_steps)))
        return false; // not yet as sparse as was asked for
    const bool better = std::isfinite(score) && (m_at.bestEpoch == 0 || score >= m_at.bestScore);
    m_at.sinceBest = better ? 0 : m_at.sinceBest + 1;
    if (better) {
        m_at.bestScore = score;
        m_at.bestEpoch = record.epoch;
        m_best.clear();
        for (const at::Tensor& tensor : m_graph.state())
            m_best.push_back(tensor.detach().clone());
    }
    return m_options.patience > 0 && m_at.sinceBest >= m_options.patience;
}

Result<void> TrainRun::endEpoch()
{
    BITWRIGHT_CHECK(reestimateNorms());
    EpochRecord record;
    record.epoch = m_at.epoch;
    record.loss = m_at.lossSum / double(std::max<int64_t>(m_at.stepInEpoch, 1));
    if (m_at.labelled > 0)
        record.trainTop1 = double(m_at.hits) / double(m_at.labelled);
    record.lr = m_options.lr * rateFactor(m_options, m_at.step, m_steps);
    BITWRIGHT_CHECK(measure(record));
    record.seconds = std::chrono::duration<double>(Clock::now() - m_epochBegun).count();
    const bool enough = judge(record, m_validation);
    m_at.epochs.push_back(record);
    if (m_listener.epoch)
        m_listener.epoch(record);
    m_stopped |= enough;
    ++m_at.epoch;
    m_at.stepInEpoch = 0;
    m_at.lossSum = 0;
    m_at.hits = m_at.labelled = 0;
    return saveCheckpoint();
}

Result<void> TrainRun::saveCheckpoint()
{
    if (m_options.checkpoint.empty() || !workers().isFirst())
        return {};
    return writeCheckpoint(m_options.checkpoint, identity(), m_at, m_graph.state(), m_best, *m_optimizer);
}

Result<void> TrainRun::train()
{
    m_progress.begin("Preparing the training", 0);
    BITWRIGHT_CHECK(prepare());
    m_progress.begin("Training", m_steps);
    m_progress.advance(m_at.step);
    while (m_at.epoch <= m_options.epochs && !m_stopped) {
        BITWRIGHT_CHECK(runEpoch());
        if (m_diverged)
            break;
        if (m_at.stepInEpoch > 0)
            BITWRIGHT_CHECK(endEpoch());
    }
    return {};
}

Result<TrainResult> TrainRun::run()
{
    const Result<void> trained = guarded(m_runner.model().path, [&] { return train(); });
    m_cancelled = !trained && m_progress.cancelled();
    if (m_cancelled && m_at.bestEpoch == 0)
        return cancelledError();
    if (!trained && !m_cancelled)
        return trained.error();
    if (m_diverged && m_at.bestEpoch == 0)
        return Error{Error::Unsupported, "The loss is no longer a number; lower the learning rate.", "lr"};
    if (m_diverged)
        m_progress.note(
            "The loss was no longer a number and training stopped; the best epoch before is kept.");
    return result();
}

bool TrainRun::startWasBetter() const
{
    if (m_at.bestEpoch == 0)
        return true;
    if (m_options.prune.kind != PruneOptions::None)
        return false; // the start is not pruned
    const EpochRecord& start = m_at.epochs.at(0);
    const EpochRecord& best = m_at.epochs.at(size_t(m_at.bestEpoch));
    if (!start.top1 || !best.top1)
        return start.validationLoss < best.validationLoss;
    // The float model has often been trained on the samples held out here, and its start looks too good.
    const double p = *best.top1, n = double(std::max<int64_t>(m_job.validation.size(), 1));
    return *start.top1 - p > 2 * std::sqrt(p * (1 - p) / n) + 0.005;
}

TrainResult TrainRun::result()
{
    TrainResult result;
    result.epochs = m_at.epochs;
    result.bestEpoch = startWasBetter() ? 0 : m_at.bestEpoch;
    result.stopped = m_stopped || m_diverged;
    result.cancelled = m_cancelled;
    result.steps = m_at.step;
    if (result.bestEpoch == 0) { // the start was better: the model as it is
        result.plan = withFixedRanges(m_job.plan, m_runner.graph(), m_job.resolved);
        result.runner = std::make_shared<TorchRunner>(std::make_shared<ImportedModel>(m_runner.model()),
                                                      m_runner.description());
    } else {
        const at::NoGradGuard none;
        std::vector<at::Tensor> state = m_graph.state();
        for (size_t i = 0; i < state.size(); ++i)
            state[i].copy_(m_best[i]);
        const TrainGraph::Deployed deployed = m_graph.deployed();
        result.plan = withFixedRanges(m_job.plan, m_runner.graph(), deployed.plan);
        result.runner = tunedRunner(m_runner, deployed, m_graph.variables());
    }
    result.seconds = seconds();
    return result;
}

} // namespace bitwright
