// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/torch/execute_p.h"
#include "core/torch/onnx_write/writer_p.h"
#include "core/torch/runner_p.h"

#include <array>
#include <map>
#include <set>
#include <unordered_map>

namespace bitwright::onnx_write {

/// Runs the program on two example batches in lockstep and writes what depends on the data.
class Interpreter {
public:
    /// `inputs`: those of the model, with the sizes to run it at.
    Interpreter(Writer& writer, const InputPlan& inputs, const StopCheck& stop);

    /// Inputs, every operator, outputs.
    void write();

private:
    void addParameters();
    void addInputs();
    TermPtr addInput(const Argument& argument);
    void reserveOutputs();
    void addOutputs();
    void addOutput(Term& term, std::vector<std::string>& used, std::map<std::string, std::string>& renamed);

    void run(const Code& code);
    void runNode(const Instruction& instruction);
    void convert(Op& op, const std::string& kind);
    void meetQuantizer(Op& op);
    static std::optional<float> upperBound(const Op& op);
    bool restructure(Op& op, const std::string& kind);
    bool item(Op& op);
    bool part(Op& op);
    void rebindInPlace(const Op& op, const std::string& kind);
    bool writesPartOfAnother(const torch::jit::Value* value) const;
    bool runtimesCarryGrid(int firstNode);
    void keepGrid(Term& term, const Grid& grid, bool isCarried);
    void nameValue(const torch::jit::Value* value, Term& term, int firstNode);
    void quantizeSites(const torch::jit::Value* value, Term& term);
    void quantizeSite(ValueId id, Term& term);
    static void keepFromWriting(const std::string& kind, const Terms& in);
    void nameOperator(const torch::jit::Node* node);

    void runIf(const Instruction& instruction);
    void writeIf(const Instruction& instruction, Term& condition);
    void runLoop(const Instruction& instruction);
    void unroll(const Instruction& instruction);
    void writeLoop(const Instruction& instruction);
    Terms branch(const Code& code, const torch::jit::Block* block, onnx::GraphProto& graph);
    void giveOutputs(onnx::GraphProto& graph, const std::vector<std::pair<Term*, const Term*>>& terms);
    bool breaksByData(const Instruction& instruction);

    TermPtr term(const torch::jit::Value* value);
    Terms inputsOf(const torch::jit::Node* node);

    Writer& m_writer;
    const StopCheck& m_stop;
    const TorchRunner& m_runner;
    const InputPlan& m_inputs;
    const Program& m_program;
    std::array<Executor, 2> m_executors;
    std::array<Frame, 2> m_frames;
    std::unordered_map<const torch::jit::Value*, TermPtr> m_terms;
    std::map<NodeId, std::string> m_layerOfNode;
    std::set<NodeId> m_fused; ///< activations that belong to the layer before them
    std::vector<std::string> m_outputNames;
};

} // namespace bitwright::onnx_write
