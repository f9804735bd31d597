// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "app/cli/session.h"

#include <nlohmann/json.hpp>

#include <functional>
#include <iosfwd>

namespace bitwright::cli {

/// Exit codes of the contract.
enum ExitCode { kDone = 0, kFailed = 1, kUsage = 2, kTargetMissed = 3, kInterrupted = 130 };

/// What a verb hands back: its own members of the JSON, and the same for people.
struct Outcome {
    nlohmann::ordered_json json = nlohmann::ordered_json::object();
    std::function<void(std::ostream&)> print;
    bool partial = false; ///< interrupted; what is here is finished
    bool targetMissed = false;
    std::string missed; ///< which target, one sentence
};

/// Runs `body` with threads started and SIGINT turned into a cancelled progress (a second one kills), writes
/// the JSON or the table, and returns the exit code. Errors become one line on standard error.
///
/// Sharing::Workers: processes that a launcher has started together do the job together (joinWorkers); the
/// first of them prints and writes.
enum class Sharing { Alone, Workers };
int runVerb(const Options& options, Sharing sharing, const std::function<Result<Outcome>(Session&)>& body);

} // namespace bitwright::cli
