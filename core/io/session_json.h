// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/analysis/cost.h"
#include "core/analysis/evaluate.h"
#include "core/analysis/saturated.h"
#include "core/analysis/sensitivity.h"

#include <nlohmann/json_fwd.hpp>

namespace bitwright {

/// Results as JSON whose numbers read back bit for bit; NaN and infinities are the texts "nan", "inf",
/// "-inf". Not the files that scripts read (json_results.h): every member is here, under its own name.
nlohmann::json exactJson(const Evaluation& evaluation);
nlohmann::json exactJson(const Cost& cost);
nlohmann::json exactJson(const Saturation& saturation);
nlohmann::json exactJson(const SensitivityTable& table);
/// Corrupt when a member is missing or of another kind.
Result<Evaluation> evaluationFromExact(const nlohmann::json& json);
Result<Cost> costFromExact(const nlohmann::json& json);
Result<Saturation> saturationFromExact(const nlohmann::json& json);
Result<SensitivityTable> sensitivityFromExact(const nlohmann::json& json);

} // namespace bitwright
