// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/torch/onnx/trace_p.h"

#include <ATen/ATen.h>
#include <torch/csrc/jit/ir/constants.h>

#include <algorithm>

namespace bitwright::onnxin {
namespace jit = torch::jit;
namespace {

/// Dots separate modules, so no part between them may be empty.
std::string attributeName(std::string name)
{
    for (size_t i = 0; i < name.size(); ++i)
        if (name[i] == '.' && (i == 0 || i + 1 == name.size() || name[i + 1] == '.'))
            name[i] = '_';
    return name.empty() ? "constant" : name;
}

c10::IValue elementOf(const at::Tensor& flat, int64_t i)
{
    const at::Scalar scalar = flat[i].item();
    if (scalar.isBoolean())
        return scalar.toBool();
    return scalar.isFloatingPoint() ? c10::IValue(scalar.toDouble()) : c10::IValue(scalar.toLong());
}

} // namespace

const Trace::Facts& Trace::facts(const Operand& operand) const
{
    const auto known = m_facts.find(operand.value);
    TORCH_CHECK(known != m_facts.end() && known->second.isTensor, "A tensor is expected.");
    return known->second;
}

int64_t Trace::rank(const Operand& operand) const
{
    if (operand.isConstant())
        return operand.tensor.dim();
    if (operand.isShape())
        return int64_t(operand.sizes.size());
    return int64_t(facts(operand).sizes[0].size());
}

c10::ScalarType Trace::type(const Operand& operand) const
{
    if (operand.isConstant())
        return operand.tensor.scalar_type();
    if (!operand.isShape())
        return facts(operand).type;
    const Number& first = operand.numbers.front();
    const auto is = [&](c10::TypeKind kind, bool known) {
        return first.value ? first.value->type()->kind() == kind : known;
    };
    if (is(c10::TypeKind::FloatType, first.known.isDouble()))
        return c10::kFloat;
    return is(c10::TypeKind::BoolType, first.known.isBool()) ? c10::kBool : c10::kLong;
}

std::vector<int64_t> Trace::exampleSizes(const Operand& operand) const
{
    if (operand.isConstant())
        return operand.tensor.sizes().vec();
    if (operand.isShape())
        return operand.sizes;
    return facts(operand).sizes[0];
}

int64_t Trace::elements(const Operand& operand) const
{
    int64_t count = 1;
    for (const int64_t size : exampleSizes(operand))
        count *= size;
    return count;
}

Number Trace::dim(const Operand& operand, int64_t axis)
{
    axis += axis < 0 ? rank(operand) : 0;
    if (!operand.isGraph())
        return exampleSizes(operand).at(size_t(axis));
    const Facts& known = facts(operand);
    TORCH_CHECK(axis >= 0 && size_t(axis) < known.sizes[0].size(), "The axis ", axis,
                " is outside a tensor of ", known.sizes[0].size(), " dimensions.");
    const bool isFixed = !m_loose.count(operand.value) &&
                         (m_examples == 1 || known.sizes[0][size_t(axis)] == known.sizes[1][size_t(axis)]);
    if (isFixed)
        return known.sizes[0][size_t(axis)];
    const bool isTop = graph().insertPoint()->owningBlock() == graph().block();
    const auto key = std::pair<const jit::Value*, int64_t>(operand.value, axis);
    if (const auto made = m_sizes.find(key); made != m_sizes.end())
        return made->second;
    // The example may be gone by now, its sizes are not.
    jit::Value* size = graph().insert(c10::aten::size, {operand.value, axis});
    std::vector<c10::IValue> samples;
    for (size_t i = 0; i < m_examples; ++i)
        samples.emplace_back(known.sizes[i][size_t(axis)]);
    const Number number = declareNumber(size, samples, m_loose.count(operand.value) > 0);
    if (isTop)
        m_sizes[key] = number;
    return number;
}

bool Trace::differs(const Operand& operand, int64_t axis) const
{
    if (!operand.isGraph() || m_examples == 1)
        return false;
    const Facts& known = facts(operand);
    return known.sizes[0].at(size_t(axis)) != known.sizes[1].at(size_t(axis));
}

Numbers Trace::dims(const Operand& operand)
{
    Numbers sizes;
    for (int64_t i = 0; i < rank(operand); ++i)
        sizes.push_back(dim(operand, i));
    return sizes;
}

Numbers Trace::numbersOf(const Operand& operand)
{
    if (operand.isShape())
        return operand.numbers;
    TORCH_CHECK(rank(operand) <= 1, "A list of numbers is expected, not a tensor of ", rank(operand),
                " dimensions.");
    Numbers numbers;
    if (operand.isConstant()) {
        const at::Tensor flat = operand.tensor.reshape({-1});
        for (int64_t i = 0; i < flat.numel(); ++i)
            numbers.emplace_back(elementOf(flat, i));
        return numbers;
    }
    const char* kind = type(operand) == c10::kBool          ? "aten::Bool"
                       : c10::isFloatingType(type(operand)) ? "aten::Float"
                                                            : "aten::Int";
    if (rank(operand) == 0)
        return {number(kind, {operand})};
    for (int64_t i = 0; i < elements(operand); ++i)
        numbers.push_back(number(kind, {emit("aten::select", {operand, 0, i})}));
    return numbers;
}

Operand Trace::shapeOperand(Numbers numbers, std::vector<int64_t> sizes)
{
    const bool isKnown =
        std::all_of(numbers.begin(), numbers.end(), [](const Number& n) { return n.isKnown(); });
    Operand made;
    if (!isKnown) {
        made.kind = Operand::Kind::Shape;
        made.numbers = std::move(numbers);
        made.sizes = std::move(sizes);
        return made;
    }
    at::Tensor tensor;
    const bool isFloat = !numbers.empty() && numbers[0].known.isDouble();
    const bool isBool = !numbers.empty() && numbers[0].known.isBool();
    std::vector<double> reals;
    std::vector<int64_t> integers;
    for (const Number& number : numbers) {
        if (isFloat)
            reals.push_back(number.toDouble());
        else
            integers.push_back(number.toInt());
    }
    // at::tensor() itself makes no bools
    tensor = isFloat ? at::tensor(reals, at::kFloat)
                     : at::tensor(integers, at::kLong).to(isBool ? at::kBool : at::kLong);
    return constant(tensor.reshape(sizes));
}

jit::Value* Trace::tensorOf(const Operand& shape)
{
    if (shape.sizes.empty())
        return emit("aten::tensor", {shape.numbers.at(0)}).value;
    const Operand flat = emit("aten::tensor", {shape.numbers});
    return shape.sizes.size() == 1 ? flat.value : emit("aten::reshape", {flat, shape.sizes}).value;
}

jit::Value* Trace::valueOf(const Operand& operand)
{
    if (operand.isGraph())
        return operand.value;
    if (operand.isShape())
        return tensorOf(operand);
    return operand ? parameter(operand) : graph().insertConstant(c10::IValue());
}

jit::Value* Trace::valueOf(const Number& number)
{
    return number.isKnown() ? graph().insertConstant(number.known) : number.value;
}

jit::Value* Trace::parameter(const Operand& operand)
{
    const at::Tensor& tensor = operand.tensor;
    const auto known = m_parameters.find(tensor.unsafeGetTensorImpl());
    if (known != m_parameters.end())
        return known->second;
    constexpr int64_t kSmall = 64;
    const bool isNumber = tensor.dim() == 0 || tensor.numel() == 0;
    const bool isWeight =
        tensor.is_floating_point() && !isNumber && (!operand.name.empty() || tensor.numel() > 1);
    const bool isTable = !tensor.is_floating_point() && tensor.numel() > kSmall;
    if (!isWeight && !isTable)
        return graph().insertConstant(tensor);
    const std::string wanted = attributeName(operand.name);
    std::string name = wanted;
    for (int i = 2; !m_names.insert(name).second; ++i)
        name = wanted + "#" + std::to_string(i);
    const size_t index = m_lifted.addParameter({name, tensor.contiguous(), isTable, {}});
    jit::Value* value = m_lifted.parameterValue(index);
    std::vector<c10::IValue> samples(m_examples, m_lifted.parameters[index].tensor);
    setSamples(value, samples);
    m_parameters[tensor.unsafeGetTensorImpl()] = value;
    m_kept.push_back(tensor); // or another tensor might get its address
    return value;
}

Operand Trace::asGraph(const Operand& operand)
{
    if (operand.isGraph())
        return operand;
    jit::Value* value = valueOf(operand);
    if (!m_facts.count(value))
        setSamples(value, std::vector<c10::IValue>(m_examples, operand.tensor));
    Operand made = operand;
    made.kind = Operand::Kind::Graph;
    made.value = value;
    return made;
}

bool Trace::isParameter(const Operand& operand) const
{
    return operand.isConstant() && m_parameters.count(operand.tensor.unsafeGetTensorImpl()) > 0;
}

void Trace::markBuffer(const Operand& operand)
{
    const auto known = m_parameters.find(operand.tensor.unsafeGetTensorImpl());
    if (operand.isConstant() && known != m_parameters.end())
        m_lifted.parameters[size_t(m_lifted.parameterIndex(known->second))].isBuffer = true;
}

} // namespace bitwright::onnxin
