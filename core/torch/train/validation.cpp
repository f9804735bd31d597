// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/quant/quantize.h"
#include "core/run/workers.h"
#include "core/torch/tensor_bridge_p.h"
#include "core/torch/train/trainer_p.h"

#include <ATen/ATen.h>
#include <ATen/core/grad_mode.h>

#include <algorithm>

namespace bitwright {
namespace {

/// Fewer labelled samples than this decide too coarsely between epochs.
constexpr int64_t kEnoughLabels = 1000;
constexpr int64_t kBatch = 128;

struct Sums {
    double loss = 0;
    int64_t samples = 0, hits = 0, labelled = 0;
};

using BatchSums = std::function<Result<void>(const Batch&, const std::vector<int64_t>&)>;

std::vector<at::Tensor> toTorchAll(const std::vector<Tensor>& tensors)
{
    std::vector<at::Tensor> all;
    for (const Tensor& tensor : tensors)
        all.push_back(toTorch(tensor));
    return all;
}

Result<void> addBatch(const ModelRunner& runner, const RunConfig& config, const Batch& batch,
                      const std::vector<int64_t>& labels, const TrainOptions& options, Progress& progress,
                      Sums& sums)
{
    BITWRIGHT_TRY(const auto outputs, runner.run(batch, config, {}, {}, progress));
    const at::NoGradGuard none;
    const std::vector<at::Tensor> mine = toTorchAll(outputs);
    const int64_t count = batch.at(0).shape().empty() ? 1 : batch[0].shape()[0];
    sums.samples += count;
    if (options.loss != TrainLoss::None && !labels.empty() && !mine.empty()) {
        sums.loss += labelLoss(mine[0], labels, options).item<double>() * double(count);
        const auto [right, known] = hits(mine[0], labels);
        sums.hits += right;
        sums.labelled += known;
        return {};
    }
    BITWRIGHT_TRY(const auto wanted, runner.run(batch, {}, {}, {}, progress));
    const std::vector<at::Tensor> theirs = toTorchAll(wanted);
    for (size_t i = 0; i < mine.size(); ++i)
        sums.loss += distillSquares(mine[i], theirs[i], varianceOf(theirs[i])).item<double>() * double(count);
    return {};
}

Result<void> overDataset(const TrainData& data, int64_t size, Progress& progress, const BatchSums& add)
{
    std::vector<int64_t> own;
    for (int64_t i = 0; i < int64_t(data.indices.size()); ++i)
        if (workers().owns(i / size))
            own.push_back(data.indices[size_t(i)]);
    BatchLoader loader(data.dataset, std::move(own), size);
    for (;;) {
        if (progress.cancelled())
            return cancelledError();
        BITWRIGHT_TRY(const BatchLoader::Item item, loader.next());
        if (item.indices.empty())
            return {};
        BITWRIGHT_CHECK(add({item.images}, item.labels));
    }
}

Result<void> overRandom(const ModelRunner& runner, const TrainData& data, int64_t size, uint64_t seed,
                        const BatchSums& add)
{
    for (int64_t done = 0; done < data.randomSamples; done += size) {
        if (!workers().owns(done / size))
            continue;
        const int64_t count = std::min(size, data.randomSamples - done);
        BITWRIGHT_TRY(const Batch batch, runner.exampleBatch(count, seed + 0x76616cull + uint64_t(done)));
        BITWRIGHT_CHECK(add(batch, {}));
    }
    return {};
}

/// The batches of all workers, in their order.
Result<Sums> total(const std::vector<Sums>& own)
{
    std::string bytes;
    putAll(bytes, own);
    BITWRIGHT_TRY(const std::vector<std::string> parts, workers().gather(bytes));
    std::vector<std::vector<Sums>> all(parts.size());
    size_t batches = 0;
    for (size_t rank = 0; rank < parts.size(); ++rank) {
        std::string_view rest = parts[rank];
        if (!takeAll(rest, all[rank]))
            return strangeWorker();
        batches += all[rank].size();
    }
    Sums sums;
    for (size_t i = 0; i < batches; ++i) {
        const Sums& part = all[i % all.size()].at(i / all.size());
        sums.loss += part.loss;
        sums.samples += part.samples;
        sums.hits += part.hits;
        sums.labelled += part.labelled;
    }
    return sums;
}

} // namespace

double Validation::score() const
{
    return top1 && labelled >= kEnoughLabels ? *top1 : -loss;
}

Result<Validation> validateConfig(const ModelRunner& runner, const RunConfig& config, const TrainData& data,
                                  const TrainOptions& options, Progress& progress)
{
    const int64_t size = options.batch == 1 ? 1 : kBatch; // models that take one sample at a time
    std::vector<Sums> own;
    const BatchSums add = [&](const Batch& batch, const std::vector<int64_t>& labels) {
        return addBatch(runner, config, batch, labels, options, progress, own.emplace_back());
    };
    BITWRIGHT_CHECK(data.dataset ? overDataset(data, size, progress, add)
                                 : overRandom(runner, data, size, options.seed, add));
    BITWRIGHT_TRY(const Sums sums, total(own));
    Validation result;
    result.loss = sums.samples > 0 ? sums.loss / double(sums.samples) : 0;
    result.labelled = sums.labelled;
    if (sums.labelled > 0)
        result.top1 = double(sums.hits) / double(sums.labelled);
    return result;
}

RunConfig deployedConfig(const TrainGraph::Deployed& deployed)
{
    RunConfig config;
    config.activations = deployed.plan.activations;
    for (const auto& [name, tensor] : deployed.parameters) {
        const Tensor value = floatFromTorch(tensor);
        const auto params = deployed.plan.weights.find(name);
        config.weights[name] =
            params == deployed.plan.weights.end() ? value : fakeQuantize(value, params->second);
    }
    return config;
}

} // namespace bitwright
