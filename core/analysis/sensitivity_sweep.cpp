// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/analysis/sensitivity_sweep.h"

#include "core/analysis/error_metrics.h"
#include "core/analysis/logits.h"
#include "core/calib/activation_sites.h"
#include "core/run/workers.h"

#include <algorithm>

namespace bitwright {
namespace {

const RunConfig kFloat;
constexpr int64_t kGroupBytes = int64_t(1) << 30;

} // namespace

SensitivitySweep::SensitivitySweep(const ModelRunner& runner, PlannedSweep planned,
                                   const SensitivityOptions& options)
    : m_runner(runner)
    , m_cells(std::move(planned.cells))
    , m_options(options)
    , m_bases(std::move(planned.bases))
    , m_total(m_cells.size())
    , m_baseOutputs(m_bases.size())
    , m_baseline(options.classes)
    , m_baseQuality(m_bases.size(), QualityMeter(options.classes))
{
    int64_t bytes = 0;
    for (const PlannedCell& cell : m_cells)
        bytes += cell.bytes;
    m_keepVariants = bytes <= kGroupBytes;
    for (size_t base = 0; base <= m_bases.size(); ++base)
        makeGroups(base);
}

void SensitivitySweep::makeGroups(size_t base)
{
    m_groups.emplace_back().base = base;
    int64_t bytes = 0;
    for (size_t i = 0; i < m_cells.size(); ++i) {
        const PlannedCell& cell = m_cells[i];
        if (cell.base != base || !workers().owns(int64_t(i)))
            continue;
        if (bytes > 0 && bytes + cell.bytes > kGroupBytes) {
            m_groups.emplace_back().base = base;
            bytes = 0;
        }
        bytes += cell.bytes;
        Group& group = m_groups.back();
        (cell.runs ? group.running : group.local).push_back(i);
        if (cell.local != kNone)
            group.observed.insert(cell.local);
    }
}

Result<void> SensitivitySweep::add(const Batch& batch, const std::vector<int64_t>& labels, Progress& progress)
{
    m_batch.assign(m_cells.size(), {});
    Reference reference;
    for (Group& group : m_groups) {
        if (reference.outputs.empty() || !group.observed.empty())
            BITWRIGHT_CHECK(runFloat(group, batch, labels, reference, progress));
        BITWRIGHT_CHECK(runGroup(group, batch, labels, reference, progress));
    }
    commit(reference.outputs[0], labels);
    return {};
}

Result<void> SensitivitySweep::runFloat(const Group& group, const Batch& batch,
                                        const std::vector<int64_t>& labels, Reference& reference,
                                        Progress& progress) const
{
    reference.seen.clear();
    const std::vector<ValueId>& inputs = m_runner.graph().inputs;
    std::set<ValueId> observed = group.observed;
    for (size_t i = 0; i < inputs.size() && i < batch.size(); ++i)
        if (observed.erase(inputs[i]))
            reference.seen[inputs[i]] = batch[i].toFloat();
    const Observer keep = [&](ValueId value, const Tensor& x) { reference.seen[value] = x.toFloat(); };
    BITWRIGHT_TRY(reference.outputs, m_runner.run(batch, {}, observed, keep, progress));
    if (reference.outputs.empty())
        return Error{Error::Unsupported, "The model gives no output tensor that could be compared.", {}};
    return isLogits(reference.outputs[0]) ? checkLabels(reference.outputs[0], labels) : Result<void>();
}

Result<void> SensitivitySweep::prepare(Group& group, Progress& progress) const
{
    group.variants.clear();
    for (const size_t i : group.running) {
        if (progress.cancelled())
            return cancelledError();
        BITWRIGHT_TRY(Variant variant, makeVariant(m_runner, m_cells[i]));
        group.variants.push_back(std::move(variant));
    }
    return {};
}

Result<void> SensitivitySweep::runGroup(Group& group, const Batch& batch, const std::vector<int64_t>& labels,
                                        const Reference& reference, Progress& progress)
{
    for (const size_t i : group.local)
        compareLocal(i, reference);
    if (group.variants.size() != group.running.size())
        BITWRIGHT_CHECK(prepare(group, progress));
    const auto sink = [&](size_t variant, const std::vector<Tensor>& outputs) {
        const size_t i = group.running[variant];
        if (outputs.empty() || outputs[0].isNull()) // a value on a branch that was not taken
            return;
        if (m_cells[i].local == kNone)
            m_batch[i] = compareOutputs(reference.outputs[0], outputs[0], labels);
        else if (const auto it = reference.seen.find(m_cells[i].local); it != reference.seen.end())
            m_batch[i].error = compare(it->second.floats(), outputs[0].toFloat().floats());
    };
    if (group.base > 0 || !group.running.empty()) {
        const RunConfig& base = group.base > 0 ? m_bases[group.base - 1].config : kFloat;
        BITWRIGHT_TRY(const auto outputs, runVariants(batch, base, group.variants, sink, progress));
        if (group.base > 0)
            m_baseOutputs[group.base - 1] = outputs[0];
    }
    if (!m_keepVariants)
        group.variants.clear();
    return {};
}

Result<std::vector<Tensor>> SensitivitySweep::runVariants(const Batch& batch, const RunConfig& base,
                                                          const std::vector<Variant>& variants,
                                                          const ModelRunner::VariantSink& sink,
                                                          Progress& progress) const
{
    if (m_options.suffixOnly)
        return m_runner.runVariants(batch, base, variants, sink, progress);
    for (size_t i = 0; i < variants.size(); ++i) {
        Tensor stopped;
        std::set<ValueId> observed;
        if (variants[i].stopAt != kNone)
            observed.insert(variants[i].stopAt);
        const Observer keep = [&](ValueId, const Tensor& x) { stopped = x; };
        BITWRIGHT_TRY(const std::vector<Tensor> outputs,
                      m_runner.run(batch, withVariant(base, variants[i]), observed, keep, progress));
        sink(i, observed.empty() ? outputs : std::vector<Tensor>{stopped});
    }
    return m_runner.run(batch, base, {}, {}, progress);
}

void SensitivitySweep::compareLocal(size_t cell, const Reference& reference)
{
    const auto x = reference.seen.find(m_cells[cell].local);
    if (x == reference.seen.end())
        return;
    const ActivationQuantizer& quantizer = m_cells[cell].variant.changes.activations.at(x->first);
    m_batch[cell].error = quantizationError(x->second, activationParams(x->second, quantizer));
}

void SensitivitySweep::commit(const Tensor& floating, const std::vector<int64_t>& labels)
{
    for (size_t i = 0; i < m_cells.size(); ++i)
        m_total[i].add(m_batch[i]);
    m_baseline.add(floating, labels);
    for (size_t i = 0; i < m_bases.size(); ++i)
        m_baseQuality[i].add(m_baseOutputs[i], labels);
    m_samples += floating.dim() > 0 ? floating.shape()[0] : 1;
}

Result<void> SensitivitySweep::join()
{
    if (workers().isAlone())
        return {};
    std::string bytes;
    putAll(bytes, m_total);
    BITWRIGHT_TRY(const std::vector<std::string> parts, workers().gather(bytes));
    for (size_t rank = 0; rank < parts.size(); ++rank) {
        std::string_view rest = parts[rank];
        std::vector<CellSums> sums;
        if (!takeAll(rest, sums) || sums.size() != m_total.size())
            return strangeWorker();
        for (size_t i = rank; i < sums.size(); i += parts.size())
            m_total[i] = sums[i];
    }
    return {};
}

SensitivityTable SensitivitySweep::table() const
{
    SensitivityTable table;
    for (size_t i = 0; i < m_cells.size(); ++i)
        table.cells.push_back(m_total[i].finished(m_cells[i].cell));
    table.baseline = m_baseline.result();
    for (size_t i = 0; i < m_bases.size(); ++i)
        table.bases.push_back({m_bases[i].what, m_bases[i].bits, m_baseQuality[i].result()});
    table.samples = m_samples;
    return table;
}

} // namespace bitwright
