// SPDX-License-Identifier: GPL-3.0-or-later
// Arithmetic on shapes: element by element on numbers instead of on tensors, so that all that is fixed
// becomes a constant and the rest a few integers of the graph.
#include "core/torch/onnx/call_p.h"
#include "core/torch/onnx/tensor_proto_p.h"

#include <ATen/ATen.h>

#include <algorithm>
#include <map>
#include <optional>
#include <set>

namespace bitwright::onnxin {
namespace {

constexpr int64_t kMostNumbers = 1024;

/// Inputs that hold the numbers which the operator moves; the others steer it.
bool isMoved(const std::string& op, size_t input)
{
    return op == "Concat" || (op == "Where" ? input > 0 : input == 0);
}

const std::set<std::string>& moves()
{
    static const std::set<std::string> ops = {"Concat",  "Gather", "Slice", "Squeeze",   "Unsqueeze",
                                              "Reshape", "Split",  "Tile",  "Transpose", "Identity",
                                              "Flatten", "Expand", "Where"};
    return ops;
}

class ShapeMath {
public:
    explicit ShapeMath(Call& call)
        : m_call(call)
        , m_trace(call.trace)
    {
    }

    Operands convert()
    {
        const std::string& op = m_call.node.op_type();
        bool any = false;
        for (const Operand& input : m_call.inputs) {
            any |= input.isShape();
            if (input.isGraph() || (input && m_trace.elements(input) > kMostNumbers))
                return {};
        }
        if (!any)
            return {};
        if (moves().count(op))
            return move(op);
        if (op == "Cast")
            return castNumbers();
        if (const auto unary = unaryOf(op))
            return each(*unary);
        if (const auto binary = binaryOf(op))
            return pairs(*binary);
        return reduce(op);
    }

private:
    using Unary = Number (ShapeMath::*)(const Number&);
    using Binary = std::optional<Number> (ShapeMath::*)(const Number&, const Number&);

    Number num(const char* kind, const Args& args) { return m_trace.number(kind, args); }

    static bool isFloat(const Number& n)
    {
        return n.value ? n.value->type()->kind() == c10::TypeKind::FloatType : n.known.isDouble();
    }
    static bool isBool(const Number& n)
    {
        return n.value ? n.value->type()->kind() == c10::TypeKind::BoolType : n.known.isBool();
    }

    /// Runs the operator's own converter on labels instead of numbers.
    Operands move(const std::string& op)
    {
        Numbers pool;
        Call labelled{m_trace, m_call.reader, m_call.node, m_call.version, m_call.inputs};
        for (size_t i = 0; i < labelled.inputs.size(); ++i) {
            Operand& input = labelled.inputs[i];
            if (!input || !isMoved(op, i)) {
                if (input.isShape())
                    return {};
                continue;
            }
            const Numbers numbers = numbersOf(input);
            const int64_t first = int64_t(pool.size());
            pool.insert(pool.end(), numbers.begin(), numbers.end());
            const at::Tensor labels =
                at::arange(first, int64_t(pool.size()), at::kLong).reshape(m_trace.exampleSizes(input));
            input = constant(labels);
        }
        Operands made;
        for (const Operand& label : converterOf(m_call.node.domain(), op)(labelled)) {
            if (!label.isConstant() || label.tensor.numel() > kMostNumbers)
                return {};
            const at::Tensor flat = label.tensor.reshape({-1});
            Numbers numbers;
            for (int64_t i = 0; i < flat.numel(); ++i)
                numbers.push_back(pool.at(size_t(flat[i].item<int64_t>())));
            made.push_back(m_trace.shapeOperand(std::move(numbers), label.tensor.sizes().vec()));
        }
        return made;
    }

    Numbers numbersOf(const Operand& operand)
    {
        if (operand.isShape())
            return operand.numbers;
        return m_trace.numbersOf(constant(operand.tensor.reshape({-1})));
    }

    Operands castNumbers()
    {
        const int64_t to = m_call.i("to", kFloat32);
        const bool real = to == kFloat32 || to == kDouble || to == kFloat16;
        if (!real && to != kInt64 && to != kInt32)
            return {};
        Numbers made;
        for (const Number& number : m_call.in(0).numbers)
            made.push_back(num(real ? "aten::Float" : "aten::Int", {number}));
        return {m_trace.shapeOperand(std::move(made), m_call.in(0).sizes)};
    }

    Number negate(const Number& n) { return num("aten::neg", {n}); }
    Number floor(const Number& n) { return isFloat(n) ? num("aten::Float", {num("aten::floor", {n})}) : n; }
    Number ceil(const Number& n) { return isFloat(n) ? num("aten::Float", {num("aten::ceil", {n})}) : n; }
    Number root(const Number& n) { return num("aten::sqrt", {n}); }

    static std::optional<Unary> unaryOf(const std::string& op)
    {
        static const std::map<std::string, Unary> table = {{"Neg", &ShapeMath::negate},
                                                           {"Floor", &ShapeMath::floor},
                                                           {"Ceil", &ShapeMath::ceil},
                                                           {"Sqrt", &ShapeMath::root}};
        const auto found = table.find(op);
        return found == table.end() ? std::nullopt : std::optional(found->second);
    }

