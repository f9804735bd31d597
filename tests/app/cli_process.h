// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <nlohmann/json.hpp>

#include <filesystem>
#include <functional>
#include <string>
#include <vector>

namespace bitwright::test {

/// A folder that disappears with its contents.
class TemporaryFolder {
public:
    TemporaryFolder();
    ~TemporaryFolder();
    std::string path(const std::string& name) const { return (m_path / name).string(); }

private:
    std::filesystem::path m_path;
};

/// What a finished run of bitwright-cli left.
struct Finished {
    int code = -1; ///< exit code; 128 + n when signal n ended it
    std::string out, err;

    /// Lines of standard error.
    std::vector<std::string> errorLines() const;
    /// Standard output as JSON; discarded (is_discarded()) when it is not exactly one document.
    nlohmann::json json() const;
};

/// Runs the program with `arguments` and waits (at most two minutes). With `interruptWhen`, sends one SIGINT
/// as soon as it returns true for what standard error holds so far.
Finished runCli(const std::vector<std::string>& arguments,
                const std::function<bool(const std::string& err)>& interruptWhen = {});

/// A file of the shipped sample models.
std::string sample(const std::string& name);
std::string readAll(const std::string& path);

} // namespace bitwright::test
