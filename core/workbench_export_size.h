// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/workbench.h"

namespace bitwright::workbench {

/// Bytes of weights, scales and other parameters in a file of `format`, from shapes alone: what can be shown
/// while options change. Graph and names come on top. 0 for formats that hold no weights.
int64_t estimatedBytes(const Graph& graph, const QuantPlan& plan, const std::string& format,
                       const ExportOptions& options);

} // namespace bitwright::workbench
