// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/io/weights/stored_type.h"

#include <algorithm>
#include <vector>

namespace bitwright {
namespace {

struct TypeRow {
    int bytes;
    DType dtype;
};

TypeRow rowOf(StoredType type)
{
    static const TypeRow rows[] = {{8, DType::F64}, {4, DType::F32}, {2, DType::F16}, {2, DType::BF16},
                                   {1, DType::F16}, {1, DType::F16}, {8, DType::I64}, {4, DType::I32},
                                   {2, DType::I16}, {1, DType::I8},  {4, DType::I64}, {2, DType::I32},
                                   {1, DType::U8},  {1, DType::Bool}};
    return rows[int(type)];
}

/// E4M3 in the variant without infinities (OCP "FN"): every value is one of binary16.
uint16_t halfOfE4M3(uint8_t code)
{
    const uint16_t sign = uint16_t((code & 0x80) << 8);
    const int exponent = (code >> 3) & 15, mantissa = code & 7;
    if (exponent == 15 && mantissa == 7)
        return sign | 0x7e00;
    if (exponent == 0) {
        if (mantissa == 0)
            return sign;
        const int shift = mantissa >= 4 ? 1 : mantissa >= 2 ? 2 : 3; // normal in binary16
        return uint16_t(sign | (9 - shift) << 10 | ((mantissa << shift) & 7) << 7);
    }
    return uint16_t(sign | (exponent + 8) << 10 | mantissa << 7);
}

template<typename From, typename To, typename Convert>
void widen(const std::vector<char>& raw, Tensor& to, Convert convert)
{
    const auto* from = reinterpret_cast<const From*>(raw.data());
    auto* out = static_cast<To*>(to.mutableData());
    std::transform(from, from + raw.size() / sizeof(From), out, convert);
}

} // namespace

int storedBytes(StoredType type)
{
    return rowOf(type).bytes;
}

DType readAs(StoredType type)
{
    return rowOf(type).dtype;
}

Result<Tensor> readStored(StoredType type, const Shape& shape,
                          const std::function<Result<void>(void* out, int64_t bytes)>& fill)
{
    Tensor tensor = Tensor::empty(readAs(type), shape);
    const int64_t bytes = tensor.size() * storedBytes(type);
    if (storedBytes(type) == dtypeBytes(tensor.dtype())) {
        BITWRIGHT_CHECK(fill(tensor.mutableData(), bytes));
        return tensor;
    }
    std::vector<char> raw(static_cast<size_t>(bytes));
    BITWRIGHT_CHECK(fill(raw.data(), bytes));
    if (type == StoredType::U32)
        widen<uint32_t, int64_t>(raw, tensor, [](uint32_t v) { return int64_t(v); });
    else if (type == StoredType::U16)
        widen<uint16_t, int32_t>(raw, tensor, [](uint16_t v) { return int32_t(v); });
    else if (type == StoredType::F8E5M2)
        widen<uint8_t, uint16_t>(raw, tensor, [](uint8_t v) { return uint16_t(v << 8); });
    else
        widen<uint8_t, uint16_t>(raw, tensor, halfOfE4M3);
    return tensor;
}

std::optional<int64_t> bytesOfShape(const Shape& shape, int elementBytes)
{
    constexpr size_t kMostDimensions = 32;
    int64_t bytes = elementBytes;
    if (shape.size() > kMostDimensions)
        return std::nullopt;
    for (const int64_t size : shape)
        if (size < 0 || __builtin_mul_overflow(bytes, std::max<int64_t>(size, 1), &bytes))
            return std::nullopt;
    return std::count(shape.begin(), shape.end(), 0) > 0 ? 0 : bytes;
}

} // namespace bitwright
