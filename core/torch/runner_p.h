// SPDX-License-Identifier: GPL-3.0-or-later
// ModelRunner on a Program.
#pragma once

#include "core/run/backend.h"
#include "core/torch/describe_p.h"
#include "core/torch/execute_p.h"
#include "core/torch/importer_p.h"

#include <memory>
#include <mutex>
#include <set>
#include <string>
#include <vector>

namespace bitwright {

/// `value` under `quantizer`, in its own dtype; other than floating tensors come back unchanged.
at::Tensor quantizeActivation(const at::Tensor& value, const ActivationQuantizer& quantizer);

class TorchRunner final : public ModelRunner {
public:
    TorchRunner(std::shared_ptr<const ImportedModel> model, Description description);

    const ImportedModel& model() const { return *m_model; }
    const Description& description() const { return m_description; }

    const Graph& graph() const override { return m_description.graph; }
    Result<Tensor> parameter(const std::string& name) const override;
    const FileQuantization* fileQuantization() const override { return m_model->fileQuantization.get(); }
    Result<std::shared_ptr<const ModelRunner>>
    withParameters(const std::map<std::string, Tensor>& changed) const override;
    Result<Batch> exampleBatch(int64_t batch, uint64_t seed) const override;
    Result<std::vector<Tensor>> run(const Batch& batch, const RunConfig& config,
                                    const std::set<ValueId>& observed, const Observer& observer,
                                    Progress& progress) const override;
    Result<std::array<std::vector<Tensor>, 2>>
    runPaired(const Batch& batch, const RunConfig& a, const RunConfig& b, const std::set<ValueId>& observed,
              const PairSink& sink, Progress& progress) const override;
    Result<std::vector<Tensor>> runVariants(const Batch& batch, const RunConfig& base,
                                            std::span<const Variant> variants, const VariantSink& sink,
                                            Progress& progress) const override;

private:
    friend class Path;
    friend class TrainGraph;

    /// The batch as forward's tensors, in the types of the example. Throws Stop when it does not fit.
    std::vector<at::Tensor> convert(const Batch& batch) const;
    /// Throws Stop when a spliced branch would be another one for these sizes.
    void checkBranches(const std::vector<at::Tensor>& inputs, const StopCheck& stop) const;
    /// Throws Stop when a file that weights are in was changed after it was opened.
    void checkFiles() const;
    /// Throws Stop when a name, shape or value of `config` is not the model's.
    void checkConfig(const RunConfig& config) const;
    /// The first stage at which the two configurations may differ (see Path::stage).
    int32_t firstDifference(const RunConfig& a, const RunConfig& b) const;
    int32_t lastStage() const;
    int32_t stageBefore(NodeId node) const;
    /// The values that a stage makes; -1 = the inputs.
    const std::vector<ValueId>& valuesOfStage(int32_t stage) const
    {
        return m_valuesOfStage[size_t(stage + 1)];
    }

    std::shared_ptr<const ImportedModel> m_model;
    Description m_description;
    std::map<std::string, size_t> m_parameterIndex;
    std::vector<std::vector<ValueId>> m_valuesOfStage; ///< by stage + 1
    std::vector<int32_t>
        m_firstReader; ///< by parameter: index of the first top-level instruction that reads it
    mutable std::mutex m_mutex;
    mutable std::set<std::vector<Shape>> m_checkedShapes; ///< guarded by m_mutex
};

/// One configuration on its way through the program. Stage -1 = the inputs are in place; stage i =
/// instruction i has run. At a stage the values it made are raw until applyQuantizers.
class Path {
public:
    Path(const TorchRunner& runner, const RunConfig& config, const StopCheck& stop);

    void start(std::vector<at::Tensor> inputs);
    /// A copy of this path's values at its stage, to go on with another configuration.
    Path fork(const RunConfig& config) const;

    int32_t stage() const { return m_stage; }
    bool atEnd() const;
    void step();
    /// Quantizes what the stage made and drops what nobody reads.
    void finishStage();
    /// Values of `observed` that the stage made.
    std::vector<std::pair<ValueId, at::Tensor>> made(const std::set<ValueId>& observed) const;
    at::Tensor value(ValueId id) const;
    std::vector<Tensor> outputs() const;

private:
    const SaturatingProduct* saturating(const Instruction& instruction) const;
    void placeWeights();
    void packInputs();

    const TorchRunner& m_runner;
    const RunConfig* m_config;
    const StopCheck& m_stop;
    Executor m_executor;
    Frame m_frame;
    std::vector<at::Tensor> m_inputs;
    int32_t m_stage = -1;
};

} // namespace bitwright
