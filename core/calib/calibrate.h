// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/base/progress.h"
#include "core/base/result.h"
#include "core/calib/tensor_stats.h"
#include "core/quant/quant_params.h"
#include "core/quant/quant_plan.h"
#include "core/run/backend.h"
#include "core/run/dataset.h"

#include <map>
#include <string>
#include <vector>

namespace bitwright {

/// Where samples come from: a dataset, or seeded random batches when there is none.
struct SampleSource {
    std::shared_ptr<const Dataset> dataset; ///< null = random data of the model's example shapes
    std::vector<int64_t> indices;           ///< samples to use, in this order
    int64_t batchSize = 32;
    uint64_t seed = 0;          ///< of random data
    int64_t randomSamples = 64; ///< how many, without a dataset
};

/// Rows [begin, end) of dimension 0; shares the memory.
Tensor rowsOf(const Tensor& tensor, int64_t begin, int64_t end);

/// Calls `body(batch, labels)` for every batch of `source`; body returns an error to stop. Checks cancelled()
/// and advances `progress` by samples.
Result<void> forEachBatch(const ModelRunner& runner, const SampleSource& source, Progress& progress,
                          const std::function<Result<void>(const Batch&, const std::vector<int64_t>&)>& body);
int64_t sampleCount(const SampleSource& source);

/// The same for the batches that are this worker's (core/run/workers.h); `first` is the position of the
/// batch's first sample among all.
Result<void> forEachOwnBatch(
    const ModelRunner& runner, const SampleSource& source, Progress& progress,
    const std::function<Result<void>(int64_t first, const Batch&, const std::vector<int64_t>&)>& body);
/// `run` makes tensors (F32) of each batch, on the worker that the batch belongs to; `take` gets those of all
/// batches in their order, on every worker.
using OutputsSink =
    std::function<Result<void>(const std::vector<Tensor>& outputs, const std::vector<int64_t>& labels)>;
Result<void> forEachSharedBatch(const ModelRunner& runner, const SampleSource& source, Progress& progress,
                                const std::function<Result<std::vector<Tensor>>(const Batch&)>& run,
                                const OutputsSink& take);

/// Statistics over the first samples of a calibration, by ValueId; no channels are kept.
struct CalibrationPrefix {
    int64_t samples = 0;
    std::map<ValueId, TensorStats> activations;

    bool operator==(const CalibrationPrefix&) const = default;
};

/// Statistics of every activation site (layer outputs and model inputs), by ValueId. Shapes are those of one
/// sample. When cancelled, sites may have seen a batch more than others; TensorStats::samples tells.
struct CalibrationResult {
    std::map<ValueId, TensorStats> activations;
    int64_t samples = 0;
    bool partial = false; ///< cancelled half way; what was finished is right
    /// Over the first 1, 2, 4, ... samples, ascending, fewer than `samples`: what a smaller calibration set
    /// would have given. Memory grows with the logarithm of the samples.
    std::vector<CalibrationPrefix> prefixes;

    /// The statistics of `value` over the first `count` samples: those of the longest prefix that is not
    /// longer, or (count >= samples) of all. Nullptr when there are none.
    const TensorStats* statsAfter(ValueId value, int64_t count) const;
    bool operator==(const CalibrationResult&) const = default;
};

/// One streaming pass of the float model. Several workers share the batches and get the same result, exactly
/// that of one.
Result<CalibrationResult> calibrate(const ModelRunner& runner, const SampleSource& source,
                                    Progress& progress);

/// Decides every range of `plan`: weights from their values, activations from `calibration`. A layer whose
/// activation was never observed, or is not floating, stays float. A parameter that several layers share is
/// decided by the first.
Result<ResolvedPlan> resolvePlan(const ModelRunner& runner, const QuantPlan& plan,
                                 const CalibrationResult& calibration, Progress& progress);
/// The params of one weight / of one activation under a spec; what resolvePlan calls.
Result<QuantParams> resolveWeight(const Tensor& weight, const WeightRef& site, const QuantSpec& spec);
/// Per channel, estimators that need a histogram (percentile, MSE, Lp, entropy) and the moving average fall
/// back to the channel's min-max: activations keep no channel histograms. Formats whose grid comes from
/// values (binary, ternary, codebook) take it from the histogram.
ActivationQuantizer resolveActivation(const TensorStats& stats, const QuantSpec& spec);

} // namespace bitwright
