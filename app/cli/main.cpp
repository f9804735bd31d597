// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/cli/verbs.h"
#include "core/io/weights/weights_runner.h"
#include "core/torch/torch_backend.h"
#include "core/workbench.h"

#include <CLI/CLI.hpp>

#include <algorithm>
#include <cctype>
#include <cstring>

namespace {

constexpr int kUsageError = 2;

const char* const kDescription = "Bitwright: quantize neural networks and see what it costs.\n"
                                 "Calibration uses the train split where the data has one (--calib-limit "
                                 "samples), evaluation the test split.";
const char* const kFooter = "Exit codes: 0 done, 1 failed, 2 usage, 3 a stated target was not met, 130 "
                            "interrupted (what was finished\n"
                            "is written and marked partial). 'bitwright-cli VERB --help' explains each verb.";

/// As a shell reads it back.
std::string quoted(const std::string& argument)
{
    const bool isPlain = !argument.empty() && std::all_of(argument.begin(), argument.end(), [](char c) {
        return std::isalnum(static_cast<unsigned char>(c)) || std::strchr("_./:=@%+,-", c);
    });
    if (isPlain)
        return argument;
    std::string text = "'";
    for (const char c : argument)
        text += c == '\'' ? std::string("'\\''") : std::string(1, c);
    return text + "'";
}

std::string commandLine(int argc, char** argv)
{
    std::string text = "bitwright-cli";
    for (int i = 1; i < argc; ++i)
        text.append(" ").append(quoted(argv[i]));
    return text;
}

int run(int argc, char** argv)
{
    using namespace bitwright;
    CLI::App program(kDescription, "bitwright-cli");
    program.footer(kFooter);
    program.set_version_flag("--version",
                             [] { return "bitwright-cli " BITWRIGHT_VERSION " (" + torchVersion() + ")"; });
    program.require_subcommand(1);
    cli::Run verb;
    for (const auto add : {cli::addInspect, cli::addStats, cli::addAnalyze, cli::addEvaluate,
                           cli::addSensitivity, cli::addPlan, cli::addTune, cli::addExport, cli::addReport})
        add(program, verb);
    try {
        program.parse(argc, argv);
    } catch (const CLI::ParseError& error) {
        return program.exit(error) == 0 ? 0 : kUsageError;
    }
    return verb(commandLine(argc, argv));
}

} // namespace

int main(int argc, char** argv)
{
    bitwright::prepareTorchProcess();
    for (bitwright::Backend& backend : bitwright::weightsBackends())
        bitwright::registerBackend(std::move(backend));
    bitwright::registerBackend(bitwright::torchScriptBackend());
    bitwright::registerBackend(bitwright::onnxBackend());
    return run(argc, argv);
}
