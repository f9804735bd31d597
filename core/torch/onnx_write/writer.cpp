// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/torch/guard_p.h"
#include "core/torch/onnx_write/writer_p.h"
#include "core/torch/runner_p.h"

#include <ATen/ATen.h>

#include <algorithm>
#include <numeric>

namespace bitwright::onnx_write {
namespace {

at::Tensor scalarTensor(const c10::IValue& value)
{
    if (value.isInt())
        return at::scalar_tensor(value.toInt(), at::kLong);
    if (value.isBool())
        return at::scalar_tensor(value.toBool(), at::kBool);
    return at::scalar_tensor(value.toDouble(), at::kDouble);
}

bool isNumber(const c10::IValue& value)
{
    return value.isInt() || value.isBool() || value.isDouble();
}

} // namespace

/// The lowest opset that holds the plan; layer normalization is one operator from 17 on.
static int neededOpset(const TorchRunner& runner, const ExportRequest& request)
{
    int needed = 13;
    for (const Layer& layer : runner.graph().layers)
        if (layer.label == "layer_norm")
            needed = 17;
    if (request.format != "onnx-qdq")
        return needed;
    for (const auto& [name, params] : request.plan.weights) {
        const bool isInt = params.format == Format::Int;
        const bool isSmall = params.format == Format::Ternary || params.format == Format::Binary;
        if (isSmall || (isInt && (params.bits <= 4 || params.bits > 8 || params.group > 0)))
            needed = 21;
    }
    for (const auto& [id, quantizer] : request.plan.activations)
        if (!quantizer.dynamic && quantizer.params.format == Format::Int && quantizer.params.bits > 8)
            needed = 21;
    return needed;
}

Writer::Writer(const TorchRunner& model, const ExportRequest& wanted, bool keeps)
    : runner(model)
    , request(wanted)
    , quantizes(wanted.format == "onnx-qdq")
    , keepsSizes(keeps)
    , opset(wanted.opset > 0 ? wanted.opset : neededOpset(model, wanted))
{
}

void Writer::refuse(const std::string& reason) const
{
    throw Stop{{Error::Unsupported, reason + (layer.empty() ? "" : " (in \"" + layer + "\")") + ".", {}}};
}

std::string Writer::batchSize()
{
    if (!m_batch.empty())
        return m_batch;
    const std::string shape = b.mainNode("Shape", {batchInput}, {}, "batch/Shape");
    return m_batch = b.mainNode("Gather", {shape, b.intScalar(batchAxis)}, {{"axis", int64_t(0)}}, "batch");
}

std::string Writer::affine(int64_t first, int64_t second)
{
    const int64_t run = batches[1] - batches[0];
    if (run == 0 || (second - first) % run != 0)
        refuse("A size follows the batch in a way that cannot be written as ONNX");
    const int64_t factor = (second - first) / run, offset = first - factor * batches[0];
    if (factor == 0)
        return b.intScalar(offset);
    std::string& known = m_affine[{factor, offset}];
    if (!known.empty())
        return known;
    std::string value = batchSize();
    if (factor != 1)
        value = b.mainNode("Mul", {value, b.intScalar(factor)}, {}, "batch/Mul");
    if (offset != 0)
        value = b.mainNode("Add", {value, b.intScalar(offset)}, {}, "batch/Add");
    return known = value;
}

std::string Writer::shapeVector(const std::array<Shape, 2>& shape)
{
    if (shape[0] == shape[1])
        return b.ints(shape[0]);
    std::vector<std::string> parts;
    for (size_t i = 0; i < shape[0].size(); ++i) {
        if (shape[0][i] == shape[1].at(i))
            parts.push_back(b.ints({shape[0][i]}));
        else
            parts.push_back(b.mainNode("Unsqueeze", {affine(shape[0][i], shape[1][i]), b.ints({0})}, {},
                                       "batch/Unsqueeze"));
    }
    return parts.size() == 1 ? parts[0] : b.mainNode("Concat", parts, {{"axis", int64_t(0)}}, "batch/Concat");
}

std::string Writer::name(Term& term)
{
    if (!term.name.empty())
        return term.name;
    if (!term.parameter.empty())
        return term.name = parameter(term.parameter).name;
    if (term.data || term.isList)
        refuse("A list or a value of a kind that ONNX does not have flows through the model");
    return term.name = constant(term);
}

std::string Writer::constant(Term& term)
{
    if (!term.isTensor && !isNumber(term.at[0]))
        refuse("A value of a kind that ONNX does not have flows through the model");
    if (term.isConstant())
        return b.tensor(term.isTensor ? term.at[0].toTensor() : scalarTensor(term.at[0]), {});
    return batchDependent(term);
}

std::string Writer::batchDependent(Term& term)
{
    if (!term.isTensor && term.at[0].isInt())
        return affine(term.at[0].toInt(), term.at[1].toInt());
    const Shape dims = term.dims();
    const auto varying = std::count(dims.begin(), dims.end(), -1);
    if (!term.isTensor || varying == 0)
        refuse("A number follows the batch in a way that cannot be written as ONNX");
    at::Tensor small = term.at[0].toTensor();
    for (size_t i = 0; i < dims.size(); ++i)
        if (dims[i] < 0)
            small = small.narrow(int64_t(i), 0, 1);
    const auto isSame = [&](const at::Tensor& value) { // kernels round by the place in the batch
        const at::Tensor wide = small.expand(value.sizes());
        return small.is_floating_point() ? at::allclose(wide, value, 1e-6, 1e-7) : at::equal(wide, value);
    };
    for (const c10::IValue& value : term.at)
        if (!isSame(value.toTensor()))
            refuse("A constant differs from sample to sample of the batch");
    return b.mainNode("Expand", {b.tensor(small, {}), shapeVector(term.shape)}, {}, "batch/Expand");
}

std::string Writer::cast(const std::string& value, c10::ScalarType from, c10::ScalarType to)
{
    if (onnxType(from) == onnxType(to))
        return value;
    return b.node("Cast", {value}, {{"to", int64_t(onnxType(to))}}, base + "/Cast");
}

std::string Writer::nameAs(Term& term, c10::ScalarType type)
{
    if (!term.data && term.name.empty() && term.parameter.empty() && term.isConstant()) {
        if (!term.isTensor && !isNumber(term.at[0]))
            refuse("A value of a kind that ONNX does not have flows through the model");
        const at::Tensor value = term.isTensor ? term.at[0].toTensor() : scalarTensor(term.at[0]);
        return b.tensor(value.to(type), {});
    }
    const std::string own = name(term);
    return cast(own, term.type, type);
}

size_t Op::index(const char* name) const
{
    const c10::FunctionSchema* schema = node->maybeSchema();
    const auto found = schema ? schema->argumentIndexWithName(name) : c10::nullopt;
    if (!found)
        w.refuse(std::string("The operator ") + node->kind().toQualString() + " has no argument \"" + name +
                 "\"");
    return size_t(*found);
}

bool Op::has(const char* name) const
{
    const c10::FunctionSchema* schema = node->maybeSchema();
    const auto found = schema ? schema->argumentIndexWithName(name) : c10::nullopt;
    return found && !in.at(size_t(*found))->isNone();
}

const c10::IValue& Op::constant(size_t i) const
{
    const Term& term = *in.at(i);
    if (!term.isConstant())
        w.refuse(std::string("An argument of ") + node->kind().toQualString() +
                 " is computed while the model runs, which ONNX cannot express");
    return term.at[0];
}

int64_t Op::integer(const char* name) const
{
    const c10::IValue& value = constant(index(name));
    return value.isBool() ? int64_t(value.toBool()) : value.toInt();
}

double Op::number(const char* name) const
{
    return constant(index(name)).toScalar().toDouble();
}

bool Op::flag(const char* name) const
{
    return constant(index(name)).toBool();
}

std::vector<int64_t> Op::integers(const char* name) const
{
    const c10::IValue& value = constant(index(name));
    if (value.isInt())
        return {value.toInt()};
    return value.isNone() ? std::vector<int64_t>{} : value.toIntVector();
}

std::string Op::scalar(double value) const
{
    return w.b.tensor(at::scalar_tensor(value, at::kDouble).to(out.at(0)->type), {});
}

std::string Op::reshape(const std::string& value, const std::array<Shape, 2>& from,
                        const std::array<Shape, 2>& shape, bool isMain) const
{
    Shape target = shape[0];
    const auto isCopied = [&](size_t i) { // 0 in ONNX
        return i < from[0].size() && from[0][i] == shape[0][i] && from[1].at(i) == shape[1].at(i) &&
               shape[0][i] > 0 && shape[1][i] > 0;
    };
    int64_t varying = 0;
    std::vector<size_t> own;
    for (size_t i = 0; i < target.size(); ++i) {
        if (w.keepsSizes && isCopied(i)) {
            target[i] = 0;
            continue;
        }
        own.push_back(i);
        if (shape[1].at(i) != target[i]) {
            target[i] = -1;
            ++varying;
        }
    }
    if (w.keepsSizes && own.size() == 1)
        target[own[0]] = -1; // all the others are what they were
    const std::string to = varying > 1 ? w.shapeVector(shape) : w.b.ints(target);
    return isMain ? main("Reshape", {value, to}) : help("Reshape", {value, to});
}

std::vector<int64_t> Op::axes(const std::vector<int64_t>& given, size_t rank) const
{
    std::vector<int64_t> axes;
    for (const int64_t axis : given)
        axes.push_back(axis < 0 ? axis + int64_t(rank) : axis);
    if (axes.empty()) {
        axes.resize(rank);
        std::iota(axes.begin(), axes.end(), 0);
    }
    std::sort(axes.begin(), axes.end());
    return axes;
}

std::string Op::reduce(const std::string& type, const std::string& value, const std::vector<int64_t>& axes,
                       bool keep, bool isMain) const
{
    Attributes attributes{{"keepdims", int64_t(keep)}};
    std::vector<std::string> inputs{value};
    const bool asInput = type == "ReduceSum" || w.opset >= 18;
    if (asInput)
        inputs.push_back(w.b.ints(axes));
    else
        attributes.push_back({"axes", axes});
    return isMain ? main(type, inputs, attributes) : help(type, inputs, attributes);
}

const Row* findRow(std::string_view kind)
{
    static const auto table = [] {
        std::unordered_map<std::string_view, Row> rows;
        for (const auto& part : {convRows(), linearRows(), unaryRows(), activationRows(), binaryRows(),
                                 shapeRows(), splitRows(), indexRows(), padRows(), poolRows(), reduceRows(),
                                 normRows(), recurrentRows(), embeddingRows(), resizeRows()})
            for (const Row& row : part)
                rows.emplace(row.kind, row);
        return rows;
    }();
    const auto found = table.find(kind);
    return found == table.end() ? nullptr : &found->second;
}

} // namespace bitwright::onnx_write
