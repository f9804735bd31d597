// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/ptq/matched_layers.h"
#include "core/ptq/repair_methods.h"

namespace bitwright {

Result<Repair> correctBiases(const RepairJob& job, Progress& progress)
{
    const LayerChange change = [](Matching& matching, const MatchedLayer& layer,
                                  const ChannelMoments& floating, Progress& part) -> Result<void> {
        BITWRIGHT_TRY(const ChannelMoments quantized, matching.measure(layer, part));
        return matching.moveBias(layer, floating, quantized);
    };
    return matchLayers(job, "Correcting biases", change, progress);
}

} // namespace bitwright
