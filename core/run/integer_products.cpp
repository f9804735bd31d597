// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/run/integer_products.h"

#include <algorithm>
#include <functional>

namespace bitwright {
namespace {

bool pads(const std::string& kind)
{
    return kind == "aten::pad" || kind == "aten::constant_pad_nd";
}

/// One scale and known before the run.
bool isFixedByteGrid(const ActivationQuantizer& quantizer)
{
    return !quantizer.dynamic && isByteGrid(quantizer.params) && quantizer.params.scale.size() == 1;
}

/// The grid on which a value lies: its own quantizer's, or that of what it was moved from.
const QuantParams* gridOf(const Graph& graph, const ResolvedPlan& plan, ValueId value)
{
    for (;;) {
        const auto found = plan.activations.find(value);
        if (found != plan.activations.end())
            return isFixedByteGrid(found->second) ? &found->second.params : nullptr;
        const NodeId producer = graph.values.at(size_t(value)).producer;
        if (producer == kNone)
            return nullptr;
        const Node& node = graph.nodes.at(size_t(producer));
        const OpTraits* traits = opTraits(node.kind);
        if (!traits || traits->op != OpKind::Passthrough || node.inputs.size() != 1 || pads(node.kind))
            return nullptr;
        value = node.inputs[0];
    }
}

const QuantParams* byteWeight(const Layer& layer, const ResolvedPlan& plan, bool packsFourBits)
{
    const bool isProduct =
        layer.op == OpKind::Conv || layer.op == OpKind::Linear || layer.op == OpKind::MatMul;
    if (!isProduct || layer.weights.size() != 1 || layer.inputs.empty())
        return nullptr;
    const auto found = plan.weights.find(layer.weights[0].parameter);
    if (found == plan.weights.end() || !isByteGrid(found->second))
        return nullptr;
    const QuantParams& params = found->second;
    const bool isPacked =
        packsFourBits && ((params.qmin >= -8 && params.qmax <= 7) || (params.qmin >= 0 && params.qmax <= 15));
    const auto& zeros = params.zeroPoint;
    const bool haveOwnZeros =
        std::adjacent_find(zeros.begin(), zeros.end(), std::not_equal_to<>()) != zeros.end();
    return isPacked || haveOwnZeros ? nullptr : &params;
}

} // namespace

bool isByteGrid(const QuantParams& params)
{
    return params.format == Format::Int && params.group == 0 && params.qmax - params.qmin <= 255 &&
           params.rounding == Rounding::HalfEven;
}

std::optional<IntegerProduct> integerProduct(const Graph& graph, const Layer& layer, const ResolvedPlan& plan,
                                             bool packsFourBits)
{
    const QuantParams* weight = byteWeight(layer, plan, packsFourBits);
    const QuantParams* input = weight ? gridOf(graph, plan, layer.inputs[0]) : nullptr;
    return input ? std::optional(IntegerProduct{weight, input}) : std::nullopt;
}

const QuantParams* outputGrid(const Layer& layer, const ResolvedPlan& plan)
{
    const auto found = plan.activations.find(layer.output);
    return found != plan.activations.end() && isFixedByteGrid(found->second) ? &found->second.params
                                                                             : nullptr;
}

int32_t unsignedShift(const QuantParams& params)
{
    return -std::min(params.qmin, 0);
}

} // namespace bitwright
