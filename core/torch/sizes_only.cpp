// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/torch/sizes_only_p.h"

#include <ATen/ATen.h>

#include <unordered_set>

namespace bitwright {
namespace jit = torch::jit;
namespace {

constexpr int64_t kLargeWeight = 16384; ///< elements

bool treatsSamplesAlone(const jit::Node* node, const at::Tensor& x, const at::Tensor& weight)
{
    static const std::unordered_set<c10::Symbol> convolutions = {
        c10::aten::conv1d, c10::aten::conv2d, c10::aten::conv3d, c10::aten::conv_transpose1d,
        c10::Symbol::fromQualString("aten::conv_transpose2d"),
        c10::Symbol::fromQualString("aten::conv_transpose3d")};
    if (x.dim() < 2 || x.size(0) == 0 || x.numel() == 0)
        return false;
    if (node->kind() == c10::aten::linear || node->kind() == c10::aten::matmul)
        return weight.dim() == 2;
    return convolutions.count(node->kind()) > 0 && x.dim() == weight.dim();
}

} // namespace

bool runForSizes(const jit::Node* node, jit::Operation& operation, jit::Stack& stack)
{
    const size_t count = node->inputs().size();
    if (count < 2 || node->outputs().size() != 1)
        return false;
    c10::IValue& first = stack[stack.size() - count];
    const c10::IValue& second = stack[stack.size() - count + 1];
    if (!first.isTensor() || !second.isTensor() || !second.toTensor().defined() ||
        second.toTensor().numel() < kLargeWeight ||
        !treatsSamplesAlone(node, first.toTensor(), second.toTensor()))
        return false;
    const int64_t samples = first.toTensor().size(0);
    first = first.toTensor().narrow(0, 0, 0);
    operation(stack);
    const at::Tensor& none = stack.back().toTensor();
    std::vector<int64_t> sizes = none.sizes().vec();
    sizes.at(0) = samples;
    int64_t elements = 1;
    for (const int64_t size : sizes)
        elements *= size;
    stack.back() = at::linspace(-1, 1, elements, none.options()).reshape(sizes);
    return true;
}

} // namespace bitwright
