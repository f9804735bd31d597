// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/torch/onnx/inputs_p.h"
#include "core/torch/onnx/tensor_proto_p.h"

#include <ATen/ATen.h>

#include <algorithm>
#include <cctype>
#include <optional>
#include <set>

namespace bitwright::onnxin {
namespace {

std::string lower(std::string text)
{
    std::transform(text.begin(), text.end(), text.begin(), [](unsigned char c) { return std::tolower(c); });
    return text;
}

bool contains(const std::string& text, const char* part)
{
    return lower(text).find(part) != std::string::npos;
}

DeclaredInput declared(const onnx::ValueInfoProto& info)
{
    DeclaredInput input;
    input.name = info.name();
    if (!info.type().has_tensor_type())
        throw Stop{{Error::Unsupported,
                    "The input \"" + info.name() +
                        "\" is no tensor (a sequence, map or optional), which is not "
                        "supported.",
                    {}}};
    const auto& type = info.type().tensor_type();
    input.elemType = type.elem_type();
    scalarTypeOf(input.elemType); // refuses strings
    input.hasShape = type.has_shape();
    for (const auto& dim : type.shape().dim()) {
        DeclaredInput::Dim made;
        const bool isFixed = dim.has_dim_value() && dim.dim_value() > 0;
        if (dim.has_dim_value() && dim.dim_value() > (int64_t(1) << 40))
            throw Stop{{Error::Corrupt, "The input \"" + info.name() + "\" has an impossible shape.", {}}};
        made.size = isFixed ? dim.dim_value() : dim.has_dim_value() && dim.dim_value() == 0 ? 0 : -1;
        made.symbol = dim.dim_param();
        if (made.size < 0 && made.symbol.empty())
            made.symbol = info.name() + "#" + std::to_string(input.dims.size());
        input.dims.push_back(made);
    }
    return input;
}

bool isBatchSymbol(const std::string& symbol)
{
    const std::string text = lower(symbol);
    return text.find("batch") != std::string::npos || text == "n" || text == "bs" || text == "b";
}

int batchAxisOf(const DeclaredInput& input, const std::string& batchSymbol)
{
    for (size_t i = 0; i < input.dims.size(); ++i)
        if (input.dims[i].size < 0 &&
            (input.dims[i].symbol == batchSymbol || isBatchSymbol(input.dims[i].symbol)))
            return int(i);
    const auto fits = [&](size_t axis) {
        return axis < input.dims.size() && (input.dims[axis].size < 0 || input.dims[axis].size == 1);
    };
    if (fits(0))
        return 0;
    const bool isState = input.dims.size() == 3 && input.dims[0].size > 0 && input.dims[0].size <= 8;
    return isState && fits(1) ? 1 : -1;
}

/// Rows of the table that an integer input indexes, looked for behind what keeps values.
int64_t tableRows(const onnx::GraphProto& graph, const std::string& input)
{
    static const std::set<std::string> keeps = {"Cast",    "Identity",  "Reshape", "Unsqueeze", "Squeeze",
                                                "Flatten", "Transpose", "Slice",   "Concat",    "Expand"};
    std::map<std::string, int64_t> rows;
    for (const auto& tensor : graph.initializer())
        if (tensor.dims_size() > 0)
            rows[tensor.name()] = tensor.dims(0);
    std::set<std::string> same = {input};
    int64_t limit = 0;
    for (const auto& node : graph.node()) {
        if (node.op_type() == "Gather" && node.input_size() == 2 && same.count(node.input(1)) &&
            rows.count(node.input(0))) {
            const int64_t count = rows[node.input(0)];
            limit = limit ? std::min(limit, count) : count;
        }
        const bool isKept = keeps.count(node.op_type()) && node.input_size() > 0 && same.count(node.input(0));
        if (isKept && node.output_size() > 0)
            same.insert(node.output(0));
    }
    return limit;
}

int64_t limitOf(const onnx::GraphProto& graph, const DeclaredInput& input)
{
    if (input.elemType == kBoolean || contains(input.name, "mask"))
        return 2;
    if (input.elemType == kUint8)
        return 256;
    if (input.elemType == kInt8)
        return 128;
    return tableRows(graph, input.name);
}

/// Zero divides nothing.
bool isDivisor(const onnx::GraphProto& graph, const std::string& input)
{
    return std::any_of(graph.node().begin(), graph.node().end(), [&](const onnx::NodeProto& node) {
        return (node.op_type() == "Mod" || node.op_type() == "Div") && node.input_size() == 2 &&
               node.input(1) == input;
    });
}

/// Input channels of the first convolution that reads `input`, when it does so directly.
int64_t channelsOf(const onnx::GraphProto& graph, const std::string& input)
{
    for (const auto& node : graph.node()) {
        if (node.op_type() != "Conv" || node.input_size() < 2 || node.input(0) != input)
            continue;
        int64_t groups = 1;
        for (const auto& attribute : node.attribute())
            if (attribute.name() == "group")
                groups = attribute.i();
        for (const auto& tensor : graph.initializer())
            if (tensor.name() == node.input(1) && tensor.dims_size() > 1)
                return tensor.dims(1) * groups;
    }
    return 0;
}

/// Dimensions of an input without a declared shape, from the weight of what reads it.
size_t likelyRank(const onnx::GraphProto& graph, const std::string& input)
{
    for (const auto& node : graph.node()) {
        if (node.input_size() == 0 || node.input(0) != input)
            continue;
        if (node.op_type() == "Gemm" || node.op_type() == "MatMul")
            return 2;
        if (node.op_type() != "Conv" || node.input_size() < 2)
            continue;
        for (const auto& tensor : graph.initializer())
            if (tensor.name() == node.input(1))
                return size_t(tensor.dims_size());
    }
    return 4;
}

class Chooser {
public:
    Chooser(const onnx::ModelProto& model, const std::vector<DeclaredInput>& inputs,
            const std::vector<Shape>& given)
        : m_model(model)
        , m_inputs(inputs)
        , m_given(given)
    {
    }

