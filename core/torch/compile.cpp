// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/torch/program_p.h"

#include <torch/csrc/jit/ir/constants.h>

#include <map>
#include <set>
#include <stdexcept>
#include <string_view>

namespace bitwright {
namespace jit = torch::jit;
namespace {

OpCode opCodeOf(const jit::Node* node)
{
    static const std::map<std::string, OpCode> codes = {
        {"prim::ListConstruct", OpCode::ListConstruct},
        {"prim::TupleConstruct", OpCode::TupleConstruct},
        {"prim::DictConstruct", OpCode::DictConstruct},
        {"prim::ListUnpack", OpCode::ListUnpack},
        {"prim::TupleUnpack", OpCode::TupleUnpack},
        {"prim::TupleSlice", OpCode::TupleSlice},
        {"prim::isinstance", OpCode::IsInstance},
        {"prim::unchecked_cast", OpCode::Cast},
        {"prim::GetAttr", OpCode::GetAttr},
        {"prim::SetAttr", OpCode::SetAttr},
        {"prim::CreateObject", OpCode::CreateObject},
        {"prim::CallMethod", OpCode::Call},
        {"prim::CallFunction", OpCode::Call},
        {"prim::Enter", OpCode::Enter},
        {"prim::Exit", OpCode::Exit},
        {"prim::Uninitialized", OpCode::Uninitialized},
        {"aten::warn", OpCode::Nothing},
        {"prim::Print", OpCode::Nothing},
        {"prim::If", OpCode::If},
        {"prim::Loop", OpCode::Loop},
    };
    const auto it = codes.find(node->kind().toQualString());
    return it == codes.end() ? OpCode::Operator : it->second;
}

/// What a failed assert or a raise says in place of LibTorch's own operator, which wants the name of a class.
jit::Operation refusal(size_t inputs)
{
    return [inputs](jit::Stack& stack) {
        const c10::IValue& given = stack.at(stack.size() - inputs);
        std::string text = given.isString() ? given.toStringRef() : "";
        constexpr std::string_view kind = "AssertionError: ";
        if (text.starts_with(kind))
            text.erase(0, kind.size());
        throw std::runtime_error("the model refuses it" + (text.empty() ? "" : ": " + text));
    };
}

class Compiler {
public:
    Compiler(Program& program, const StopCheck& stop)
        : m_program(program)
        , m_stop(stop)
    {
    }

    void compileGraph(const LiftedGraph& lifted)
    {
        m_program.code = compileBlock(lifted.graph->block());
        for (size_t i = 0; i < lifted.parameters.size(); ++i) {
            m_program.parameterSlots.push_back(m_program.slotOf.at(lifted.parameterValue(i)));
            m_program.parameters.push_back(lifted.parameters[i].tensor.detach());
            m_program.isBuffer.push_back(lifted.parameters[i].isBuffer);
        }
    }

private:
    int32_t slotFor(const jit::Value* value)
    {
        const auto [entry, isNew] = m_program.slotOf.emplace(value, m_program.slots);
        m_program.slots += isNew;
        return entry->second;
    }

    int32_t reference(const jit::Value* value)
    {
        const jit::Node* node = value->node();
        if (node->kind() != c10::prim::Constant)
            return m_program.slotOf.at(value);
        const auto [entry, isNew] = m_constants.emplace(value, int32_t(m_program.constants.size()));
        if (isNew) {
            const auto constant = jit::toIValue(value);
            m_program.constants.push_back(constant ? *constant : c10::IValue());
        }
        return -1 - entry->second;
    }

    Code compileBlock(const jit::Block* block)
    {
        Code code;
        for (const jit::Value* input : block->inputs())
            code.inputs.push_back(slotFor(input));
        for (const jit::Node* node : block->nodes()) {
            m_stop.check();
            if (node->kind() != c10::prim::Constant)
                code.instructions.push_back(instruction(node));
        }
        for (const jit::Value* output : block->outputs())
            code.outputs.push_back(reference(output));
        markLastUses(block, code);
        return code;
    }

