// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/torch/guard_p.h"
#include "core/torch/onnx/tensor_proto_p.h"

#include <ATen/ATen.h>
#include <c10/util/BFloat16.h>
#include <c10/util/Half.h>

#include <cmath>
#include <cstring>
#include <limits>

namespace bitwright::onnxin {
namespace {

constexpr const char* kNames[] = {
    "undefined",      "float32",    "uint8",          "int8",       "uint16",   "int16",
    "int32",          "int64",      "string",         "bool",       "float16",  "double",
    "uint32",         "uint64",     "complex64",      "complex128", "bfloat16", "float8e4m3fn",
    "float8e4m3fnuz", "float8e5m2", "float8e5m2fnuz", "uint4",      "int4"};

[[noreturn]] void refuse(const onnx::TensorProto& proto, const std::string& what,
                         Error::Code code = Error::Corrupt)
{
    throw Stop{{code, "The tensor \"" + proto.name() + "\" " + what + ".", {}}};
}

/// Bits of one element in raw data.
int bitsOf(int type)
{
    switch (type) {
    case kUint4:
    case kInt4:
        return 4;
    case kUint8:
    case kInt8:
    case kBoolean:
    case kFloat8E4M3FN:
    case kFloat8E4M3FNUZ:
    case kFloat8E5M2:
    case kFloat8E5M2FNUZ:
        return 8;
    case kUint16:
    case kInt16:
    case kFloat16:
    case kBFloat16:
        return 16;
    case kInt64:
    case kUint64:
    case kDouble:
        return 64;
    default:
        return 32;
    }
}

int64_t countOf(const onnx::TensorProto& proto, std::vector<int64_t>& sizes)
{
    int64_t count = 1;
    for (const int64_t size : proto.dims()) {
        if (size < 0 || (size > 0 && count > std::numeric_limits<int64_t>::max() / size / 16))
            refuse(proto, "has an impossible shape");
        count *= size;
        sizes.push_back(size);
    }
    return count;
}

float fromMinifloat(uint8_t bits, int mantissaBits, int bias, bool isFnuz)
{
    const int exponentBits = 7 - mantissaBits;
    const int mantissa = bits & ((1 << mantissaBits) - 1);
    const int exponent = (bits >> mantissaBits) & ((1 << exponentBits) - 1);
    const float sign = (bits & 0x80) ? -1.0f : 1.0f;
    const float nan = std::numeric_limits<float>::quiet_NaN();
    if (isFnuz && bits == 0x80)
        return nan;
    if (!isFnuz && exponent == (1 << exponentBits) - 1) {
        if (mantissaBits == 2)
            return mantissa ? nan : sign * std::numeric_limits<float>::infinity();
        if (mantissa == (1 << mantissaBits) - 1)
            return nan;
    }
    const float fraction = float(mantissa) / float(1 << mantissaBits);
    return exponent == 0 ? sign * std::ldexp(fraction, 1 - bias)
                         : sign * std::ldexp(1.0f + fraction, exponent - bias);
}

template<typename To, typename From, typename Convert>
at::Tensor converted(const char* bytes, int64_t count, c10::ScalarType type, Convert&& convert)
{
    at::Tensor tensor = at::empty({count}, type);
    To* out = tensor.data_ptr<To>();
    for (int64_t i = 0; i < count; ++i) {
        From element;
        std::memcpy(&element, bytes + size_t(i) * sizeof(From), sizeof(From));
        out[i] = To(convert(element));
    }
    return tensor;
}

at::Tensor fourBit(const char* bytes, int64_t count, bool isSigned)
{
    at::Tensor tensor = at::empty({count}, isSigned ? at::kChar : at::kByte);
    uint8_t* out = static_cast<uint8_t*>(tensor.data_ptr());
    for (int64_t i = 0; i < count; ++i) {
        const uint8_t pair = uint8_t(bytes[i / 2]);
        const uint8_t nibble = (i % 2 == 0) ? pair & 15 : pair >> 4;
        out[i] = isSigned && nibble >= 8 ? uint8_t(nibble - 16) : nibble;
    }
    return tensor;
}

at::Tensor minifloats(const char* bytes, int64_t count, int type)
{
    const bool isE5 = type == kFloat8E5M2 || type == kFloat8E5M2FNUZ;
    const bool isFnuz = type == kFloat8E4M3FNUZ || type == kFloat8E5M2FNUZ;
    const int bias = (isE5 ? 15 : 7) + isFnuz;
    return converted<float, uint8_t>(bytes, count, at::kFloat, [&](uint8_t bits) {
        return fromMinifloat(bits, isE5 ? 2 : 3, bias, isFnuz);
    });
}

/// The elements are stored as LibTorch holds them.
bool isNative(int type)
{
    switch (type) {
    case kFloat32:
    case kDouble:
    case kUint8:
    case kInt8:
    case kInt16:
    case kInt32:
    case kInt64:
    case kUint64:
        return true;
    default:
        return false;
    }
}

/// A tensor on the bytes themselves, where they are worth it and lie as LibTorch wants them; undefined otherwise.
at::Tensor inPlace(const TensorBytes& bytes, int64_t count, int type)
{
    constexpr int64_t kWorthIt = 65536;
    const int64_t size = bitsOf(type) / 8;
    if (!bytes.owner || !isNative(type) || count * size < kWorthIt ||
        reinterpret_cast<uintptr_t>(bytes.data) % uintptr_t(size) != 0)
        return {};
    return at::from_blob(
        bytes.data, {count}, [owner = bytes.owner](void*) {}, at::TensorOptions(scalarTypeOf(type)));
}

/// From little-endian bytes, of which there are enough.
at::Tensor fromBytes(const char* bytes, int64_t count, int type)
{
    const auto same = [](auto v) { return v; };
    switch (type) {
    case kFloat16:
        return converted<float, uint16_t>(bytes, count, at::kFloat, [](uint16_t bits) {
            return float(c10::Half(bits, c10::Half::from_bits()));
        });
    case kBFloat16:
        return converted<float, uint16_t>(bytes, count, at::kFloat, [](uint16_t bits) {
            return float(c10::BFloat16(bits, c10::BFloat16::from_bits()));
        });
    case kUint16:
        return converted<int32_t, uint16_t>(bytes, count, at::kInt, same);
    case kUint32:
        return converted<int64_t, uint32_t>(bytes, count, at::kLong, same);
    case kBoolean:
        return converted<bool, uint8_t>(bytes, count, at::kBool, [](uint8_t v) { return v != 0; });
    case kUint4:
    case kInt4:
        return fourBit(bytes, count, type == kInt4);
    case kFloat8E4M3FN:
    case kFloat8E4M3FNUZ:
    case kFloat8E5M2:
    case kFloat8E5M2FNUZ:
        return minifloats(bytes, count, type);
    default: {
        at::Tensor tensor = at::empty({count}, scalarTypeOf(type));
        if (count)
            std::memcpy(tensor.data_ptr(), bytes, size_t(count) * tensor.element_size());
        return tensor;
    }
    }
}

template<typename To, typename Field>
std::string packed(const Field& field)
{
    std::string bytes(size_t(field.size()) * sizeof(To), '\0');
    for (int i = 0; i < field.size(); ++i) {
        const To element = To(field.Get(i));
        std::memcpy(bytes.data() + size_t(i) * sizeof(To), &element, sizeof(To));
    }
    return bytes;
}

/// The typed fields as the raw bytes they stand for.
std::string typedBytes(const onnx::TensorProto& proto)
{
    switch (proto.data_type()) {
    case kFloat32:
        return packed<float>(proto.float_data());
    case kDouble:
        return packed<double>(proto.double_data());
    case kInt64:
        return packed<int64_t>(proto.int64_data());
    case kUint64:
        return packed<uint64_t>(proto.uint64_data());
    case kUint32:
        return packed<uint32_t>(proto.uint64_data());
    case kInt32:
        return packed<int32_t>(proto.int32_data());
    case kUint16:
    case kInt16:
    case kFloat16:
    case kBFloat16:
        return packed<uint16_t>(proto.int32_data());
    default:
        return packed<uint8_t>(proto.int32_data());
    }
}

} // namespace

std::string elemTypeName(int type)
{
    return type >= 0 && size_t(type) < std::size(kNames) ? kNames[type] : "type " + std::to_string(type);
}

c10::ScalarType scalarTypeOf(int elemType)
{
    switch (elemType) {
    case kFloat32:
    case kFloat16:
    case kBFloat16:
    case kFloat8E4M3FN:
    case kFloat8E4M3FNUZ:
    case kFloat8E5M2:
    case kFloat8E5M2FNUZ:
        return c10::kFloat;
    case kDouble:
        return c10::kDouble;
    case kUint8:
    case kUint4:
        return c10::kByte;
    case kInt8:
    case kInt4:
        return c10::kChar;
    case kInt16:
        return c10::kShort;
    case kUint16:
    case kInt32:
        return c10::kInt;
    case kUint32:
    case kUint64:
    case kInt64:
        return c10::kLong;
    case kBoolean:
        return c10::kBool;
    default:
        throw Stop{
            {Error::Unsupported, "Tensors of " + elemTypeName(elemType) + " cannot be computed with.", {}}};
    }
}

int elemTypeOf(c10::ScalarType type)
{
    switch (type) {
    case c10::kDouble:
        return kDouble;
    case c10::kByte:
        return kUint8;
    case c10::kChar:
        return kInt8;
    case c10::kShort:
        return kInt16;
    case c10::kInt:
        return kInt32;
    case c10::kLong:
        return kInt64;
    case c10::kBool:
        return kBoolean;
    default:
        return kFloat32;
    }
}

at::Tensor tensorFrom(const onnx::TensorProto& proto, ExternalFiles& files,
                      const std::shared_ptr<const void>& keeper)
{
    std::vector<int64_t> sizes;
    const int64_t count = countOf(proto, sizes);
    const int type = proto.data_type();
    if (type == kString || type == kComplex64 || type == kComplex128 || type <= 0 || type > kInt4)
        refuse(proto, "holds elements of " + elemTypeName(type) + ", which cannot be computed with",
               Error::Unsupported);
    const size_t needed = size_t((uint64_t(count) * uint64_t(bitsOf(type)) + 7) / 8);
    const bool isExternal = proto.data_location() == onnx::TensorProto::EXTERNAL;
    const bool isTyped = !isExternal && !proto.has_raw_data();
    const std::string typed = isTyped ? typedBytes(proto) : std::string();
    if (!isExternal && (isTyped ? typed : proto.raw_data()).size() < needed)
        refuse(proto, "has less data than its shape needs; the file is damaged");
    TensorBytes bytes{const_cast<char*>(isTyped ? typed.data() : proto.raw_data().data()),
                      isTyped ? nullptr : keeper};
    if (isExternal)
        bytes = files.bytesOf(proto, needed);
    const at::Tensor whole = inPlace(bytes, count, type);
    return (whole.defined() ? whole : fromBytes(bytes.data, count, type)).reshape(sizes);
}

} // namespace bitwright::onnxin
