// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/analysis/evaluate.h"
#include "core/calib/calibrate.h"

#include <functional>
#include <optional>
#include <set>
#include <string>
#include <vector>

namespace bitwright {

enum class SensitivityWhat { Weights, Activations };
enum class SensitivityMode {
    EnableOne,  ///< everything float, one site quantized
    DisableOne, ///< the whole plan quantized, with all its weights (or activations) at these bits, one site
                ///< float
    Local,      ///< everything float, one weight quantized, SQNR at that layer's output only (quick)
    Cumulative  ///< the whole plan quantized, with all its weights (or activations) at these bits, SQNR at the
                ///< layer's output: sensitivityByUnits only
};
const char* sensitivityWhatName(SensitivityWhat what);
const char* sensitivityModeName(SensitivityMode mode);

struct SensitivityOptions {
    std::vector<int> bits{8, 6, 4, 3, 2};
    std::vector<SensitivityWhat> what{SensitivityWhat::Weights, SensitivityWhat::Activations};
    std::vector<SensitivityMode> modes{SensitivityMode::EnableOne};
    std::set<std::string> layers; ///< sites to sweep; empty = all
    bool suffixOnly = true; ///< false: run every cell whole; bit-identical and slow, for checks
    int64_t classes = 0;    ///< of the labels; 0 = number of outputs
    /// sensitivityByUnits, EnableOne: the bases of DisableOne as well, which tell how cells add up.
    bool bases = false;
};

struct SensitivityCell {
    std::string layer;
    SensitivityWhat what = SensitivityWhat::Weights;
    int bits = 8;
    SensitivityMode mode = SensitivityMode::EnableOne;
    double outputSqnrDb = 0;  ///< against the float outputs (Local: at the layer's output)
    std::optional<double> kl; ///< mean KL(softmax(float) || softmax(quantized)), nat
    std::optional<double> top1, loss;
    bool operator==(const SensitivityCell&) const = default;
};

/// The plan with every quantized weight (or activation) at `bits`.
struct SensitivityBase {
    SensitivityWhat what = SensitivityWhat::Weights;
    int bits = 8;
    Quality quality;
    bool operator==(const SensitivityBase&) const = default;
};

struct SensitivityTable {
    std::vector<SensitivityCell> cells; ///< by mode, what, layer in execution order, bits as given
    Quality baseline;                   ///< float
    std::vector<SensitivityBase> bases; ///< what the DisableOne cells start from; SensitivityOptions::bases
    int64_t samples = 0;
    bool partial = false;
    bool operator==(const SensitivityTable&) const = default;
};

/// Sweeps the cells, sharing batches and prefixes. The spec of a cell is the plan's for that layer with
/// `bits` (Int) put in. Cancelled: partial table over the samples done, Error::Cancelled if none.
Result<SensitivityTable> sensitivity(const ModelRunner& runner, const QuantPlan& plan,
                                     const CalibrationResult& calibration, const SampleSource& source,
                                     const SensitivityOptions& options, Progress& progress);

} // namespace bitwright
