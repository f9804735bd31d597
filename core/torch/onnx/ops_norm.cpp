// SPDX-License-Identifier: GPL-3.0-or-later
// Normalizations and dropout.
#include "core/torch/onnx/simple_rows_p.h"

namespace bitwright::onnxin {
namespace {

constexpr const char* kNormScript = R"(
def train_norm(x, weight, bias, mean, var, eps: float, momentum: float):
    axes = [0]
    for i in range(2, x.dim()):
        axes.append(i)
    m = x.mean(axes)
    v = torch.var(x, axes, False)
    shape = [1, -1]
    for i in range(2, x.dim()):
        shape.append(1)
    y = (x - m.reshape(shape)) / torch.sqrt(v.reshape(shape) + eps) * weight.reshape(shape) + bias.reshape(shape)
    return y, mean * momentum + m * (1.0 - momentum), var * momentum + v * (1.0 - momentum)

def layer_norm_stats(x, axes: List[int], eps: float):
    mean = x.mean(axes, True)
    d = x - mean
    return mean, 1.0 / torch.sqrt((d * d).mean(axes, True) + eps)

def variance_norm(x, axes: List[int], eps: float):
    mean = x.mean(axes, True)
    std = torch.sqrt((x * x).mean(axes, True) - mean * mean)
    return (x - mean) / (std + eps)

def lp_normalize(x, axis: int, p: int):
    if p == 1:
        n = torch.sum(torch.abs(x), [axis], True)
    else:
        n = torch.sqrt(torch.sum(x * x, [axis], True))
    return x / n

def local_response(x, alpha: float, beta: float, k: float, size: int):
    shape = x.size()
    square = (x * x).reshape([shape[0], 1, shape[1], -1])
    padded = torch.constant_pad_nd(square, [0, 0, (size - 1) // 2, size // 2], 0.0)
    mean = torch.avg_pool2d(padded, [size, 1], [1, 1]).reshape(shape)
    return x / torch.pow(mean * alpha + k, beta)

def rms_norm(x, weight, axes: List[int], eps: float):
    return x / torch.sqrt((x * x).mean(axes, True) + eps) * weight
)";

Operands batchNorm(Call& call)
{
    const Operand& x = call.required(0);
    const double eps = call.f("epsilon", 1e-5), momentum = call.f("momentum", 0.9);
    if (call.i("training_mode", 0) != 0)
        return call.trace.callAll(
            kNormScript, "train_norm",
            {x, call.required(1), call.required(2), call.required(3), call.required(4), eps, momentum});
    const Operand y =
        call.trace.emit("aten::batch_norm", {x, call.required(1), call.required(2), call.required(3),
                                             call.required(4), false, 1.0 - momentum, eps, false});
    call.trace.markBuffer(call.in(3));
    call.trace.markBuffer(call.in(4));
    return {y};
}

Operands instanceNorm(Call& call)
{
    return {
        call.trace.emit("aten::instance_norm", {call.required(0), call.required(1), call.required(2), nullptr,
                                                nullptr, true, 0.1, call.f("epsilon", 1e-5), false})};
}

Operands groupNorm(Call& call)
{
    const int64_t groups = call.i("num_groups", 1);
    Operand scale = call.required(1), bias = call.required(2);
    const Number channels = call.trace.dim(call.required(0), 1);
    if (call.version < 21 && channels.isKnown() && call.trace.elements(scale) == groups &&
        groups != channels.toInt()) { // one factor a group, not a channel
        const int64_t times = channels.toInt() / groups;
        scale = call.trace.emit("aten::repeat_interleave", {scale, times});
        bias = call.trace.emit("aten::repeat_interleave", {bias, times});
    }
    return {call.trace.emit("aten::group_norm",
                            {call.in(0), groups, scale, bias, call.f("epsilon", 1e-5), false})};
}

Operands layerNorm(Call& call)
{
    const Operand& x = call.required(0);
    const int64_t rank = call.rank(), axis = call.axis("axis", -1, rank);
    const double eps = call.f("epsilon", 1e-5);
    std::vector<int64_t> shape, axes;
    for (int64_t i = axis; i < rank; ++i) {
        const Number size = call.trace.dim(x, i);
        if (!size.isKnown())
            call.fail("normalizes over an axis of any size, which is not supported");
        shape.push_back(size.toInt());
        axes.push_back(i);
    }
    const auto fitted = [&](const Operand& operand) {
        if (!operand || call.trace.exampleSizes(operand) == shape)
            return operand;
        return call.trace.emit("aten::contiguous", {call.trace.emit("aten::expand", {operand, shape})});
    };
    Operands made = {call.trace.emit("aten::layer_norm",
                                     {x, shape, fitted(call.required(1)), fitted(call.in(2)), eps, false})};
    if (call.wants(1) || call.wants(2))
        for (const Operand& statistic : call.trace.callAll(kNormScript, "layer_norm_stats", {x, axes, eps}))
            made.push_back(statistic);
    return made;
}

Operands rmsNorm(Call& call)
{
    std::vector<int64_t> axes;
    for (int64_t i = call.axis("axis", -1, call.rank()); i < call.rank(); ++i)
        axes.push_back(i);
    return {call.trace.call(kNormScript, "rms_norm",
                            {call.required(0), call.required(1), axes, call.f("epsilon", 1e-5)})};
}

Operands meanVariance(Call& call)
{
    std::vector<int64_t> axes = call.ints("axes");
    if (axes.empty())
        axes = {0, 2, 3};
    return {call.trace.call(kNormScript, "variance_norm", {call.required(0), axes, 1e-9})};
}

Operands lpNormalize(Call& call)
{
    return {call.trace.call(kNormScript, "lp_normalize",
                            {call.required(0), call.axis("axis", -1, call.rank()), call.i("p", 2)})};
}

Operands localResponse(Call& call)
{
    return {call.trace.call(kNormScript, "local_response",
                            {call.required(0), call.f("alpha", 1e-4), call.f("beta", 0.75),
                             call.f("bias", 1.0), call.i("size", 1)})};
}

/// Inference: nothing is dropped. Dropping at random is training.
Operands dropout(Call& call)
{
    const Operand& x = call.required(0);
    bool trains = call.version < 7 && call.hasAttribute("is_test") && call.i("is_test", 0) == 0;
    double ratio = call.version >= 12 ? call.knownNumber(1, 0.5, "ratio") : call.f("ratio", 0.5);
    if (call.version >= 12)
        trains = call.knownNumber(2, 0, "training mode") != 0;
    if (trains && ratio != 0)
        call.fail("drops values at random (training mode), which is not supported");
    Operands made = {x};
    if (call.wants(1))
        made.push_back(call.trace.emit("aten::ones_like", {x}, {{"dtype", c10::kBool}}));
    return made;
}

constexpr Row kNormRows[] = {
    {"BatchNormalization", batchNorm},
    {"InstanceNormalization", instanceNorm},
    {"GroupNormalization", groupNorm},
    {"LayerNormalization", layerNorm},
    {"RMSNormalization", rmsNorm},
    {"SimplifiedLayerNormalization", rmsNorm},
    {"MeanVarianceNormalization", meanVariance},
    {"LpNormalization", lpNormalize},
    {"LRN", localResponse},
    {"Dropout", dropout},
};

} // namespace

std::span<const Row> normRows()
{
    return kNormRows;
}

} // namespace bitwright::onnxin
