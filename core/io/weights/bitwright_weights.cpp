// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/io/weights/hdf5_tensors.h"
#include "core/io/weights/stored_type.h"
#include "core/quant/entry_layout.h"

#include <algorithm>
#include <bit>
#include <limits>
#include <string_view>

// The reader of core/io/weights_hdf5.cpp, whose "readme" attribute has the same in Python.

namespace bitwright {
namespace {

/// The codes of one parameter and what they stand for.
struct Packed {
    std::string key; ///< of the group
    std::string format;
    Shape shape;
    int bits = 0;
    int64_t offset = 0; ///< of code 0
    int axis = -1;
    int64_t group = 0;
    std::vector<float> scale, table;
    std::vector<int32_t> zeroPoint;
};

Error damaged(const SharedHdf5& source, const std::string& key)
{
    return {Error::Corrupt, "The packed weights are damaged.", source.path + ":" + key};
}

template<typename T>
Result<std::vector<T>> readAll(const SharedHdf5& source, const std::string& key, H5Type type, int64_t most)
{
    BITWRIGHT_TRY(const H5Info info, source.file.info(key));
    const auto bytes = bytesOfShape(info.shape, int(sizeof(T)));
    if (!bytes || *bytes / int64_t(sizeof(T)) > most || info.shape.empty())
        return damaged(source, key);
    std::vector<T> values(size_t(*bytes) / sizeof(T));
    BITWRIGHT_CHECK(source.file.readRowsAs(key, type, 0, info.shape[0], values.data()));
    return values;
}

Result<void> readGrid(const SharedHdf5& source, Packed& packed, int64_t entries)
{
    const std::string& key = packed.key;
    if (packed.format == "bfloat16")
        return {};
    BITWRIGHT_TRY(packed.scale, readAll<float>(source, key + "/scale", H5Type::F32, entries));
    BITWRIGHT_TRY(packed.zeroPoint, readAll<int32_t>(source, key + "/zero_point", H5Type::I32, entries));
    if (packed.scale.size() != size_t(entries) || packed.zeroPoint.size() != size_t(entries))
        return damaged(source, key);
    if (packed.format == "int")
        return {};
    const int64_t lists = packed.format == "codebook" ? entries : 1, width = int64_t(1) << packed.bits;
    BITWRIGHT_TRY(packed.table, readAll<float>(source, key + "/table", H5Type::F32, lists * width));
    return int64_t(packed.table.size()) == lists * width ? Result<void>() : damaged(source, key);
}

Result<Packed> readPacked(const SharedHdf5& source, const std::string& key)
{
    constexpr int64_t kMostOffset = 1 << 16;
    Packed packed;
    packed.key = key;
    BITWRIGHT_TRY(packed.format, source.file.readAttribute(key, "format"));
    BITWRIGHT_TRY(const int64_t bits, source.file.readInteger(key, "bits"));
    BITWRIGHT_TRY(packed.offset, source.file.readInteger(key, "code_offset"));
    BITWRIGHT_TRY(const int64_t axis, source.file.readInteger(key, "axis"));
    BITWRIGHT_TRY(packed.group, source.file.readInteger(key, "group"));
    BITWRIGHT_TRY(packed.shape, readAll<int64_t>(source, key + "/shape", H5Type::I64, 32));
    BITWRIGHT_TRY(const H5Info codes, source.file.info(key + "/codes"));
    const auto elements = bytesOfShape(packed.shape, 1);
    const bool fits = elements && bits >= 1 && bits <= 16 && axis >= -1 &&
                      axis < int64_t(packed.shape.size()) && packed.group >= 0 &&
                      packed.offset >= -kMostOffset && packed.offset <= kMostOffset &&
                      codes.shape.size() == 1 && codes.shape[0] <= source.bytes &&
                      codes.shape[0] == (*elements / 8) * bits + (*elements % 8 * bits + 7) / 8;
    if (!fits)
        return damaged(source, key);
    packed.bits = int(bits);
    packed.axis = int(axis);
    BITWRIGHT_CHECK(readGrid(source, packed, entryLayout(packed.shape, packed.axis, packed.group).entries()));
    return packed;
}

/// Code `i` of the packed bytes, least significant bit first.
uint32_t codeAt(const std::vector<uint8_t>& bytes, int64_t i, int bits)
{
    const int64_t first = i * bits;
    uint32_t word = 0;
    for (int64_t b = first / 8; b <= (first + bits - 1) / 8; ++b)
        word |= uint32_t(bytes[size_t(b)]) << ((b - first / 8) * 8);
    return (word >> (first % 8)) & ((1u << bits) - 1);
}

float valueOf(const Packed& packed, uint32_t code, size_t entry)
{
    if (packed.format == "bfloat16")
        return std::bit_cast<float>(code << 16);
    if (packed.format == "codebook")
        return packed.table[(entry << packed.bits) + code];
    if (!packed.table.empty())
        return packed.scale[entry] * packed.table[code];
    return float(int64_t(code) + packed.offset - packed.zeroPoint[entry]) * packed.scale[entry];
}

Result<Tensor> decode(const SharedHdf5& source, const Packed& packed)
{
    BITWRIGHT_TRY(const auto bytes, readAll<uint8_t>(source, packed.key + "/codes", H5Type::U8,
                                                     std::numeric_limits<int64_t>::max()));
    Tensor tensor = Tensor::empty(DType::F32, packed.shape);
    float* out = tensor.mutableFloats().data();
    const EntryLayout layout = entryLayout(packed.shape, packed.axis, packed.group);
    forEachRun(layout, 0, tensor.size(), [&](int64_t entry, int64_t first, int64_t count) {
        for (int64_t i = first; i < first + count; ++i)
            out[i] = valueOf(packed, codeAt(bytes, i, packed.bits), size_t(entry));
    });
    return tensor;
}

QuantParams gridOf(const Packed& packed)
{
    QuantParams params;
    params.format = Format::Int;
    params.bits = packed.bits;
    params.qmin = int32_t(packed.offset);
    const bool narrow = packed.bits > 1 && params.qmin == 1 - (1 << (packed.bits - 1));
    params.qmax = narrow ? -params.qmin : params.qmin + (1 << packed.bits) - 1;
    params.scale = packed.scale;
    params.zeroPoint = packed.zeroPoint;
    params.axis = packed.axis;
    params.group = packed.group;
    return params;
}

Result<void> addPacked(const std::shared_ptr<SharedHdf5>& source, const std::string& name, WeightsFile& file)
{
    const std::lock_guard lock(source->mutex);
    BITWRIGHT_TRY(const Packed packed, readPacked(*source, "parameters/" + name));
    if (packed.format == "int")
        file.grids.emplace(name, gridOf(packed));
    StoredTensor tensor{name, DType::F32, packed.shape, {}, {}};
    tensor.read = [source, packed]() {
        const std::lock_guard guard(source->mutex);
        return decode(*source, packed);
    };
    file.tensors.push_back(std::move(tensor));
    return {};
}

} // namespace

bool looksLikeBitwrightWeights(const std::string& path)
{
    if (!looksLikeHdf5(path))
        return false;
    const auto file = Hdf5File::open(path);
    const auto format = file ? file->readAttribute("", "format") : Result<std::string>(std::string());
    return format && *format == "bitwright-weights";
}

Result<WeightsFile> openBitwrightWeights(const std::string& path, Progress& progress)
{
    constexpr std::string_view kValues = "/values", kCodes = "/codes", kAll = "parameters/";
    BITWRIGHT_TRY(const auto source, openShared(path));
    WeightsFile file;
    Hdf5Tensors tensors(source);
    BITWRIGHT_TRY(const auto keys, source->file.datasets());
    for (const std::string& key : keys) {
        if (progress.cancelled())
            return cancelledError();
        if (!key.starts_with(kAll))
            continue;
        const std::string name = key.substr(kAll.size(), key.rfind('/') - kAll.size());
        if (key.ends_with(kValues)) {
            BITWRIGHT_CHECK(tensors.add(key, name, file));
        } else if (key.ends_with(kCodes)) {
            BITWRIGHT_CHECK(addPacked(source, name, file));
        }
    }
    return file;
}

} // namespace bitwright
