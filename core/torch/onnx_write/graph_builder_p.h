// SPDX-License-Identifier: GPL-3.0-or-later
// An ONNX model under construction.
#pragma once

#include <ATen/core/Tensor.h>
#include <onnx/onnx_pb.h>

#include <cstdint>
#include <map>
#include <string>
#include <unordered_map>
#include <unordered_set>
#include <variant>
#include <vector>

namespace bitwright::onnx_write {

/// Element types that the packaged ONNX library has no name for.
inline constexpr int kUint4 = 21, kInt4 = 22;

/// An attribute of a node.
struct Attribute {
    std::string name;
    std::variant<int64_t, float, std::string, std::vector<int64_t>, std::vector<float>,
                 const onnx::GraphProto*>
        value;
};
using Attributes = std::vector<Attribute>;

/// Elements that no LibTorch type holds: packed 4-bit, or any other raw bytes in ONNX's order.
struct RawTensor {
    int type = 0; ///< onnx::TensorProto::DataType
    std::vector<int64_t> shape;
    std::string bytes;
};

/// Makes nodes and initializers with unique names. While a subgraph is open (an If's branch, a Loop's body),
/// nodes go into it; initializers always go into the main graph, where every subgraph sees them.
class GraphBuilder {
public:
    GraphBuilder();

    onnx::ModelProto& model() { return m_model; }
    const onnx::ModelProto& model() const { return m_model; }
    onnx::GraphProto& graph() { return *m_open.back(); }
    bool inSubgraph() const { return m_open.size() > 1; }
    void open(onnx::GraphProto* subgraph) { m_open.push_back(subgraph); }
    void close() { m_open.pop_back(); }

    /// `base`, or `base` with a number behind it; each name is given once.
    std::string unique(const std::string& base);
    /// Reserves exactly this name; false when it is taken.
    bool take(const std::string& name) { return m_names.taken.insert(name).second; }
    /// Appends a node named after `base` and returns its outputs (named like the node).
    std::vector<std::string> nodes(const std::string& type, const std::vector<std::string>& inputs,
                                   const Attributes& attributes, const std::string& base, size_t outputs,
                                   bool inMain = false);
    std::string node(const std::string& type, const std::vector<std::string>& inputs,
                     const Attributes& attributes, const std::string& base)
    {
        return nodes(type, inputs, attributes, base, 1)[0];
    }
    /// A node that only serves the format (quantizers, casts of stored codes): it has no name, and its output
    /// a short one, as every name is in the file several times.
    std::string bare(const std::string& type, const std::vector<std::string>& inputs,
                     const Attributes& attributes = {}, bool inMain = false);
    /// The same into the main graph, in front of the node that the open subgraph belongs to.
    std::string mainNode(const std::string& type, const std::vector<std::string>& inputs,
                         const Attributes& attributes, const std::string& base)
    {
        return nodes(type, inputs, attributes, base, 1, true)[0];
    }

    /// An initializer. Floating types become float32 unless `keepType`; without a `base` it gets a short
    /// name, and small ones are shared with their equals.
    std::string tensor(const at::Tensor& values, const std::string& base, bool keepType = false);
    std::string raw(const RawTensor& values, const std::string& base);
    std::string ints(const std::vector<int64_t>& values);
    std::string intScalar(int64_t value);
    std::string floats(const std::vector<float>& values);
    std::string floatScalar(float value);

    void addValueInfo(google::protobuf::RepeatedPtrField<onnx::ValueInfoProto>* list, const std::string& name,
                      int type, const std::vector<int64_t>& shape, int64_t batchAxis);

private:
    struct Names {
        std::unordered_set<std::string> taken;
        std::unordered_map<std::string, int> numbers;
    };
    static std::string uniqueIn(Names& names, const std::string& base);
    std::string shared(const RawTensor& values);
    onnx::NodeProto& add(const std::string& type, const std::vector<std::string>& inputs,
                         const Attributes& attributes, bool inMain);

    onnx::ModelProto m_model;
    std::vector<onnx::GraphProto*> m_open;
    Names m_names, m_nodeNames;                  ///< of values and of nodes: ONNX keeps them apart
    std::map<std::string, std::string> m_shared; ///< contents -> initializer
};

/// The ONNX type of a LibTorch one; floating types are float32 (ONNX Runtime has no kernels for the
/// others on processors). Throws Stop for complex numbers.
int onnxType(c10::ScalarType type);
/// The same, but floating types stay what they are: of inputs and outputs, and of what is stored shorter.
int declaredType(c10::ScalarType type);
/// `values` as ONNX stores them. Throws Stop for complex numbers.
RawTensor rawTensor(const at::Tensor& values, bool keepType = false);

} // namespace bitwright::onnx_write
