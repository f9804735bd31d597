// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/torch/execute_p.h"
#include "core/torch/sizes_only_p.h"

#include <ATen/CPUGeneratorImpl.h>
#include <ATen/core/Dict.h>
#include <ATen/core/List.h>
#include <ATen/core/function.h>
#include <torch/csrc/jit/ir/ir.h>

#include <algorithm>
#include <mutex>

namespace bitwright {
namespace jit = torch::jit;
namespace {

c10::IValue take(const Program& program, const Instruction::Input& input, Frame& frame)
{
    if (input.slot < 0)
        return program.constants[size_t(-1 - input.slot)];
    c10::IValue& slot = frame[size_t(input.slot)];
    return input.last ? std::move(slot) : slot;
}

std::vector<c10::IValue> takeAll(const Program& program, const Instruction& instruction, Frame& frame)
{
    std::vector<c10::IValue> values;
    values.reserve(instruction.inputs.size());
    for (const Instruction::Input& input : instruction.inputs)
        values.push_back(take(program, input, frame));
    return values;
}

template<typename T, typename Get>
c10::IValue typedList(std::vector<c10::IValue>& values, Get&& get)
{
    c10::List<T> list;
    list.reserve(values.size());
    for (c10::IValue& value : values)
        list.push_back(get(value));
    return list;
}

c10::IValue makeList(const jit::Node* node, std::vector<c10::IValue> values)
{
    const c10::TypePtr element = node->output()->type()->expectRef<c10::ListType>().getElementType();
    switch (element->kind()) {
    case c10::TypeKind::IntType:
        return typedList<int64_t>(values, [](const c10::IValue& v) { return v.toInt(); });
    case c10::TypeKind::FloatType:
        return typedList<double>(values, [](const c10::IValue& v) { return v.toDouble(); });
    case c10::TypeKind::BoolType:
        return typedList<bool>(values, [](const c10::IValue& v) { return v.toBool(); });
    case c10::TypeKind::TensorType:
        return typedList<at::Tensor>(values, [](c10::IValue& v) { return std::move(v).toTensor(); });
    default:
        break;
    }
    c10::impl::GenericList list(element);
    for (c10::IValue& value : values)
        list.push_back(std::move(value));
    return list;
}

c10::IValue makeTuple(const jit::Node* node, std::vector<c10::IValue> values)
{
    const auto type = node->output()->type()->cast<c10::TupleType>();
    if (type && type->name())
        return c10::ivalue::Tuple::createNamed(std::move(values), type);
    return c10::ivalue::Tuple::create(std::move(values));
}

c10::IValue makeDict(const jit::Node* node, std::vector<c10::IValue> values)
{
    const auto& type = node->output()->type()->expectRef<c10::DictType>();
    c10::impl::GenericDict dict(type.getKeyType(), type.getValueType());
    for (size_t i = 0; i + 1 < values.size(); i += 2)
        dict.insert_or_assign(std::move(values[i]), std::move(values[i + 1]));
    return dict;
}

void putAll(const Instruction& instruction, c10::ArrayRef<c10::IValue> values, Frame& frame)
{
    TORCH_CHECK(values.size() == instruction.outputs.size(), "Expected ", instruction.outputs.size(),
                " values to unpack, got ", values.size(), ".");
    for (size_t i = 0; i < values.size(); ++i)
        frame[size_t(instruction.outputs[i])] = values[i];
}

bool isInstance(const jit::Node* node, const c10::IValue& value)
{
    const c10::TypePtr type = value.type();
    const std::vector<c10::TypePtr>& candidates = node->tys(c10::attr::types);
    return std::any_of(candidates.begin(), candidates.end(),
                       [&](const c10::TypePtr& candidate) { return type->isSubtypeOf(*candidate); });
}

/// Objects copied; buffers too when the program writes tensors in place.
c10::IValue copyObjects(const c10::IValue& value, bool cloneBuffers)
{
    if (!value.isObject())
        return value;
    const auto copy = value.toObjectRef().copy();
    for (size_t i = 0; i < copy->slots().size(); ++i) {
        const c10::IValue slot = copy->getSlot(i);
        const bool isBuffer = slot.isTensor() && slot.toTensor().defined() && !copy->type()->is_parameter(i);
        copy->setSlot(i, cloneBuffers && isBuffer ? c10::IValue(slot.toTensor().clone())
                                                  : copyObjects(slot, cloneBuffers));
    }
    return copy;
}

/// While it lives, LibTorch's generator is in `state`, which is where it was left before.
class RandomTurn {
public:
    explicit RandomTurn(at::Tensor* state)
        : m_state(state)
    {
        if (!m_state)
            return;
        m_turn = std::unique_lock(everyone());
        m_outside = generator().get_state();
        if (!m_state->defined())
            *m_state = at::detail::createCPUGenerator(0).get_state();
        generator().set_state(*m_state);
    }
    ~RandomTurn()
    {
        if (!m_state)
            return;
        *m_state = generator().get_state();
        generator().set_state(m_outside);
    }
    RandomTurn(const RandomTurn&) = delete;
    RandomTurn& operator=(const RandomTurn&) = delete;

private:
    static std::mutex& everyone()
    {
        static std::mutex mutex;
        return mutex;
    }
    static at::Generator generator() { return at::detail::getDefaultCPUGenerator(); }

