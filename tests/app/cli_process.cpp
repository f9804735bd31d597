// SPDX-License-Identifier: GPL-3.0-or-later
#include "tests/app/cli_process.h"

#include "tests/temporary_folder.h"

#include <fcntl.h>
#include <sys/wait.h>
#include <unistd.h>

#include <chrono>
#include <csignal>
#include <fstream>
#include <sstream>
#include <thread>

namespace bitwright::test {
namespace {

constexpr auto kPatience = std::chrono::seconds(120);

[[noreturn]] void becomeCli(const std::vector<std::string>& arguments,
                            const std::map<std::string, std::string>& environment, const std::string& out,
                            const std::string& err)
{
    for (const auto& [name, value] : environment)
        ::setenv(name.c_str(), value.c_str(), 1);
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

/// Waits for `child`; sends it `signal` once when asked to, kills it when patience ends.
int waitFor(pid_t child, int signal, const std::function<bool()>& interruptNow)
{
    const auto begun = std::chrono::steady_clock::now();
    bool interrupted = false;
    for (int status = 0;;) {
        if (::waitpid(child, &status, WNOHANG) == child)
            return exitCode(status);
        if (!interrupted && interruptNow()) {
            ::kill(child, signal);
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

Finished runCli(const std::vector<std::string>& arguments, const Interruption& interruption,
                const std::map<std::string, std::string>& environment)
{
    const TemporaryFolder folder;
    const std::string out = folder.file("out"), err = folder.file("err");
    const pid_t child = ::fork();
    if (child == 0)
        becomeCli(arguments, environment, out, err);
    Finished finished;
    finished.code = waitFor(child, interruption.signal,
                            [&] { return interruption.when && interruption.when(readAll(err)); });
    finished.out = readAll(out);
    finished.err = readAll(err);
    return finished;
}

std::vector<Finished> runWorkers(int count, const std::vector<std::string>& arguments,
                                 const std::map<int, Interruption>& interruptions)
{
    static int jobs = 0;
    const std::string port = std::to_string(20000 + (::getpid() * 7 + ++jobs) % 20000);
    std::vector<Finished> finished(static_cast<size_t>(count));
    std::vector<std::thread> threads;
    for (int rank = 0; rank < count; ++rank)
        threads.emplace_back([&, rank] {
            const auto own = interruptions.find(rank);
            finished[size_t(rank)] =
                runCli(arguments, own == interruptions.end() ? Interruption() : own->second,
                       {{"RANK", std::to_string(rank)},
                        {"WORLD_SIZE", std::to_string(count)},
                        {"MASTER_ADDR", "127.0.0.1"},
                        {"MASTER_PORT", port}});
        });
    for (std::thread& thread : threads)
        thread.join();
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
