// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/tensor/tensor.h"

#include <bit>
#include <cstdlib>
#include <cstring>
#include <new>

#ifdef __linux__
#include <sys/mman.h>
#endif

namespace bitwright {
namespace {

constexpr size_t kHugePage = size_t(2) << 20;

float halfToFloat(uint16_t half)
{
    const uint32_t sign = uint32_t(half & 0x8000) << 16;
    const uint32_t exponent = (half >> 10) & 31, mantissa = half & 1023;
    if (exponent == 31)
        return std::bit_cast<float>(sign | 0x7f800000u | (mantissa << 13));
    if (exponent == 0)
        return std::bit_cast<float>(sign | std::bit_cast<uint32_t>(float(mantissa) * 0x1p-24f));
    return std::bit_cast<float>(sign | ((exponent + 112) << 23) | (mantissa << 13));
}

template <typename From>
void convert(const void* from, float* to, int64_t count)
{
    const From* source = static_cast<const From*>(from);
    for (int64_t i = 0; i < count; ++i)
        to[i] = float(source[i]);
}

} // namespace

int dtypeBytes(DType dtype)
{
    switch (dtype) {
    case DType::F64:
    case DType::I64:
        return 8;
    case DType::F32:
    case DType::I32:
        return 4;
    case DType::F16:
    case DType::BF16:
    case DType::I16:
        return 2;
    case DType::I8:
    case DType::U8:
    case DType::Bool:
        return 1;
    }
    return 1;
}

const char* dtypeName(DType dtype)
{
    switch (dtype) {
    case DType::F32: return "float32";
    case DType::F64: return "float64";
    case DType::F16: return "float16";
    case DType::BF16: return "bfloat16";
    case DType::I8: return "int8";
    case DType::U8: return "uint8";
    case DType::I16: return "int16";
    case DType::I32: return "int32";
    case DType::I64: return "int64";
    case DType::Bool: return "bool";
    }
    return "?";
}

int64_t elementCount(const Shape& shape)
{
    int64_t count = 1;
    for (const int64_t size : shape)
        count *= size;
    return count;
}

std::string shapeText(const Shape& shape)
{
    std::string text = "[";
    for (size_t i = 0; i < shape.size(); ++i)
        text += (i ? ", " : "") + std::to_string(shape[i]);
    return text + "]";
}

Tensor Tensor::empty(DType dtype, Shape shape)
{
    const size_t bytes = size_t(elementCount(shape)) * size_t(dtypeBytes(dtype));
    // Touching 40 MB for the first time in pages of 4 kB costs more than quantizing them.
    const size_t alignment = bytes >= 2 * kHugePage ? kHugePage : 64;
    const size_t rounded = (bytes / alignment + 1) * alignment;
    void* memory = std::aligned_alloc(alignment, rounded);
    if (!memory)
        throw std::bad_alloc();
#ifdef MADV_HUGEPAGE
    if (alignment == kHugePage)
        madvise(memory, rounded, MADV_HUGEPAGE); // a hint; that it may fail is fine
#endif
    std::shared_ptr<const void> owner(memory, [](const void* p) { std::free(const_cast<void*>(p)); });
    return wrap(dtype, std::move(shape), memory, std::move(owner));
}

Tensor Tensor::fromFloats(Shape shape, std::span<const float> values)
{
    Tensor tensor = empty(DType::F32, std::move(shape));
    if (!values.empty())
        std::memcpy(tensor.mutableData(), values.data(), values.size_bytes());
    return tensor;
}

Tensor Tensor::wrap(DType dtype, Shape shape, const void* data, std::shared_ptr<const void> owner)
{
    Tensor tensor;
    tensor.m_dtype = dtype;
    tensor.m_shape = std::move(shape);
    tensor.m_data = data;
    tensor.m_owner = std::move(owner);
    return tensor;
}

std::span<const float> Tensor::floats() const
{
    return {static_cast<const float*>(m_data), size_t(size())};
}

std::span<float> Tensor::mutableFloats()
{
    return {static_cast<float*>(mutableData()), size_t(size())};
}

Tensor Tensor::toFloat() const
{
    if (m_dtype == DType::F32)
        return *this;
    Tensor result = empty(DType::F32, m_shape);
    float* out = result.mutableFloats().data();
    const int64_t count = size();
    switch (m_dtype) {
    case DType::F32: break;
    case DType::F64: convert<double>(m_data, out, count); break;
    case DType::I8: convert<int8_t>(m_data, out, count); break;
    case DType::Bool:
    case DType::U8: convert<uint8_t>(m_data, out, count); break;
    case DType::I16: convert<int16_t>(m_data, out, count); break;
    case DType::I32: convert<int32_t>(m_data, out, count); break;
    case DType::I64: convert<int64_t>(m_data, out, count); break;
    case DType::F16:
        for (int64_t i = 0; i < count; ++i)
            out[i] = halfToFloat(static_cast<const uint16_t*>(m_data)[i]);
        break;
    case DType::BF16:
        for (int64_t i = 0; i < count; ++i)
            out[i] = std::bit_cast<float>(uint32_t(static_cast<const uint16_t*>(m_data)[i]) << 16);
        break;
    }
    return result;
}

Tensor Tensor::reshaped(Shape shape) const
{
    Tensor tensor = *this;
    tensor.m_shape = std::move(shape);
    return tensor;
}

ChannelView channelView(std::span<const float> data, const Shape& shape, int axis)
{
    if (axis < 0 || axis >= int(shape.size()))
        return {data.data(), 1, 1, int64_t(data.size())};
    ChannelView view{data.data(), 1, shape[size_t(axis)], 1};
    for (int i = 0; i < int(shape.size()); ++i)
        (i < axis ? view.outer : view.inner) *= i == axis ? 1 : shape[size_t(i)];
    return view;
}

ChannelView channelView(const Tensor& tensor, int axis)
{
    return channelView(tensor.floats(), tensor.shape(), axis);
}

} // namespace bitwright
