// SPDX-License-Identifier: GPL-3.0-or-later
// One ONNX node on its way to operators of LibTorch, and the tables of what does that.
#pragma once

#include "core/torch/onnx/trace_p.h"

#include <onnx/onnx_pb.h>

#include <span>
#include <string>
#include <vector>

namespace bitwright::onnxin {

class Reader;

struct Call {
    Trace& trace;
    Reader& reader;
    const onnx::NodeProto& node;
    int version = 0; ///< of the operator set that the node's domain is imported in
    Operands inputs;

    const Operand& in(size_t i) const;
    /// `in(i)`, or fails with the name of the operator.
    const Operand& required(size_t i) const;
    bool has(size_t i) const { return i < inputs.size() && inputs[i]; }
    /// The number of results that somebody may read.
    size_t outputs() const { return size_t(node.output_size()); }
    bool wants(size_t output) const { return output < outputs() && !node.output(int(output)).empty(); }

    const onnx::AttributeProto* attribute(const char* name) const;
    bool hasAttribute(const char* name) const { return attribute(name) != nullptr; }
    int64_t i(const char* name, int64_t otherwise) const;
    double f(const char* name, double otherwise) const;
    std::string s(const char* name, const std::string& otherwise) const;
    std::vector<int64_t> ints(const char* name) const;
    std::vector<double> floats(const char* name) const;
    const onnx::GraphProto& graph(const char* name) const;

    int64_t rank(size_t input = 0) const { return trace.rank(in(input)); }
    /// Whether its elements are floating-point numbers.
    bool isReal(const Operand& operand) const { return c10::isFloatingType(trace.type(operand)); }
    /// `axis` counted from the front; fails when it is outside.
    int64_t axisOf(int64_t axis, int64_t rank) const;
    int64_t axis(const char* name, int64_t otherwise, int64_t rank) const
    {
        return axisOf(i(name, otherwise), rank);
    }
    /// The elements of a known input; fails when it is computed at run time.
    std::vector<int64_t> knownInts(size_t input, const char* what) const;
    double knownNumber(size_t input, double otherwise, const char* what) const;
    /// The axes of an operator that takes them as an attribute or, in newer versions, as an input.
    std::vector<int64_t> axes(size_t input) const;

    [[noreturn]] void fail(const std::string& why) const;
};

using Convert = Operands (*)(Call&);
struct Row {
    const char* op;
    Convert convert;
};

/// The converter, or nullptr.
Convert converterOf(const std::string& domain, const std::string& op);

std::span<const Row> elementwiseRows();
std::span<const Row> activationRows();
std::span<const Row> compareRows();
std::span<const Row> convRows();
std::span<const Row> poolRows();
std::span<const Row> matmulRows();
std::span<const Row> normRows();
std::span<const Row> shapeRows();
std::span<const Row> indexRows();
std::span<const Row> makeRows();
std::span<const Row> reduceRows();
std::span<const Row> resizeRows();
std::span<const Row> recurrentRows();
std::span<const Row> controlRows();
std::span<const Row> quantizedRows();
std::span<const Row> detectionRows();
std::span<const Row> signalRows();
std::span<const Row> lossRows();
std::span<const Row> textRows();
std::span<const Row> microsoftRows(); ///< of the domain com.microsoft

/// What a node makes of shapes, when it does arithmetic on them; empty when it does not.
Operands convertShapes(Call& call);

/// Shared by converters.
Operand cast(Trace& trace, const Operand& operand, c10::ScalarType type);
/// The bias input of the linear or convolution that made `product`, set to a constant behind it. Empty when
/// that cannot be.
Operand addBias(Call& call, const Operand& product, const Operand& bias);

} // namespace bitwright::onnxin
