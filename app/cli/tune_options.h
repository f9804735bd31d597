// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "app/cli/options.h"
#include "core/workbench_tune.h"

#include <optional>
#include <string>
#include <vector>

namespace bitwright::cli {

/// Options of `tune`. What is not given is the preset's.
struct TuneOptions : Options {
    std::string preset = "quick", out, checkpoint, resume;
    int64_t trainLimit = -1, trainBatch = 0; ///< 0 = the preset's
    std::optional<std::string> method, optimizer, schedule, loss, norm;
    std::optional<int> epochs, patience, freezeNormAfter, normBatches;
    std::optional<int64_t> steps, cropPadding;
    std::optional<double> lr, scaleLr, momentum, weightDecay, clip, warmup, labelSmoothing, distill,
        temperature, distillLayerWeight;
    std::vector<std::string> distillLayers;
    double distillWeight = 0; ///< of --distill, which says so in `distill`
    std::string prune = "none", pruneSchedule = "one-shot";
    bool noDistill = false, noEqualize = false, flip = false;
    int64_t checkpointEvery = 0;
};

/// --preset, --method, --epochs, ..., --out, --resume.
void addTuneOptions(CLI::App& verb, TuneOptions& options);
/// `defaults` with what was given. Explicit epochs are whole ones unless --steps says otherwise.
TrainOptions applied(const TuneOptions& options, TrainOptions defaults);
/// The repairs without training that --method names; empty = it is trained.
std::vector<std::string> repairsOf(const TuneOptions& options);

} // namespace bitwright::cli
