// QuantizeLinear and DequantizeLinear behind activations. SPDX-License-Identifier: GPL-3.0-or-later
#include "core/torch/onnx_write/writer_p.h"

#include <ATen/ATen.h>

#include <algorithm>

namespace bitwright::onnx_write {
namespace {

at::Tensor zeroTensor(int32_t zero, c10::ScalarType type)
{
    return at::scalar_tensor(int64_t(zero), at::kLong).to(type);
}

/// Code shift that makes the grid unsigned; 0 when it is already, or shall stay signed.
int32_t shiftOf(const QuantParams& params, bool keepsSign)
{
    return keepsSign ? 0 : -std::min(params.qmin, 0);
}

} // namespace

std::string Writer::scaleName(float scale, const std::string& site)
{
    return b.tensor(at::scalar_tensor(scale, at::kFloat), site + "_scale");
}

std::string Writer::pair(const std::string& value, const Grid& grid, int32_t least, int32_t most)
{
    const c10::ScalarType type = grid.isSigned ? at::kChar : at::kByte;
    const std::string scale = scaleName(grid.scale, value);
    const std::string zero = b.tensor(zeroTensor(grid.zeroPoint, type), value + "_zero_point");
    std::string codes = b.node("QuantizeLinear", {value, scale, zero}, {}, value + "/quantize");
    const bool cutsBelow = least > (grid.isSigned ? -128 : 0), cutsAbove = most < (grid.isSigned ? 127 : 255);
    const auto bound = [&](bool cuts, int32_t code) {
        return cuts ? b.tensor(zeroTensor(code, type), {}) : std::string();
    };
    if (cutsBelow || cutsAbove)
        codes = b.node("Clip", {codes, bound(cutsBelow, least), bound(cutsAbove, most)}, {}, value + "/clip");
    return b.node("DequantizeLinear", {codes, scale, zero}, {}, value + "/dequantize");
}

void Writer::keepGrid(Term& term, const Grid& grid)
{
    const std::string value = name(term);
    term.name = pair(value, grid, grid.isSigned ? -128 : 0, grid.isSigned ? 127 : 255); // on the grid already
    term.grid = grid;
}

void Writer::quantize(Term& term, const ActivationQuantizer& quantizer, const std::string& site,
                      bool isSigned)
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
    const bool keepsSign = request.target != "onnxruntime" && !request.target.empty() && params.qmin < 0;
    const int32_t shift = isSigned ? -128 - params.qmin : shiftOf(params, keepsSign);
    const Grid grid{params.scale[0], params.zeroPoint.at(0) + shift, keepsSign || isSigned};
    signedSites += keepsSign;
    term.name = pair(value, grid, params.qmin + shift, params.qmax + shift);
    term.grid = grid;
}

void Writer::wide(Term& term, const QuantParams& params, const std::string& value)
{
    const int32_t shift = shiftOf(params, false);
    std::string input = value;
    if (params.qmax - params.qmin < 65535) {
        const float scale = params.scale[0];
        const int32_t zero = params.zeroPoint.at(0);
        input = b.node("Clip",
                       {value, b.floatScalar(scale * float(params.qmin - zero)),
                        b.floatScalar(scale * float(params.qmax - zero))},
                       {}, value + "/clip");
    }
    const std::string scale = scaleName(params.scale[0], value);
    RawTensor zero{onnx::TensorProto::UINT16, {}, {}};
    const int32_t code = params.zeroPoint.at(0) + shift;
    zero.bytes = {char(code & 255), char(code >> 8 & 255)};
    const std::string zeroName = b.raw(zero, value + "_zero_point");
    const auto make = [&](const char* type, const std::string& from, const char* ending) {
        const std::string made = b.node(type, {from, scale, zeroName}, {}, value + ending);
        if (opset < 21) { // ONNX Runtime's own operators take 16 bits in every opset
            b.graph().mutable_node(b.graph().node_size() - 1)->set_domain("com.microsoft");
            usesMicrosoft = true;
        }
        return made;
    };
    term.name = make("DequantizeLinear", make("QuantizeLinear", input, "/quantize"), "/dequantize");
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
    const int32_t shift = shiftOf(params, false);
    const at::Tensor zeros =
        (at::tensor(c10::ArrayRef<int32_t>(params.zeroPoint), at::kInt) + int64_t(shift)).to(at::kByte);
    const std::string scale =
        b.tensor(at::tensor(c10::ArrayRef<float>(params.scale), at::kFloat), value + "_scale");
    const std::string zero = b.tensor(zeros, value + "_zero_point");
    const Attributes axis{{"axis", int64_t(params.axis)}};
    std::string codes = b.node("QuantizeLinear", {value, scale, zero}, axis, value + "/quantize");
    if (params.qmax + shift < 255)
        codes = b.node("Clip", {codes, "", b.tensor(zeroTensor(params.qmax + shift, at::kByte), {})}, {},
                       value + "/clip");
    term.name = b.node("DequantizeLinear", {codes, scale, zero}, axis, value + "/dequantize");
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
    term.name = b.node("DequantizeLinear", {parts[0], parts[1], parts[2]}, {}, value + "/dequantize");
}

void Writer::throughFloat16(Term& term, Format format)
{
    const std::string value = name(term);
    const auto type = format == Format::Float16 ? onnx::TensorProto::FLOAT16 : onnx::TensorProto::BFLOAT16;
    const std::string half = b.node("Cast", {value}, {{"to", int64_t(type)}}, value + "/half");
    term.name = b.node("Cast", {half}, {{"to", int64_t(onnx::TensorProto::FLOAT)}}, value + "/float");
}

} // namespace bitwright::onnx_write
