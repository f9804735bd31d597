// The weights that integer operators of TorchScript hold. SPDX-License-Identifier: GPL-3.0-or-later
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

    /// How the file rounds the weights.
    std::vector<FileEncoding> encodings;

private:
    struct Pair {
        torch::jit::Value* weight = nullptr;
        torch::jit::Value* bias = nullptr; ///< null = none
    };
    std::optional<c10::IValue> packOf(const torch::jit::Value* value, std::vector<std::string>& path) const;
    Pair parametersOf(const c10::IValue& pack, const char* unpack, const std::string& owner);
    torch::jit::Value* addParameter(const std::string& name, const at::Tensor& tensor);
    void note(const std::string& name, const at::Tensor& weight);

    LiftedGraph& m_lifted;
    const torch::jit::Module& m_module;
    std::map<const void*, Pair> m_known;
};

} // namespace bitwright
