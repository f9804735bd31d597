// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/analysis/predict.h"

namespace bitwright {

class Document;

/// What the plan as it is should give, from the sweep and from all other plans evaluated so far (its own
/// evaluation is what it is compared with). Unsupported, with what to do, before there is a sweep.
Result<Prediction> predictionOf(const Document& document);
/// The same of another plan.
Result<Prediction> predictionOf(const Document& document, const QuantPlan& plan);

} // namespace bitwright
