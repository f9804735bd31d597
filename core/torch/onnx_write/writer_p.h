// SPDX-License-Identifier: GPL-3.0-or-later
// The state of writing one model as ONNX.
#pragma once

#include "core/run/backend.h"
#include "core/torch/onnx_write/graph_builder_p.h"
#include "core/torch/onnx_write/term_p.h"
#include "core/torch/program_p.h"

#include <torch/csrc/jit/ir/ir.h>

#include <map>
#include <string>
#include <unordered_map>
#include <vector>

namespace bitwright {
class TorchRunner;
}

namespace bitwright::onnx_write {

/// How a parameter lies in the file.
struct StoredParameter {
    std::string name;         ///< the value to read: the initializer, or its DequantizeLinear
    bool isInt8 = false;      ///< 8-bit codes with one scale, or one a channel, that integer kernels take
    std::vector<float> scale; ///< 1 or one a channel
    int axis = -1;
};

/// What a layer's bias asks of the layer's weight: no scale so small that the bias overflows 32 bits.
struct BiasDemand {
    float inputScale = 1;
    std::vector<float> magnitudes; ///< |bias| by channel
};

class Writer {
public:
    Writer(const TorchRunner& runner, const ExportRequest& request, bool keepsSizes);

    GraphBuilder b;
    std::vector<std::string> notes;
    const TorchRunner& runner;
    const ExportRequest& request;
    const bool quantizes; ///< onnx-qdq
    /// Sizes other than the batch come from the tensors wherever an operator can read them there.
    const bool keepsSizes;
    int opset = 13;
    std::string base;  ///< name of the node that is being converted
    std::string layer; ///< for messages
    /// The upper end of the grid behind the activation that is being converted, where it clips the same: a
    /// bound that is a rounding error below it would keep ONNX Runtime from merging the two.
    std::optional<float> upper;

    /// The ONNX value that holds a term; makes the initializer or the nodes where there is none yet.
    std::string name(Term& term);
    /// The same in another element type.
    std::string nameAs(Term& term, c10::ScalarType type);
    std::string cast(const std::string& value, c10::ScalarType from, c10::ScalarType to);
    /// A 1-D int64 value with these sizes of `term` (computed from the batch where they follow it).
    std::string shapeVector(const std::array<Shape, 2>& shape);
    /// scalar, int64
    std::string batchSize();

    /// A parameter of the model in the form that the plan gives it. `rows` reorders axis 0 and puts an axis
    /// of size 1 in front (the form of recurrent operators).
    StoredParameter parameter(const std::string& name, const BiasDemand* demand = nullptr,
                              const std::vector<int64_t>* rows = nullptr);
    /// The bias of a layer: 32-bit integers when input and weight are 8-bit, else float. "" without one.
    std::string bias(Term* bias, const Term& input, const StoredParameter& weight);
    std::optional<BiasDemand> biasDemand(const Term* bias, const Term& input) const;
    /// The weight and bias of a layer in `weight` and `bias`, ready for its node.
    std::pair<std::string, std::string> weightAndBias(Term& weight, Term* bias, const Term& input);

    /// Puts the quantizer behind a value; `term` becomes what is read from then on.
    void quantize(Term& term, const ActivationQuantizer& quantizer, const std::string& site);
    /// `value`, where it comes out of a quantizer, behind an operator that changes nothing, so that ONNX
    /// Runtime leaves what reads it in float and sees one value where it would make a DequantizeLinear for
    /// every reader.
    std::string unmerged(const std::string& value);
    /// `value` as the input of a layer with `weight`: behind a quantizer ONNX Runtime would round a weight
    /// that the plan leaves float to 8 bits with one scale.
    std::string layerInput(const std::string& value, const std::string& weight);
    /// The same grid again behind an operator that only moves values.
    void keepGrid(Term& term, const Grid& grid);

    [[noreturn]] void refuse(const std::string& reason) const;

