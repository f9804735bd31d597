// SPDX-License-Identifier: GPL-3.0-or-later
#include "tests/app/cli_process.h"

#include <fcntl.h>
#include <sys/wait.h>
#include <unistd.h>

#include <chrono>
#include <csignal>
#include <fstream>
#include <sstream>
#include <stdexcept>
#include <thread>

namespace bitwright::test {
namespace {

constexpr auto kPatience = std::chrono::seconds(120);

[[noreturn]] void becomeCli(const std::vector<std::string>& arguments, const std::string& out,
                            const std::string& err)
{
    const auto redirect = [](const std::string& path, int descriptor) {
        const int file = ::open(path.c_str(), O_WRONLY | O_CREAT | O_TRUNC, 0600);
        ::dup2(file, descriptor);
    };
    redirect("/dev/null", STDIN_FILENO);
    redirect(out, STDOUT_FILENO);
    redirect(err, STDERR_FILENO);
    std::vector<std::string> all = {BITWRIGHT_CLI};
    all.insert(all.end(), arguments.begin(), arguments.end());
    std::vector<char*> argv;
    for (std::string& argument : all)
        argv.push_back(argument.data());
    argv.push_back(nullptr);
    ::execv(argv[0], argv.data());
    ::_exit(126);
}

int exitCode(int status)
{
    return WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status);
}

/// Waits for `child`; interrupts it once when asked to, kills it when patience ends.
int waitFor(pid_t child, const std::function<bool()>& interruptNow)
{
    const auto begun = std::chrono::steady_clock::now();
    bool interrupted = false;
    for (int status = 0;;) {
        if (::waitpid(child, &status, WNOHANG) == child)
            return exitCode(status);
        if (!interrupted && interruptNow()) {
            ::kill(child, SIGINT);
            interrupted = true;
        }
        if (std::chrono::steady_clock::now() - begun > kPatience) {
            ::kill(child, SIGKILL);
            ::waitpid(child, &status, 0);
            return exitCode(status);
        }
        std::this_thread::sleep_for(std::chrono::milliseconds(2));
    }
}

} // namespace

TemporaryFolder::TemporaryFolder()
{
    std::string name = (std::filesystem::temp_directory_path() / "bitwright-cli-XXXXXX").string();
    if (!::mkdtemp(name.data()))
        throw std::runtime_error("no temporary folder");
    m_path = name;
}

TemporaryFolder::~TemporaryFolder()
{
    std::error_code ignored;
    std::filesystem::remove_all(m_path, ignored);
}

std::vector<std::string> Finished::errorLines() const
{
    std::vector<std::string> lines;
    std::istringstream stream(err);
    for (std::string line; std::getline(stream, line);)
        lines.push_back(line);
    return lines;
}

nlohmann::json Finished::json() const
{
    return nlohmann::json::parse(out, nullptr, false);
}

Finished runCli(const std::vector<std::string>& arguments,
                const std::function<bool(const std::string&)>& interruptWhen)
{
    const TemporaryFolder folder;
    const std::string out = folder.path("out"), err = folder.path("err");
    const pid_t child = ::fork();
    if (child == 0)
        becomeCli(arguments, out, err);
    Finished finished;
    finished.code = waitFor(child, [&] { return interruptWhen && interruptWhen(readAll(err)); });
    finished.out = readAll(out);
    finished.err = readAll(err);
    return finished;
}

std::string sample(const std::string& name)
{
    return std::string(BITWRIGHT_SOURCE_DIR "/sample_models/") + name;
}

std::string readAll(const std::string& path)
{
    std::ifstream file(path, std::ios::binary);
    return {std::istreambuf_iterator<char>(file), {}};
}

} // namespace bitwright::test
