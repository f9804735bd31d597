// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/io/weights/hdf5_tensors.h"

#include "core/io/weights/stored_type.h"

#include <algorithm>
#include <filesystem>

namespace bitwright {
namespace {

constexpr int64_t kMostGrowth = 64, kAlwaysFine = int64_t(64) << 20;

std::optional<StoredType> storedType(H5Type type)
{
    switch (type) {
    case H5Type::U8: return StoredType::U8;
    case H5Type::I8: return StoredType::I8;
    case H5Type::U16: return StoredType::U16;
    case H5Type::I16: return StoredType::I16;
    case H5Type::U32: return StoredType::U32;
    case H5Type::I32: return StoredType::I32;
    case H5Type::U64: return std::nullopt;
    case H5Type::I64: return StoredType::I64;
    case H5Type::F16: return StoredType::F16;
    case H5Type::F32: return StoredType::F32;
    case H5Type::F64: return StoredType::F64;
    }
    return std::nullopt;
}

} // namespace

Result<std::shared_ptr<SharedHdf5>> openShared(const std::string& path)
{
    BITWRIGHT_TRY(Hdf5File file, Hdf5File::open(path));
    std::error_code ignored;
    return std::make_shared<SharedHdf5>(std::move(file), path,
                                        int64_t(std::filesystem::file_size(path, ignored)));
}

Result<void> Hdf5Tensors::account(int64_t bytes)
{
    const int64_t most = std::max(kAlwaysFine, m_source->bytes * kMostGrowth);
    if (bytes > most - m_unpacked)
        return Error{Error::Limit, "The file would grow more than 64-fold when unpacked and is not opened.",
                     m_source->path};
    m_unpacked += bytes;
    return {};
}

Result<void> Hdf5Tensors::add(const std::string& key, const std::string& name, WeightsFile& file)
{
    const std::lock_guard lock(m_source->mutex);
    const auto info = m_source->file.info(key);
    const auto type = info ? storedType(info->type) : std::nullopt;
    if (!info && info.error().code != Error::Unsupported)
        return info.error();
    if (!type) {
        file.notes.push_back("Left out: \"" + name + "\", whose elements are not read.");
        return {};
    }
    const auto bytes = bytesOfShape(info->shape, storedBytes(*type));
    if (!bytes)
        return Error{Error::Corrupt, "The shape is larger than any memory; the file is damaged.",
                     m_source->path + ":" + key};
    BITWRIGHT_CHECK(account(*bytes));
    StoredTensor tensor{name, readAs(*type), info->shape, {}, {}};
    tensor.read = [source = m_source, key, type = *type, shape = info->shape] {
        return readStored(type, shape, [&](void* out, int64_t) {
            const std::lock_guard guard(source->mutex);
            return source->file.readRows(key, 0, shape.empty() ? 1 : shape[0], out);
        });
    };
    file.tensors.push_back(std::move(tensor));
    return {};
}

} // namespace bitwright
