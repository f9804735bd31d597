// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/run/backend.h"

#include <vector>

namespace bitwright {

/// Readers of files that hold weights but no graph: one backend for each of weightsFormats(). Their runner
/// describes layers with weights and nothing else (see weightsGraph), reads a parameter when it is asked for
/// it, and answers every run with one sentence that says how to get a model that runs. To be registered before
/// the readers of whole models, which take every zip archive and pickle for theirs.
std::vector<Backend> weightsBackends();

} // namespace bitwright
