// SPDX-License-Identifier: GPL-3.0-or-later
// Losses.
#include "core/torch/onnx/simple_rows_p.h"

namespace bitwright::onnxin {
namespace {

constexpr const char* kLossScript = R"(
def nll(logarithms, target, weight: Optional[Tensor], ignores: bool, ignored: int, reduction: str):
    shape = target.size()
    x = logarithms.reshape([logarithms.size(0), logarithms.size(1), -1])
    t = target.to(4).reshape([target.size(0), -1])
    counts = torch.ones_like(t)
    if ignores:
        counts = (t != ignored).to(4)
        t = t * counts
    picked = torch.gather(x, 1, t.unsqueeze(1)).squeeze(1)
    w = counts.to(x.dtype)
    if weight is not None:
        w = w * torch.index_select(weight, 0, t.reshape([-1])).reshape(t.size())
    loss = -picked * w
    if reduction == "mean":
        loss = loss.sum() / w.sum()
    elif reduction == "sum":
        loss = loss.sum()
    else:
        loss = loss.reshape(shape)
    return loss
)";

Operand nll(Call& call, const Operand& logarithms)
{
    return call.trace.call(kLossScript, "nll",
                           {logarithms, call.required(1), call.in(2), call.hasAttribute("ignore_index"),
                            call.i("ignore_index", 0), Arg(c10::IValue(call.s("reduction", "mean")))});
}

Operands negativeLogLikelihood(Call& call)
{
    return {nll(call, call.required(0))};
}

Operands softmaxCrossEntropy(Call& call)
{
    const Operand logarithms = call.trace.emit("aten::log_softmax", {call.required(0), 1, nullptr});
    return {nll(call, logarithms), logarithms};
}

constexpr Row kLossRows[] = {
    {"NegativeLogLikelihoodLoss", negativeLogLikelihood},
    {"SoftmaxCrossEntropyLoss", softmaxCrossEntropy},
};

} // namespace

std::span<const Row> lossRows()
{
    return kLossRows;
}

} // namespace bitwright::onnxin
