// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/analysis/sensitivity.h"
#include "core/base/result.h"
#include "core/quant/quant_plan.h"

#include <string>
#include <vector>

namespace bitwright {

struct SessionData;

/// What a sweep has measured since its session was written, in a file of its own that grows: a line of JSON
/// with the swept plan, then a line for every unit. A line costs little and is handed to the operating system
/// at once, so that it outlives a killed process (a power cut it may not).
struct SweepJournal {
    QuantPlan plan;
    std::vector<SensitivityTable> units; ///< in the order in which they were measured
};

/// Of the session at `session`: beside it.
std::string sweepJournalOf(const std::string& session);
/// Adds a unit; a file that is not there begins with `plan`. Io where it cannot be written.
Result<void> appendToSweepJournal(const std::string& path, const QuantPlan& plan,
                                  const SensitivityTable& unit);
/// A line that was cut off, or is damaged, ends the journal. NotFound without a file, Corrupt where not even
/// the plan can be read.
Result<SweepJournal> readSweepJournal(const std::string& path);
/// Puts the units into the sensitivity of the session, which a session of another sweep loses.
void addSweepJournal(SessionData& session, const SweepJournal& journal);

} // namespace bitwright
