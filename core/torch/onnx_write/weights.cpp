// SPDX-License-Identifier: GPL-3.0-or-later
// How parameters lie in the file: integers with DequantizeLinear behind them, or floats.
#include "core/quant/quantize.h"
#include "core/torch/guard_p.h"
#include "core/torch/onnx_write/writer_p.h"
#include "core/torch/runner_p.h"
#include "core/torch/tensor_bridge_p.h"

#include <ATen/ATen.h>

#include <algorithm>
#include <cmath>

namespace bitwright::onnx_write {
namespace {

/// Integer codes of a weight, as the file will hold them.
struct Codes {
    at::Tensor values; ///< int32
    at::Tensor scale, zeroPoint;
    int64_t axis = -1, block = 0;
    int type = 0;
    Shape reshaped; ///< what DequantizeLinear gives has to become this; empty = it is already
};

/// {least, most} code of the formats that are multiples of a scale.
std::optional<std::pair<int32_t, int32_t>> codeBounds(const QuantParams& params)
{
    switch (params.format) {
    case Format::Int:
        return std::pair(params.qmin, params.qmax);
    case Format::Binary:
    case Format::Ternary:
        return std::pair(-1, 1);
    default:
        return std::nullopt;
    }
}

/// The smallest ONNX type; 0 when the opset has none.
int storedType(std::pair<int32_t, int32_t> bounds, int opset)
{
    const auto fits = [&](int32_t least, int32_t most) {
        return bounds.first >= least && bounds.second <= most;
    };
    if (opset >= 21 && fits(-8, 7))
        return kInt4;
    if (opset >= 21 && fits(0, 15))
        return kUint4;
    if (fits(-128, 127))
        return onnx::TensorProto::INT8;
    if (fits(0, 255))
        return onnx::TensorProto::UINT8;
    if (opset < 21)
        return 0;
    return fits(-32768, 32767) ? onnx::TensorProto::INT16 : onnx::TensorProto::UINT16;
}

RawTensor pack(const at::Tensor& codes, int type)
{
    RawTensor raw{type, codes.sizes().vec(), {}};
    const at::Tensor dense = codes.contiguous();
    const int32_t* in = dense.data_ptr<int32_t>();
    const auto count = size_t(dense.numel());
    if (type == kInt4 || type == kUint4) {
        raw.bytes.assign((count + 1) / 2, 0);
        for (size_t i = 0; i < count; ++i)
            raw.bytes[i / 2] = char(raw.bytes[i / 2] | (in[i] & 15) << (i % 2 ? 4 : 0));
        return raw;
    }
    const bool isWide = type == onnx::TensorProto::INT16 || type == onnx::TensorProto::UINT16;
    for (size_t i = 0; i < count; ++i) {
        raw.bytes.push_back(char(in[i] & 255));
        if (isWide)
            raw.bytes.push_back(char(in[i] >> 8 & 255));
    }
    return raw;
}

/// Groups become blocks along an axis (opset 21), or rows of their own.
bool layOutGroups(Codes& codes, const QuantParams& params, int opset)
{
    const Shape shape = codes.values.sizes().vec();
    const int64_t channels =
        params.axis >= 0 && size_t(params.axis) < shape.size() ? shape[size_t(params.axis)] : 1;
    const int64_t length = codes.values.numel() / std::max<int64_t>(channels, 1);
    const int64_t groups = (length + params.group - 1) / params.group;
    if (params.axis == 1 && shape.size() == 2 && opset >= 21) {
        codes.scale = codes.scale.view({channels, groups}).t().contiguous();
        codes.zeroPoint = codes.zeroPoint.view({channels, groups}).t().contiguous();
        codes.axis = 0;
        codes.block = params.group;
        return true;
    }
    if (params.axis != 0)
        return false;
    codes.reshaped = shape;
    if (opset >= 21) {
        codes.values = codes.values.view({channels, length});
        codes.scale = codes.scale.view({channels, groups});
        codes.zeroPoint = codes.zeroPoint.view({channels, groups});
        codes.axis = 1;
        codes.block = params.group;
        if (shape.size() == 2)
            codes.reshaped.clear();
        return true;
    }
    if (length % params.group != 0)
        return false;
    codes.values = codes.values.view({channels * groups, params.group});
    codes.axis = 0;
    return true;
}

std::optional<Codes> codesOf(const Tensor& weight, const QuantParams& params, int opset)
{
    const auto bounds = codeBounds(params);
    const int type = bounds ? storedType(*bounds, opset) : 0;
    if (!type)
        return {};
    std::vector<int32_t> values = quantizeToCodes(weight, params);
    if (params.format == Format::Binary)
        for (int32_t& value : values)
            value = 2 * value - 1;
    Codes codes;
    codes.type = type;
    codes.values = at::tensor(c10::ArrayRef<int32_t>(values), at::kInt).view(weight.shape());
    codes.scale = at::tensor(c10::ArrayRef<float>(params.scale), at::kFloat);
    std::vector<int32_t> zeros = params.zeroPoint;
    zeros.resize(params.scale.size());
    codes.zeroPoint = at::tensor(c10::ArrayRef<int32_t>(zeros), at::kInt);
    if (params.group > 0) {
        if (!layOutGroups(codes, params, opset))
            return {};
    } else if (params.scale.size() > 1) {
        codes.axis = params.axis;
    } else {
        codes.scale = codes.scale.reshape(at::IntArrayRef());
        codes.zeroPoint = codes.zeroPoint.reshape(at::IntArrayRef());
    }
    return codes;
}

/// Axis 0 in another order, and an axis in front; scales that run along it follow.
void rearrange(Codes& codes, const std::vector<int64_t>& rows)
{
    const at::Tensor order = at::tensor(c10::ArrayRef<int64_t>(rows), at::kLong);
    const bool follows = codes.block > 0 ? codes.axis == 1 : codes.axis == 0;
    codes.values = codes.values.index_select(0, order).unsqueeze(0);
    if (follows && codes.scale.dim() > 0) {
        codes.scale = codes.scale.index_select(0, order);
        codes.zeroPoint = codes.zeroPoint.index_select(0, order);
    }
    if (codes.block > 0) {
        codes.scale = codes.scale.unsqueeze(0);
        codes.zeroPoint = codes.zeroPoint.unsqueeze(0);
    }
    if (codes.axis >= 0)
        ++codes.axis;
}

/// No scale so small that a bias in steps of inputScale * scale needs more than 30 bits.
QuantParams raised(const QuantParams& params, const BiasDemand& demand)
{
    QuantParams made = params;
    for (size_t i = 0; i < demand.magnitudes.size(); ++i) {
        float& scale = made.scale[made.scale.size() == 1 ? 0 : i];
        scale = std::max(scale, demand.magnitudes[i] / demand.inputScale * 0x1p-30f);
    }
    return made;
}

/// Whether every channel has a zero point of its own: ONNX Runtime merges such a weight into an integer
/// convolution and then fails when it runs.
bool hasZeroPoints(const Codes& codes)
{
    const at::Tensor zeros = codes.zeroPoint.reshape({-1});
    return codes.block == 0 && codes.axis >= 0 && (zeros != zeros[0]).any().item<bool>();
}

/// (codes - zero points) * scales in plain operators.
std::string writeArithmetic(Writer& w, const std::string& name, const Codes& codes)
{
    std::vector<int64_t> along(size_t(codes.values.dim()), 1);
    along[size_t(codes.axis)] = -1;
    const Attributes toFloat{{"to", int64_t(onnx::TensorProto::FLOAT)}};
    const std::string value =
        w.b.bare("Cast", {w.b.raw(pack(codes.values, codes.type), name)}, toFloat, true);
    const std::string zeros = w.b.tensor(codes.zeroPoint.view(along).to(at::kFloat), {});
    const std::string shifted = w.b.bare("Sub", {value, zeros}, {}, true);
    return w.b.bare("Mul", {shifted, w.b.tensor(codes.scale.view(along), {})}, {}, true);
}

/// Of the type of the codes; equal ones are in the file once.
std::string writeZeros(Writer& w, const Codes& codes)
{
    if (codes.type == onnx::TensorProto::INT8)
        return w.b.tensor(codes.zeroPoint.to(at::kChar), {});
    if (codes.type == onnx::TensorProto::UINT8)
        return w.b.tensor(codes.zeroPoint.to(at::kByte), {});
    return w.b.raw(pack(codes.zeroPoint, codes.type), "c");
}

std::string writeCodes(Writer& w, const std::string& name, const Codes& codes)
{
    std::vector<std::string> inputs{w.b.raw(pack(codes.values, codes.type), name),
                                    w.b.tensor(codes.scale, {})};
    // Zeros go without saying, but ONNX Runtime makes integer products of matrices with them only (1.23: where
    // every channel has a scale, 1.30: where there is one scale).
    const bool isMatrix = codes.values.dim() == 2 && codes.block == 0;
    if (isMatrix || codes.zeroPoint.any().item<bool>())
        inputs.push_back(writeZeros(w, codes));
    Attributes attributes;
    if (codes.axis >= 0)
        attributes.push_back({"axis", codes.axis});
    if (codes.block > 0)
        attributes.push_back({"block_size", codes.block});
    const std::string value = w.b.bare("DequantizeLinear", inputs, attributes, true);
    return codes.reshaped.empty() ? value : w.b.bare("Reshape", {value, w.b.ints(codes.reshaped)}, {}, true);
}

std::string writeFloats(Writer& w, const std::string& name, at::Tensor values, const QuantParams* params,
                        const std::vector<int64_t>* rows)
{
    if (rows)
        values = values.index_select(0, at::tensor(c10::ArrayRef<int64_t>(*rows), at::kLong)).unsqueeze(0);
    const bool isShort = params && (params->format == Format::Float16 || params->format == Format::BFloat16);
    if (!isShort)
        return w.b.tensor(values, name);
    const std::string stored =
        w.b.tensor(values.to(params->format == Format::Float16 ? at::kHalf : at::kBFloat16), name, true);
    return w.b.bare("Cast", {stored}, {{"to", int64_t(onnx::TensorProto::FLOAT)}}, true);
}

} // namespace

StoredParameter Writer::parameter(const std::string& name, const BiasDemand* demand,
                                  const std::vector<int64_t>* rows)
{
    if (const auto known = m_parameters.find(name); known != m_parameters.end())
        return known->second;
    const auto values = runner.parameter(name);
    if (!values)
        throw Stop{values.error()};
    const auto found = request.plan.weights.find(name);
    const bool isPlanned =
        quantizes && found != request.plan.weights.end() && found->second.format != Format::Float32;
    StoredParameter made;
    if (!isPlanned) {
        made.name = writeFloats(*this, name, toTorch(*values), nullptr, rows);
        return m_parameters[name] = made;
    }
    const bool raises =
        demand && found->second.format == Format::Int && found->second.group == 0 &&
        (found->second.scale.size() == 1 || found->second.scale.size() == demand->magnitudes.size());
    const QuantParams params = raises ? raised(found->second, *demand) : found->second;
    auto codes = codesOf(*values, params, opset);
    if (codes) {
        const bool isByte = codes->type == onnx::TensorProto::INT8 || codes->type == onnx::TensorProto::UINT8;
        const bool isPlain = isByte && hasZeroPoints(*codes);
        made.isInt8 = isByte && codes->block == 0 && codes->reshaped.empty() && !isPlain;
        packedWeights |= codes->type == kInt4 || codes->type == kUint4;
        made.scale = params.scale;
        made.axis = int(codes->axis);
        if (rows)
            rearrange(*codes, *rows);
        made.name = isPlain ? writeArithmetic(*this, name, *codes) : writeCodes(*this, name, *codes);
    } else {
        const bool isShort = params.format == Format::Float16 || params.format == Format::BFloat16;
        if (!isShort)
            notes.push_back("The weight " + name +
                            " is stored as float32 values on its grid: ONNX has no "
                            "integer type for its format or granularity.");
        made.name = writeFloats(*this, name, toTorch(bitwright::fakeQuantize(values->toFloat(), params)),
                                &params, rows);
    }
    return m_parameters[name] = made;
}

std::optional<BiasDemand> Writer::biasDemand(const Term* bias, const Term& input) const
{
    if (!quantizes || !input.grid || !bias || bias->isNone() || !bias->isTensor || bias->data)
        return {};
    const at::Tensor values = bias->at[0].toTensor().detach().to(at::kFloat).abs().contiguous().view({-1});
    return BiasDemand{input.grid->scale,
                      {values.data_ptr<float>(), values.data_ptr<float>() + values.numel()}};
}

/// 32-bit integers in `steps`, one for all or one an element; empty when one does not fit.
static std::optional<at::Tensor> biasCodes(const at::Tensor& values, const std::vector<float>& steps)
{
    at::Tensor codes = at::empty(values.sizes(), at::kInt);
    for (int64_t i = 0; i < values.numel(); ++i) {
        const double code =
            std::nearbyint(values.data_ptr<double>()[i] / double(steps[steps.size() == 1 ? 0 : size_t(i)]));
        if (!(std::fabs(code) < 0x1p31))
            return {};
        codes.data_ptr<int32_t>()[i] = int32_t(code);
    }
    return codes;
}

std::string Writer::bias(Term* bias, const Term& input, const StoredParameter& weight)
{
    if (!bias || bias->isNone())
        return {};
    const bool isKnown = bias->isTensor && !bias->data && bias->isConstant() && bias->rank() == 1;
    if (request.target == ExportTarget::TensorRt || !input.grid || !isKnown || weight.scale.empty())
        return name(*bias);
    const at::Tensor values = bias->at[0].toTensor().detach().to(at::kDouble).contiguous();
    std::vector<float> steps;
    if (weight.isInt8) { // what integer kernels take for granted
        for (const float scale : weight.scale)
            steps.push_back(input.grid->scale * scale);
        if (steps.size() > 1 && int64_t(steps.size()) != values.numel())
            return name(*bias);
    } else {
        // ONNX Runtime would round a float bias to steps of s_x s_w, which are coarse for few bits.
        steps.push_back(std::max(float(values.abs().max().item<double>()) * 0x1p-30f, 1e-30f));
    }
    const auto codes = biasCodes(values, steps);
    if (!codes)
        return name(*bias); // a second layer with the same weight
    const std::string own = bias->parameter.empty() ? base + ".bias" : bias->parameter;
    const at::Tensor scale = at::tensor(c10::ArrayRef<float>(steps), at::kFloat);
    const bool isScalar = steps.size() == 1;
    Attributes attributes;
    if (!isScalar)
        attributes.push_back({"axis", int64_t(0)});
    return b.bare("DequantizeLinear",
                  {b.tensor(*codes, own), b.tensor(isScalar ? scale.reshape(at::IntArrayRef()) : scale, {})},
                  attributes, true);
}

std::pair<std::string, std::string> Writer::weightAndBias(Term& weight, Term* biasTerm, const Term& input)
{
    ++weightedLayers;
    StoredParameter stored;
    if (!weight.parameter.empty()) {
        const auto demand = biasDemand(biasTerm, input);
        stored = parameter(weight.parameter, demand ? &*demand : nullptr);
        weight.name = stored.name;
    }
    const std::string weightName = name(weight);
    integerLayers += stored.isInt8 && input.grid;
    return {weightName, bias(biasTerm, input, stored)};
}

} // namespace bitwright::onnx_write
