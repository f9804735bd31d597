// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/base/hdf5_p.h"

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <string_view>

namespace bitwright {
namespace {

// The same function under the name that goes with the H5O_info_t of the installed HDF5.
#if H5_VERSION_GE(1, 12, 0)
constexpr auto visitObjects = H5Ovisit_by_name3;
#else
constexpr auto visitObjects = H5Ovisit_by_name2;
#endif

using h5::bytesOf;
using h5::Id;
using h5::kMaxRank;
using h5::makeType;

bool isForkedChild = false; // set once, by the only thread of such a child
constexpr hsize_t kMaxChunkBytes = hsize_t(1) << 30;
constexpr size_t kMaxAttributeBytes = size_t(16) << 20;
constexpr size_t kChunkCacheBytes = size_t(64) << 20;

Id half()
{
    Id type(H5Tcopy(H5T_IEEE_F32LE), H5Tclose);
    // binary16: sign 15, 5 exponent bits at 10, 10 mantissa bits at 0, bias 15.
    if (H5Tset_fields(type, 15, 10, 5, 0, 10) < 0 || H5Tset_size(type, 2) < 0 || H5Tset_ebias(type, 15) < 0)
        return {};
    return type;
}

/// The H5Type that holds the same values as `type`, whatever its byte order.
bool recognise(hid_t type, H5Type& found)
{
    const H5T_class_t kind = H5Tget_class(type);
    if (kind != H5T_INTEGER && kind != H5T_FLOAT)
        return false;
    Id little(H5Tcopy(type), H5Tclose);
    if (H5Tget_size(type) > 1 && H5Tset_order(little, H5T_ORDER_LE) < 0)
        return false;
    for (int i = 0; i <= int(H5Type::F64); ++i) {
        const Id candidate = makeType(H5Type(i));
        if (candidate && H5Tequal(little, candidate) > 0) {
            found = H5Type(i);
            return true;
        }
    }
    return false;
}

} // namespace

namespace h5 {

std::unique_lock<std::recursive_mutex> enter()
{
    static std::recursive_mutex mutex;
    std::unique_lock<std::recursive_mutex> lock(mutex, std::defer_lock);
    if (!isForkedChild)
        lock.lock();
    // The error stack belongs to the thread in thread-safe builds, so once per process would not do.
    H5Eset_auto2(H5E_DEFAULT, nullptr, nullptr);
    return lock;
}

void enterWithoutLockFromNowOn()
{
    isForkedChild = true;
}

Id makeType(H5Type type)
{
    if (type == H5Type::F16)
        return half();
    const hid_t types[] = {H5T_STD_U8LE,   H5T_STD_I8LE,  H5T_STD_U16LE,
                           H5T_STD_I16LE,  H5T_STD_U32LE, H5T_STD_I32LE,
                           H5T_STD_U64LE,  H5T_STD_I64LE, -1,
                           H5T_IEEE_F32LE, H5T_IEEE_F64LE};
    return {H5Tcopy(types[int(type)]), H5Tclose};
}

} // namespace h5

Result<H5Info> Hdf5File::Private::describe(const std::string& key, hid_t dataset) const
{
    H5Info info;
    const Id type(H5Dget_type(dataset), H5Tclose);
    if (!type || !recognise(type, info.type))
        return error(Error::Unsupported, key,
                     "The elements are neither integers nor 16, 32 or 64-bit floats.");
    const Id space(H5Dget_space(dataset), H5Sclose);
    const int rank = space ? H5Sget_simple_extent_ndims(space) : -1;
    if (rank < 0 || rank > kMaxRank || H5Sget_simple_extent_type(space) == H5S_NULL)
        return error(Error::Unsupported, key, "The dataset has no plain shape of at most 16 dimensions.");
    hsize_t sizes[H5S_MAX_RANK] = {};
    if (rank > 0 && H5Sget_simple_extent_dims(space, sizes, nullptr) < 0)
        return error(Error::Corrupt, key, "The shape cannot be read.");
    int64_t bytes = int64_t(bytesOf(info.type));
    for (int i = 0; i < rank; ++i) {
        info.shape.push_back(int64_t(sizes[i]));
        if (info.shape.back() < 0 ||
            __builtin_mul_overflow(bytes, std::max<int64_t>(info.shape.back(), 1), &bytes))
            return error(Error::Corrupt, key, "The shape is larger than any memory; the file is damaged.");
    }
    return info;
}

Result<void> Hdf5File::Private::checkStorage(const std::string& key, hid_t dataset, const H5Info& info) const
{
    const Id creation(H5Dget_create_plist(dataset), H5Pclose);
    if (!creation)
        return error(Error::Corrupt, key, "The storage properties cannot be read.");
    const H5D_layout_t layout = H5Pget_layout(creation);
    if (H5Pget_external_count(creation) > 0 || layout == H5D_VIRTUAL)
        return error(Error::Unsupported, key, "The data lies in other files; copy it into one file first.");
    if (layout != H5D_CHUNKED)
        return {};
    for (int i = 0; i < H5Pget_nfilters(creation); ++i) {
        unsigned flags = 0, config = 0;
        size_t parameters = 0;
        char name[64] = {};
        const H5Z_filter_t filter =
            H5Pget_filter2(creation, unsigned(i), &flags, &parameters, nullptr, sizeof name, name, &config);
        if (filter != H5Z_FILTER_DEFLATE && filter != H5Z_FILTER_SHUFFLE && filter != H5Z_FILTER_FLETCHER32)
            return error(Error::Unsupported, key,
                         "The compression filter \"" + std::string(name) + "\" is not supported; use gzip.");
    }
    hsize_t chunk[H5S_MAX_RANK] = {};
    const int rank = H5Pget_chunk(creation, H5S_MAX_RANK, chunk);
    hsize_t bytes = bytesOf(info.type);
    for (int i = 0; i < rank; ++i)
        if (chunk[i] == 0 || __builtin_mul_overflow(bytes, chunk[i], &bytes) || bytes > kMaxChunkBytes)
            return error(Error::Limit, key,
                         "One chunk is larger than 1 GiB; rewrite the file with smaller chunks.");
    return {};
}

Result<const Hdf5File::Private::Open*> Hdf5File::Private::dataset(const std::string& key) const
{
    if (const auto known = opened.find(key); known != opened.end())
        return &known->second;
    if (key.empty() || H5Oexists_by_name(file, key.c_str(), H5P_DEFAULT) <= 0)
        return error(Error::NotFound, key, "There is no such dataset in the file.");
    const Id access(H5Pcreate(H5P_DATASET_ACCESS), H5Pclose);
    H5Pset_chunk_cache(access, 10007, kChunkCacheBytes, 0.75);
    Open open{Id(H5Dopen2(file, key.c_str(), access), H5Dclose), {}};
    if (!open.id)
        return error(Error::Corrupt, key, "The dataset cannot be opened; it is a group or damaged.");
    BITWRIGHT_TRY(open.info, describe(key, open.id));
    BITWRIGHT_CHECK(checkStorage(key, open.id, open.info));
    return &opened.emplace(key, std::move(open)).first->second;
}

Hdf5File::Hdf5File(std::unique_ptr<Private> d)
    : d(std::move(d))
{
}
Hdf5File::Hdf5File(Hdf5File&&) noexcept = default;

Hdf5File& Hdf5File::operator=(Hdf5File&& other) noexcept
{
    std::swap(d, other.d);
    return *this;
}

Hdf5File::~Hdf5File()
{
    const auto lock = h5::enter();
    d.reset();
}

Result<Hdf5File> Hdf5File::Private::openUnchecked(const std::string& path)
{
    const Id access(H5Pcreate(H5P_FILE_ACCESS), H5Pclose);
    H5Pset_fclose_degree(access, H5F_CLOSE_STRONG);
    // File systems without locks must not keep anybody from reading.
    H5Pset_file_locking(access, true, true);
    auto d = std::make_unique<Private>();
    d->path = path;
    d->file = Id(H5Fopen(path.c_str(), H5F_ACC_RDONLY, access), H5Fclose);
    if (!d->file)
        return Error{Error::Corrupt, "The HDF5 file is damaged or truncated, or open for writing elsewhere.",
                     path};
    return Hdf5File(std::move(d));
}

Result<Hdf5File> Hdf5File::open(const std::string& path)
{
    std::error_code failure;
    if (!std::filesystem::exists(path, failure))
        return Error{Error::NotFound, "There is no such file.", path};
    if (!std::filesystem::is_regular_file(path, failure))
        return Error{Error::Unsupported, "This is not a file.", path};
    const auto lock = h5::enter();
    if (H5Fis_hdf5(path.c_str()) <= 0)
        return Error{Error::Corrupt, "This is not an HDF5 file, or it cannot be read.", path};
    BITWRIGHT_CHECK(h5::tryReading(path, &Private::openUnchecked));
    return Private::openUnchecked(path);
}

Result<std::vector<std::string>> Hdf5File::datasets(const std::string& group) const
{
    const auto lock = h5::enter();
    const auto collect = [](hid_t, const char* name, const H5O_info_t* info, void* keys) -> herr_t {
        if (info->type == H5O_TYPE_DATASET)
            static_cast<std::vector<std::string>*>(keys)->push_back(name);
        return 0;
    };
    std::vector<std::string> keys;
    const std::string from = group.empty() ? "/" : group;
    if (!has(from))
        return d->error(Error::NotFound, group, "There is no such group in the file.");
    if (visitObjects(d->file, from.c_str(), H5_INDEX_NAME, H5_ITER_INC, collect, &keys, H5O_INFO_BASIC,
                     H5P_DEFAULT) < 0)
        return d->error(Error::Corrupt, group, "The list of datasets is damaged.");
    for (std::string& key : keys)
        key = group.empty() ? key : group + "/" + key;
    std::sort(keys.begin(), keys.end());
    return keys;
}

bool Hdf5File::has(const std::string& key) const
{
    const auto lock = h5::enter();
    return !key.empty() && H5Oexists_by_name(d->file, key.c_str(), H5P_DEFAULT) > 0;
}

Result<H5Info> Hdf5File::info(const std::string& key) const
{
    const auto lock = h5::enter();
    BITWRIGHT_TRY(const Private::Open* dataset, d->dataset(key));
    return dataset->info;
}

Result<void> Hdf5File::readRows(const std::string& key, int64_t first, int64_t count, void* out) const
{
    BITWRIGHT_TRY(const H5Info what, info(key));
    return readRowsAs(key, what.type, first, count, out);
}

Result<void> Hdf5File::readRowsAs(const std::string& key, H5Type type, int64_t first, int64_t count,
                                  void* out) const
{
    const auto lock = h5::enter();
    BITWRIGHT_TRY(const Private::Open* dataset, d->dataset(key));
    const std::vector<int64_t>& shape = dataset->info.shape;
    const int64_t rows = shape.empty() ? 1 : shape[0];
    if (first < 0 || count < 0 || first > rows || count > rows - first)
        return d->error(Error::InvalidArgument, key,
                        "Rows " + std::to_string(first) + " to " + std::to_string(first + count) +
                            " are asked for, but there are " + std::to_string(rows) + ".");
    if (count == 0 || std::count(shape.begin(), shape.end(), 0) > 0)
        return {};
    const Id space(H5Dget_space(dataset->id), H5Sclose), memoryType = makeType(type);
    Id memory(H5Screate(H5S_SCALAR), H5Sclose);
    if (!shape.empty()) {
        std::vector<hsize_t> start(shape.size(), 0), size(shape.begin(), shape.end());
        start[0] = hsize_t(first);
        size[0] = hsize_t(count);
        if (H5Sselect_hyperslab(space, H5S_SELECT_SET, start.data(), nullptr, size.data(), nullptr) < 0)
            return d->error(Error::Internal, key, "The rows cannot be selected.");
        memory = Id(H5Screate_simple(int(size.size()), size.data(), nullptr), H5Sclose);
    }
    if (H5Dread(dataset->id, memoryType, memory, space, H5P_DEFAULT, out) < 0)
        return d->error(Error::Corrupt, key,
                        "Reading row " + std::to_string(first) +
                            " failed; the data is damaged or truncated.");
    return {};
}

bool Hdf5File::hasAttribute(const std::string& key, const std::string& name) const
{
    const auto lock = h5::enter();
    const std::string object = key.empty() ? "/" : key;
    return has(object) && H5Aexists_by_name(d->file, object.c_str(), name.c_str(), H5P_DEFAULT) > 0;
}

Result<int64_t> Hdf5File::readInteger(const std::string& key, const std::string& name) const
{
    const auto lock = h5::enter();
    if (!hasAttribute(key, name))
        return d->error(Error::NotFound, key, "There is no attribute \"" + name + "\".");
    const Id attribute(
        H5Aopen_by_name(d->file, key.empty() ? "/" : key.c_str(), name.c_str(), H5P_DEFAULT, H5P_DEFAULT),
        H5Aclose);
    const Id type(attribute ? H5Aget_type(attribute) : -1, H5Tclose);
    const Id space(attribute ? H5Aget_space(attribute) : -1, H5Sclose);
    int64_t value = 0;
    if (!type || !space || H5Tget_class(type) != H5T_INTEGER || H5Sget_simple_extent_npoints(space) != 1 ||
        H5Aread(attribute, H5T_NATIVE_INT64, &value) < 0)
        return d->error(Error::Unsupported, key, "The attribute \"" + name + "\" is not one integer.");
    return value;
}

Result<std::string> Hdf5File::readAttribute(const std::string& key, const std::string& name) const
{
    const auto lock = h5::enter();
    const std::string object = key.empty() ? "/" : key;
    if (!hasAttribute(key, name))
        return d->error(Error::NotFound, key, "There is no attribute \"" + name + "\".");
    const Id attribute(H5Aopen_by_name(d->file, object.c_str(), name.c_str(), H5P_DEFAULT, H5P_DEFAULT),
                       H5Aclose);
    const Id type(attribute ? H5Aget_type(attribute) : -1, H5Tclose);
    const Id space(attribute ? H5Aget_space(attribute) : -1, H5Sclose);
    if (!type || !space || H5Tget_class(type) != H5T_STRING || H5Sget_simple_extent_npoints(space) != 1)
        return d->error(Error::Unsupported, key, "The attribute \"" + name + "\" is not one text.");
    const Error damaged = d->error(Error::Corrupt, key, "The attribute \"" + name + "\" cannot be read.");
    if (H5Tis_variable_str(type) > 0) {
        char* text = nullptr;
        const Id memory(H5Tcopy(H5T_C_S1), H5Tclose);
        H5Tset_size(memory, H5T_VARIABLE);
        H5Tset_cset(memory, H5Tget_cset(type));
        if (H5Aread(attribute, memory, &text) < 0)
            return damaged;
        const std::string value = text ? text : "";
        H5free_memory(text);
        return value;
    }
    const size_t bytes = H5Tget_size(type);
    if (bytes > kMaxAttributeBytes)
        return damaged;
    std::string value(bytes, '\0');
    if (H5Aread(attribute, type, value.data()) < 0)
        return damaged;
    value.resize(std::min(value.find('\0'), value.size()));
    return value;
}

bool looksLikeHdf5(const std::string& path)
{
    constexpr std::string_view kSignature("\x89HDF\r\n\x1a\n", 8);
    constexpr std::streamoff kLargestBlock = 1 << 20; // user blocks are 512 bytes or a power of two above
    std::ifstream file(path, std::ios::binary);
    for (std::streamoff at = 0; file && at <= kLargestBlock; at = at ? at * 2 : 512) {
        char magic[8] = {};
        if (file.seekg(at).read(magic, 8) && std::string_view(magic, 8) == kSignature)
            return true;
    }
    return false;
}

} // namespace bitwright
