// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/analysis/site_facts.h"
#include "core/graph/graph.h"
#include "core/quant/quant_plan.h"
#include "core/run/backend.h"

#include <cstdint>
#include <string>
#include <vector>

namespace bitwright {

/// Why a tensor loses precision. `measured` and `reference` of Cause are the two numbers that show it.
enum class CauseKind {
    Saturation, ///< at least 1 % of the elements lie outside; measured: their share, reference: 0.01
    Clipping,   ///< fewer do, but they make most of the error; measured: that part, reference: their share
    OutlierChannel, ///< few channels stretch the one scale of all; measured: width / median, reference: 4
    ChannelRanges,  ///< the widths differ all over; measured: 90th / 10th percentile, reference: 6
    OneSided,       ///< a grid around 0 for values of one side; measured: share of the levels that lie idle,
                    ///< reference: 0.25
    FewLevels,      ///< measured: levels that hold 99 % of the values, reference: levels of the grid
    DeadChannels    ///< nothing but zeros; costs no precision. measured: channels, reference: of how many
};

/// One change of the tensor's spec.
enum class RemedyKind {
    PerChannel, ///< a scale for every output channel
    MseRange,   ///< the range of least squared error
    WholeRange, ///< min-max: clip nothing
    Unsigned,   ///< all levels on the positive side
    Asymmetric, ///< a zero point
    MoreBits,   ///< two more, 16 beyond 8
    KeepFloat
};
const char* remedyName(RemedyKind kind);

struct Remedy {
    RemedyKind kind = RemedyKind::MoreBits;
    QuantSpec spec;    ///< to put into the plan
    double sqnrDb = 0; ///< what it will give: counted on the values for weights, expected for activations
};

struct Cause {
    CauseKind kind = CauseKind::FewLevels;
    double measured = 0, reference = 0;
    std::vector<int64_t> channels; ///< OutlierChannel, DeadChannels: which, worst first
    double gainDb = 0; ///< of the best remedy that takes no more bits: what this cause takes away. 0 if none
    std::vector<Remedy> remedies; ///< at most 3 that help (by 0.1 dB or more), best at equal bits first
};

/// The causes of one tensor's local error, the one that takes most away first. A cause whose removal gains
/// less than 0.5 dB is none; FewLevels and DeadChannels are told in any case. Empty for tensors in float.
struct Diagnosis {
    std::string tensor; ///< parameter of a weight; empty for an activation
    QuantSpec spec;
    SiteFacts facts;
    std::vector<Cause> causes;
};

/// Of the weights of `layer`; the facts are those of the worst of its tensors, predictions are for all of
/// them together. InvalidArgument for a layer without weights. Asks `progress` between the predictions.
Result<Diagnosis> diagnoseWeights(const ModelRunner& runner, const Layer& layer, const QuantPlan& plan,
                                  Progress& progress);
/// Of an activation, from its statistics.
Diagnosis diagnoseActivation(const TensorStats& stats, const QuantSpec& spec);

} // namespace bitwright
