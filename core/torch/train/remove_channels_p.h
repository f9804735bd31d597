// SPDX-License-Identifier: GPL-3.0-or-later
// Structured pruning: channels leave the graph and the file for real.
#pragma once

#include "core/graph/channel_groups.h"
#include "core/torch/runner_p.h"
#include "core/torch/train/trainer_p.h"

namespace bitwright {

/// What can be removed from the model; nothing of its outputs.
ChannelMap removableChannels(const TorchRunner& runner);
/// Whether each channel stays. Of every group `share` goes, those of least sum |w| over the filters of its
/// layers (Li et al. 2017, "Pruning Filters for Efficient ConvNets"); of every layer at least one stays. Of
/// equal sums the earlier stays.
std::vector<bool> strongestChannels(const TorchRunner& runner, const ChannelMap& map, double share);
/// The model without the other channels, read again from a file that was written for it. Compared with the
/// model in which what reads them is 0: Unsupported if they differ.
std::unique_ptr<ModelRunner> withoutChannels(const TorchRunner& runner, const ChannelMap& map,
                                             const std::vector<bool>& kept, Progress& progress);
/// Trains the model without `job.options.prune.share` of its channels; the teacher is `runner` as it is.
Result<TrainResult> trainWithoutChannels(const TorchRunner& runner, const TrainJob& job,
                                         const TrainListener& listener, const TrainControl& control,
                                         Progress& progress);

} // namespace bitwright