    Instruction instruction(const jit::Node* node)
    {
        Instruction made;
        made.node = node;
        made.code = opCodeOf(node);
        for (const jit::Value* input : node->inputs())
            made.inputs.push_back({reference(input), false});
        for (const jit::Value* output : node->outputs())
            made.outputs.push_back(slotFor(output));
        if (made.code == OpCode::Operator)
            bindOperator(node, made);
        for (const jit::Block* block : node->blocks())
            made.blocks.push_back(compileBlock(block));
        if (made.code == OpCode::SetAttr)
            m_program.writesSelf = true;
        return made;
    }

    void bindOperator(const jit::Node* node, Instruction& made)
    {
        const c10::FunctionSchema* schema = node->maybeSchema();
        if (!schema || !node->maybeOperator())
            throw Stop{{Error::Unsupported,
                        std::string("The model uses the operator ") + node->kind().toQualString() +
                            ", which this LibTorch has no kernel for.",
                        {}}};
        made.vararg = schema->is_vararg();
        made.random = node->isNondeterministic() || node->hasNamedInput("generator");
        const bool raises = node->kind() == c10::prim::RaiseException;
        made.operation =
            std::make_shared<jit::Operation>(raises ? refusal(node->inputs().size()) : node->getOperation());
        m_program.mutates |= schema->is_mutable();
    }

    /// A value is moved into its last reader in its own block; one that a nested block reads is freed
    /// after the instruction that holds the block.
    void markLastUses(const jit::Block* block, Code& code)
    {
        std::map<const jit::Node*, Instruction*> byNode;
        for (Instruction& made : code.instructions)
            byNode[made.node] = &made;
        std::set<int32_t> done(code.outputs.begin(), code.outputs.end());
        for (size_t i = code.instructions.size(); i-- > 0;) {
            Instruction& made = code.instructions[i];
            if (!made.blocks.empty())
                freeAfterBlocks(block, made, done);
            for (size_t k = made.inputs.size(); k-- > 0;) {
                const int32_t slot = made.inputs[k].slot;
                if (slot >= 0 && isOwn(block, made.node->input(k)) && done.insert(slot).second)
                    made.inputs[k].last = true;
            }
            for (const int32_t slot : made.outputs)
                if (!done.count(slot))
                    made.freed.push_back(slot);
        }
    }

    /// Made by an instruction of `block` (parameters and inputs of blocks stay until the run ends).
    static bool isOwn(const jit::Block* block, const jit::Value* value)
    {
        return value->node()->owningBlock() == block && value->node()->kind() != c10::prim::Param;
    }

    void freeAfterBlocks(const jit::Block* block, Instruction& made, std::set<int32_t>& done)
    {
        std::set<const jit::Value*> reads;
        for (const jit::Block* inner : made.node->blocks())
            collectReads(inner, reads);
        for (const jit::Value* value : reads)
            if (isOwn(block, value) && done.insert(m_program.slotOf.at(value)).second)
                made.freed.push_back(m_program.slotOf.at(value));
    }

    static void collectReads(const jit::Block* block, std::set<const jit::Value*>& reads)
    {
        const auto read = [&](const jit::Value* value) {
            if (value->node()->kind() != c10::prim::Constant)
                reads.insert(value);
        };
        for (const jit::Node* node : block->nodes()) {
            for (const jit::Value* value : node->inputs())
                read(value);
            for (const jit::Block* inner : node->blocks())
                collectReads(inner, reads);
        }
        for (const jit::Value* value : block->outputs())
            read(value);
    }

    Program& m_program;
    const StopCheck& m_stop;
    std::map<const jit::Value*, int32_t> m_constants;
};

} // namespace

std::shared_ptr<const Program> compile(const LiftedGraph& lifted, const c10::IValue& self,
                                       const StopCheck& stop)
{
    auto program = std::make_shared<Program>();
    program->graph = lifted.graph;
    program->userInputs = lifted.userInputs;
    program->self = self;
    Compiler(*program, stop).compileGraph(lifted);
    return program;
}

} // namespace bitwright
