// SPDX-License-Identifier: GPL-3.0-or-later
#include "tests/torch/onnx/onnx_case.h"

#include <cmath>
#include <cstring>
#include <fstream>
#include <iterator>
#include <limits>

namespace bitwright::test {
namespace {

template<typename From, typename Field>
std::vector<double> elements(const onnx::TensorProto& proto, const Field& field, int64_t count)
{
    std::vector<double> values;
    for (int64_t i = 0; i < count; ++i) {
        From element{};
        if (proto.has_raw_data())
            std::memcpy(&element, proto.raw_data().data() + size_t(i) * sizeof(From), sizeof(From));
        else
            element = From(field.Get(int(i)));
        values.push_back(double(element));
    }
    return values;
}

double fromHalf(uint16_t bits)
{
    const int exponent = (bits >> 10) & 31, mantissa = bits & 1023;
    const double sign = bits & 0x8000 ? -1 : 1;
    if (exponent == 31)
        return mantissa ? std::nan("") : sign * std::numeric_limits<double>::infinity();
    return sign * (exponent ? std::ldexp(1024 + mantissa, exponent - 25) : std::ldexp(mantissa, -24));
}

double fromBFloat16(uint16_t bits)
{
    const uint32_t wide = uint32_t(bits) << 16;
    float value;
    std::memcpy(&value, &wide, sizeof(value));
    return value;
}

std::vector<double> valuesOf(const onnx::TensorProto& p, int64_t count)
{
    switch (p.data_type()) {
    case onnx::TensorProto::FLOAT:
        return elements<float>(p, p.float_data(), count);
    case onnx::TensorProto::DOUBLE:
        return elements<double>(p, p.double_data(), count);
    case onnx::TensorProto::INT64:
        return elements<int64_t>(p, p.int64_data(), count);
    case onnx::TensorProto::UINT64:
        return elements<uint64_t>(p, p.uint64_data(), count);
    case onnx::TensorProto::UINT32:
        return elements<uint32_t>(p, p.uint64_data(), count);
    case onnx::TensorProto::INT32:
        return elements<int32_t>(p, p.int32_data(), count);
    case onnx::TensorProto::INT16:
        return elements<int16_t>(p, p.int32_data(), count);
    case onnx::TensorProto::UINT16:
        return elements<uint16_t>(p, p.int32_data(), count);
    case onnx::TensorProto::INT8:
        return elements<int8_t>(p, p.int32_data(), count);
    default:
        break;
    }
    const bool isShort =
        p.data_type() == onnx::TensorProto::FLOAT16 || p.data_type() == onnx::TensorProto::BFLOAT16;
    if (!isShort)
        return elements<uint8_t>(p, p.int32_data(), count);
    std::vector<double> values = elements<uint16_t>(p, p.int32_data(), count);
    for (double& value : values)
        value = p.data_type() == onnx::TensorProto::FLOAT16 ? fromHalf(uint16_t(value))
                                                            : fromBFloat16(uint16_t(value));
    return values;
}

/// Some bfloat16 tensors of the test data call themselves uint16.
onnx::TensorProto protoFrom(const std::filesystem::path& path, const onnx::ValueInfoProto& declared)
{
    onnx::TensorProto proto;
    std::ifstream file(path, std::ios::binary);
    proto.ParseFromIstream(&file);
    if (declared.type().tensor_type().elem_type() == onnx::TensorProto::BFLOAT16)
        proto.set_data_type(onnx::TensorProto::BFLOAT16);
    return proto;
}

} // namespace

void save(const onnx::ModelProto& model, const std::string& path)
{
    std::ofstream file(path, std::ios::binary);
    model.SerializeToOstream(&file);
}

std::string contents(const std::string& path)
{
    std::ifstream file(path, std::ios::binary);
    return {std::istreambuf_iterator<char>(file), {}};
}

bool isNumeric(int elemType)
{
    return elemType > 0 && elemType != onnx::TensorProto::STRING &&
           elemType != onnx::TensorProto::COMPLEX64 && elemType != onnx::TensorProto::COMPLEX128;
}

Tensor tensorOf(const onnx::TensorProto& proto)
{
    const Shape shape(proto.dims().begin(), proto.dims().end());
    const int64_t count = elementCount(shape);
    const std::vector<double> values = valuesOf(proto, count);
    const bool isReal = proto.data_type() == onnx::TensorProto::FLOAT ||
                        proto.data_type() == onnx::TensorProto::FLOAT16 ||
                        proto.data_type() == onnx::TensorProto::BFLOAT16;
    const bool isDouble = proto.data_type() == onnx::TensorProto::DOUBLE;
    Tensor tensor = Tensor::empty(isReal ? DType::F32 : isDouble ? DType::F64 : DType::I64, shape);
    for (int64_t i = 0; i < count; ++i) {
        if (isReal)
            static_cast<float*>(tensor.mutableData())[i] = float(values[size_t(i)]);
        else if (isDouble)
            static_cast<double*>(tensor.mutableData())[i] = values[size_t(i)];
        else
            static_cast<int64_t*>(tensor.mutableData())[i] = int64_t(values[size_t(i)]);
    }
    return tensor;
}

Result<std::unique_ptr<ModelRunner>> openOnnx(const std::string& path, const OpenOptions& options)
{
    Progress progress;
    return onnxBackend().open(path, options, progress);
}

Result<std::vector<Tensor>> runOnce(const ModelRunner& runner, const Batch& batch)
{
    Progress progress;
    return runner.run(batch, {}, {}, {}, progress);
}

ModelBuilder::ModelBuilder(int opset)
{
    model.set_ir_version(8);
    model.mutable_graph()->set_name("test");
    model.add_opset_import()->set_version(opset);
}

ModelBuilder& ModelBuilder::input(const std::string& name, const std::vector<int64_t>& sizes, int elemType)
{
    auto* info = model.mutable_graph()->add_input();
    info->set_name(name);
    auto* type = info->mutable_type()->mutable_tensor_type();
    type->set_elem_type(elemType);
    type->mutable_shape();
    for (const int64_t size : sizes) {
        auto* dim = type->mutable_shape()->add_dim();
        if (size >= 0)
            dim->set_dim_value(size);
        else
            dim->set_dim_param(size == -1 ? "N" : "S");
    }
    return *this;
}

ModelBuilder& ModelBuilder::output(const std::string& name)
{
    auto* info = model.mutable_graph()->add_output();
    info->set_name(name);
    info->mutable_type()->mutable_tensor_type()->set_elem_type(1);
    return *this;
}

ModelBuilder& ModelBuilder::weight(const std::string& name, const std::vector<int64_t>& sizes,
                                   const std::vector<float>& values)
{
    auto* tensor = model.mutable_graph()->add_initializer();
    tensor->set_name(name);
    tensor->set_data_type(onnx::TensorProto::FLOAT);
    for (const int64_t size : sizes)
        tensor->add_dims(size);
    for (const float value : values)
        tensor->add_float_data(value);
    return *this;
}

ModelBuilder& ModelBuilder::weight(const std::string& name, const std::vector<int64_t>& sizes)
{
    std::vector<float> values;
    uint32_t state = 12345 + uint32_t(name.size()) * 977 + uint32_t(name.back());
    for (int64_t i = 0; i < elementCount(sizes); ++i) {
        state = state * 1664525u + 1013904223u;
        values.push_back(float(state >> 8) / float(1 << 24) - 0.5f);
    }
    return weight(name, sizes, values);
}

onnx::TensorProto& ModelBuilder::external(const std::string& name, const std::vector<int64_t>& sizes,
                                          const std::vector<std::pair<std::string, std::string>>& entries)
{
    auto* tensor = model.mutable_graph()->add_initializer();
    tensor->set_name(name);
    for (const int64_t size : sizes)
        tensor->add_dims(size);
    tensor->set_data_type(onnx::TensorProto::FLOAT);
    tensor->set_data_location(onnx::TensorProto::EXTERNAL);
    for (const auto& [key, value] : entries) {
        auto* entry = tensor->add_external_data();
        entry->set_key(key);
        entry->set_value(value);
    }
    return *tensor;
}

ModelBuilder& ModelBuilder::integers(const std::string& name, const std::vector<int64_t>& sizes,
                                     const std::vector<int64_t>& values, int elemType)
{
    auto* tensor = model.mutable_graph()->add_initializer();
    tensor->set_name(name);
    tensor->set_data_type(elemType);
    for (const int64_t size : sizes)
        tensor->add_dims(size);
    for (const int64_t value : values) {
        if (elemType == 7)
            tensor->add_int64_data(value);
        else
            tensor->add_int32_data(int32_t(value));
    }
    return *this;
}

onnx::NodeProto& ModelBuilder::node(const std::string& op, const std::vector<std::string>& inputs,
                                    const std::vector<std::string>& outputs, const std::string& name)
{
    auto* node = model.mutable_graph()->add_node();
    node->set_op_type(op);
    node->set_name(name);
    for (const std::string& input : inputs)
        node->add_input(input);
    for (const std::string& output : outputs)
        node->add_output(output);
    return *node;
}

void ModelBuilder::set(onnx::NodeProto& node, const std::string& name, int64_t value)
{
    auto* attribute = node.add_attribute();
    attribute->set_name(name);
    attribute->set_type(onnx::AttributeProto::INT);
    attribute->set_i(value);
}

void ModelBuilder::set(onnx::NodeProto& node, const std::string& name, const std::vector<int64_t>& values)
{
    auto* attribute = node.add_attribute();
    attribute->set_name(name);
    attribute->set_type(onnx::AttributeProto::INTS);
    for (const int64_t value : values)
        attribute->add_ints(value);
}

void ModelBuilder::set(onnx::NodeProto& node, const std::string& name, const std::string& value)
{
    auto* attribute = node.add_attribute();
    attribute->set_name(name);
    attribute->set_type(onnx::AttributeProto::STRING);
    attribute->set_s(value);
}

double worstExcess(const Tensor& a, const Tensor& b, double absolute, double relative)
{
    if (a.shape() != b.shape())
        return std::numeric_limits<double>::infinity();
    const Tensor x = a.toFloat(), y = b.toFloat();
    double worst = 0;
    for (int64_t i = 0; i < x.size(); ++i) {
        const double one = x.floats()[size_t(i)], other = y.floats()[size_t(i)];
        if ((std::isnan(one) && std::isnan(other)) || one == other)
            continue;
        const double excess = std::abs(one - other) - absolute - relative * std::abs(other);
        worst = std::max(worst, std::isnan(excess) ? std::numeric_limits<double>::infinity() : excess);
    }
    return worst;
}

Case loadCase(const std::filesystem::path& folder)
{
    Case made;
    made.name = folder.parent_path().filename().string() + "/" + folder.filename().string();
    std::ifstream file(folder / "model.onnx", std::ios::binary);
    made.model.ParseFromIstream(&file);
    return made;
}

void loadData(Case& made, const std::filesystem::path& folder, const std::set<std::string>& steering)
{
    const auto data = folder / "test_data_set_0";
    std::set<std::string> known;
    for (const auto& tensor : made.model.graph().initializer())
        known.insert(tensor.name());
    auto* graph = made.model.mutable_graph();
    for (int i = 0; i < graph->input_size(); ++i) {
        const std::string name = graph->input(i).name();
        const auto path = data / ("input_" + std::to_string(i) + ".pb");
        if (!std::filesystem::exists(path) || known.count(name))
            continue;
        onnx::TensorProto proto = protoFrom(path, graph->input(i));
        if (steering.count(name)) {
            proto.set_name(name);
            *graph->add_initializer() = proto;
        } else {
            made.batch.push_back(tensorOf(proto));
        }
    }
    for (int i = 0; i < graph->output_size(); ++i)
        made.expected.push_back(
            tensorOf(protoFrom(data / ("output_" + std::to_string(i) + ".pb"), graph->output(i))));
}

std::string failure(const Case& tried, const TemporaryFolder& folder, bool comparesValues, double absolute,
                    double relative)
{
    const std::string path = folder.file("model.onnx");
    save(tried.model, path);
    const auto runner = openOnnx(path);
    if (!runner)
        return runner.error().message;
    const auto outputs = runOnce(**runner, tried.batch);
    if (!outputs)
        return outputs.error().message;
    if (outputs->size() != tried.expected.size())
        return "has " + std::to_string(outputs->size()) + " outputs";
    for (size_t i = 0; i < outputs->size(); ++i) {
        if ((*outputs)[i].shape() != tried.expected[i].shape())
            return "output " + std::to_string(i) + " has the shape " + shapeText((*outputs)[i].shape()) +
                   " instead of " + shapeText(tried.expected[i].shape());
        const double excess = worstExcess((*outputs)[i], tried.expected[i], absolute, relative);
        if (excess > 0 && comparesValues)
            return "output " + std::to_string(i) + " is off by " + std::to_string(excess);
    }
    return {};
}

} // namespace bitwright::test
