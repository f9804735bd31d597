// Before: y = batch_norm(conv(x, W, b); gamma, beta, mean, var, eps), also behind linear.
// After:  y = conv(x, W', b')  with  W' = W * gamma / sqrt(var + eps) per output channel,
//                                    b' = (b - mean) * gamma / sqrt(var + eps) + beta.
// Conditions: inference mode, the convolution's result is used by the batch-norm only, W and b are
// parameters of this convolution only, mean and var are stored.
//
// Computed in float64 and rounded once. LibTorch's pass of the same name needs a frozen module, which
// loses parameter names.
// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/graph/op_traits.h"
#include "core/torch/passes_p.h"

#include <ATen/ATen.h>
#include <torch/csrc/jit/ir/constants.h>

#include <optional>

namespace bitwright {
namespace jit = torch::jit;
namespace {

struct Candidate {
    jit::Node* norm = nullptr;
    jit::Node* layer = nullptr;
    const OpTraits* traits = nullptr;
    size_t weight = 0;   ///< index of the parameter
    int channelAxis = 0; ///< of the weight
};

bool isTransposed(const jit::Node* layer)
{
    if (layer->kind() != c10::aten::_convolution)
        return false;
    return jit::constant_as<bool>(layer->namedInput("transposed")).value_or(false);
}

int64_t groupsOf(const jit::Node* layer)
{
    return layer->hasNamedInput("groups") ? jit::constant_as<int64_t>(layer->namedInput("groups")).value_or(0)
                                          : 1;
}

/// The tensor of an optional batch-norm input; `ok` turns false when it is computed at run time.
std::optional<at::Tensor> tensorOf(const LiftedGraph& lifted, const jit::Value* value, bool& ok)
{
    if (value->mustBeNone())
        return std::nullopt;
    const int64_t index = lifted.parameterIndex(value);
    if (index < 0) {
        ok = false;
        return std::nullopt;
    }
    return lifted.parameters[size_t(index)].tensor.detach();
}

std::optional<Candidate> candidate(const LiftedGraph& lifted, jit::Node* norm)
{
    Candidate found;
    found.norm = norm;
    found.layer = norm->input(0)->node();
    found.traits = opTraits(found.layer->kind().toQualString());
    if (!found.traits || norm->owningBlock() != found.layer->owningBlock() ||
        norm->input(0)->uses().size() != 1)
        return std::nullopt;
    const OpKind op = found.traits->op;
    if ((op != OpKind::Conv && op != OpKind::ConvTranspose && op != OpKind::Linear) ||
        found.traits->weightInput < 0)
        return std::nullopt;
    if (jit::constant_as<bool>(norm->namedInput("training")).value_or(true))
        return std::nullopt;
    const jit::Value* weight = found.layer->input(size_t(found.traits->weightInput));
    const int64_t index = lifted.parameterIndex(weight);
    if (index < 0 || weight->uses().size() != 1)
        return std::nullopt;
    found.weight = size_t(index);
    const bool transposed = op == OpKind::ConvTranspose || isTransposed(found.layer);
    if (transposed && groupsOf(found.layer) != 1)
        return std::nullopt; // output channels are then spread over two axes of the weight
    found.channelAxis = transposed ? 1 : found.traits->channelAxis;
    return found;
}

std::string ownerOf(const std::string& parameter)
{
    const size_t dot = parameter.rfind('.');
    return dot == std::string::npos ? "" : parameter.substr(0, dot + 1);
}

bool fold(LiftedGraph& lifted, const Candidate& found)
{
    jit::Node* norm = found.norm;
    bool ok = true;
    const auto gamma = tensorOf(lifted, norm->input(1), ok), beta = tensorOf(lifted, norm->input(2), ok);
    const auto mean = tensorOf(lifted, norm->input(3), ok), var = tensorOf(lifted, norm->input(4), ok);
    const auto eps = jit::constant_as<double>(norm->namedInput("eps"));
    jit::Value* biasValue = found.layer->input(size_t(found.traits->biasInput));
    const auto bias = tensorOf(lifted, biasValue, ok);
    if (!ok || !mean || !var || !eps || (bias && biasValue->uses().size() != 1))
        return false;

    LiftedParameter& weight = lifted.parameters[found.weight];
    const at::Tensor w = weight.tensor.detach().to(c10::kDouble);
    if (w.size(found.channelAxis) != mean->numel())
        return false;
    const auto f64 = [](const at::Tensor& t) { return t.to(c10::kDouble); };
    at::Tensor factor = (f64(*var) + *eps).rsqrt();
    if (gamma)
        factor = factor * f64(*gamma);
    std::vector<int64_t> broadcast(size_t(w.dim()), 1);
    broadcast[size_t(found.channelAxis)] = -1;
    at::Tensor shift = ((bias ? f64(*bias) : at::zeros_like(f64(*mean))) - f64(*mean)) * factor;
    if (beta)
        shift = shift + f64(*beta);

    const c10::ScalarType type = weight.tensor.scalar_type();
    weight.tensor = (w * factor.view(broadcast)).to(type).contiguous();
    shift = shift.to(type).contiguous();
    if (bias) {
        lifted.parameters[size_t(lifted.parameterIndex(biasValue))].tensor = shift;
    } else {
        const size_t added = lifted.addParameter({ownerOf(weight.name) + "bias", shift, false, {}});
        found.layer->replaceInput(size_t(found.traits->biasInput), lifted.parameterValue(added));
    }
    norm->output()->replaceAllUsesWith(norm->input(0));
    norm->destroy();
    return true;
}

void foldBlock(LiftedGraph& lifted, jit::Block* block, const StopCheck& stop)
{
    for (jit::Node* node = block->nodes().front(); node != block->return_node();) {
        stop.check();
        jit::Node* next = node->next();
        for (jit::Block* inner : node->blocks())
            foldBlock(lifted, inner, stop);
        if (node->kind() == c10::aten::batch_norm)
            if (const auto found = candidate(lifted, node))
                fold(lifted, *found);
        node = next;
    }
}

} // namespace

void foldBatchNorm(LiftedGraph& lifted, const StopCheck& stop)
{
    foldBlock(lifted, lifted.graph->block(), stop);
    lifted.removeUnusedParameters();
}

} // namespace bitwright
