// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/graph/graph.h"
#include "core/quant/quant_params.h"

namespace bitwright {

/// In what numbers a tensor is held.
struct Precision {
    int bits = 32;
    bool floating = true;
    bool operator==(const Precision&) const = default;
};
/// Bits as stored: 2 for ternary, 1 + E + M for minifloats.
Precision precisionOf(const QuantParams& params);
Precision weightPrecision(const ResolvedPlan& resolved, const std::string& parameter);
/// Precision of a flowing value: that of its quantizer, or, behind operators that only move values (view,
/// max-pool, ...), that of what they moved; float32 otherwise.
Precision activationPrecision(const Graph& graph, const ResolvedPlan& resolved, ValueId value);

} // namespace bitwright
