// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <functional>
#include <string>

namespace CLI {
class App;
}

namespace bitwright::cli {

/// Set by the verb that the command line names; gives the exit code of the program. Takes the whole command
/// line as text, for results that say how they were made.
using Run = std::function<int(const std::string& commandLine)>;

/// Each adds its verb with options and help to `program`.
void addInspect(CLI::App& program, Run& run);
void addStats(CLI::App& program, Run& run);
void addAnalyze(CLI::App& program, Run& run);
void addEvaluate(CLI::App& program, Run& run);
void addSensitivity(CLI::App& program, Run& run);
void addPlan(CLI::App& program, Run& run);
void addExport(CLI::App& program, Run& run);
void addReport(CLI::App& program, Run& run);
void addTune(CLI::App& program, Run& run);

} // namespace bitwright::cli
