// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/cli/format.h"
#include "app/cli/table.h"
#include "app/cli/verb.h"
#include "app/cli/verbs.h"
#include "core/io/json_results.h"

#include <CLI/CLI.hpp>

#include <map>
#include <ostream>

namespace bitwright::cli {
namespace {

void print(const Model& model, std::ostream& out)
{
    Table table({{"#", Table::Right},
                 {"layer"},
                 {"operator"},
                 {"weight"},
                 {"output"},
                 {"parameters", Table::Right},
                 {"MACs", Table::Right},
                 {"activation"}});
    const Graph& graph = model.graph();
    for (const Layer& layer : graph.layers)
        table.add({std::to_string(layer.id), layer.name, layer.label,
                   text::sizes(layer.weights.empty() ? Shape() : layer.weights[0].shape),
                   text::sizes(layer.outputShape), text::count(layer.params), text::count(layer.macs),
                   layer.activation});
    table.print(out);
    const GraphTotals sum = totals(graph);
    out << "\n"
        << graph.layers.size() << " layers, " << text::count(sum.params) << " parameters in "
        << text::bytes(sum.bytes) << ", " << text::count(sum.macs) << " MACs a sample\n";
    for (const std::string& sentence : graph.unsupported)
        out << "not analysed: " << text::printable(sentence) << "\n";
}

/// Of a file without a graph: all its tensors, and which of them are layers.
void printWeights(const Model& model, std::ostream& out)
{
    Table table(
        {{"tensor"}, {"type"}, {"shape"}, {"values", Table::Right}, {"bytes", Table::Right}, {"layer"}});
    const Graph& graph = model.graph();
    std::map<std::string, std::string> layerOf;
    for (const Layer& layer : graph.layers)
        layerOf.emplace(layer.weights.front().parameter, layer.name);
    for (const Parameter& parameter : graph.parameters) {
        const int64_t count = elementCount(parameter.shape);
        const auto layer = layerOf.find(parameter.name);
        table.add({parameter.name, dtypeName(parameter.dtype), text::sizes(parameter.shape),
                   text::count(count), text::count(count * dtypeBytes(parameter.dtype)),
                   layer == layerOf.end() ? "-" : layer->second});
    }
    table.print(out);
    const GraphTotals sum = totals(graph);
    out << "\nweights without a graph (" << model.format
        << "): " << text::count(int64_t(graph.parameters.size())) << " tensors, "
        << text::count(int64_t(graph.layers.size())) << " of them layers, " << text::count(sum.params)
        << " parameters in " << text::bytes(sum.bytes) << "\n";
    for (const std::string& sentence : graph.unsupported)
        out << "note: " << text::printable(sentence) << "\n";
    if (const Result<void> why = workbench::needsGraph(model); !why)
        out << "note: " << text::printable(why.error().message) << "\n";
}

Result<Outcome> inspect(Session& session)
{
    BITWRIGHT_TRY(const auto model, session.model());
    Outcome outcome;
    outcome.json = inspectJson(model->graph());
    outcome.print = [model](std::ostream& out) { (model->hasGraph() ? print : printWeights)(*model, out); };
    return outcome;
}

} // namespace

void addInspect(CLI::App& program, Run& run)
{
    const auto options = std::make_shared<Options>();
    CLI::App* verb =
        program.add_subcommand("inspect", "Layers, shapes, parameters and operations of a model");
    addModelOptions(*verb, *options);
    addDataOptions(*verb, *options, "Not used here; --data gives the input shape");
    verb->add_option("--calib-limit", options->limit, "The same as --limit here")
        ->check(CLI::PositiveNumber)
        ->type_name("N")
        ->group("Data");
    verb->callback([options, &run] {
        run = [options](const std::string&) { return runVerb(*options, Sharing::Alone, inspect); };
    });
}

} // namespace bitwright::cli