    bool usesMicrosoft = false; ///< an operator of com.microsoft is in the file
    bool packedWeights = false; ///< two 4-bit codes a byte
    int integerLayers = 0, weightedLayers = 0, signedSites = 0, wideSites = 0;
    std::array<int64_t, 2> batches{2, 3};
    std::string batchInput; ///< an input with the batch in `batchAxis`
    int64_t batchAxis = 0;

private:
    std::string constant(Term& term);
    std::string batchDependent(Term& term);
    std::string affine(int64_t a, int64_t b);
    bool isDequantized(std::string value);
    std::string pair(const std::string& value, const Grid& grid, int32_t least, int32_t most);
    void wide(Term& term, const QuantParams& params, const std::string& base);
    void perChannel(Term& term, const QuantParams& params, const std::string& base);
    void dynamic(Term& term, const ActivationQuantizer& quantizer, const std::string& site);
    void throughFloat16(Term& term, Format format);

    std::string m_batch;
    std::map<std::string, StoredParameter> m_parameters;
    std::map<std::pair<int64_t, int64_t>, std::string> m_affine;
};

/// One node on its way into the file.
struct Op {
    Writer& w;
    const torch::jit::Node* node;
    Terms in, out;

    /// Arguments by the names of the operator's schema.
    size_t index(const char* name) const;
    bool has(const char* name) const; ///< exists and is not None
    Term& arg(const char* name) const { return *in.at(index(name)); }
    int64_t integer(const char* name) const;
    double number(const char* name) const;
    bool flag(const char* name) const;
    std::vector<int64_t> integers(const char* name) const;
    const c10::IValue& constant(size_t i) const; ///< refuses when it depends on data or the batch

    std::string x(size_t i) const { return w.name(*in.at(i)); }
    /// Input `i` in the element type of the output.
    std::string like(size_t i) const { return w.nameAs(*in.at(i), out.at(0)->type); }
    /// The node that gives the layer its name.
    std::string main(const std::string& type, const std::vector<std::string>& inputs,
                     const Attributes& attributes = {}) const
    {
        return w.b.node(type, inputs, attributes, w.base);
    }
    /// A helper beside it.
    std::string help(const std::string& type, const std::vector<std::string>& inputs,
                     const Attributes& attributes = {}) const
    {
        return w.b.node(type, inputs, attributes, w.base + "/" + type);
    }
    void give(const std::string& name, size_t i = 0) const { out.at(i)->name = name; }

    /// `value`, which has the sizes `from`, as `shape` (of the two example batches).
    std::string reshape(const std::string& value, const std::array<Shape, 2>& from,
                        const std::array<Shape, 2>& shape, bool isMain = false) const;
    /// Axes counted from the front; an empty list means all.
    std::vector<int64_t> axes(const std::vector<int64_t>& given, size_t rank) const;
    std::string reduce(const std::string& type, const std::string& value, const std::vector<int64_t>& axes,
                       bool keep, bool isMain = false) const;
    std::string scalar(double value) const; ///< in the element type of the output
};

/// Writes one operator.
struct Row {
    std::string_view kind; ///< "aten::conv2d"
    void (*convert)(Op& op, const char* onnx);
    const char* onnx = "";
    bool moves = false; ///< the output's elements are elements of input 0
};
using Rows = std::vector<Row>;
Rows convRows();
Rows linearRows();
Rows unaryRows();
Rows activationRows();
Rows binaryRows();
Rows shapeRows();
Rows splitRows();
Rows indexRows();
Rows padRows();
Rows poolRows();
Rows reduceRows();
Rows normRows();
Rows recurrentRows();
Rows embeddingRows();
Rows resizeRows();
const Row* findRow(std::string_view kind);

/// Whether runtimes move quantizers across this ONNX operator by themselves.
bool carriesQuantizers(const std::string& type);

} // namespace bitwright::onnx_write
