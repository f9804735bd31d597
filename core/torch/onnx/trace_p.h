// SPDX-License-Identifier: GPL-3.0-or-later
// Builds a graph of LibTorch operators and runs each one at once on example values.
//
// There are one or two examples that differ in the sizes that may differ (batch, sequence length): a size
// that is the same in both is a constant of the model, another one is computed by the graph. So every
// rank, type and fixed size is known while reading, and shape arithmetic disappears.
#pragma once

#include "core/torch/onnx/interpret_p.h"
#include "core/torch/onnx/operand_p.h"
#include "core/torch/passes_p.h"

#include <functional>
#include <map>
#include <set>
#include <string>
#include <unordered_map>
#include <unordered_set>
#include <utility>
#include <vector>

namespace bitwright::onnxin {

class Trace {
public:
    /// `examples`: 1 or 2. Operators go to the end of the graph of `lifted`. `sizesOnly`: large layers are not
    /// computed, see runForSizes.
    Trace(LiftedGraph& lifted, size_t examples, bool sizesOnly, const StopCheck& stop);

    torch::jit::Graph& graph() { return *m_lifted.graph; }
    const StopCheck& stop() const { return m_stop; }
    size_t examples() const { return m_examples; }
    bool sizesOnly() const { return m_sizesOnly; }

    /// The results of an operator ("aten::relu") or of a function of `script`, TorchScript source. With known
    /// arguments only it is computed at once and leaves no trace in the graph.
    Operands emitAll(const char* kind, const Args& args,
                     const std::vector<std::pair<std::string, Arg>>& named = {});
    Operand emit(const char* kind, const Args& args,
                 const std::vector<std::pair<std::string, Arg>>& named = {});
    Operands callAll(const char* script, const std::string& function, const Args& args);
    Operand call(const char* script, const std::string& function, const Args& args);
    /// An operator on numbers, or one that gives a number.
    Number number(const char* kind, const Args& args);

    int64_t rank(const Operand& operand) const;
    c10::ScalarType type(const Operand& operand) const;
    int64_t elements(const Operand& operand) const; ///< of the first example
    Number dim(const Operand& operand, int64_t axis);
    Numbers dims(const Operand& operand);
    /// The examples have another size along `axis`.
    bool differs(const Operand& operand, int64_t axis) const;
    /// Sizes of the first example.
    std::vector<int64_t> exampleSizes(const Operand& operand) const;
    /// Sizes of a tensor of the graph in one example; known even where the example is gone.
    const std::vector<int64_t>& sizesOf(const torch::jit::Value* value, size_t example) const
    {
        return m_facts.at(value).sizes[example];
    }

    /// The elements of a 0-d or 1-d tensor (or any shape tensor) as numbers of the graph.
    Numbers numbersOf(const Operand& operand);
    Operand shapeOperand(Numbers numbers, std::vector<int64_t> sizes);
    torch::jit::Value* valueOf(const Operand& operand);
    torch::jit::Value* valueOf(const Number& number);

    /// A constant as a value of the graph: a parameter, where it is a weight.
    Operand asGraph(const Operand& operand);
    bool isParameter(const Operand& operand) const;

    /// Declares a value whose samples are given by the caller: inputs of the graph or of a block.
    Operand declare(torch::jit::Value* value, const std::vector<c10::IValue>& samples, bool loose);
    Number declareNumber(torch::jit::Value* value, const std::vector<c10::IValue>& samples, bool loose);
    /// Runs a node that the caller inserted, and gives its outputs.
    Operands run(torch::jit::Node* node, bool loose);
    std::vector<c10::IValue> samplesOf(const torch::jit::Value* value);
    void setSamples(const torch::jit::Value* value, std::vector<c10::IValue> samples);
    bool hasSamples(const torch::jit::Value* value) const { return m_samples[0].count(value) > 0; }
    bool isLoose(const torch::jit::Value* value) const { return m_loose.count(value) > 0; }

    /// Forgets the example tensors made since the last call that are none of `kept`.
    void releaseMade(const std::vector<const torch::jit::Value*>& kept);
    void release(const torch::jit::Value* value);
    void keepMade() { m_made.clear(); }
    /// What normalization statistics and other tensors that are no weights are marked as.
    void markBuffer(const Operand& operand);

private:
    struct Facts {
        bool isTensor = false;
        c10::ScalarType type = c10::kFloat;
        std::vector<int64_t> sizes[2];
    };

    using Range = std::pair<torch::jit::Node*, std::vector<torch::jit::Value*>>;
    bool isKnown(const Arg& arg) const;
    torch::jit::Value* insertArg(torch::jit::Graph& graph, const Arg& arg, bool folding);
    std::vector<torch::jit::Value*> insertOperator(torch::jit::Graph& graph, const char* kind,
                                                   const Args& args,
                                                   const std::vector<std::pair<std::string, Arg>>& named,
                                                   bool folding);
    void specialize(const std::shared_ptr<torch::jit::Graph>& callee, const Args& args) const;
    using Insert = std::function<std::vector<torch::jit::Value*>(torch::jit::Graph&)>;
    std::vector<c10::IValue> fold(const Insert& insert) const;
    std::vector<torch::jit::Value*> insertAndRun(const Insert& insert);
    static Operands constants(const std::vector<c10::IValue>& values, const Args& args);
    void runNew(torch::jit::Node* node);
    void note(const torch::jit::Value* value);
    /// A tensor with the rank of the examples and the sizes that they share, for the passes behind the
    /// reading.
    c10::TypePtr typeOf(const torch::jit::Value* value) const;
    Operand operandOf(torch::jit::Value* value);
    Number numberOf(torch::jit::Value* value);
    torch::jit::Value* parameter(const Operand& operand);
    torch::jit::Value* tensorOf(const Operand& shape);
    torch::jit::Value* listOf(torch::jit::Graph& graph, const Numbers& numbers);
    const Facts& facts(const Operand& operand) const;

    LiftedGraph& m_lifted;
    size_t m_examples;
    bool m_sizesOnly;
    const StopCheck& m_stop;
    Samples m_samples[2];
    std::unordered_map<const torch::jit::Value*, Facts> m_facts;
    std::unordered_set<const torch::jit::Value*> m_loose; ///< sizes or number depend on data
    std::vector<const torch::jit::Value*> m_made;
    std::map<const void*, torch::jit::Value*> m_parameters; ///< by TensorImpl, which the parameter keeps
    std::map<std::pair<const torch::jit::Value*, int64_t>, Number> m_sizes; ///< of the top block
    std::set<std::string> m_names;
    std::vector<at::Tensor> m_kept;
};

} // namespace bitwright::onnxin
