// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/base/parallel.h"
#include "core/run/dataset.h"

#include <algorithm>
#include <condition_variable>
#include <exception>
#include <mutex>
#include <thread>

namespace bitwright {

/// One worker and a slot of one batch: while the caller uses a batch, the next is decoded, and no more.
struct BatchLoader::Private {
    std::shared_ptr<const Dataset> dataset;
    std::vector<int64_t> indices;
    int64_t batchSize = 1;

    std::mutex mutex;
    std::condition_variable changed;
    std::optional<Result<Item>> slot; ///< decoded and not yet taken
    bool stop = false;
    int64_t taken = 0;
    std::thread worker;

    int64_t batches() const { return (int64_t(indices.size()) + batchSize - 1) / batchSize; }

    Result<Item> decode(int64_t batch) const
    {
        const size_t first = size_t(batch * batchSize);
        const size_t count = std::min(size_t(batchSize), indices.size() - first);
        Item item;
        item.indices.assign(indices.begin() + int64_t(first), indices.begin() + int64_t(first + count));
        BITWRIGHT_TRY(item.images, dataset->images(item.indices));
        if (dataset->hasLabels()) {
            BITWRIGHT_TRY(item.labels, dataset->labels(item.indices));
        }
        return item;
    }

    Result<Item> decodeSafely(int64_t batch) const
    {
        try {
            return decode(batch);
        } catch (const std::exception& failure) { // out of memory; it must not leave the thread
            return Error{Error::Limit,
                         std::string("A batch cannot be decoded (") + failure.what() +
                             "); use a smaller batch.",
                         {}};
        }
    }

    void work(int workers)
    {
        // The team of this thread is one of its own beside that of the model: leave it half of the cores.
        omp_set_num_threads(workers);
        for (int64_t batch = 0; batch < batches(); ++batch) {
            Result<Item> item = decodeSafely(batch);
            std::unique_lock lock(mutex);
            changed.wait(lock, [this] { return stop || !slot; });
            if (stop)
                return;
            slot = std::move(item);
            changed.notify_all();
        }
    }
};

BatchLoader::BatchLoader(std::shared_ptr<const Dataset> dataset, std::vector<int64_t> indices,
                         int64_t batchSize)
    : d(std::make_unique<Private>())
{
    d->dataset = std::move(dataset);
    d->indices = std::move(indices);
    d->batchSize = std::max<int64_t>(batchSize, 1);
    if (d->batches() > 0)
        d->worker = std::thread(&Private::work, d.get(), std::max(1, threadCount() / 2));
}

BatchLoader::~BatchLoader()
{
    {
        const std::lock_guard lock(d->mutex);
        d->stop = true;
    }
    d->changed.notify_all();
    if (d->worker.joinable())
        d->worker.join();
}

int64_t BatchLoader::batches() const
{
    return d->batches();
}

Result<BatchLoader::Item> BatchLoader::next()
{
    if (d->taken >= d->batches())
        return Item{};
    ++d->taken;
    std::unique_lock lock(d->mutex);
    d->changed.wait(lock, [this] { return d->slot.has_value(); });
    Result<Item> item = std::move(*d->slot);
    d->slot.reset();
    d->changed.notify_all();
    return item;
}

} // namespace bitwright
