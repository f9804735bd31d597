// SPDX-License-Identifier: GPL-3.0-or-later
// What of a batch is this worker's.
#include "core/calib/calibrate.h"
#include "core/run/workers.h"
#include "core/torch/train/train_run_p.h"

#include <algorithm>

namespace bitwright {

std::vector<int64_t> TrainRun::ownRows(const std::vector<int64_t>& order) const
{
    const int64_t batch = m_options.batch, rows = batch / workers().size(), first = rows * workers().rank();
    std::vector<int64_t> own;
    for (int64_t at = first; at < int64_t(order.size()); at += batch)
        own.insert(own.end(), order.begin() + at, order.begin() + std::min(at + rows, int64_t(order.size())));
    return own;
}

TrainRun::Sample TrainRun::ownPart(Sample sample) const
{
    const Graph& graph = m_runner.graph();
    const int64_t rows = m_options.batch / workers().size();
    for (size_t i = 0; !workers().isAlone() && i < sample.batch.size(); ++i) {
        Tensor& input = sample.batch[i];
        if (graph.values[size_t(graph.inputs[i])].batched && input.dim() > 0 &&
            input.shape()[0] == m_options.batch)
            input = rowsOf(input, rows * workers().rank(), rows * (workers().rank() + 1));
    }
    return sample;
}

} // namespace bitwright
