// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/calib/calibrate.h"

#include <algorithm>
#include <cstring>

namespace bitwright {
namespace {

using BatchBody = std::function<Result<void>(const Batch&, const std::vector<int64_t>&)>;

/// SplitMix64 (Steele, Lea, Flood 2014): one independent seed a sample, so that random data do not depend
/// on how they are cut into batches.
uint64_t sampleSeed(uint64_t seed, int64_t sample)
{
    uint64_t z = seed + (uint64_t(sample) + 1) * 0x9e3779b97f4a7c15ull;
    z = (z ^ (z >> 30)) * 0xbf58476d1ce4e5b9ull;
    z = (z ^ (z >> 27)) * 0x94d049bb133111ebull;
    return z ^ (z >> 31);
}

Tensor concatenated(const std::vector<Batch>& parts, size_t input)
{
    Shape shape = parts.front()[input].shape();
    shape[0] = 0;
    for (const Batch& part : parts)
        shape[0] += part[input].shape()[0];
    Tensor joined = Tensor::empty(parts.front()[input].dtype(), shape);
    auto* to = static_cast<char*>(joined.mutableData());
    for (const Batch& part : parts) {
        std::memcpy(to, part[input].data(), size_t(part[input].bytes()));
        to += part[input].bytes();
    }
    return joined;
}

Result<Batch> randomBatch(const ModelRunner& runner, uint64_t seed, int64_t first, int64_t count)
{
    std::vector<Batch> samples;
    for (int64_t i = first; i < first + count; ++i) {
        BITWRIGHT_TRY(Batch sample, runner.exampleBatch(1, sampleSeed(seed, i)));
        samples.push_back(std::move(sample));
    }
    const Graph& graph = runner.graph();
    Batch batch;
    for (size_t i = 0; i < samples.front().size(); ++i) {
        const bool batched = i < graph.inputs.size() && graph.values[size_t(graph.inputs[i])].batched;
        const bool joinable = batched && samples.front()[i].dim() > 0;
        if (!joinable && count > 1) { // its samples lie along another axis, or it has none
            if (const auto whole = runner.exampleBatch(count, sampleSeed(seed, first))) {
                batch.push_back((*whole)[i]);
                continue;
            }
        }
        batch.push_back(joinable ? concatenated(samples, i) : samples.front()[i]);
    }
    return batch;
}

Result<void> forEachRandomBatch(const ModelRunner& runner, const SampleSource& source, Progress& progress,
                                const BatchBody& body)
{
    const int64_t step = std::max<int64_t>(1, source.batchSize);
    for (int64_t first = 0; first < source.randomSamples; first += step) {
        if (progress.cancelled())
            return cancelledError();
        const int64_t count = std::min(step, source.randomSamples - first);
        BITWRIGHT_TRY(const Batch batch, randomBatch(runner, source.seed, first, count));
        BITWRIGHT_CHECK(body(batch, {}));
        progress.advance(count);
    }
    return {};
}

Result<void> checkIndices(const SampleSource& source)
{
    const int64_t size = source.dataset->size();
    for (const int64_t index : source.indices)
        if (index < 0 || index >= size)
            return Error{Error::InvalidArgument,
                         "Sample " + std::to_string(index) + " was asked for, but the dataset has only " +
                             std::to_string(size) + " samples.",
                         {}};
    return {};
}

} // namespace

int64_t sampleCount(const SampleSource& source)
{
    return source.dataset ? int64_t(source.indices.size()) : std::max<int64_t>(0, source.randomSamples);
}

Result<void> forEachBatch(const ModelRunner& runner, const SampleSource& source, Progress& progress,
                          const BatchBody& body)
{
    if (!source.dataset)
        return forEachRandomBatch(runner, source, progress, body);
    const size_t inputs = runner.graph().inputs.size();
    if (inputs != 1)
        return Error{
            Error::Unsupported,
            "The model takes " + std::to_string(inputs) +
                " input tensors, but a dataset holds one per sample; leave the dataset out to use random "
                "data.",
            {}};
    BITWRIGHT_CHECK(checkIndices(source));
    BatchLoader loader(source.dataset, source.indices, std::max<int64_t>(1, source.batchSize));
    for (;;) {
        if (progress.cancelled())
            return cancelledError();
        BITWRIGHT_TRY(const BatchLoader::Item item, loader.next());
        if (item.indices.empty())
            return {};
        BITWRIGHT_CHECK(body({item.images}, item.labels));
        progress.advance(int64_t(item.indices.size()));
    }
}

} // namespace bitwright
