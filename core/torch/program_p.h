// SPDX-License-Identifier: GPL-3.0-or-later
// A JIT graph as a flat list of instructions on numbered slots.
#pragma once

#include "core/torch/passes_p.h"

#include <ATen/core/ivalue.h>
#include <ATen/core/stack.h>

#include <cstdint>
#include <memory>
#include <string>
#include <unordered_map>
#include <vector>

namespace bitwright {

/// What an instruction does; Operator = a kernel of LibTorch, the rest is ours.
enum class OpCode : uint8_t {
    Operator,
    ListConstruct,
    TupleConstruct,
    DictConstruct,
    ListUnpack,
    TupleUnpack,
    TupleSlice,
    IsInstance,
    Cast,
    GetAttr,
    SetAttr,
    CreateObject,
    Call,
    Enter,
    Exit,
    Uninitialized,
    Nothing,
    If,
    Loop
};

struct Instruction;

/// The instructions of one block. Inputs are the block's parameters (loop counter and carried values).
struct Code {
    std::vector<int32_t> inputs;
    std::vector<Instruction> instructions;
    std::vector<int32_t> outputs; ///< slots, or constants when negative
};

struct Instruction {
    struct Input {
        int32_t slot = 0;  ///< >= 0: slot of the frame; < 0: constant -1 - slot
        bool last = false; ///< nobody reads the slot afterwards: it is moved out
    };
    OpCode code = OpCode::Operator;
    bool vararg = false;
    bool random = false; ///< draws from LibTorch's generator
    const torch::jit::Node* node = nullptr;
    std::shared_ptr<torch::jit::Operation> operation;
    std::vector<Input> inputs;
    std::vector<int32_t> outputs;
    std::vector<int32_t>
        freed; ///< slots that die with this instruction without being moved: unread results, reads in blocks
    std::vector<Code> blocks;
};

/// Immutable; shared by all runs and threads.
struct Program {
    std::shared_ptr<torch::jit::Graph> graph;
    Code code;
    std::vector<c10::IValue> constants;
    std::unordered_map<const torch::jit::Value*, int32_t> slotOf;
    int32_t slots = 0;
    size_t userInputs = 0;
    std::vector<int32_t> parameterSlots; ///< by index of LiftedGraph::parameters
    std::vector<at::Tensor> parameters;
    std::vector<bool> isBuffer; ///< of each parameter
    c10::IValue self;
    bool mutates = false;    ///< an operator changes a tensor or list in place
    bool writesSelf = false; ///< prim::SetAttr is left: every run works on its own copy of the objects

    /// Two runs may go on from one frame: nothing in it changes once it is made.
    bool canFork() const { return !mutates && !writesSelf; }
};

/// Stop(Unsupported) names the operator that LibTorch has no kernel for.
std::shared_ptr<const Program> compile(const LiftedGraph& lifted, const c10::IValue& self,
                                       const StopCheck& stop);

} // namespace bitwright
