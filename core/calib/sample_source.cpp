// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/base/split_mix.h"
#include "core/calib/calibrate.h"
#include "core/run/workers.h"

#include <algorithm>
#include <cstring>

namespace bitwright {
namespace {

using BatchBody = std::function<Result<void>(const Batch&, const std::vector<int64_t>&)>;
using Outputs = std::vector<Tensor>;

/// One independent seed a sample, so that random data do not depend on how they are cut into batches.
uint64_t sampleSeed(uint64_t seed, int64_t sample)
{
    return splitMix(seed + (uint64_t(sample) + 1) * kSplitMixStep);
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

/// Which batches of a pass are run, and how far that brings the whole job.
class Deal {
public:
    Deal(const SampleSource& source, int rank, int size)
        : m_rank(rank)
        , m_size(size)
        , m_step(std::max<int64_t>(1, source.batchSize))
        , m_total(sampleCount(source))
    {
    }

    int64_t step() const { return m_step; }
    /// Of the `number`-th batch that is run here.
    int64_t first(int64_t number) const { return (number * m_size + m_rank) * m_step; }
    int64_t count(int64_t number) const { return std::clamp<int64_t>(m_total - first(number), 0, m_step); }
    /// Samples that everybody together has finished with this batch.
    int64_t advance(int64_t number) const
    {
        const int64_t round = m_size * m_step;
        return std::min(round, m_total - number * round);
    }
    std::vector<int64_t> indices(const SampleSource& source) const
    {
        std::vector<int64_t> own;
        for (int64_t number = 0; count(number) > 0; ++number)
            own.insert(own.end(), source.indices.begin() + first(number),
                       source.indices.begin() + first(number) + count(number));
        return own;
    }

private:
    int m_rank, m_size;
    int64_t m_step, m_total;
};

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

using DealtBody =
    std::function<Result<void>(int64_t first, const Batch&, const std::vector<int64_t>& labels)>;

Result<void> forEachRandom(const ModelRunner& runner, const SampleSource& source, const Deal& deal,
                           Progress& progress, const DealtBody& body)
{
    for (int64_t number = 0; deal.count(number) > 0; ++number) {
        if (progress.cancelled())
            return cancelledError();
        BITWRIGHT_TRY(const Batch batch,
                      randomBatch(runner, source.seed, deal.first(number), deal.count(number)));
        BITWRIGHT_CHECK(body(deal.first(number), batch, {}));
        progress.advance(deal.advance(number));
    }
    return {};
}

Result<void> forEachDealt(const ModelRunner& runner, const SampleSource& source, const Deal& deal,
                          Progress& progress, const DealtBody& body)
{
    if (!source.dataset)
        return forEachRandom(runner, source, deal, progress, body);
    const size_t inputs = runner.graph().inputs.size();
    if (inputs != 1)
        return Error{
            Error::Unsupported,
            "The model takes " + std::to_string(inputs) +
                " input tensors, but a dataset holds one per sample; leave the dataset out to use random "
                "data.",
            {}};
    BITWRIGHT_CHECK(checkIndices(source));
    BatchLoader loader(source.dataset, deal.indices(source), deal.step());
    for (int64_t number = 0;; ++number) {
        if (progress.cancelled())
            return cancelledError();
        BITWRIGHT_TRY(const BatchLoader::Item item, loader.next());
        if (item.indices.empty())
            return {};
        BITWRIGHT_CHECK(body(deal.first(number), {item.images}, item.labels));
        progress.advance(deal.advance(number));
    }
}

std::string packed(const Outputs& outputs, const std::vector<int64_t>& labels)
{
    std::string bytes;
    putAll(bytes, labels);
    putAll(bytes, std::vector<uint64_t>{outputs.size()});
    for (const Tensor& output : outputs) {
        putAll(bytes, output.shape());
        putAll(bytes, output.floats());
    }
    return bytes;
}

Result<Outputs> unpacked(std::string_view bytes, std::vector<int64_t>& labels)
{
    std::vector<uint64_t> count;
    bool ok = takeAll(bytes, labels) && takeAll(bytes, count) && count.size() == 1;
    Outputs outputs;
    for (uint64_t i = 0; ok && i < count[0]; ++i) {
        Shape shape;
        std::vector<float> values;
        ok = takeAll(bytes, shape) && takeAll(bytes, values) && elementCount(shape) == int64_t(values.size());
        if (ok)
            outputs.push_back(Tensor::fromFloats(shape, values));
    }
    if (!ok || !bytes.empty())
        return strangeWorker();
    return outputs;
}

} // namespace

Tensor rowsOf(const Tensor& tensor, int64_t begin, int64_t end)
{
    Shape shape = tensor.shape();
    const int64_t rowBytes = shape[0] > 0 ? tensor.bytes() / shape[0] : 0;
    shape[0] = end - begin;
    return Tensor::wrap(tensor.dtype(), std::move(shape),
                        static_cast<const char*>(tensor.data()) + begin * rowBytes,
                        std::make_shared<Tensor>(tensor));
}

int64_t sampleCount(const SampleSource& source)
{
    return source.dataset ? int64_t(source.indices.size()) : std::max<int64_t>(0, source.randomSamples);
}

Result<void> forEachBatch(const ModelRunner& runner, const SampleSource& source, Progress& progress,
                          const BatchBody& body)
{
    return forEachDealt(
        runner, source, Deal(source, 0, 1), progress,
        [&](int64_t, const Batch& batch, const std::vector<int64_t>& labels) { return body(batch, labels); });
}

Result<void> forEachOwnBatch(
    const ModelRunner& runner, const SampleSource& source, Progress& progress,
    const std::function<Result<void>(int64_t first, const Batch&, const std::vector<int64_t>&)>& body)
{
    return forEachDealt(runner, source, Deal(source, workers().rank(), workers().size()), progress, body);
}

Result<void> forEachSharedBatch(const ModelRunner& runner, const SampleSource& source, Progress& progress,
                                const std::function<Result<Outputs>(const Batch&)>& run,
                                const OutputsSink& take)
{
    Workers& all = workers();
    const auto exchange = [&](const std::string& own) -> Result<void> {
        BITWRIGHT_TRY(const std::vector<std::string> parts, all.gather(own));
        for (const std::string& part : parts) {
            if (part.empty()) // this worker had no batch left
                continue;
            std::vector<int64_t> labels;
            BITWRIGHT_TRY(const Outputs outputs, unpacked(part, labels));
            BITWRIGHT_CHECK(take(outputs, labels));
        }
        return {};
    };
    int64_t rounds = 0;
    BITWRIGHT_CHECK(
        forEachOwnBatch(runner, source, progress,
                        [&](int64_t, const Batch& batch, const std::vector<int64_t>& labels) -> Result<void> {
                            BITWRIGHT_TRY(const Outputs outputs, run(batch));
                            ++rounds;
                            return all.isAlone() ? take(outputs, labels) : exchange(packed(outputs, labels));
                        }));
    // Who has a batch less than the others takes part in the last exchange empty-handed.
    const bool isShort = Deal(source, 0, all.size()).count(rounds) > 0;
    return isShort ? exchange({}) : Result<void>();
}

} // namespace bitwright
