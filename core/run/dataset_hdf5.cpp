// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/base/hdf5_file.h"
#include "core/run/stored_samples.h"

#include <algorithm>
#include <filesystem>
#include <mutex>
#include <numeric>

namespace bitwright {
namespace {

/// The type that samples are read in; unsigned ones without a tensor type of their own widen.
struct Mapping {
    H5Type read;
    DType dtype;
};
Mapping mapping(H5Type stored)
{
    switch (stored) {
    case H5Type::U8:
        return {H5Type::U8, DType::U8};
    case H5Type::I8:
        return {H5Type::I8, DType::I8};
    case H5Type::I16:
        return {H5Type::I16, DType::I16};
    case H5Type::U16:
    case H5Type::I32:
        return {H5Type::I32, DType::I32};
    case H5Type::U32:
    case H5Type::U64:
    case H5Type::I64:
        return {H5Type::I64, DType::I64};
    case H5Type::F16:
    case H5Type::F32:
        return {H5Type::F32, DType::F32};
    case H5Type::F64:
        return {H5Type::F64, DType::F64};
    }
    return {H5Type::F32, DType::F32};
}

class Hdf5Samples : public StoredSamples {
public:
    Hdf5Samples(Hdf5File file, std::string key)
        : m_file(std::move(file))
        , m_key(std::move(key))
    {
    }

    Result<void> begin(const std::string& path)
    {
        BITWRIGHT_TRY(const H5Info info, m_file.info(m_key));
        if (info.shape.empty())
            return Error{Error::Unsupported, "\"" + m_key + "\" has no dimension that counts samples.", path};
        kind = "HDF5";
        size = info.shape[0];
        shape.assign(info.shape.begin() + 1, info.shape.end());
        m_type = mapping(info.type).read;
        dtype = mapping(info.type).dtype;
        if (shape.size() > 7 || elementCount(shape) > kMaxSampleBytes / 8)
            return Error{Error::Limit,
                         "One sample of \"" + m_key + "\" is impossibly large: " + shapeText(shape) + ".",
                         path};
        return {};
    }

    /// Rows are read in the order of the file, neighbours in one call: chunks are unpacked once.
    Result<std::vector<Tensor>> read(std::span<const int64_t> indices) const override
    {
        std::vector<size_t> order(indices.size());
        std::iota(order.begin(), order.end(), size_t(0));
        std::stable_sort(order.begin(), order.end(),
                         [&](size_t a, size_t b) { return indices[a] < indices[b]; });
        std::vector<Tensor> samples(indices.size());
        const int64_t rowBytes = elementCount(shape) * dtypeBytes(dtype);
        for (size_t i = 0, end = 0; i < order.size(); i = end) {
            const int64_t first = indices[order[i]];
            int64_t last = first;
            for (end = i + 1; end < order.size() && indices[order[end]] <= last + 1; ++end)
                last = indices[order[end]];
            Shape block = shape;
            block.insert(block.begin(), last - first + 1);
            const auto rows = std::make_shared<Tensor>(Tensor::empty(dtype, block));
            {
                const std::lock_guard lock(m_mutex);
                BITWRIGHT_CHECK(
                    m_file.readRowsAs(m_key, m_type, first, last - first + 1, rows->mutableData()));
            }
            for (size_t k = i; k < end; ++k)
                samples[order[k]] = Tensor::wrap(
                    dtype, shape,
                    static_cast<const char*>(rows->data()) + (indices[order[k]] - first) * rowBytes, rows);
        }
        return samples;
    }

private:
    mutable std::mutex m_mutex;
    Hdf5File m_file;
    std::string m_key;
    H5Type m_type = H5Type::U8;
};

Result<std::vector<int64_t>> labelsOf(const Hdf5File& file, const std::string& key, const std::string& path)
{
    BITWRIGHT_TRY(const H5Info info, file.info(key));
    int64_t count = 1;
    for (const int64_t size : info.shape)
        if (__builtin_mul_overflow(count, size, &count) || count > kMaxLabels)
            return Error{Error::Limit, "There are more labels than Bitwright reads (67 million).",
                         path + ":" + key};
    const Mapping type = mapping(info.type);
    Tensor values = Tensor::empty(type.dtype, info.shape);
    if (!info.shape.empty())
        BITWRIGHT_CHECK(file.readRowsAs(key, type.read, 0, info.shape[0], values.mutableData()));
    return labelsFrom(values, path + ":" + key);
}

} // namespace

Result<StoredSamplesPtr> openHdf5Samples(const std::string& path, const std::string& split, Progress&)
{
    BITWRIGHT_TRY(Hdf5File file, Hdf5File::open(path));
    BITWRIGHT_TRY(const std::vector<std::string> all, file.datasets());
    BITWRIGHT_TRY(const DataKeys keys, findDataKeys({all.begin(), all.end()}, split, path));
    std::vector<int64_t> labels;
    if (!keys.labels.empty()) {
        BITWRIGHT_TRY(labels, labelsOf(file, keys.labels, path));
    }
    auto samples = std::make_shared<Hdf5Samples>(std::move(file), keys.images);
    BITWRIGHT_CHECK(samples->begin(path));
    samples->labels = std::move(labels);
    samples->split = keys.split;
    return StoredSamplesPtr(samples);
}

} // namespace bitwright
