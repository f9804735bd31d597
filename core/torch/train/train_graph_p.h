// SPDX-License-Identifier: GPL-3.0-or-later
// The model's own graph under autograd, with the sites of a plan fake-quantized in the forward pass.
#pragma once

#include "core/torch/runner_p.h"
#include "core/torch/train/masks_p.h"
#include "core/torch/train/site_quantizer_p.h"
#include "core/torch/train/variables_p.h"

#include <memory>
#include <vector>

namespace bitwright {

/// What a forward pass gives.
struct Forward {
    std::vector<at::Tensor> outputs;       ///< floating output tensors, in order
    std::map<ValueId, at::Tensor> watched; ///< values before their quantizers
};

/// Forward passes of one model while it is trained. Throws Stop and c10::Error.
class TrainGraph {
public:
    enum class Norms {
        Batch, ///< batch statistics, which move the stored ones
        Stored ///< the stored statistics
    };
    struct Pass {
        Moment moment;
        Norms norms = Norms::Batch;
        double momentum = -1; ///< of the stored statistics; < 0 = the model's own
        std::set<ValueId> watch;
    };

    /// `teacher`: the float model to learn from; null = the runner's own.
    TrainGraph(const TorchRunner& runner, const TrainJob& job, const TorchRunner* teacher = nullptr);

    const TorchRunner& runner() const { return m_runner; }
    const Variables& variables() const { return m_variables; }
    const std::vector<std::unique_ptr<SiteQuantizer>>& sites() const { return m_sites; }
    /// Batch-norms whose statistics can move.
    bool hasNorms() const { return m_hasNorms; }

    std::vector<at::Tensor> inputs(const Batch& batch, const StopCheck& stop) const;
    /// The first batch: learned ranges find where to begin. The model runs in float on stored statistics.
    void begin(const std::vector<at::Tensor>& inputs, const StopCheck& stop);
    /// The quantized model under training, in grad mode.
    Forward forward(const std::vector<at::Tensor>& inputs, const Pass& pass, const StopCheck& stop);
    /// The float model as it was opened, without gradients.
    Forward teacher(const std::vector<at::Tensor>& inputs, const std::set<ValueId>& watch,
                    const StopCheck& stop) const;

    /// Leaves of ranges, and everything that a checkpoint must keep, in a fixed order.
    std::vector<at::Tensor> learnedRanges() const;
    std::vector<at::Tensor> state() const;
    /// After a step, when `progress` of the training is done: numbers go back into what is allowed.
    void project(double progress);
    const Masks& masks() const { return m_masks; }

    /// What would be exported now.
    struct Deployed {
        std::map<std::string, at::Tensor> parameters; ///< of the folded graph
        std::map<std::string, at::Tensor> own; ///< under the names of the model's file, batch-norm apart
        ResolvedPlan plan;
    };
    Deployed deployed() const;
    std::vector<SiteScale> scales() const;

private:
    struct WeightSite {
        std::string name;
        WeightRef reference;
        size_t site;
    };
    void addWeights(const TrainJob& job);
    void addActivations(const TrainJob& job);
    /// Scales of the deployed weight as those of the weight that its quantizer sees.
    void toOwnUnits(QuantParams& params, const std::string& weight) const;
    /// The values that the weight's quantizer sees, without gradient.
    at::Tensor seen(const WeightSite& site) const;
    /// The float weight to export, not folded.
    at::Tensor exported(const WeightSite& site) const;
    void placeParameters(Frame& frame, const Moment& moment);
    at::Tensor quantizedWeight(const WeightSite& site, const Moment& moment);
    void runStage(size_t stage, const Pass& pass, Executor& executor, Frame& frame);
    void runNorm(const Instruction& instruction, const Pass& pass, const Executor& executor, Frame& frame);
    void applyNorm(const LiveNorm& norm, const Pass& pass, Frame& frame);
    void quantizeStage(int32_t stage, const Pass& pass, Frame& frame, Forward& result, const StopCheck* stop);
    std::vector<c10::IValue> packedInputs(std::vector<at::Tensor> inputs, const Pass& pass, Forward& result);
    static std::vector<at::Tensor> outputsOf(const Program& program, const Executor& executor,
                                             const Frame& frame);
    void beginSite(ValueId id, const at::Tensor& values);
    QuantParams deployedParams(const WeightSite& site,
                               const std::map<std::string, at::Tensor>& parameters) const;

    const TorchRunner& m_runner;
    const TorchRunner& m_teacher;
    Variables m_variables;
    Masks m_masks;
    std::vector<std::unique_ptr<SiteQuantizer>> m_sites; ///< weights first
    std::vector<WeightSite> m_weights;
    std::map<ValueId, size_t> m_activations; ///< index into m_sites
    std::map<int32_t, const LiveNorm*> m_normOfStage;
    std::set<ValueId> m_layerOutputs;
    bool m_hasNorms = false;
    bool m_beginning = false;
    std::set<ValueId> m_begun; ///< activations that the first pass reached
};

/// Formats on a uniform grid whose per-channel scales may be multiplied channel by channel.
bool foldsByScale(const QuantSpec& spec, const QuantParams& params);

} // namespace bitwright