    std::vector<SizeChoice> choices()
    {
        std::vector<int64_t> sizes = {16, 32, 64, 128, 512, 8, 256, 1024, 80, 100, 16000, 4, 1};
        const bool hasImage = std::any_of(m_inputs.begin(), m_inputs.end(), [](const DeclaredInput& input) {
            return input.dims.size() == 4 || !input.hasShape;
        });
        if (hasImage)
            sizes = {224, 32, 28, 64, 128, 96, 256, 320, 512, 640, 48, 16, 8};
        if (!hasFreeSize())
            sizes.resize(1);
        std::vector<SizeChoice> made;
        for (const int64_t size : sizes)
            made.push_back(choice(size));
        return made;
    }

private:
    bool hasFreeSize() const
    {
        for (size_t i = 0; i < m_inputs.size(); ++i) {
            if (i < m_given.size())
                continue;
            if (!m_inputs[i].hasShape)
                return true;
            for (size_t axis = 0; axis < m_inputs[i].dims.size(); ++axis)
                if (m_inputs[i].dims[axis].size < 0 && int(axis) != m_inputs[i].batchAxis)
                    return true;
        }
        return false;
    }

    SizeChoice choice(int64_t size)
    {
        m_symbols.clear();
        SizeChoice made;
        for (size_t i = 0; i < m_inputs.size(); ++i) {
            std::vector<int64_t> one, variant, batch;
            const DeclaredInput& input = m_inputs[i];
            for (size_t axis = 0; axis < input.dims.size(); ++axis) {
                const bool isBatch = int(axis) == input.batchAxis;
                const int64_t fixed = isBatch ? 1 : sizeOf(i, axis, size);
                const bool isFree = input.dims[axis].size < 0 && !isBatch && !isChannel(i, axis);
                one.push_back(fixed);
                batch.push_back(isBatch ? 2 : fixed);
                variant.push_back(isBatch ? 2 : isFree ? (fixed >= 64 ? fixed + 32 : 2 * fixed) : fixed);
            }
            made.sizes.push_back(one);
            made.batches.push_back(batch);
            made.variants.push_back(variant);
        }
        return made;
    }

