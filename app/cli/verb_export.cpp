// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/cli/format.h"
#include "app/cli/verb.h"
#include "app/cli/verbs.h"
#include "core/io/json_results.h"
#include "core/workbench_files.h"

#include <CLI/CLI.hpp>

#include <algorithm>
#include <ostream>

namespace bitwright::cli {
namespace {

constexpr int64_t kDefaultLimit = 256;

struct ExportOptions : Options {
    std::string format, out;
    workbench::ExportOptions further;
};

void print(const ExportResult& result, std::ostream& out)
{
    for (const ExportedFile& file : result.files)
        out << text::printable(file.path) << "  " << text::bytes(file.bytes) << "  sha256 " << file.sha256
            << "\n";
    if (!result.engine.empty())
        out << "engine: " << result.engine << "\n";
    if (result.parity)
        out << "parity with the simulation over " << text::count(result.parity->samples)
            << " samples: largest difference " << numberText(result.parity->maxAbs) << ", SQNR "
            << text::decibels(result.parity->sqnrDb) << ", equal top-1 "
            << text::percent(result.parity->top1Agreement) << "\n";
    for (const std::string& warning : result.warnings)
        out << "warning: " << text::printable(warning) << "\n";
    for (const std::string& note : result.notes)
        out << "note: " << text::printable(note) << "\n";
}

Result<Outcome> exportVerb(Session& session, const ExportOptions& options)
{
    BITWRIGHT_TRY(const auto model, session.model());
    BITWRIGHT_CHECK(workbench::refuseOwnFile(model->path, options.out)); // before anything takes its time
    BITWRIGHT_TRY(const QuantPlan plan, session.plan());
    BITWRIGHT_TRY(const CalibrationResult calibration, session.calibration());
    BITWRIGHT_TRY(const SampleSource source, session.evaluationSource(kDefaultLimit));
    BITWRIGHT_TRY(auto result, workbench::exportModel(*model, plan, calibration, options.format, options.out,
                                                      source, session.progress(), options.further));
    Outcome outcome;
    outcome.json = {{"format", options.format}};
    outcome.json.update(exportJson(result));
    outcome.print = [result = std::move(result)](std::ostream& out) { print(result, out); };
    return outcome;
}

std::string formatHelp()
{
    std::string help = "What to write:";
    for (const workbench::ExportFormat& format : workbench::exportFormats())
        help += "\n  " + format.name + ": " + format.description;
    return help;
}

std::vector<std::string> formatNames()
{
    std::vector<std::string> names;
    for (const workbench::ExportFormat& format : workbench::exportFormats())
        names.push_back(format.name);
    return names;
}

void addOnnxOptions(CLI::App& verb, workbench::ExportOptions& options)
{
    const std::string group = "ONNX";
    verb.add_option("--opset", options.opset,
                    "Version of the operators; default: the lowest that holds the plan, at least 13")
        ->check(CLI::Range(13, 21))
        ->type_name("N")
        ->group(group);
    const auto setTarget = [&options](const std::string& name) {
        const auto& names = exportTargetNames();
        options.target = ExportTarget(std::find(names.begin(), names.end(), name) - names.begin());
    };
    verb.add_option_function<std::string>(
            "--target", setTarget,
            "The runtime: onnxruntime (default) has unsigned activations, the others keep the plan's signs; "
            "tensorrt has float biases")
        ->check(CLI::IsMember(exportTargetNames()))
        ->type_name("NAME")
        ->group(group);
    verb.add_flag("--reduce-range", options.reduceRange,
                  "7-bit weights instead of 8-bit ones, for processors without VNNI")
        ->group(group);
}

} // namespace

void addExport(CLI::App& program, Run& run)
{
    const auto options = std::make_shared<ExportOptions>();
    CLI::App* verb = program.add_subcommand(
        "export", "Write the quantized model; what runs is loaded again and compared with the simulation");
    addModelOptions(*verb, *options);
    addDataOptions(*verb, *options, "Samples for the comparison; default: " + std::to_string(kDefaultLimit));
    addPlanOptions(*verb, *options);
    const std::string group = "Export";
    verb->add_option("--format", options->format, formatHelp())
        ->required()
        ->check(CLI::IsMember(formatNames()))
        ->type_name("FORMAT")
        ->group(group);
    verb->add_option("--out", options->out, "File to write; replaced only when everything went well")
        ->required()
        ->type_name("FILE")
        ->group(group);
    addOnnxOptions(*verb, options->further);
    verb->callback([options, &run] {
        run = [options](const std::string&) {
            return runVerb(*options, Sharing::Alone,
                           [&](Session& session) { return exportVerb(session, *options); });
        };
    });
}

} // namespace bitwright::cli
