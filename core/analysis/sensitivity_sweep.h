// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/analysis/sensitivity_cells.h"
#include "core/analysis/sensitivity_sums.h"

#include <map>
#include <set>
#include <vector>

namespace bitwright {

/// Runs planned cells batch by batch. The quantized weights of all cells are made once and kept while they
/// take less than 1 GB; larger sweeps go in groups of cells of that size, made again for every batch. Several
/// workers share the cells.
class SensitivitySweep {
public:
    /// `runner` must outlive this.
    SensitivitySweep(const ModelRunner& runner, PlannedSweep planned, const SensitivityOptions& options);

    /// One batch. On an error, Cancelled included, nothing of the batch counts, so that all cells are always
    /// compared over the same samples.
    Result<void> add(const Batch& batch, const std::vector<int64_t>& labels, Progress& progress);
    /// Fetches the cells that other workers ran; after the last batch.
    Result<void> join();
    SensitivityTable table() const;

private:
    struct Group {
        size_t base = 0;               ///< as PlannedCell::base
        std::vector<size_t> local;     ///< cells that need no run
        std::vector<size_t> running;   ///< cells with a variant each
        std::vector<Variant> variants; ///< of `running`, empty until prepared
        std::set<ValueId> observed;    ///< float values that Local cells compare with
    };
    /// The float model's answer to the batch in hand.
    struct Reference {
        std::vector<Tensor> outputs;
        std::map<ValueId, Tensor> seen;
    };

    void makeGroups(size_t base);
    Result<void> runFloat(const Group& group, const Batch& batch, const std::vector<int64_t>& labels,
                          Reference& reference, Progress& progress) const;
    Result<void> runGroup(Group& group, const Batch& batch, const std::vector<int64_t>& labels,
                          const Reference& reference, Progress& progress);
    Result<void> prepare(Group& group, Progress& progress) const;
    Result<std::vector<Tensor>> runVariants(const Batch& batch, const RunConfig& base,
                                            const std::vector<Variant>& variants,
                                            const ModelRunner::VariantSink& sink, Progress& progress) const;
    void compareLocal(size_t cell, const Reference& reference);
    void commit(const Tensor& floating, const std::vector<int64_t>& labels);

    const ModelRunner& m_runner;
    std::vector<PlannedCell> m_cells;
    SensitivityOptions m_options;
    std::vector<PlannedBase> m_bases;
    std::vector<Group> m_groups;
    bool m_keepVariants = true;
    std::vector<CellSums> m_total, m_batch;
    std::vector<Tensor> m_baseOutputs; ///< of the batch in hand, one for each of m_bases
    QualityMeter m_baseline;
    std::vector<QualityMeter> m_baseQuality;
    int64_t m_samples = 0;
};

} // namespace bitwright
