// SPDX-License-Identifier: GPL-3.0-or-later
// Before: y = batch_norm(conv(x, W, b); gamma, beta, mean, var, eps), also behind linear.
// After:  y = conv(x, W', b')  with  W' = W * gamma / sqrt(var + eps) per output channel,
//                                    b' = (b - mean) * gamma / sqrt(var + eps) + beta.
// Conditions: both have their channels along the same axis (of the result of linear only in rank 2; of a
// convolution only with a batch), inference mode, the convolution's result is used by the batch-norm only, W
// and b are parameters of this convolution only, mean and var are stored.
//
// Computed in float64 and rounded once. LibTorch's pass of the same name needs a frozen module, which
// loses parameter names.
#include "core/graph/op_traits.h"
#include "core/torch/passes_p.h"

#include <ATen/ATen.h>
#include <torch/csrc/jit/ir/constants.h>

#include <optional>
#include <tuple>

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

/// beta * bias + alpha * x W is a linear layer when both are 1.
bool isScaled(const jit::Node* layer)
{
    const auto isOne = [&](const char* factor) {
        const auto known = jit::toIValue(layer->namedInput(factor));
        return known && known->isScalar() && known->toScalar().toDouble() == 1;
    };
    return layer->kind() == c10::aten::addmm && !(isOne("beta") && isOne("alpha"));
}

/// As the example run found it.
std::optional<size_t> rankOf(const jit::Value* value)
{
    const auto type = value->type()->cast<c10::TensorType>();
    return type && type->dim() ? std::optional(*type->dim()) : std::nullopt;
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
        found.traits->weightInput < 0 || isScaled(found.layer))
        return std::nullopt;
    if (jit::constant_as<bool>(norm->namedInput("training")).value_or(true))
        return std::nullopt;
    const jit::Value* weight = found.layer->input(size_t(found.traits->weightInput));
    const int64_t index = lifted.parameterIndex(weight);
    if (index < 0 || weight->uses().size() != 1)
        return std::nullopt;
    found.weight = size_t(index);
    const int64_t rank = op == OpKind::Linear ? 2 : lifted.parameters[found.weight].tensor.dim();
    if (rankOf(norm->output()) != size_t(rank))
        return std::nullopt;
    const std::optional<bool> transposed = isTransposedConv(found.layer);
    if (!transposed || (*transposed && groupsOf(found.layer) != 1))
        return std::nullopt; // in groups, output channels are spread over two axes of the weight
    found.channelAxis = *transposed ? 1 : found.traits->channelAxis;
    return found;
}

std::string prefixOf(const std::string& parameter)
{
    const size_t dot = parameter.rfind('.');
    return dot == std::string::npos ? "" : parameter.substr(0, dot + 1);
}

/// Names of the tensors that go; called while they are still parameters.
void noteNames(const LiftedGraph& lifted, const jit::Node* norm, FoldedNorm& record)
{
    std::string* const names[] = {&record.gamma, &record.beta, &record.mean, &record.var};
    for (size_t i = 0; i < 4; ++i)
        if (const int64_t index = lifted.parameterIndex(norm->input(1 + i)); index >= 0)
            *names[i] = lifted.parameters[size_t(index)].name;
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
    if (weight.tensor.size(found.channelAxis) != mean->numel())
        return false;
    const auto orNone = [](const std::optional<at::Tensor>& tensor) { return tensor ? *tensor : at::Tensor(); };
    FoldedNorm record;
    record.weight = weight.name;
    record.hadBias = bias.has_value();
    record.layer = found.layer;
    record.momentum = jit::constant_as<double>(norm->namedInput("momentum")).value_or(0.1);
    record.tensors = {weight.tensor.detach(), orNone(bias), orNone(gamma), orNone(beta), *mean, *var, *eps,
                      found.channelAxis};
    noteNames(lifted, norm, record);
    at::Tensor shift;
    std::tie(weight.tensor, shift) = foldTensors(record.tensors);
    if (bias) {
        LiftedParameter& parameter = lifted.parameters[size_t(lifted.parameterIndex(biasValue))];
        parameter.tensor = shift;
        record.bias = parameter.name;
    } else {
        const std::string owner = prefixOf(weight.name);
        record.bias = freeName(lifted, owner.empty() ? weight.name + "_bias" : owner + "bias");
        const size_t added = lifted.addParameter({record.bias, shift, false, {}, true});
        found.layer->replaceInput(size_t(found.traits->biasInput), lifted.parameterValue(added));
    }
    lifted.folded.push_back(std::move(record));
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

std::optional<bool> isTransposedConv(const jit::Node* node)
{
    const OpTraits* traits = opTraits(node->kind().toQualString());
    if (!traits || traits->op != OpKind::Conv)
        return traits && traits->op == OpKind::ConvTranspose;
    const bool hasFlag = node->kind() == c10::aten::_convolution || node->kind() == c10::aten::convolution;
    if (!hasFlag)
        return false;
    const auto flag = jit::constant_as<bool>(node->namedInput("transposed"));
    return flag ? std::optional(*flag) : std::nullopt;
}

at::Tensor foldFactor(const NormTensors& tensors)
{
    const at::Tensor factor = (tensors.var.detach().to(c10::kDouble) + tensors.eps).rsqrt();
    return tensors.gamma.defined() ? factor * tensors.gamma.detach().to(c10::kDouble) : factor;
}

std::pair<at::Tensor, at::Tensor> foldTensors(const NormTensors& tensors)
{
    const auto f64 = [](const at::Tensor& t) { return t.detach().to(c10::kDouble); };
    const at::Tensor factor = foldFactor(tensors), mean = f64(tensors.mean), w = f64(tensors.weight);
    std::vector<int64_t> broadcast(size_t(w.dim()), 1);
    broadcast[size_t(tensors.channelAxis)] = -1;
    at::Tensor shift = ((tensors.bias.defined() ? f64(tensors.bias) : at::zeros_like(mean)) - mean) * factor;
    if (tensors.beta.defined())
        shift = shift + f64(tensors.beta);
    const c10::ScalarType type = tensors.weight.scalar_type();
    return {(w * factor.view(broadcast)).to(type).contiguous(), shift.to(type).contiguous()};
}

void foldBatchNorm(LiftedGraph& lifted, const StopCheck& stop)
{
    foldBlock(lifted, lifted.graph->block(), stop);
    lifted.removeUnusedParameters();
}

} // namespace bitwright