    at::Tensor* m_state;
    at::Tensor m_outside;
    std::unique_lock<std::mutex> m_turn;
};

} // namespace

Frame Executor::start(std::vector<c10::IValue> userInputs) const
{
    Frame frame(size_t(m_program.slots));
    const std::vector<int32_t>& inputs = m_program.code.inputs;
    frame[size_t(inputs[0])] =
        m_program.writesSelf ? copyObjects(m_program.self, m_program.mutates) : m_program.self;
    for (size_t i = 0; i < userInputs.size(); ++i)
        frame[size_t(inputs[1 + i])] = std::move(userInputs[i]);
    for (size_t i = 0; i < m_program.parameters.size(); ++i) {
        const at::Tensor& parameter = m_program.parameters[i];
        // An in-place operator that is left may write a buffer: the next run must not see that.
        frame[size_t(m_program.parameterSlots[i])] =
            m_program.mutates && m_program.isBuffer[i] ? parameter.clone() : parameter;
    }
    return frame;
}

void Executor::run(const Code& code, Frame& frame, size_t first)
{
    for (size_t i = first; i < code.instructions.size(); ++i) {
        step(code.instructions[i], frame);
        finish(code.instructions[i], frame);
    }
}

void Executor::step(const Instruction& instruction, Frame& frame)
{
    m_stop.check();
    switch (instruction.code) {
    case OpCode::Operator:
        return runOperator(instruction, frame);
    case OpCode::If:
        return runIf(instruction, frame);
    case OpCode::Loop:
        return runLoop(instruction, frame);
    case OpCode::GetAttr:
    case OpCode::SetAttr:
    case OpCode::CreateObject:
    case OpCode::Call:
    case OpCode::Enter:
    case OpCode::Exit:
        return runObject(instruction, frame);
    default:
        return runOwn(instruction, frame);
    }
}

void Executor::finish(const Instruction& instruction, Frame& frame)
{
    for (const int32_t slot : instruction.freed)
        frame[size_t(slot)] = c10::IValue();
}

void Executor::runOperator(const Instruction& instruction, Frame& frame)
{
    // A nested call may find values of its caller on the stack.
    const size_t base = m_stack.size();
    for (const Instruction::Input& input : instruction.inputs)
        m_stack.push_back(take(m_program, input, frame));
    if (instruction.vararg)
        m_stack.emplace_back(int64_t(instruction.inputs.size()));
    try {
        const RandomTurn turn(instruction.random ? &m_random : nullptr);
        if (!sizesOnly || !runForSizes(instruction.node, *instruction.operation, m_stack))
            (*instruction.operation)(m_stack);
    } catch (...) {
        m_stack.resize(base);
        throw;
    }
    const size_t count = instruction.outputs.size();
    if (branches && instruction.node->kind() == c10::aten::batch_norm)
        branches->normRanks[instruction.node] = size_t(m_stack.back().toTensor().dim());
    for (size_t i = 0; i < count; ++i)
        frame[size_t(instruction.outputs[i])] = std::move(m_stack[m_stack.size() - count + i]);
    m_stack.resize(base);
}

void Executor::runOwn(const Instruction& instruction, Frame& frame)
{
    const jit::Node* node = instruction.node;
    std::vector<c10::IValue> values = takeAll(m_program, instruction, frame);
    const auto put = [&](c10::IValue value) { frame[size_t(instruction.outputs[0])] = std::move(value); };
    switch (instruction.code) {
    case OpCode::ListConstruct:
        return put(makeList(node, std::move(values)));
    case OpCode::TupleConstruct:
        return put(makeTuple(node, std::move(values)));
    case OpCode::DictConstruct:
        return put(makeDict(node, std::move(values)));
    case OpCode::ListUnpack:
        return putAll(instruction, values[0].toListRef(), frame);
    case OpCode::TupleUnpack:
        return putAll(instruction, values[0].toTupleRef().elements(), frame);
    case OpCode::TupleSlice: {
        const std::vector<c10::IValue> elements = values[0].toTupleRef().elements();
        const int64_t begin = node->i(c10::attr::beg), end = node->i(c10::attr::end);
        return put(c10::ivalue::Tuple::create(
            std::vector<c10::IValue>(elements.begin() + begin, elements.begin() + end)));
    }
    case OpCode::IsInstance:
        return put(isInstance(node, values[0]));
    case OpCode::Cast:
        return put(std::move(values[0]));
    case OpCode::Uninitialized:
        return put(c10::IValue());
    default:
        return; // OpCode::Nothing: warnings and prints of the model
    }
}

void Executor::runObject(const Instruction& instruction, Frame& frame)
{
    const jit::Node* node = instruction.node;
    if (instruction.code == OpCode::Call)
        return call(instruction, frame);
    std::vector<c10::IValue> values = takeAll(m_program, instruction, frame);
    switch (instruction.code) {
    case OpCode::GetAttr:
        frame[size_t(instruction.outputs[0])] = values[0].toObjectRef().getAttr(node->s(c10::attr::name));
        return;
    case OpCode::SetAttr:
        values[0].toObject()->setAttr(node->s(c10::attr::name), std::move(values[1]));
        return;
    case OpCode::CreateObject: {
        const auto type = node->output()->type()->expect<c10::ClassType>();
        const auto unit = m_program.self.toObjectRef().compilation_unit();
        frame[size_t(instruction.outputs[0])] =
            c10::ivalue::Object::create(c10::StrongTypePtr(unit, type), type->numAttributes());
        return;
    }
    default: // Enter, Exit: only torch.no_grad and its like exist in TorchScript; runs have no gradients
             // anyway
        for (const int32_t slot : instruction.outputs)
            frame[size_t(slot)] = values[0];
    }
}

void Executor::call(const Instruction& instruction, Frame& frame)
{
    jit::Stack stack = takeAll(m_program, instruction, frame);
    if (instruction.node->kind() == c10::prim::CallMethod) {
        const auto type = stack[0].toObjectRef().type();
        type->getMethod(instruction.node->s(c10::attr::name)).run(stack);
    } else {
        const auto type = instruction.node->input(0)->type()->expect<c10::FunctionType>();
        stack.erase(stack.begin());
        type->function()->run(stack);
    }
    frame[size_t(instruction.outputs[0])] = std::move(stack.back());
}

void Executor::runBlock(const Code& code, Frame& frame)
{
    run(code, frame);
}

void Executor::runIf(const Instruction& instruction, Frame& frame)
{
    const bool condition = value(instruction.inputs[0].slot, frame).toBool();
    if (branches)
        branches->record(instruction.node, condition);
    const Code& block = instruction.blocks[condition ? 0 : 1];
    runBlock(block, frame);
    for (size_t i = 0; i < instruction.outputs.size(); ++i)
        frame[size_t(instruction.outputs[i])] = value(block.outputs[i], frame);
}

void Executor::runLoop(const Instruction& instruction, Frame& frame)
{
    const Code& body = instruction.blocks[0];
    const int64_t trips = value(instruction.inputs[0].slot, frame).toInt();
    bool goOn = value(instruction.inputs[1].slot, frame).toBool();
    std::vector<c10::IValue> carried;
    for (size_t i = 2; i < instruction.inputs.size(); ++i)
        carried.push_back(take(m_program, instruction.inputs[i], frame));
    for (int64_t trip = 0; goOn && trip < trips; ++trip) {
        m_stop.check();
        frame[size_t(body.inputs[0])] = trip;
        for (size_t i = 0; i < carried.size(); ++i)
            frame[size_t(body.inputs[1 + i])] = std::move(carried[i]);
        runBlock(body, frame);
        goOn = value(body.outputs[0], frame).toBool();
        for (size_t i = 0; i < carried.size(); ++i)
            carried[i] = value(body.outputs[1 + i], frame);
    }
    for (size_t i = 0; i < carried.size(); ++i)
        frame[size_t(instruction.outputs[i])] = std::move(carried[i]);
}

} // namespace bitwright
