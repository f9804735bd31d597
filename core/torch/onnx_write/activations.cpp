// SPDX-License-Identifier: GPL-3.0-or-later
// QuantizeLinear and DequantizeLinear behind activations.
#include "core/run/integer_products.h"
#include "core/torch/onnx_write/writer_p.h"

#include <ATen/ATen.h>

namespace bitwright::onnx_write {
namespace {

at::Tensor zeroTensor(int32_t zero, c10::ScalarType type)
{
    return at::scalar_tensor(int64_t(zero), at::kLong).to(type);
}

} // namespace

std::string Writer::pair(const std::string& value, const Grid& grid, int32_t least, int32_t most)
{
    const c10::ScalarType type = grid.isSigned ? at::kChar : at::kByte;
    const std::string scale = b.floatScalar(grid.scale);
    const std::string zero = b.tensor(zeroTensor(grid.zeroPoint, type), {});
    std::string codes = b.bare("QuantizeLinear", {value, scale, zero});
    const bool cutsBelow = least > (grid.isSigned ? -128 : 0), cutsAbove = most < (grid.isSigned ? 127 : 255);
    const auto bound = [&](bool cuts, int32_t code) {
        return cuts ? b.tensor(zeroTensor(code, type), {}) : std::string();
    };
    if (cutsBelow || cutsAbove)
        codes = b.bare("Clip", {codes, bound(cutsBelow, least), bound(cutsAbove, most)});
    return b.bare("DequantizeLinear", {codes, scale, zero});
}

void Writer::keepGrid(Term& term, const Grid& grid)
{
    const std::string value = name(term);
    term.name = pair(value, grid, grid.isSigned ? -128 : 0, grid.isSigned ? 127 : 255); // on the grid already
    term.grid = grid;
}

bool Writer::isDequantized(std::string value)
{
    const onnx::GraphProto& graph = b.graph();
    for (int i = graph.node_size() - 1; i >= 0; --i) {
        const onnx::NodeProto& node = graph.node(i);
        if (node.output(0) != value)
            continue;
        if (!carriesQuantizers(node.op_type()))
            return node.op_type() == "DequantizeLinear";
        value = node.input(0);
    }
    return false;
}

std::string Writer::unmerged(const std::string& value)
{
    const bool merges = quantizes && request.target == ExportTarget::OnnxRuntime && isDequantized(value);
    return merges ? b.bare("Clip", {value}) : value;
}

std::string Writer::layerInput(const std::string& value, const std::string& weight)
{
    return isDequantized(weight) ? value : unmerged(value);
}

void Writer::quantize(Term& term, const ActivationQuantizer& quantizer, const std::string& site)
{
    const QuantParams& params = quantizer.params;
    const bool isFloating = c10::isFloatingType(term.type);
    if (!term.isTensor || !isFloating || (!quantizer.dynamic && params.format == Format::Float32))
        return;
    term.grid.reset();
    if (quantizer.dynamic)
        return dynamic(term, quantizer, site);
    if (params.format == Format::Float16 || params.format == Format::BFloat16)
        return throughFloat16(term, params.format);
    if (params.format != Format::Int || params.rounding != Rounding::HalfEven || params.group != 0) {
        notes.push_back("The output of " + site +
                        " stays float: ONNX has no operator for its format, "
                        "granularity or rounding.");
        return;
    }
    const std::string value = name(term);
    term.data = true;
    if (params.scale.size() > 1)
        return perChannel(term, params, value);
    if (params.qmax - params.qmin > 255)
        return wide(term, params, value);
    const bool keepsSign = request.target != ExportTarget::OnnxRuntime && params.qmin < 0;
    const int32_t shift = keepsSign ? 0 : unsignedShift(params);
    const Grid grid{params.scale[0], params.zeroPoint.at(0) + shift, keepsSign};
    signedSites += keepsSign;
    term.name = pair(value, grid, params.qmin + shift, params.qmax + shift);
    term.grid = grid;
}

void Writer::wide(Term& term, const QuantParams& params, const std::string& value)
{
    const int32_t shift = unsignedShift(params);
    std::string input = value;
    if (params.qmax - params.qmin < 65535) {
        const float scale = params.scale[0];
        const int32_t zero = params.zeroPoint.at(0);
        input = b.bare("Clip", {value, b.floatScalar(scale * float(params.qmin - zero)),
                                b.floatScalar(scale * float(params.qmax - zero))});
    }
    const std::string scale = b.floatScalar(params.scale[0]);
    RawTensor zero{onnx::TensorProto::UINT16, {}, {}};
    const int32_t code = params.zeroPoint.at(0) + shift;
    zero.bytes = {char(code & 255), char(code >> 8 & 255)};
    const std::string zeroName = b.raw(zero, "c");
    const auto make = [&](const char* type, const std::string& from) {
        const std::string made = b.bare(type, {from, scale, zeroName});
        if (opset < 21) { // ONNX Runtime's own operators take 16 bits in every opset
            b.graph().mutable_node(b.graph().node_size() - 1)->set_domain("com.microsoft");
            usesMicrosoft = true;
        }
        return made;
    };
    term.name = make("DequantizeLinear", make("QuantizeLinear", input));
    ++wideSites;
}

void Writer::perChannel(Term& term, const QuantParams& params, const std::string& value)
{
    if (params.qmax - params.qmin > 255) {
        notes.push_back("The output of " + value +
                        " stays float: it has more than 8 bits and a scale for "
                        "each channel.");
        return;
    }
    const int32_t shift = unsignedShift(params);
    const at::Tensor zeros =
        (at::tensor(c10::ArrayRef<int32_t>(params.zeroPoint), at::kInt) + int64_t(shift)).to(at::kByte);
    const std::string scale = b.floats(params.scale), zero = b.tensor(zeros, {});
    const Attributes axis{{"axis", int64_t(params.axis)}};
    std::string codes = b.bare("QuantizeLinear", {value, scale, zero}, axis);
    if (params.qmax + shift < 255)
        codes = b.bare("Clip", {codes, "", b.tensor(zeroTensor(params.qmax + shift, at::kByte), {})});
    term.name = b.bare("DequantizeLinear", {codes, scale, zero}, axis);
}

void Writer::dynamic(Term& term, const ActivationQuantizer& quantizer, const std::string& site)
{
    const QuantSpec& spec = quantizer.spec;
    if (spec.format != Format::Int || spec.bits != 8 || spec.scheme != Scheme::Asymmetric ||
        spec.granularity != Granularity::Tensor) {
        notes.push_back("The output of " + site +
                        " stays float: ONNX finds ranges at run time for 8-bit "
                        "asymmetric tensors only.");
        return;
    }
    const std::string value = name(term);
    const auto parts = b.nodes("DynamicQuantizeLinear", {value}, {}, value + "/quantize", 3);
    term.name = b.bare("DequantizeLinear", {parts[0], parts[1], parts[2]});
}

void Writer::throughFloat16(Term& term, Format format)
{
    const std::string value = name(term);
    const auto type = format == Format::Float16 ? onnx::TensorProto::FLOAT16 : onnx::TensorProto::BFLOAT16;
    const std::string half = b.bare("Cast", {value}, {{"to", int64_t(type)}});
    term.name = b.bare("Cast", {half}, {{"to", int64_t(onnx::TensorProto::FLOAT)}});
}

} // namespace bitwright::onnx_write