    Operands each(Unary unary)
    {
        Numbers made;
        for (const Number& number : m_call.in(0).numbers)
            made.push_back((this->*unary)(number));
        return {m_trace.shapeOperand(std::move(made), m_call.in(0).sizes)};
    }

    template<const char* const& kind>
    std::optional<Number> plain(const Number& a, const Number& b)
    {
        return num(kind, {a, b});
    }
    static constexpr const char* kAdd = "aten::add";
    static constexpr const char* kSub = "aten::sub";
    static constexpr const char* kMul = "aten::mul";
    static constexpr const char* kMax = "prim::max";
    static constexpr const char* kMin = "prim::min";
    static constexpr const char* kEq = "aten::eq";
    static constexpr const char* kLt = "aten::lt";
    static constexpr const char* kGt = "aten::gt";
    static constexpr const char* kLe = "aten::le";
    static constexpr const char* kGe = "aten::ge";

    bool isNegative(const Number& n)
    {
        if (n.isKnown())
            return n.toDouble() < 0;
        for (const c10::IValue& sample : m_trace.samplesOf(n.value))
            if (sample.toScalar().toDouble() < 0)
                return true;
        return false;
    }

    /// Rounded towards zero, which for what is not negative is downwards.
    std::optional<Number> divide(const Number& a, const Number& b)
    {
        if (isFloat(a))
            return num("aten::div", {a, b});
        if (isNegative(a) || isNegative(b))
            return std::nullopt;
        return num("aten::floordiv", {a, b});
    }

    std::optional<Number> modulo(const Number& a, const Number& b)
    {
        if (isFloat(a) || isNegative(a) || isNegative(b))
            return std::nullopt;
        return num("aten::remainder", {a, b});
    }

    static std::optional<Binary> binaryOf(const std::string& op)
    {
        static const std::map<std::string, Binary> table = {{"Add", &ShapeMath::plain<kAdd>},
                                                            {"Sub", &ShapeMath::plain<kSub>},
                                                            {"Mul", &ShapeMath::plain<kMul>},
                                                            {"Max", &ShapeMath::plain<kMax>},
                                                            {"Min", &ShapeMath::plain<kMin>},
                                                            {"Div", &ShapeMath::divide},
                                                            {"Mod", &ShapeMath::modulo},
                                                            {"Equal", &ShapeMath::plain<kEq>},
                                                            {"Less", &ShapeMath::plain<kLt>},
                                                            {"Greater", &ShapeMath::plain<kGt>},
                                                            {"LessOrEqual", &ShapeMath::plain<kLe>},
                                                            {"GreaterOrEqual", &ShapeMath::plain<kGe>}};
        const auto found = table.find(op);
        return found == table.end() ? std::nullopt : std::optional(found->second);
    }

    Operands pairs(Binary binary)
    {
        if (m_call.inputs.size() != 2)
            return {};
        const auto labels = [&](const Operand& operand) {
            return at::arange(m_trace.elements(operand), at::kLong).reshape(m_trace.exampleSizes(operand));
        };
        const auto both = at::broadcast_tensors({labels(m_call.in(0)), labels(m_call.in(1))});
        const Numbers a = numbersOf(m_call.in(0)), b = numbersOf(m_call.in(1));
        const at::Tensor i = both[0].reshape({-1}), k = both[1].reshape({-1});
        Numbers made;
        for (int64_t at = 0; at < i.numel(); ++at) {
            const Number& x = a.at(size_t(i[at].item<int64_t>()));
            const Number& y = b.at(size_t(k[at].item<int64_t>()));
            if (isFloat(x) != isFloat(y) || isBool(x) || isBool(y))
                return {};
            const auto one = (this->*binary)(x, y);
            if (!one)
                return {};
            made.push_back(*one);
        }
        return {m_trace.shapeOperand(std::move(made), both[0].sizes().vec())};
    }

    Operands reduce(const std::string& op)
    {
        static const std::map<std::string, const char*> table = {
            {"ReduceProd", kMul}, {"ReduceSum", kAdd}, {"ReduceMax", kMax}, {"ReduceMin", kMin}};
        const auto found = table.find(op);
        if (found == table.end() || m_call.in(0).sizes.size() != 1)
            return {};
        const Numbers& numbers = m_call.in(0).numbers;
        Number total = numbers.at(0);
        for (size_t i = 1; i < numbers.size(); ++i)
            total = num(found->second, {total, numbers[i]});
        const bool keep = m_call.i("keepdims", 1) != 0;
        return {m_trace.shapeOperand({total}, keep ? std::vector<int64_t>{1} : std::vector<int64_t>())};
    }

    Call& m_call;
    Trace& m_trace;
};

} // namespace

Operands convertShapes(Call& call)
{
    const bool isStandard = call.node.domain().empty() || call.node.domain() == "ai.onnx";
    return isStandard ? ShapeMath(call).convert() : Operands();
}

} // namespace bitwright::onnxin