    bool isChannel(size_t input, size_t axis) const
    {
        return axis == 1 && m_inputs[input].dims.size() >= 3 &&
               channelsOf(m_model.graph(), m_inputs[input].name) > 0;
    }

    int64_t sizeOf(size_t i, size_t axis, int64_t size)
    {
        const DeclaredInput& input = m_inputs[i];
        const DeclaredInput::Dim& dim = input.dims[axis];
        if (i < m_given.size()) {
            const size_t own = input.batchAxis < 0 || int(axis) < input.batchAxis ? axis : axis - 1;
            if (own < m_given[i].size())
                return m_given[i][own];
        }
        if (dim.size >= 0)
            return dim.size;
        if (isChannel(i, axis))
            return channelsOf(m_model.graph(), input.name);
        if (isBatchSymbol(dim.symbol))
            return 1;
        return symbolSize(dim.symbol, size);
    }

    /// "past + 1" is the sum of its parts.
    int64_t symbolSize(const std::string& symbol, int64_t size)
    {
        const size_t plus = symbol.find('+');
        if (plus != std::string::npos)
            return symbolSize(symbol.substr(0, plus), size) + symbolSize(symbol.substr(plus + 1), size);
        std::string name;
        for (const char c : symbol)
            if (!std::isspace(static_cast<unsigned char>(c)))
                name += c;
        const bool isNumber =
            !name.empty() && name.size() < 10 &&
            std::all_of(name.begin(), name.end(), [](unsigned char c) { return std::isdigit(c); });
        if (isNumber)
            return std::stoll(name);
        return m_symbols.emplace(name, size).first->second;
    }

    const onnx::ModelProto& m_model;
    const std::vector<DeclaredInput>& m_inputs;
    const std::vector<Shape>& m_given;
    std::map<std::string, int64_t> m_symbols;
};

} // namespace

std::vector<DeclaredInput> declaredInputs(const onnx::ModelProto& model, const std::vector<Shape>& given)
{
    std::set<std::string> known;
    for (const auto& tensor : model.graph().initializer())
        known.insert(tensor.name());
    std::vector<DeclaredInput> inputs;
    for (const auto& info : model.graph().input()) {
        if (known.count(info.name()))
            continue;
        inputs.push_back(declared(info));
        DeclaredInput& input = inputs.back();
        if (input.hasShape)
            continue;
        const size_t own = inputs.size() - 1;
        const size_t rank =
            own < given.size() ? given[own].size() + 1 : likelyRank(model.graph(), input.name);
        for (size_t i = 0; i < rank; ++i)
            input.dims.push_back({-1, input.name + "#" + std::to_string(i)});
        input.hasShape = true;
    }
    std::string batchSymbol = "batch";
    if (!inputs.empty() && !inputs[0].dims.empty() && inputs[0].dims[0].size < 0)
        batchSymbol = inputs[0].dims[0].symbol;
    for (DeclaredInput& input : inputs) {
        const size_t own = size_t(&input - inputs.data());
        // The one axis of a vector is what was given, not the batch.
        const bool isVector = input.dims.size() == 1 && own < given.size() && given[own].size() == 1;
        input.batchAxis = isVector ? -1 : batchAxisOf(input, batchSymbol);
        input.indexLimit = limitOf(model.graph(), input);
        input.indexFirst = isDivisor(model.graph(), input.name);
    }
    return inputs;
}

std::vector<SizeChoice> sizeChoices(const onnx::ModelProto& model, const std::vector<DeclaredInput>& inputs,
                                    const std::vector<Shape>& given)
{
    return Chooser(model, inputs, given).choices();
}

at::Tensor fixedValue(const DeclaredInput& input)
{
    const bool isRate = lower(input.name) == "sr" || contains(input.name, "rate");
    const c10::ScalarType type = scalarTypeOf(input.elemType);
    return at::scalar_tensor(type == c10::kBool ? 0 : isRate ? 16000 : 1, type);
}

} // namespace bitwright::onnxin
