// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/torch/guard_p.h"
#include "core/torch/onnx/call_p.h"

#include <map>

namespace bitwright::onnxin {

const Operand& Call::in(size_t i) const
{
    static const Operand missing;
    return i < inputs.size() ? inputs[i] : missing;
}

const Operand& Call::required(size_t i) const
{
    if (!has(i))
        fail("lacks its input " + std::to_string(i + 1));
    return inputs[i];
}

const onnx::AttributeProto* Call::attribute(const char* name) const
{
    for (const onnx::AttributeProto& attribute : node.attribute())
        if (attribute.name() == name)
            return &attribute;
    return nullptr;
}

int64_t Call::i(const char* name, int64_t otherwise) const
{
    const auto* found = attribute(name);
    return found && found->has_i() ? found->i() : otherwise;
}

double Call::f(const char* name, double otherwise) const
{
    const auto* found = attribute(name);
    return found && found->has_f() ? double(found->f()) : otherwise;
}

std::string Call::s(const char* name, const std::string& otherwise) const
{
    const auto* found = attribute(name);
    return found && found->has_s() ? found->s() : otherwise;
}

std::vector<int64_t> Call::ints(const char* name) const
{
    const auto* found = attribute(name);
    return found ? std::vector<int64_t>(found->ints().begin(), found->ints().end()) : std::vector<int64_t>();
}

std::vector<double> Call::floats(const char* name) const
{
    const auto* found = attribute(name);
    return found ? std::vector<double>(found->floats().begin(), found->floats().end())
                 : std::vector<double>();
}

const onnx::GraphProto& Call::graph(const char* name) const
{
    const auto* found = attribute(name);
    if (!found || !found->has_g())
        fail(std::string("has no graph \"") + name + "\"");
    return found->g();
}

int64_t Call::axisOf(int64_t axis, int64_t rank) const
{
    const int64_t counted = axis < 0 ? axis + rank : axis;
    if (counted < 0 || counted > std::max<int64_t>(rank - 1, 0))
        fail("names the axis " + std::to_string(axis) + ", which a tensor of " + std::to_string(rank) +
             " dimensions does not have");
    return counted;
}

std::vector<int64_t> Call::knownInts(size_t input, const char* what) const
{
    std::vector<int64_t> known;
    for (const Number& number : trace.numbersOf(in(input))) {
        if (!number.isKnown())
            fail(std::string("computes its ") + what + " at run time, which is not supported");
        known.push_back(number.toInt());
    }
    return known;
}

double Call::knownNumber(size_t input, double otherwise, const char* what) const
{
    if (!has(input))
        return otherwise;
    const Numbers numbers = trace.numbersOf(in(input));
    if (numbers.size() != 1 || !numbers[0].isKnown())
        fail(std::string("computes its ") + what + " at run time, which is not supported");
    return numbers[0].toDouble();
}

std::vector<int64_t> Call::axes(size_t input) const
{
    return has(input) ? knownInts(input, "axes") : ints("axes");
}

void Call::fail(const std::string& why) const
{
    throw Stop{{Error::Unsupported,
                "The operator " + node.op_type() + " (node \"" + node.name() + "\") " + why + ".",
                {}}};
}

Convert converterOf(const std::string& domain, const std::string& op)
{
    using Table = std::map<std::string, Convert>;
    static const auto tableOf = [](std::initializer_list<std::span<const Row>> parts) {
        Table table;
        for (const auto& part : parts)
            for (const Row& row : part)
                table.emplace(row.op, row.convert);
        return table;
    };
    static const Table standard = tableOf(
        {elementwiseRows(), activationRows(), compareRows(), convRows(), poolRows(), matmulRows(), normRows(),
         shapeRows(), indexRows(), makeRows(), reduceRows(), resizeRows(), recurrentRows(), controlRows(),
         quantizedRows(), detectionRows(), signalRows(), lossRows(), textRows()});
    static const Table microsoft = tableOf({microsoftRows()});
    const bool isStandard = domain.empty() || domain == "ai.onnx";
    if (!isStandard && domain != "com.microsoft")
        return nullptr;
    const Table& table = isStandard ? standard : microsoft;
    auto found = table.find(op);
    if (found == table.end() && !isStandard) // its graph optimizer writes some standard operators so
        found = standard.find(op);
    return found == standard.end() || found == microsoft.end() ? nullptr : found->second;
}

Operand cast(Trace& trace, const Operand& operand, c10::ScalarType type)
{
    return trace.type(operand) == type ? operand
                                       : trace.emit("aten::to", {operand, type, false, false, nullptr});
}

} // namespace bitwright::onnxin
