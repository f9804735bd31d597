// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/analysis/sensitivity_units.h"

#include "core/analysis/analyze.h"
#include "core/analysis/sensitivity_cells.h"
#include "core/calib/activation_sites.h"

#include <algorithm>
#include <cmath>
#include <map>
#include <string_view>
#include <unordered_map>

namespace bitwright {
namespace {

/// Whole columns are cheaper where the base of a cell is a quantized model of its own.
bool isByColumn(SensitivityMode mode)
{
    return mode == SensitivityMode::DisableOne || mode == SensitivityMode::Cumulative;
}

bool sameCell(const SensitivityCell& a, const SensitivityCell& b)
{
    return a.layer == b.layer && a.what == b.what && a.bits == b.bits && a.mode == b.mode;
}

/// Names of everything that can have a cell, in execution order.
std::vector<std::string> siteNames(const Graph& graph, const SensitivityOptions& options)
{
    std::vector<std::string> names;
    const auto asked = [&](SensitivityWhat what) {
        return std::find(options.what.begin(), options.what.end(), what) != options.what.end();
    };
    std::set<std::string> activations;
    if (asked(SensitivityWhat::Activations))
        for (const ActivationSite& site : activationSites(graph))
            activations.insert(site.name);
    for (size_t i = 0; i < graph.inputs.size(); ++i)
        if (activations.count(inputLayerName(i)))
            names.push_back(inputLayerName(i));
    for (const Layer& layer : graph.layers)
        if (activations.count(layer.name) || (asked(SensitivityWhat::Weights) && !layer.weights.empty()))
            names.push_back(layer.name);
    return names;
}

/// Hands the progress of one unit on to that of the whole sweep, in which it has a share.
class UnitProgress : public Progress {
public:
    UnitProgress(Progress& whole, int64_t samples, int64_t share)
        : Progress(&whole)
        , m_whole(whole)
        , m_samples(samples)
        , m_share(share)
    {
    }
    void finish() { tell(m_share); }
    void note(const std::string& message) override { m_whole.note(message); }

protected:
    void changed(const State& state) override
    {
        if (state.total == m_samples)
            tell(int64_t(double(m_share) * double(state.done) / double(m_samples)));
    }

private:
    void tell(int64_t done)
    {
        if (done <= m_told)
            return;
        m_whole.advance(done - m_told);
        m_told = done;
    }

    Progress& m_whole;
    int64_t m_samples, m_share, m_told = 0;
};

/// About how much work the units are, in runs of the whole model; so that the time left is told rightly
/// though a layer at the end costs a fraction of one at the beginning.
class UnitCosts {
public:
    UnitCosts(const Graph& graph, const SensitivityOptions& options)
        : m_cells(double(options.bits.size()))
    {
        double total = 1; // a layer without products costs something as well
        for (const Layer& layer : graph.layers)
            total += double(layer.macs) + 1;
        double left = total;
        for (const Layer& layer : graph.layers) {
            const double own = (double(layer.macs) + 1) / total;
            m_layers[layer.name] = {layer.weights.empty() ? 0.0 : 1.0, left / total, own};
            m_behind += left / total;
            left -= own * total;
        }
    }

