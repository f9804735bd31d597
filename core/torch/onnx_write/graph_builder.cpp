// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/torch/guard_p.h"
#include "core/torch/onnx_write/graph_builder_p.h"

#include <ATen/ATen.h>

namespace bitwright::onnx_write {
namespace {

constexpr size_t kMostShared = 4096; ///< bytes of an initializer that others may share

void setAttribute(onnx::AttributeProto& made, const Attribute& attribute)
{
    made.set_name(attribute.name);
    if (const auto* i = std::get_if<int64_t>(&attribute.value)) {
        made.set_type(onnx::AttributeProto::INT);
        made.set_i(*i);
    } else if (const auto* f = std::get_if<float>(&attribute.value)) {
        made.set_type(onnx::AttributeProto::FLOAT);
        made.set_f(*f);
    } else if (const auto* s = std::get_if<std::string>(&attribute.value)) {
        made.set_type(onnx::AttributeProto::STRING);
        made.set_s(*s);
    } else if (const auto* ints = std::get_if<std::vector<int64_t>>(&attribute.value)) {
        made.set_type(onnx::AttributeProto::INTS);
        for (const int64_t value : *ints)
            made.add_ints(value);
    } else if (const auto* floats = std::get_if<std::vector<float>>(&attribute.value)) {
        made.set_type(onnx::AttributeProto::FLOATS);
        for (const float value : *floats)
            made.add_floats(value);
    } else if (const auto* graph = std::get_if<const onnx::GraphProto*>(&attribute.value)) {
        made.set_type(onnx::AttributeProto::GRAPH);
        *made.mutable_g() = **graph;
    }
}

} // namespace

int declaredType(c10::ScalarType type)
{
    switch (type) {
    case c10::kHalf:
        return onnx::TensorProto::FLOAT16;
    case c10::kBFloat16:
        return onnx::TensorProto::BFLOAT16;
    case c10::kDouble:
        return onnx::TensorProto::DOUBLE;
    default:
        return onnxType(type);
    }
}

int onnxType(c10::ScalarType type)
{
    switch (type) {
    case c10::kFloat:
    case c10::kDouble:
    case c10::kHalf:
    case c10::kBFloat16:
        return onnx::TensorProto::FLOAT;
    case c10::kLong:
        return onnx::TensorProto::INT64;
    case c10::kInt:
        return onnx::TensorProto::INT32;
    case c10::kShort:
        return onnx::TensorProto::INT16;
    case c10::kChar:
        return onnx::TensorProto::INT8;
    case c10::kByte:
        return onnx::TensorProto::UINT8;
    case c10::kBool:
        return onnx::TensorProto::BOOL;
    default:
        throw Stop{{Error::Unsupported,
                    std::string("The model computes with the type ") + c10::toString(type) +
                        ", which ONNX files of this program cannot hold.",
                    {}}};
    }
}

RawTensor rawTensor(const at::Tensor& values, bool keepType)
{
    at::Tensor dense = values.detach().resolve_conj().resolve_neg().contiguous();
    if (!keepType && dense.is_floating_point())
        dense = dense.to(at::kFloat);
    RawTensor raw{keepType ? declaredType(dense.scalar_type()) : onnxType(dense.scalar_type()),
                  dense.sizes().vec(),
                  {}};
    if (dense.numel() > 0)
        raw.bytes.assign(static_cast<const char*>(dense.data_ptr()), size_t(dense.nbytes()));
    return raw;
}

GraphBuilder::GraphBuilder()
{
    m_open.push_back(m_model.mutable_graph());
}

std::string GraphBuilder::unique(const std::string& base)
{
    return uniqueIn(m_names, base);
}

std::string GraphBuilder::uniqueIn(Names& names, const std::string& base)
{
    if (names.taken.insert(base).second)
        return base;
    int& number = names.numbers[base];
    for (;;) {
        const std::string name = base + "_" + std::to_string(++number);
        if (names.taken.insert(name).second)
            return name;
    }
}

onnx::NodeProto& GraphBuilder::add(const std::string& type, const std::vector<std::string>& inputs,
                                   const Attributes& attributes, bool inMain)
{
    onnx::NodeProto& node = *(inMain ? m_open.front() : m_open.back())->add_node();
    node.set_op_type(type);
    for (const std::string& input : inputs)
        node.add_input(input);
    while (node.input_size() && node.input(node.input_size() - 1).empty())
        node.mutable_input()->RemoveLast();
    for (const Attribute& attribute : attributes)
        setAttribute(*node.add_attribute(), attribute);
    return node;
}

std::string GraphBuilder::bare(const std::string& type, const std::vector<std::string>& inputs,
                               const Attributes& attributes, bool inMain)
{
    const std::string name = unique(type == "QuantizeLinear" ? "q" : "v");
    add(type, inputs, attributes, inMain).add_output(name);
    return name;
}

std::vector<std::string> GraphBuilder::nodes(const std::string& type, const std::vector<std::string>& inputs,
                                             const Attributes& attributes, const std::string& base,
                                             size_t outputs, bool inMain)
{
    onnx::NodeProto& node = add(type, inputs, attributes, inMain);
    node.set_name(uniqueIn(m_nodeNames, base.empty() ? type : base));
    std::vector<std::string> names;
    for (size_t i = 0; i < outputs; ++i) {
        // Nodes and values have names of their own kind: the first output is named like its node.
        names.push_back(unique(i == 0 ? node.name() : node.name() + ":" + std::to_string(i)));
        node.add_output(names.back());
    }
    return names;
}

std::string GraphBuilder::raw(const RawTensor& values, const std::string& base)
{
    onnx::TensorProto& made = *m_model.mutable_graph()->add_initializer();
    made.set_name(unique(base));
    made.set_data_type(values.type);
    for (const int64_t size : values.shape)
        made.add_dims(size);
    made.set_raw_data(values.bytes);
    return made.name();
}

std::string GraphBuilder::shared(const RawTensor& values)
{
    if (values.bytes.size() > kMostShared)
        return raw(values, "c");
    std::string key = std::to_string(values.type);
    for (const int64_t size : values.shape)
        key += "," + std::to_string(size);
    key += ":" + values.bytes;
    const auto known = m_shared.find(key);
    if (known != m_shared.end())
        return known->second;
    return m_shared[key] = raw(values, "c");
}

std::string GraphBuilder::tensor(const at::Tensor& values, const std::string& base, bool keepType)
{
    const RawTensor made = rawTensor(values, keepType);
    return base.empty() ? shared(made) : raw(made, base);
}

std::string GraphBuilder::ints(const std::vector<int64_t>& values)
{
    return tensor(at::tensor(c10::ArrayRef<int64_t>(values), at::kLong), {});
}

std::string GraphBuilder::intScalar(int64_t value)
{
    return tensor(at::scalar_tensor(value, at::kLong), {});
}

std::string GraphBuilder::floats(const std::vector<float>& values)
{
    return tensor(at::tensor(c10::ArrayRef<float>(values), at::kFloat), {});
}

std::string GraphBuilder::floatScalar(float value)
{
    return tensor(at::scalar_tensor(value, at::kFloat), {});
}

void GraphBuilder::addValueInfo(google::protobuf::RepeatedPtrField<onnx::ValueInfoProto>* list,
                                const std::string& name, int type, const std::vector<int64_t>& shape,
                                int64_t batchAxis)
{
    onnx::ValueInfoProto& info = *list->Add();
    info.set_name(name);
    auto& made = *info.mutable_type()->mutable_tensor_type();
    made.set_elem_type(type);
    made.mutable_shape();
    for (size_t i = 0; i < shape.size(); ++i) {
        auto* dim = made.mutable_shape()->add_dim();
        if (shape[i] < 0 || int64_t(i) == batchAxis)
            dim->set_dim_param(int64_t(i) == batchAxis ? "batch" : name + "_" + std::to_string(i));
        else
            dim->set_dim_value(shape[i]);
    }
}

} // namespace bitwright::onnx_write
