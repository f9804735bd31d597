// SPDX-License-Identifier: GPL-3.0-or-later
// The weights that stay 0 while a model is trained.
#pragma once

#include "core/run/pruning.h"
#include "core/torch/train/variables_p.h"

#include <ATen/core/Tensor.h>

#include <map>
#include <string>
#include <vector>

namespace bitwright {

/// Masks of a training run: 1 = kept, 0 = pruned, in the weight's own dtype and shape. They are tensors of
/// the checkpoint and change in place; what is pruned stays pruned. Magnitudes are those of the weight as the
/// file has it, before batch-norm.
class Masks {
public:
    /// Throws Stop where a weight's format has no 0.
    Masks(const PruneOptions& options, const Graph& graph, const QuantPlan& plan, const Variables& variables);

    bool isEmpty() const { return m_masks.empty(); }
    /// What training asks for when `progress` of it is done; then zeros the leaves.
    void update(double progress);
    /// Of a weight; undefined for those that are not pruned.
    at::Tensor of(const std::string& weight) const;
    std::vector<at::Tensor> state() const;
    /// Nothing more will be pruned after `progress`.
    bool isFinal(double progress) const { return m_masks.empty() || pruneProgress(m_options, progress) >= 1; }

private:
    struct Mask {
        WeightRef reference;
        at::Tensor weight; ///< the leaf
        at::Tensor mask;
    };
    void apply();

    PruneOptions m_options;
    std::map<std::string, Mask> m_masks;
    double m_part = -1; ///< that the masks hold
};

} // namespace bitwright
