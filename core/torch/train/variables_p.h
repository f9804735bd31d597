// SPDX-License-Identifier: GPL-3.0-or-later
// The numbers that training changes, and how they become the parameters of the deployed graph.
#pragma once

#include "core/torch/importer_p.h"

#include <ATen/core/Tensor.h>

#include <map>
#include <string>
#include <vector>

namespace bitwright {

/// A batch-norm that was folded into its layer and is a batch-norm again while training.
struct LiveNorm {
    FoldedNorm folded;  ///< names and constants; its tensors are those of the start
    int32_t stage = -1; ///< instruction of the layer
    /// The weight's quantizer works on the weight as the convolution has it, its scales are per channel, and
    /// folding multiplies them by gamma / sigma, which stays positive: codes before and after folding are
    /// equal. Otherwise it works on the folded weight, weight * gamma / sigma with the stored statistics.
    bool rawCodes = false;
};

/// Leaves (weights, biases, batch-norm gains and shifts) by parameter name, and the running statistics.
class Variables {
public:
    /// `unfold`: bring back batch-norms that were folded at the top level of the graph. `rawCodes`: names of
    /// weights whose quantizers may work on unfolded values.
    Variables(const ImportedModel& model, bool unfold, const std::vector<std::string>& rawCodes);

    /// Gives the channels that depthwise filters read one range; see equalize.cpp. Before anything else.
    void equalize(const Graph& graph);
    /// By weight, what each of its channels was divided by, float64.
    const std::map<std::string, at::Tensor>& equalized() const { return m_equalized; }

    const std::map<std::string, at::Tensor>& leaves() const { return m_leaves; }
    const std::map<std::string, at::Tensor>& statistics() const { return m_statistics; }
    const std::vector<LiveNorm>& norms() const { return m_norms; }
    const LiveNorm* normOfWeight(const std::string& weight) const;

    /// Leaf or statistic; undefined for "" and for names that are neither.
    at::Tensor get(const std::string& name) const;
    NormTensors tensorsOf(const LiveNorm& norm) const;
    /// gamma / sqrt(var + eps) with the stored statistics, shaped to multiply the weight. No gradient.
    at::Tensor weightFactor(const LiveNorm& norm) const;
    /// Every number that changes, in a fixed order.
    std::vector<at::Tensor> state() const;
    /// Gains whose sign must not change.
    void project();
    /// Changes the numbers so that deployed({}) gives `value` for the parameter `name`, to the last bit or two:
    /// a folded weight is divided by gamma / sigma, a folded bias moves beta (or the bias or mean, where there
    /// is none). False when there is no such leaf.
    bool setDeployed(const std::string& name, const at::Tensor& value);
    /// The parameters of the deployed graph by name, batch-norm folded, from `weights` (float weights to
    /// export, by name) where it has them.
    std::map<std::string, at::Tensor> deployed(const std::map<std::string, at::Tensor>& weights) const;

private:
    void addNorm(const FoldedNorm& folded, int32_t stage, bool rawCodes);
    void addLeaf(const std::string& name, const at::Tensor& tensor);
    void addStatistic(const std::string& name, const at::Tensor& tensor);

    const ImportedModel& m_model;
    std::map<std::string, at::Tensor> m_leaves, m_statistics, m_equalized;
    std::vector<LiveNorm> m_norms;
};

} // namespace bitwright
