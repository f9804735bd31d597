// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/run/stored_samples.h"

#include <algorithm>
#include <cmath>
#include <cstring>
#include <limits>

namespace bitwright {
namespace {

constexpr size_t kMaxRank = 8;

template<typename T>
void swapAll(void* data, int64_t count)
{
    char* bytes = static_cast<char*>(data);
    for (int64_t i = 0; i < count; ++i, bytes += sizeof(T))
        std::reverse(bytes, bytes + sizeof(T));
}

int64_t labelAt(const Tensor& values, int64_t i, bool& whole)
{
    switch (values.dtype()) {
    case DType::I64:
        return static_cast<const int64_t*>(values.data())[i];
    case DType::I32:
        return static_cast<const int32_t*>(values.data())[i];
    case DType::I16:
        return static_cast<const int16_t*>(values.data())[i];
    case DType::I8:
        return static_cast<const int8_t*>(values.data())[i];
    case DType::Bool:
    case DType::U8:
        return static_cast<const uint8_t*>(values.data())[i];
    default:
        break;
    }
    const double value = values.dtype() == DType::F64 ? static_cast<const double*>(values.data())[i]
                                                      : double(static_cast<const float*>(values.data())[i]);
    whole = std::abs(value) < 1e15 && value == std::floor(value);
    return whole ? int64_t(value) : -1;
}

void swapBytes(void* data, int64_t count, int64_t elementBytes)
{
    if (elementBytes == 2)
        swapAll<uint16_t>(data, count);
    else if (elementBytes == 4)
        swapAll<uint32_t>(data, count);
    else if (elementBytes == 8)
        swapAll<uint64_t>(data, count);
}

/// From the last one on, because the wider numbers take the place of those behind.
template<typename Stored, typename Wide>
void widenAll(void* data, int64_t count)
{
    char* bytes = static_cast<char*>(data);
    for (int64_t i = count; i-- > 0;) {
        Stored stored;
        std::memcpy(&stored, bytes + i * int64_t(sizeof stored), sizeof stored);
        const Wide wide = Wide(std::min<uint64_t>(stored, std::numeric_limits<Wide>::max()));
        std::memcpy(bytes + i * int64_t(sizeof wide), &wide, sizeof wide);
    }
}

} // namespace

Result<void> RawElements::read(const ByteSource& from, int64_t offset, int64_t count, void* out) const
{
    BITWRIGHT_CHECK(from.read(offset, count * bytes(), out));
    if (bigEndian)
        swapBytes(out, count, bytes());
    if (unsignedBytes == 2)
        widenAll<uint16_t, int32_t>(out, count);
    else if (unsignedBytes == 4)
        widenAll<uint32_t, int64_t>(out, count);
    else if (unsignedBytes == 8)
        widenAll<uint64_t, int64_t>(out, count);
    return {};
}

Result<int64_t> checkedBytes(const RawArray& array, const std::string& path)
{
    int64_t all = array.elements.bytes(), sample = dtypeBytes(array.elements.dtype);
    bool fits = array.shape.size() <= kMaxRank;
    for (size_t i = 0; fits && i < array.shape.size(); ++i) {
        const int64_t size = array.shape[i];
        fits = size >= 0 && !__builtin_mul_overflow(all, size, &all) &&
               (i == 0 || (!__builtin_mul_overflow(sample, std::max<int64_t>(size, 1), &sample) &&
                           sample <= kMaxSampleBytes));
    }
    int64_t end = 0;
    if (!fits || __builtin_add_overflow(all, array.offset, &end))
        return Error{Error::Limit, "The sizes in the header are impossible; the file is damaged.", path};
    return all;
}

Result<std::shared_ptr<RawSamples>> makeRawSamples(const RawArray& array,
                                                   std::shared_ptr<const ByteSource> bytes,
                                                   const std::string& kind, const std::string& path)
{
    BITWRIGHT_TRY(const int64_t all, checkedBytes(array, path));
    if (array.shape.empty())
        return Error{Error::Unsupported, "The array has no dimension that counts samples.", path};
    if (bytes->size() < array.offset + all)
        return Error{Error::Corrupt, "The file ends too early; it is truncated.", path};
    auto samples = std::make_shared<RawSamples>();
    samples->kind = kind;
    samples->size = array.shape[0];
    samples->dtype = array.elements.dtype;
    samples->shape.assign(array.shape.begin() + 1, array.shape.end());
    samples->elements = array.elements;
    const int64_t row = elementCount(samples->shape) * array.elements.bytes();
    samples->parts.push_back({std::move(bytes), array.offset, row, array.shape[0]});
    return samples;
}

Result<std::vector<Tensor>> RawSamples::read(std::span<const int64_t> indices) const
{
    std::vector<Tensor> samples;
    samples.reserve(indices.size());
    for (const int64_t index : indices) {
        int64_t row = index;
        size_t part = 0;
        while (part + 1 < parts.size() && row >= parts[part].rows)
            row -= parts[part++].rows;
        Tensor sample = Tensor::empty(dtype, shape);
        const RawRows& from = parts[part];
        const auto done =
            elements.read(*from.bytes, from.offset + row * from.stride, sample.size(), sample.mutableData());
        if (!done)
            return Error{done.error().code, "Sample " + std::to_string(index) + ": " + done.error().message,
                         done.error().where};
        samples.push_back(std::move(sample));
    }
    return samples;
}

Result<std::vector<int64_t>> labelsFrom(const Tensor& values, const std::string& where)
{
    if (values.dim() == 0 || values.size() != values.shape()[0])
        return Error{Error::Unsupported,
                     "Labels must be one class number per sample, but their shape is " +
                         shapeText(values.shape()) + ".",
                     where};
    const Tensor plain =
        values.dtype() == DType::F16 || values.dtype() == DType::BF16 ? values.toFloat() : values;
    std::vector<int64_t> labels(size_t(plain.size()));
    bool whole = true;
    for (size_t i = 0; i < labels.size() && whole; ++i)
        labels[i] = labelAt(plain, int64_t(i), whole);
    if (!whole)
        return Error{Error::Unsupported, "Labels must be whole numbers.", where};
    return labels;
}

Result<std::vector<int64_t>> readLabels(const RawArray& array, const ByteSource& bytes,
                                        const std::string& path)
{
    BITWRIGHT_TRY(const int64_t all, checkedBytes(array, path));
    if (all / array.elements.bytes() > kMaxLabels)
        return Error{Error::Limit, "There are more labels than Bitwright reads (67 million).", path};
    if (bytes.size() < array.offset + all)
        return Error{Error::Corrupt, "The file ends too early; it is truncated.", path};
    Tensor values = Tensor::empty(array.elements.dtype, array.shape);
    BITWRIGHT_CHECK(array.elements.read(bytes, array.offset, values.size(), values.mutableData()));
    return labelsFrom(values, path);
}

} // namespace bitwright
