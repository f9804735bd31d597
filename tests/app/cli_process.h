// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <nlohmann/json.hpp>

#include <csignal>
#include <functional>
#include <map>
#include <string>
#include <vector>

namespace bitwright::test {

/// What a finished run of bitwright-cli left.
struct Finished {
    int code = -1; ///< exit code; 128 + n when signal n ended it
    std::string out, err;

    /// Lines of standard error.
    std::vector<std::string> errorLines() const;
    /// Standard output as JSON; discarded (is_discarded()) when it is not exactly one document.
    nlohmann::json json() const;
};

/// When to send the running program which signal, once.
struct Interruption {
    std::function<bool(const std::string& err)> when; ///< asked with what standard error holds so far
    int signal = SIGINT;
};
/// Runs the program with `arguments`, and `environment` beside that of this process, and waits (at most two
/// minutes).
Finished runCli(const std::vector<std::string>& arguments, const Interruption& interruption = {},
                const std::map<std::string, std::string>& environment = {});
/// Runs `count` of them as a launcher does, each with its RANK; by rank.
std::vector<Finished> runWorkers(int count, const std::vector<std::string>& arguments,
                                 const std::map<int, Interruption>& interruptions = {});

/// A file of the shipped sample models.
std::string sample(const std::string& name);
std::string readAll(const std::string& path);

} // namespace bitwright::test
