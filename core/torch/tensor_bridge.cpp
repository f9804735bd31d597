// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/torch/tensor_bridge_p.h"

#include <ATen/ATen.h>

#include <memory>

namespace bitwright {
namespace {

struct Pair {
    DType ours;
    c10::ScalarType torch;
};
constexpr Pair kDtypes[] = {
    {DType::F32, c10::kFloat},     {DType::F64, c10::kDouble}, {DType::F16, c10::kHalf},
    {DType::BF16, c10::kBFloat16}, {DType::I8, c10::kChar},    {DType::U8, c10::kByte},
    {DType::I16, c10::kShort},     {DType::I32, c10::kInt},    {DType::I64, c10::kLong},
    {DType::Bool, c10::kBool},
};

} // namespace

bool isKnownDtype(c10::ScalarType type)
{
    for (const Pair& pair : kDtypes)
        if (pair.torch == type)
            return true;
    return false;
}

DType dtypeFromTorch(c10::ScalarType type)
{
    for (const Pair& pair : kDtypes)
        if (pair.torch == type)
            return pair.ours;
    TORCH_CHECK(false, "Tensors of type ", c10::toString(type), " are not supported.");
}

c10::ScalarType dtypeToTorch(DType dtype)
{
    for (const Pair& pair : kDtypes)
        if (pair.ours == dtype)
            return pair.torch;
    return c10::kFloat;
}

at::Tensor toTorch(const Tensor& tensor)
{
    const at::TensorOptions options = at::TensorOptions().dtype(dtypeToTorch(tensor.dtype()));
    if (tensor.size() == 0)
        return at::empty(tensor.shape(), options);
    auto owner = std::make_shared<Tensor>(tensor);
    return at::from_blob(
        const_cast<void*>(tensor.data()), tensor.shape(), [owner](void*) {}, options);
}

Tensor fromTorch(const at::Tensor& tensor)
{
    at::Tensor dense = tensor.detach();
    if (dense.is_quantized())
        dense = dense.dequantize();
    if (!dense.device().is_cpu())
        dense = dense.cpu();
    if (dense.layout() != c10::kStrided)
        dense = dense.to_dense();
    dense = dense.contiguous();
    const DType dtype = dtypeFromTorch(dense.scalar_type());
    auto owner = std::make_shared<at::Tensor>(dense);
    const void* data = dense.data_ptr();
    return Tensor::wrap(dtype, dense.sizes().vec(), data, std::move(owner));
}

Tensor floatFromTorch(const at::Tensor& tensor)
{
    return fromTorch(tensor.is_floating_point() ? tensor.to(c10::kFloat) : tensor).toFloat();
}

} // namespace bitwright
