// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/graph/op_traits.h"

#include <algorithm>
#include <array>

namespace bitwright {
namespace {

using enum OpKind;
using enum ChannelEffect;

// kind, op, label, weight, bias, channel axis, input axis, fusable, channels
constexpr OpTraits kTraits[] = {
    // Products with a weight. _convolution is a ConvTranspose when its `transposed` input is true.
    {"aten::conv1d", Conv, "conv1d", 1, 2, 0, 1},
    {"aten::conv2d", Conv, "conv2d", 1, 2, 0, 1},
    {"aten::conv3d", Conv, "conv3d", 1, 2, 0, 1},
    {"aten::_convolution", Conv, "conv", 1, 2, 0, 1},
    {"aten::convolution", Conv, "conv", 1, 2, 0, 1},
    {"aten::_convolution_mode", Conv, "conv", 1, 2, 0, 1},
    {"aten::conv_transpose1d", ConvTranspose, "conv_transpose1d", 1, 2, 1, 0},
    {"aten::conv_transpose2d", ConvTranspose, "conv_transpose2d", 1, 2, 1, 0},
    {"aten::conv_transpose3d", ConvTranspose, "conv_transpose3d", 1, 2, 1, 0},
    {"aten::linear", Linear, "linear", 1, 2, 0, 1},
    {"aten::addmm", Linear, "addmm", 2, 0, 1, 0},
    {"aten::bilinear", Linear, "bilinear", 2, 3, 0, 1},
    {"aten::embedding", Embedding, "embedding", 0, -1, 0, 1},
    {"aten::embedding_bag", Embedding, "embedding_bag", 0, -1, 0, 1},
    // Weights and biases of recurrent operators are elements of a list, or several inputs.
    {"aten::lstm", Recurrent, "lstm", 2, -1, 0, 1},
    {"aten::gru", Recurrent, "gru", 2, -1, 0, 1},
    {"aten::rnn_tanh", Recurrent, "rnn", 2, -1, 0, 1},
    {"aten::rnn_relu", Recurrent, "rnn", 2, -1, 0, 1},
    {"aten::lstm_cell", Recurrent, "lstm_cell", 2, 4, 0, 1},
    {"aten::gru_cell", Recurrent, "gru_cell", 2, 4, 0, 1},
    {"aten::rnn_tanh_cell", Recurrent, "rnn_cell", 2, 4, 0, 1},
    {"aten::rnn_relu_cell", Recurrent, "rnn_cell", 2, 4, 0, 1},
    // The second factor counts as a weight when it is a parameter.
    {"aten::matmul", MatMul, "matmul", 1, -1, 1, 0},
    {"aten::mm", MatMul, "matmul", 1, -1, 1, 0},
    {"aten::bmm", MatMul, "matmul", 1, -1, 2, 1},
    {"aten::mv", MatMul, "matmul", -1, -1, -1, -1},
    {"aten::dot", MatMul, "matmul", -1, -1, -1, -1},
    {"aten::baddbmm", MatMul, "baddbmm", 2, 0, 2, 1},
    {"aten::einsum", MatMul, "einsum"},
    {"aten::scaled_dot_product_attention", MatMul, "attention"},
    {"aten::cdist", MatMul, "cdist"},
    // Kernels that hide several products.
    {"aten::_native_multi_head_attention", Recurrent, "attention", 5, -1, 0, 1},
    {"aten::_transformer_encoder_layer_fwd", Recurrent, "transformer_layer", 3, -1, 0, 1},

    {"aten::add", Add, "add"},
    {"aten::add_", Add, "add"},
    {"aten::sub", Add, "sub"},
    {"aten::sub_", Add, "sub"},
    {"aten::rsub", Add, "rsub"},
    {"aten::mul", Mul, "mul"},
    {"aten::mul_", Mul, "mul"},
    {"aten::multiply", Mul, "mul"},
    {"aten::div", Mul, "div"},
    {"aten::div_", Mul, "div"},
    {"aten::true_divide", Mul, "div"},
    {"aten::addcmul", Mul, "addcmul"},
    {"aten::cat", Concat, "cat"},
    {"aten::concat", Concat, "cat"},
    {"aten::stack", Concat, "stack"},
    {"aten::hstack", Concat, "cat"},
    {"aten::vstack", Concat, "cat"},
    {"aten::softmax", Softmax, "softmax"},
    {"aten::_softmax", Softmax, "softmax"},
    {"aten::log_softmax", Softmax, "log_softmax"},
    {"aten::_log_softmax", Softmax, "log_softmax"},
    {"aten::layer_norm", Norm, "layer_norm"},
    {"aten::group_norm", Norm, "group_norm"},
    {"aten::instance_norm", Norm, "instance_norm"},
    {"aten::local_response_norm", Norm, "local_response_norm"},
    {"aten::norm", Norm, "norm"},
    {"aten::linalg_norm", Norm, "norm"},
    {"aten::linalg_vector_norm", Norm, "norm"},
    {"aten::batch_norm", BatchNorm, "batch_norm"},
    {"aten::avg_pool1d", Pool, "avg_pool1d", -1, -1, -1, -1, false, Window},
    {"aten::avg_pool2d", Pool, "avg_pool2d", -1, -1, -1, -1, false, Window},
    {"aten::avg_pool3d", Pool, "avg_pool3d", -1, -1, -1, -1, false, Window},
    {"aten::adaptive_avg_pool1d", Pool, "adaptive_avg_pool1d", -1, -1, -1, -1, false, Window},
    {"aten::adaptive_avg_pool2d", Pool, "adaptive_avg_pool2d", -1, -1, -1, -1, false, Window},
    {"aten::adaptive_avg_pool3d", Pool, "adaptive_avg_pool3d", -1, -1, -1, -1, false, Window},
    {"aten::mean", Pool, "mean", -1, -1, -1, -1, false, Window},
    {"aten::sum", Pool, "sum"},
    {"aten::std", Pool, "std"},
    {"aten::var", Pool, "var"},
    {"aten::cumsum", Pool, "cumsum"},
    {"aten::prod", Pool, "prod"},
    {"aten::logsumexp", Pool, "logsumexp"},

    // Piecewise linear, cut behind the layer before: integer runtimes do them for nothing.
    {"aten::relu", Activation, "relu", -1, -1, -1, -1, true, Scales},
    {"aten::relu_", Activation, "relu", -1, -1, -1, -1, true, Scales},
    {"aten::relu6", Activation, "relu6", -1, -1, -1, -1, true, Keeps},
    {"aten::relu6_", Activation, "relu6", -1, -1, -1, -1, true, Keeps},
    {"aten::hardtanh", Activation, "hardtanh", -1, -1, -1, -1, true, Keeps},
    {"aten::hardtanh_", Activation, "hardtanh", -1, -1, -1, -1, true, Keeps},
    {"aten::clamp", Activation, "clamp", -1, -1, -1, -1, true, Keeps},
    {"aten::clamp_", Activation, "clamp", -1, -1, -1, -1, true, Keeps},
    {"aten::clamp_min", Activation, "clamp", -1, -1, -1, -1, true, Keeps},
    {"aten::clamp_min_", Activation, "clamp", -1, -1, -1, -1, true, Keeps},
    {"aten::clamp_max", Activation, "clamp", -1, -1, -1, -1, true, Keeps},
    {"aten::threshold", Activation, "threshold", -1, -1, -1, -1, false, Keeps},
    {"aten::leaky_relu", Activation, "leaky_relu", -1, -1, -1, -1, false, Scales},
    {"aten::leaky_relu_", Activation, "leaky_relu", -1, -1, -1, -1, false, Scales},
    {"aten::prelu", Activation, "prelu", -1, -1, -1, -1, false, Scales},
    {"aten::rrelu", Activation, "rrelu", -1, -1, -1, -1, false, Scales},
    {"aten::elu", Activation, "elu", -1, -1, -1, -1, false, Keeps},
    {"aten::elu_", Activation, "elu", -1, -1, -1, -1, false, Keeps},
    {"aten::selu", Activation, "selu", -1, -1, -1, -1, false, Keeps},
    {"aten::selu_", Activation, "selu", -1, -1, -1, -1, false, Keeps},
    {"aten::celu", Activation, "celu", -1, -1, -1, -1, false, Keeps},
    {"aten::celu_", Activation, "celu", -1, -1, -1, -1, false, Keeps},
    {"aten::gelu", Activation, "gelu", -1, -1, -1, -1, false, Keeps},
    {"aten::gelu_", Activation, "gelu", -1, -1, -1, -1, false, Keeps},
    {"aten::silu", Activation, "silu", -1, -1, -1, -1, false, Keeps},
    {"aten::silu_", Activation, "silu", -1, -1, -1, -1, false, Keeps},
    {"aten::mish", Activation, "mish", -1, -1, -1, -1, false, Keeps},
    {"aten::mish_", Activation, "mish", -1, -1, -1, -1, false, Keeps},
    {"aten::glu", Activation, "glu"},
    {"aten::sigmoid", Activation, "sigmoid", -1, -1, -1, -1, false, Keeps},
    {"aten::sigmoid_", Activation, "sigmoid", -1, -1, -1, -1, false, Keeps},
    {"aten::tanh", Activation, "tanh", -1, -1, -1, -1, false, Keeps},
    {"aten::tanh_", Activation, "tanh", -1, -1, -1, -1, false, Keeps},
    {"aten::hardswish", Activation, "hardswish", -1, -1, -1, -1, false, Keeps},
    {"aten::hardswish_", Activation, "hardswish", -1, -1, -1, -1, false, Keeps},
    {"aten::hardsigmoid", Activation, "hardsigmoid", -1, -1, -1, -1, false, Keeps},
    {"aten::hardsigmoid_", Activation, "hardsigmoid", -1, -1, -1, -1, false, Keeps},
    {"aten::softplus", Activation, "softplus", -1, -1, -1, -1, false, Keeps},
    {"aten::softsign", Activation, "softsign", -1, -1, -1, -1, false, Keeps},
    {"aten::log_sigmoid", Activation, "log_sigmoid", -1, -1, -1, -1, false, Keeps},
    {"aten::hardshrink", Activation, "hardshrink", -1, -1, -1, -1, false, Keeps},
    {"aten::softshrink", Activation, "softshrink", -1, -1, -1, -1, false, Keeps},
    {"aten::exp", Elementwise, "exp", -1, -1, -1, -1, false, Keeps},
    {"aten::exp_", Elementwise, "exp", -1, -1, -1, -1, false, Keeps},
    {"aten::expm1", Elementwise, "expm1", -1, -1, -1, -1, false, Keeps},
    {"aten::log", Elementwise, "log", -1, -1, -1, -1, false, Keeps},
    {"aten::log1p", Elementwise, "log1p", -1, -1, -1, -1, false, Keeps},
    {"aten::log2", Elementwise, "log2", -1, -1, -1, -1, false, Keeps},
    {"aten::log10", Elementwise, "log10", -1, -1, -1, -1, false, Keeps},
    {"aten::sqrt", Elementwise, "sqrt", -1, -1, -1, -1, false, Keeps},
    {"aten::rsqrt", Elementwise, "rsqrt", -1, -1, -1, -1, false, Keeps},
    {"aten::reciprocal", Elementwise, "reciprocal", -1, -1, -1, -1, false, Keeps},
    {"aten::square", Elementwise, "square", -1, -1, -1, -1, false, Keeps},
    {"aten::pow", Elementwise, "pow"},
    {"aten::abs", Elementwise, "abs", -1, -1, -1, -1, false, Scales},
    {"aten::neg", Elementwise, "neg", -1, -1, -1, -1, false, Keeps},
    {"aten::sin", Elementwise, "sin", -1, -1, -1, -1, false, Keeps},
    {"aten::cos", Elementwise, "cos", -1, -1, -1, -1, false, Keeps},
    {"aten::atan", Elementwise, "atan", -1, -1, -1, -1, false, Keeps},
    {"aten::erf", Elementwise, "erf", -1, -1, -1, -1, false, Keeps},
    {"aten::floor", Elementwise, "floor", -1, -1, -1, -1, false, Keeps},
    {"aten::ceil", Elementwise, "ceil", -1, -1, -1, -1, false, Keeps},
    {"aten::round", Elementwise, "round", -1, -1, -1, -1, false, Keeps},
    {"aten::sign", Elementwise, "sign", -1, -1, -1, -1, false, Keeps},
    {"aten::maximum", Elementwise, "maximum"},
    {"aten::minimum", Elementwise, "minimum"},
    {"aten::upsample_bilinear2d", Elementwise, "upsample", -1, -1, -1, -1, false, Window},
    {"aten::upsample_bicubic2d", Elementwise, "upsample", -1, -1, -1, -1, false, Window},
    {"aten::upsample_linear1d", Elementwise, "upsample", -1, -1, -1, -1, false, Window},
    {"aten::upsample_trilinear3d", Elementwise, "upsample", -1, -1, -1, -1, false, Window},
    {"aten::grid_sampler", Elementwise, "grid_sample"},

    // Move or select values.
    {"aten::view", Passthrough, "view", -1, -1, -1, -1, false, Window},
    {"aten::_reshape_alias", Passthrough, "reshape", -1, -1, -1, -1, false, Window},
    {"aten::reshape", Passthrough, "reshape", -1, -1, -1, -1, false, Window},
    {"aten::view_as", Passthrough, "view"},
    {"aten::reshape_as", Passthrough, "reshape"},
    {"aten::flatten", Passthrough, "flatten", -1, -1, -1, -1, false, Window},
    {"aten::unflatten", Passthrough, "unflatten"},
    {"aten::squeeze", Passthrough, "squeeze", -1, -1, -1, -1, false, Window},
    {"aten::unsqueeze", Passthrough, "unsqueeze"},
    {"aten::squeeze_", Passthrough, "squeeze"},
    {"aten::unsqueeze_", Passthrough, "unsqueeze"},
    {"aten::transpose", Passthrough, "transpose"},
    {"aten::transpose_", Passthrough, "transpose"},
    {"aten::permute", Passthrough, "permute"},
    {"aten::movedim", Passthrough, "movedim"},
    {"aten::swapaxes", Passthrough, "transpose"},
    {"aten::t", Passthrough, "t"},
    {"aten::numpy_T", Passthrough, "t"},
    {"aten::contiguous", Passthrough, "contiguous", -1, -1, -1, -1, false, Scales},
    {"aten::clone", Passthrough, "clone", -1, -1, -1, -1, false, Scales},
    {"aten::detach", Passthrough, "detach", -1, -1, -1, -1, false, Scales},
    {"aten::alias", Passthrough, "alias", -1, -1, -1, -1, false, Scales},
    {"aten::to", Passthrough, "to", -1, -1, -1, -1, false, Scales},
    {"aten::type_as", Passthrough, "to"},
    {"aten::float", Passthrough, "to", -1, -1, -1, -1, false, Scales},
    {"aten::slice", Passthrough, "slice"},
    {"aten::select", Passthrough, "select"},
    {"aten::narrow", Passthrough, "narrow"},
    {"aten::index", Passthrough, "index"},
    {"aten::index_select", Passthrough, "index_select"},
    {"aten::gather", Passthrough, "gather"},
    {"aten::take", Passthrough, "take"},
    {"aten::masked_select", Passthrough, "masked_select"},
    {"aten::masked_fill", Passthrough, "masked_fill"},
    {"aten::masked_fill_", Passthrough, "masked_fill"},
    {"aten::where", Passthrough, "where"},
    {"aten::chunk", Passthrough, "chunk"},
    {"prim::ConstantChunk", Passthrough, "chunk"},
    {"aten::split", Passthrough, "split"},
    {"aten::split_with_sizes", Passthrough, "split"},
    {"aten::tensor_split", Passthrough, "split"},
    {"aten::unbind", Passthrough, "unbind"},
    {"aten::expand", Passthrough, "expand"},
    {"aten::expand_as", Passthrough, "expand"},
    {"aten::repeat", Passthrough, "repeat"},
    {"aten::repeat_interleave", Passthrough, "repeat"},
    {"aten::tile", Passthrough, "repeat"},
    {"aten::roll", Passthrough, "roll"},
    {"aten::flip", Passthrough, "flip"},
    {"aten::pad", Passthrough, "pad"},
    {"aten::constant_pad_nd", Passthrough, "pad"},
    {"aten::reflection_pad1d", Passthrough, "pad", -1, -1, -1, -1, false, Window},
    {"aten::reflection_pad2d", Passthrough, "pad", -1, -1, -1, -1, false, Window},
    {"aten::replication_pad1d", Passthrough, "pad", -1, -1, -1, -1, false, Window},
    {"aten::replication_pad2d", Passthrough, "pad", -1, -1, -1, -1, false, Window},
    {"aten::pixel_shuffle", Passthrough, "pixel_shuffle"},
    {"aten::pixel_unshuffle", Passthrough, "pixel_unshuffle"},
    {"aten::channel_shuffle", Passthrough, "channel_shuffle"},
    {"aten::unfold", Passthrough, "unfold"},
    {"aten::im2col", Passthrough, "unfold"},
    {"aten::upsample_nearest1d", Passthrough, "upsample", -1, -1, -1, -1, false, Window},
    {"aten::upsample_nearest2d", Passthrough, "upsample", -1, -1, -1, -1, false, Window},
    {"aten::upsample_nearest3d", Passthrough, "upsample", -1, -1, -1, -1, false, Window},
    {"aten::max_pool1d", Passthrough, "max_pool1d", -1, -1, -1, -1, false, Window},
    {"aten::max_pool2d", Passthrough, "max_pool2d", -1, -1, -1, -1, false, Window},
    {"aten::max_pool3d", Passthrough, "max_pool3d", -1, -1, -1, -1, false, Window},
    {"aten::max_pool2d_with_indices", Passthrough, "max_pool2d", -1, -1, -1, -1, false, Window},
    {"aten::adaptive_max_pool1d", Passthrough, "max_pool1d", -1, -1, -1, -1, false, Window},
    {"aten::adaptive_max_pool2d", Passthrough, "max_pool2d", -1, -1, -1, -1, false, Window},
    {"aten::max", Passthrough, "max"},
    {"aten::min", Passthrough, "min"},
    {"aten::amax", Passthrough, "max"},
    {"aten::amin", Passthrough, "min"},
    {"aten::topk", Passthrough, "topk"},
    {"aten::sort", Passthrough, "sort"},
    {"aten::dropout", Passthrough, "dropout", -1, -1, -1, -1, false, Scales},
    {"aten::dropout_", Passthrough, "dropout", -1, -1, -1, -1, false, Scales},
    {"aten::feature_dropout", Passthrough, "dropout", -1, -1, -1, -1, false, Scales},
    {"aten::alpha_dropout", Passthrough, "dropout"},
    {"aten::copy_", Passthrough, "copy"},
    {"aten::__getitem__", Passthrough, "item"},
    {"aten::_pack_padded_sequence", Passthrough, "pack"},
    {"aten::_pad_packed_sequence", Passthrough, "unpack"},
    {"prim::ListConstruct", Passthrough, "list"},
    {"prim::ListUnpack", Passthrough, "unpack"},
    {"prim::TupleConstruct", Passthrough, "tuple"},
    {"prim::TupleUnpack", Passthrough, "unpack"},
    {"prim::TupleIndex", Passthrough, "item"},
    {"prim::DictConstruct", Passthrough, "dict"},
    {"prim::unchecked_cast", Passthrough, "cast"},
};

} // namespace

const char* opKindName(OpKind kind)
{
    switch (kind) {
    case Conv:
        return "conv";
    case ConvTranspose:
        return "conv_transpose";
    case Linear:
        return "linear";
    case Embedding:
        return "embedding";
    case Recurrent:
        return "recurrent";
    case MatMul:
        return "matmul";
    case Add:
        return "add";
    case Mul:
        return "mul";
    case Concat:
        return "concat";
    case Softmax:
        return "softmax";
    case Norm:
        return "norm";
    case BatchNorm:
        return "batch_norm";
    case Pool:
        return "pool";
    case Activation:
        return "activation";
    case Elementwise:
        return "elementwise";
    case Passthrough:
        return "passthrough";
    case Opaque:
        return "opaque";
    }
    return "opaque";
}

const OpTraits* opTraits(std::string_view kind)
{
    // Sorted once; the table itself stays grouped for readers.
    static const auto sorted = [] {
        std::array<const OpTraits*, std::size(kTraits)> rows{};
        std::transform(std::begin(kTraits), std::end(kTraits), rows.begin(),
                       [](const OpTraits& row) { return &row; });
        std::sort(rows.begin(), rows.end(),
                  [](const OpTraits* a, const OpTraits* b) { return a->kind < b->kind; });
        return rows;
    }();
    const auto it =
        std::lower_bound(sorted.begin(), sorted.end(), kind,
                         [](const OpTraits* row, std::string_view name) { return row->kind < name; });
    return it != sorted.end() && (*it)->kind == kind ? *it : nullptr;
}

} // namespace bitwright