    double of(const SensitivityUnit& unit) const
    {
        constexpr double kReference = 2; // the float run, and the one that the cells branch off
        if (unit.isBase())
            return kReference;
        if (unit.mode == SensitivityMode::DisableOne)
            return kReference + m_behind;
        if (unit.mode == SensitivityMode::Cumulative)
            return kReference;
        const auto layer = m_layers.find(unit.layer);
        const Place place = layer == m_layers.end() ? Place{0, 1, 0} : layer->second;
        if (unit.mode == SensitivityMode::Local)
            return kReference + m_cells * place.own;
        return kReference + m_cells * place.behind * (1 + place.weights);
    }

private:
    struct Place {
        double weights, behind, own; ///< kinds of cells; shares of the model that cells run
    };
    double m_cells, m_behind = 0;
    std::map<std::string, Place> m_layers;
};

/// Of `total`, by cost.
std::vector<int64_t> shares(const std::vector<SensitivityUnit>& units, const UnitCosts& costs, int64_t total)
{
    double sum = 0, before = 0;
    for (const SensitivityUnit& unit : units)
        sum += costs.of(unit);
    std::vector<int64_t> made;
    for (const SensitivityUnit& unit : units) {
        const double after = before + costs.of(unit);
        made.push_back(std::llround(double(total) * after / sum) -
                       std::llround(double(total) * before / sum));
        before = after;
    }
    return made;
}

struct Inputs {
    const ModelRunner& runner;
    const QuantPlan& plan;
    const CalibrationResult& calibration;
    const SampleSource& source;
    const SensitivityOptions& options;
};

Result<SensitivityTable> cumulativeUnit(const Inputs& in, const SensitivityUnit& unit, Progress& progress)
{
    const bool weights = unit.what == SensitivityWhat::Weights;
    BITWRIGHT_TRY(
        const std::vector<LayerReport> rows,
        analyze(in.runner, planAtBits(in.plan, unit.what, unit.bits), in.calibration, in.source, progress));
    SensitivityTable table;
    table.samples = sampleCount(in.source);
    for (const LayerReport& row : rows) {
        const bool asked = in.options.layers.empty() || in.options.layers.count(row.name) > 0;
        const bool has = !weights || row.weight;
        if (!row.cumulativeSqnrDb || !asked || !has)
            continue;
        SensitivityCell cell;
        cell.layer = row.name;
        cell.what = unit.what;
        cell.bits = unit.bits;
        cell.mode = unit.mode;
        cell.outputSqnrDb = *row.cumulativeSqnrDb;
        table.cells.push_back(std::move(cell));
    }
    return table;
}

Result<SensitivityTable> runUnit(const Inputs& in, const SensitivityUnit& unit, Progress& progress)
{
    if (unit.mode == SensitivityMode::Cumulative)
        return cumulativeUnit(in, unit, progress);
    SensitivityOptions options = in.options;
    options.modes = {unit.mode};
    if (unit.isBase()) {
        options.modes = {SensitivityMode::DisableOne};
        options.layers = {std::string()}; // no cell, only what cells would start from
    }
    if (isByColumn(unit.mode) || unit.isBase()) {
        options.what = {unit.what};
        options.bits = {unit.bits};
    } else {
        options.layers = {unit.layer};
    }
    BITWRIGHT_TRY(SensitivityTable table,
                  sensitivity(in.runner, in.plan, in.calibration, in.source, options, progress));
    // Cells over fewer samples could not be compared with the others.
    if (table.partial)
        return cancelledError();
    return table;
}

using CellsOfLayers = std::unordered_map<std::string_view, std::vector<const SensitivityCell*>>;

/// A site has one kind of cell or both; a unit is finished as a whole.
bool hasAllBits(const std::vector<const SensitivityCell*>& cells, SensitivityMode mode,
                const SensitivityOptions& options)
{
    return std::any_of(options.what.begin(), options.what.end(), [&](SensitivityWhat what) {
        return std::all_of(options.bits.begin(), options.bits.end(), [&](int bits) {
            return std::any_of(cells.begin(), cells.end(), [&](const SensitivityCell* cell) {
                return cell->what == what && cell->bits == bits && cell->mode == mode;
            });
        });
    });
}

} // namespace

std::vector<SensitivityUnit> sensitivityUnits(const Graph& graph, const SensitivityOptions& options)
{
    std::vector<SensitivityUnit> units;
    for (const SensitivityMode mode : options.modes) {
        if (isByColumn(mode)) {
            for (const SensitivityWhat what : options.what)
                for (const int bits : options.bits)
                    units.push_back({mode, {}, what, bits});
            continue;
        }
        for (std::string& name : siteNames(graph, options))
            if (options.layers.empty() || options.layers.count(name))
                units.push_back({mode, std::move(name), SensitivityWhat::Weights, 0});
        if (mode == SensitivityMode::EnableOne && options.bases)
            for (const SensitivityWhat what : options.what)
                for (const int bits : options.bits)
                    units.push_back({mode, {}, what, bits});
    }
    return units;
}

std::vector<SensitivityUnit> missingUnits(const SensitivityTable& table, const Graph& graph,
                                          const SensitivityOptions& options)
{
    std::vector<SensitivityUnit> units = sensitivityUnits(graph, options);
    CellsOfLayers cells;
    for (const SensitivityCell& cell : table.cells)
        cells[cell.layer].push_back(&cell);
    std::erase_if(units, [&](const SensitivityUnit& unit) {
        if (unit.isBase())
            return std::any_of(table.bases.begin(), table.bases.end(), [&](const SensitivityBase& base) {
                return base.what == unit.what && base.bits == unit.bits;
            });
        if (isByColumn(unit.mode))
            return std::any_of(table.cells.begin(), table.cells.end(), [&](const SensitivityCell& cell) {
                return cell.mode == unit.mode && cell.what == unit.what && cell.bits == unit.bits;
            });
        return hasAllBits(cells[unit.layer], unit.mode, options);
    });
    return units;
}

void mergeSensitivity(SensitivityTable& table, const SensitivityTable& unit)
{
    for (const SensitivityCell& cell : unit.cells) {
        const auto it = std::find_if(table.cells.begin(), table.cells.end(),
                                     [&](const SensitivityCell& old) { return sameCell(old, cell); });
        if (it == table.cells.end())
            table.cells.push_back(cell);
        else
            *it = cell;
    }
    for (const SensitivityBase& base : unit.bases) {
        std::erase_if(table.bases, [&](const SensitivityBase& old) {
            return old.what == base.what && old.bits == base.bits;
        });
        table.bases.push_back(base);
    }
    if (unit.baseline.samples > 0)
        table.baseline = unit.baseline;
    table.samples = unit.samples;
}

Result<SensitivityTable> sensitivityByUnits(const ModelRunner& runner, const QuantPlan& plan,
                                            const CalibrationResult& calibration, const SampleSource& source,
                                            const SensitivityOptions& options, const SensitivityTable& done,
                                            const SensitivitySink& sink, Progress& progress)
{
    const Inputs inputs{runner, plan, calibration, source, options};
    const std::vector<SensitivityUnit> units = missingUnits(done, runner.graph(), options);
    SensitivityTable table = done;
    table.partial = false;
    const int64_t total = int64_t(units.size()) * sampleCount(source);
    const std::vector<int64_t> share = shares(units, UnitCosts(runner.graph(), options), total);
    progress.begin("Measuring sensitivity", total);
    for (size_t i = 0; i < units.size(); ++i) {
        UnitProgress part(progress, sampleCount(source), share[i]);
        const Result<SensitivityTable> measured = runUnit(inputs, units[i], part);
        if (!measured) {
            if (measured.error().code != Error::Cancelled || table.cells.empty())
                return measured.error();
            table.partial = true;
            return table;
        }
        part.finish();
        mergeSensitivity(table, *measured);
        if (sink)
            sink(*measured);
    }
    return table;
}

} // namespace bitwright
