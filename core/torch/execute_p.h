// SPDX-License-Identifier: GPL-3.0-or-later
// Executes a Program node by node.
#pragma once

#include "core/torch/guard_p.h"
#include "core/torch/program_p.h"

namespace bitwright {

/// The values of one run. Copying it is a snapshot: values are reference counted and, in a program that
/// can be forked (Program::canFork), never change.
using Frame = std::vector<c10::IValue>;

/// Every run draws the same random numbers, from the seed 0 on, whatever other runs draw meanwhile.
class Executor {
public:
    Executor(const Program& program, const StopCheck& stop)
        : m_program(program)
        , m_stop(stop)
    {
    }

    /// Where to note the decisions of Ifs; may be null.
    BranchRecord* branches = nullptr;
    /// Large layers are not computed (see runForSizes): what is wanted are sizes and types.
    bool sizesOnly = false;

    /// A frame with self, the user inputs and the parameters in place.
    Frame start(std::vector<c10::IValue> userInputs) const;
    /// One instruction; its outputs are in the frame afterwards, unread ones too (see finish).
    void step(const Instruction& instruction, Frame& frame);
    /// Drops what nobody reads behind `instruction`.
    static void finish(const Instruction& instruction, Frame& frame);
    /// Makes this run draw the random numbers that `other` would draw next.
    void continueRandom(const Executor& other) { m_random = other.m_random; }
    /// All instructions of `code` from `first` on.
    void run(const Code& code, Frame& frame, size_t first = 0);
    /// A slot, or a constant when negative.
    const c10::IValue& value(int32_t reference, const Frame& frame) const
    {
        return reference >= 0 ? frame[size_t(reference)] : m_program.constants[size_t(-1 - reference)];
    }

private:
    void runOperator(const Instruction& instruction, Frame& frame);
    void runOwn(const Instruction& instruction, Frame& frame);
    void runObject(const Instruction& instruction, Frame& frame);
    void runIf(const Instruction& instruction, Frame& frame);
    void runLoop(const Instruction& instruction, Frame& frame);
    void call(const Instruction& instruction, Frame& frame);
    void runBlock(const Code& code, Frame& frame);

    const Program& m_program;
    const StopCheck& m_stop;
    torch::jit::Stack m_stack;
    at::Tensor m_random; ///< state of this run's random numbers; undefined: none drawn yet
};

} // namespace bitwright
