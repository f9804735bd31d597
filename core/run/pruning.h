// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/base/result.h"
#include "core/graph/graph.h"

#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace bitwright {

/// Which weights become 0 for good while a model is trained.
struct PruneOptions {
    enum Kind {
        None,
        Magnitude, ///< the smallest |w| of every layer (as torch.nn.utils.prune.l1_unstructured)
        TwoOfFour, ///< the two smallest |w| of every four neighbours along the input channels
        Channels   ///< whole output channels of least sum |w|, removed from the graph (see channelGroups)
    };
    Kind kind = None;
    double share = 0; ///< Magnitude, Channels: of the elements or channels of every layer, in (0, 1)
    /// Sparsity rises over the first three quarters of the training, share * (1 - (1 - t)^3) (Zhu and Gupta
    /// 2017, "To prune, or not to prune"); else all at once before the first step.
    bool gradual = false;

    bool operator==(const PruneOptions&) const = default;
};

/// "magnitude=0.5", "2:4", "channels=0.3", "none".
Result<PruneOptions> parsePrune(std::string_view text);
std::string pruneText(const PruneOptions& options);
/// Part of the final sparsity that `progress` (share of the training that is done) asks for, in [0, 1].
double pruneProgress(const PruneOptions& options, double progress);

/// Layers whose weights are pruned: products, but not depthwise filters, which are few and each of which is
/// all that its channel has.
bool isPrunable(const Layer& layer);
/// Why `weight` of a prunable layer cannot be pruned this way, or "".
std::string whyNotPruned(const WeightRef& weight, const PruneOptions& options);

/// 1 = kept, 0 = pruned, row-major. `part` of the final sparsity, in [0, 1]. Of equal magnitudes the earlier
/// element goes first. Elements that are 0 already go before all others, so masks grow as `part` does.
std::vector<uint8_t> pruneMask(std::span<const float> weight, const WeightRef& reference,
                               const PruneOptions& options, double part);

} // namespace bitwright
