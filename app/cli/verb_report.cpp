// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/cli/format.h"
#include "app/cli/verb.h"
#include "app/cli/verbs.h"
#include "core/io/json_results.h"
#include "core/workbench_files.h"

#include <CLI/CLI.hpp>

#include <ostream>

namespace bitwright::cli {
namespace {

constexpr int64_t kAnalysisLimit = 256;
constexpr int64_t kSensitivityLimit = 256;

struct ReportOptions : Options {
    std::string out, command;
    bool sensitivity = false;
};

/// `source` cut to its first `limit` samples.
SampleSource cut(SampleSource source, int64_t limit)
{
    if (int64_t(source.indices.size()) > limit)
        source.indices.resize(size_t(limit));
    return source;
}

Result<SensitivityTable> sweep(Session& session, const Model& model, const QuantPlan& plan,
                               const CalibrationResult& calibration, const SampleSource& source)
{
    SensitivityOptions how;
    how.classes = int64_t(session.classes().size());
    return sensitivity(*model.runner, plan, calibration, cut(source, kSensitivityLimit), how,
                       session.progress());
}

Result<Outcome> written(const workbench::ReportInput& input, const std::string& path,
                        const nlohmann::ordered_json& numbers)
{
    BITWRIGHT_TRY(const ExportedFile file, workbench::writeReport(input, path));
    ExportResult files;
    files.files = {file};
    Outcome outcome;
    outcome.json = {{"files", exportJson(files)["files"]}};
    outcome.json.update(numbers);
    outcome.print = [file](std::ostream& out) {
        out << text::printable(file.path) << "  " << text::bytes(file.bytes) << "  sha256 " << file.sha256
            << "\n";
    };
    return outcome;
}

/// What there is to say of a file without a graph: weights, their errors and the size.
Result<Outcome> weightsReport(Session& session, const ReportOptions& options)
{
    if (options.sensitivity) {
        BITWRIGHT_CHECK(session.modelWithGraph());
    }
    BITWRIGHT_TRY(const QuantPlan plan, session.plan());
    BITWRIGHT_TRY(const auto model, session.model());
    const CalibrationResult none;
    BITWRIGHT_TRY(const auto layers, analyze(*model->runner, plan, none, {}, session.progress()));
    BITWRIGHT_TRY(const Cost cost, workbench::cost(*model, plan, none, session.progress()));
    workbench::ReportInput input{model.get(),    &plan,   &none,   &layers,
                                 nullptr,        nullptr, nullptr, session.dataDescription(),
                                 options.command};
    input.cost = &cost;
    return written(input, options.out, {{"size", sizeJson(cost)}});
}

Result<Outcome> report(Session& session, const ReportOptions& options)
{
    BITWRIGHT_TRY(const auto opened, session.model());
    BITWRIGHT_CHECK(workbench::refuseOwnFile(opened->path, options.out));
    if (!opened->hasGraph())
        return weightsReport(session, options);
    BITWRIGHT_TRY(const QuantPlan plan, session.plan());
    const auto model = session.model().value();
    BITWRIGHT_TRY(const CalibrationResult calibration, session.calibration());
    BITWRIGHT_TRY(const SampleSource source, session.evaluationSource(-1));
    BITWRIGHT_TRY(const auto layers, analyze(*model->runner, plan, calibration, cut(source, kAnalysisLimit),
                                             session.progress()));
    BITWRIGHT_TRY(const auto evaluation,
                  workbench::evaluate(*model, plan, calibration, source, session.progress()));
    if (evaluation.evaluation.partial)
        return cancelledError();
    std::optional<SensitivityTable> table;
    if (options.sensitivity) {
        BITWRIGHT_TRY(table, sweep(session, *model, plan, calibration, source));
    }
    workbench::ReportInput input{model.get(),
                                 &plan,
                                 &calibration,
                                 &layers,
                                 &evaluation,
                                 nullptr,
                                 table ? &*table : nullptr,
                                 session.dataDescription(),
                                 options.command};
    return written(input, options.out, evaluateJson(evaluation.evaluation, evaluation.cost));
}

} // namespace

void addReport(CLI::App& program, Run& run)
{
    const auto options = std::make_shared<ReportOptions>();
    CLI::App* verb =
        program.add_subcommand("report", "One HTML file with everything: model, plan, errors, accuracy");
    addModelOptions(*verb, *options);
    addDataOptions(
        *verb, *options,
        "First N samples in stored order for the accuracy; default: all (errors of layers: at most " +
            std::to_string(kAnalysisLimit) + ")");
    addPlanOptions(*verb, *options);
    const std::string group = "Report";
    verb->add_option("--out", options->out, "HTML file to write")
        ->required()
        ->type_name("FILE.html")
        ->group(group);
    verb->add_flag("--sensitivity", options->sensitivity, "Add the sensitivity of every layer (slower)")
        ->group(group);
    verb->callback([options, &run] {
        run = [options](const std::string& commandLine) {
            options->command = commandLine;
            return runVerb(*options, Sharing::Alone,
                           [&](Session& session) { return report(session, *options); });
        };
    });
}

} // namespace bitwright::cli
