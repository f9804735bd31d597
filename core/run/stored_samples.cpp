// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/run/stored_samples.h"

#include <algorithm>
#include <cmath>
#include <cstring>

namespace bitwright {
namespace {

constexpr size_t kMaxRank = 8;
constexpr int64_t kMaxSampleBytes = int64_t(1) << 30;
constexpr int64_t kMaxLabels = int64_t(1) << 26;

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

} // namespace

void swapBytes(void* data, int64_t count, int elementBytes)
{
    if (elementBytes == 2)
        swapAll<uint16_t>(data, count);
    else if (elementBytes == 4)
        swapAll<uint32_t>(data, count);
    else if (elementBytes == 8)
        swapAll<uint64_t>(data, count);
}

Result<int64_t> checkedBytes(const RawArray& array, const std::string& path)
{
    int64_t all = dtypeBytes(array.dtype), sample = all;
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
    samples->dtype = array.dtype;
    samples->shape.assign(array.shape.begin() + 1, array.shape.end());
    samples->bigEndian = array.bigEndian;
    const int64_t row = elementCount(samples->shape) * dtypeBytes(array.dtype);
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
            from.bytes->read(from.offset + row * from.stride, sample.bytes(), sample.mutableData());
        if (!done)
            return Error{done.error().code, "Sample " + std::to_string(index) + ": " + done.error().message,
                         done.error().where};
        if (bigEndian)
            swapBytes(sample.mutableData(), sample.size(), dtypeBytes(dtype));
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
    if (all / dtypeBytes(array.dtype) > kMaxLabels)
        return Error{Error::Limit, "There are more labels than Bitwright reads (67 million).", path};
    if (bytes.size() < array.offset + all)
        return Error{Error::Corrupt, "The file ends too early; it is truncated.", path};
    Tensor values = Tensor::empty(array.dtype, array.shape);
    BITWRIGHT_CHECK(bytes.read(array.offset, all, values.mutableData()));
    if (array.bigEndian)
        swapBytes(values.mutableData(), values.size(), dtypeBytes(array.dtype));
    return labelsFrom(values, path);
}

} // namespace bitwright
