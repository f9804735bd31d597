// SPDX-License-Identifier: GPL-3.0-or-later
// The weights that integer operators of TorchScript hold.
#pragma once

#include "core/torch/file_encoding_p.h"
#include "core/torch/passes_p.h"

#include <map>
#include <optional>
#include <string>
#include <vector>

namespace bitwright {

/// Makes parameters of packed weights; a pack that several operators read becomes one.
class PackedWeights {
public:
    PackedWeights(LiftedGraph& lifted, const torch::jit::Module& module)
        : m_lifted(lifted)
        , m_module(module)
    {
    }

    /// A float operator with its inputs behind the activation: weight, bias, and the window of a convolution.
    struct Operator {
        const char* kind = "";
        std::vector<torch::jit::Value*> inputs;
    };
    /// What `name` ("conv2d", "linear") is with the pack that `packed` stands for; empty for other operators
    /// and for packs that are made while the model runs. `scope` names what the file does not.
    std::optional<Operator> unpack(const std::string& name, const torch::jit::Value* packed,
                                   const std::string& scope);

    /// What a quantized embedding, or sum of embeddings, stands for, in front of the insertion point; null
    /// where the pack is made while the model runs or lacks rows. Its grids have zero points between the
    /// codes, which no plan can say: they stay in the numbers alone.
    torch::jit::Value* embedding(const torch::jit::Node* node, const std::string& scope);
    /// Weights and biases of one cell, as aten::lstm_cell and its like take them: input, recurrent, their
    /// biases. Empty where a pack is made while the model runs.
    std::vector<torch::jit::Value*> cell(const torch::jit::Value* input, const torch::jit::Value* recurrent,
                                         const std::string& scope);
    /// The same of all cells of a recurrent operator, from its list of cells.
    std::vector<torch::jit::Value*> cells(const torch::jit::Value* list, bool isBidirectional,
                                          const std::string& scope);

    /// How the file rounds the weights.
    std::vector<FileEncoding> encodings;

private:
    torch::jit::Value* table(const torch::jit::Node* node, const std::string& scope);
    struct Pair {
        torch::jit::Value* weight = nullptr;
        torch::jit::Value* bias = nullptr; ///< null = none
    };
    std::optional<c10::IValue> packOf(const torch::jit::Value* value, std::vector<std::string>& path) const;
    Pair parametersOf(const c10::IValue& pack, const char* unpack, const std::string& weight,
                      const std::string& bias);
    std::vector<torch::jit::Value*> cellOf(const c10::IValue& input, const c10::IValue& recurrent,
                                           const std::string& owner, const std::string& ending);
    torch::jit::Value* addParameter(const std::string& name, const at::Tensor& tensor);
    void note(const std::string& name, const at::Tensor& weight);

    LiftedGraph& m_lifted;
    const torch::jit::Module& m_module;
    std::map<const void*, Pair> m_known;
    std::map<const void*, std::vector<torch::jit::Value*>> m_cells;
    std::vector<c10::IValue> m_kept; ///< parts of cells, or others might get their addresses
};

} // namespace bitwright
