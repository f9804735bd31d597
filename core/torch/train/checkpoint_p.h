// SPDX-License-Identifier: GPL-3.0-or-later
// A training run on disk.
#pragma once

#include "core/base/result.h"
#include "core/run/trainer.h"
#include "core/torch/train/optimizer_p.h"

#include <string>
#include <vector>

namespace bitwright {

/// Where a run stands; everything that decides how it goes on.
struct TrainPosition {
    int epoch = 1;           ///< the running one
    int64_t stepInEpoch = 0; ///< finished steps of it
    int64_t step = 0;        ///< finished steps of the run
    double lossSum = 0;      ///< over the epoch's steps
    int64_t hits = 0, labelled = 0;
    double bestScore = 0;
    int bestEpoch = 0;
    int sinceBest = 0;
    std::vector<EpochRecord> epochs;
};

/// `state` and `best` are written as they are; `identity` names what the run must agree in to be resumed.
Result<void> writeCheckpoint(const std::string& path, const std::string& identity,
                             const TrainPosition& position, const std::vector<at::Tensor>& state,
                             const std::vector<at::Tensor>& best, const TrainOptimizer& optimizer);
/// Fills `state` in place; InvalidArgument when the identity is another one, Corrupt when the parts of the
/// file contradict each other. Throws c10::Error or nlohmann's errors for other damage.
Result<TrainPosition> readCheckpoint(const std::string& path, const std::string& identity,
                                     std::vector<at::Tensor> state, std::vector<at::Tensor>& best,
                                     TrainOptimizer& optimizer);

} // namespace bitwright
