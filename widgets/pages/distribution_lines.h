// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "widgets/pages/statistics_table.h"
#include "widgets/plots/site_distribution.h"

namespace bitwright {

/// The numbers beside the histogram, with headings.
std::vector<StatisticsTable::Line> distributionLines(const SiteDistribution& distribution);

} // namespace bitwright
