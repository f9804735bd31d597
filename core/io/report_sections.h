// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/io/report_html.h"

#include <string>

namespace bitwright {

/// The parts of a report; each is a whole <section>, or "" where the data has nothing for it.
std::string accuracySection(const ReportData& data);
std::string costSection(const ReportData& data);
std::string layersSection(const ReportData& data);
Result<std::string> distributionsSection(const ReportData& data);
std::string sensitivitySection(const ReportData& data);

/// Rows of the layer table in the order of a report: worst local SQNR first, rows without one last.
std::vector<const LayerReport*> worstFirst(const std::vector<LayerReport>& layers);
/// The lower of the two local SQNRs in dB; empty when nothing of the layer is quantized.
std::optional<double> worstSqnr(const LayerReport& layer);

/// <tr> of cells that are HTML already; `tag` "th" or "td"; the class "n" (a number) from cell `numbers` on.
std::string tableRow(const char* tag, const std::vector<std::string>& cells, size_t numbers = 1);

} // namespace bitwright
