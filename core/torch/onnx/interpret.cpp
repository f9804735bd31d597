// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/torch/onnx/interpret_p.h"
#include "core/torch/sizes_only_p.h"

#include <ATen/core/List.h>
#include <torch/csrc/jit/ir/constants.h>

namespace bitwright::onnxin {
namespace jit = torch::jit;
namespace prim = c10::prim;
namespace {

const c10::IValue& sampleOf(const jit::Value* value, Samples& samples)
{
    const auto known = samples.find(value);
    if (known != samples.end())
        return known->second;
    TORCH_CHECK(value->node()->kind() == prim::Constant, "A value of the example run is missing.");
    const auto constant = jit::toIValue(value);
    return samples[value] = constant ? *constant : c10::IValue();
}

c10::IValue makeList(const jit::Node* node, Samples& samples)
{
    const c10::TypePtr element = node->output()->type()->expectRef<c10::ListType>().getElementType();
    c10::impl::GenericList list(element);
    for (const jit::Value* input : node->inputs())
        list.push_back(sampleOf(input, samples));
    switch (element->kind()) {
    case c10::TypeKind::IntType:
        return c10::impl::toTypedList<int64_t>(list);
    case c10::TypeKind::FloatType:
        return c10::impl::toTypedList<double>(list);
    case c10::TypeKind::BoolType:
        return c10::impl::toTypedList<bool>(list);
    case c10::TypeKind::TensorType:
        return c10::impl::toTypedList<at::Tensor>(list);
    default:
        return list;
    }
}

void runBlock(const jit::Block* block, Samples& samples, const StopCheck& stop)
{
    for (const jit::Node* node : block->nodes())
        runNode(node, samples, stop);
}

void runIf(const jit::Node* node, Samples& samples, const StopCheck& stop)
{
    const jit::Block* taken = node->blocks()[sampleOf(node->input(0), samples).toBool() ? 0 : 1];
    runBlock(taken, samples, stop);
    for (size_t i = 0; i < node->outputs().size(); ++i)
        samples[node->output(i)] = sampleOf(taken->outputs()[i], samples);
}

void runLoop(const jit::Node* node, Samples& samples, const StopCheck& stop)
{
    const jit::Block* body = node->blocks()[0];
    const int64_t trips = sampleOf(node->input(0), samples).toInt();
    bool goOn = sampleOf(node->input(1), samples).toBool();
    std::vector<c10::IValue> carried;
    for (size_t i = 2; i < node->inputs().size(); ++i)
        carried.push_back(sampleOf(node->input(i), samples));
    for (int64_t trip = 0; goOn && trip < trips; ++trip) {
        samples[body->inputs()[0]] = trip;
        for (size_t i = 0; i < carried.size(); ++i)
            samples[body->inputs()[1 + i]] = carried[i];
        runBlock(body, samples, stop);
        goOn = sampleOf(body->outputs()[0], samples).toBool();
        for (size_t i = 0; i < carried.size(); ++i)
            carried[i] = sampleOf(body->outputs()[1 + i], samples);
    }
    for (size_t i = 0; i < carried.size(); ++i)
        samples[node->output(i)] = carried[i];
}

void runOperator(const jit::Node* node, Samples& samples, bool sizesOnly)
{
    jit::Stack stack;
    for (const jit::Value* input : node->inputs())
        stack.push_back(sampleOf(input, samples));
    if (node->schema().is_vararg())
        stack.emplace_back(int64_t(node->inputs().size()));
    jit::Operation operation = node->getOperation();
    if (!sizesOnly || !runForSizes(node, operation, stack))
        operation(stack);
    const size_t count = node->outputs().size();
    for (size_t i = 0; i < count; ++i)
        samples[node->output(i)] = stack.at(stack.size() - count + i);
}

void unpack(const jit::Node* node, c10::ArrayRef<c10::IValue> values, Samples& samples)
{
    TORCH_CHECK(values.size() == node->outputs().size(), "A list has ", values.size(), " elements, not ",
                node->outputs().size(), ".");
    for (size_t i = 0; i < values.size(); ++i)
        samples[node->output(i)] = values[i];
}

} // namespace

void runNode(const jit::Node* node, Samples& samples, const StopCheck& stop, bool sizesOnly)
{
    stop.check();
    const auto kind = node->kind();
    if (kind == prim::Constant)
        return;
    if (kind == prim::If)
        return runIf(node, samples, stop);
    if (kind == prim::Loop)
        return runLoop(node, samples, stop);
    if (kind == prim::ListConstruct) {
        samples[node->output()] = makeList(node, samples);
    } else if (kind == prim::TupleConstruct) {
        std::vector<c10::IValue> elements;
        for (const jit::Value* input : node->inputs())
            elements.push_back(sampleOf(input, samples));
        samples[node->output()] = c10::ivalue::Tuple::create(std::move(elements));
    } else if (kind == prim::ListUnpack) {
        unpack(node, sampleOf(node->input(0), samples).toListRef(), samples);
    } else if (kind == prim::TupleUnpack) {
        const c10::IValue tuple = sampleOf(node->input(0), samples);
        const std::vector<c10::IValue> elements = tuple.toTupleRef().elements();
        unpack(node, elements, samples);
    } else if (kind == prim::unchecked_cast) {
        samples[node->output()] = sampleOf(node->input(0), samples);
    } else if (kind == prim::Uninitialized) {
        samples[node->output()] = c10::IValue();
    } else if (node->kind() != c10::aten::warn) {
        runOperator(node, samples, sizesOnly);
    }
}

} // namespace bitwright::onnxin
