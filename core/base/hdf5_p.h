// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/base/hdf5_file.h"

#include <hdf5.h>

#include <map>
#include <mutex>
#include <utility>

namespace bitwright {
namespace h5 {

inline constexpr int kMaxRank = 16;

/// HDF5 as Debian builds it is not thread-safe: everybody takes this lock before entering it. HDF5's own
/// error printing is off from here on.
std::unique_lock<std::recursive_mutex> enter();
/// For a forked child, which has one thread and inherits the lock without owning it: enter() locks no more.
void enterWithoutLockFromNowOn();

/// An HDF5 id with the function that gives it back.
class Id {
public:
    using Closer = herr_t (*)(hid_t);
    Id() = default;
    Id(hid_t id, Closer closer)
        : m_id(id)
        , m_closer(closer)
    {
    }
    Id(Id&& other) noexcept
        : m_id(std::exchange(other.m_id, -1))
        , m_closer(other.m_closer)
    {
    }
    Id& operator=(Id&& other) noexcept
    {
        std::swap(m_id, other.m_id);
        std::swap(m_closer, other.m_closer);
        return *this;
    }
    ~Id() { close(); }
    bool close() { return m_id < 0 || m_closer(std::exchange(m_id, -1)) >= 0; }
    explicit operator bool() const { return m_id >= 0; }
    operator hid_t() const { return m_id; }

private:
    hid_t m_id = -1;
    Closer m_closer = H5Idec_ref;
};

/// The little-endian type of a file and of memory.
Id makeType(H5Type type);
/// Opens and walks through the file in a child process. HDF5 1.10 can crash or loop on damaged files
/// (heap, B-tree and filter code; several published CVEs); then this is an error and the caller lives on.
/// Limit where the walk takes too long. To be called under the lock of enter().
Result<void> tryReading(const std::string& path, Result<Hdf5File> (*open)(const std::string&));
/// Bytes of one element.
inline size_t bytesOf(H5Type type)
{
    constexpr size_t bytes[] = {1, 1, 2, 2, 4, 4, 8, 8, 2, 4, 8};
    return bytes[int(type)];
}

} // namespace h5

struct Hdf5File::Private {
    struct Open {
        h5::Id id;
        H5Info info;
    };
    std::string path;
    h5::Id file;
    /// Datasets stay open between reads, because their chunk caches go with them.
    mutable std::map<std::string, Open> opened;

    Error error(Error::Code code, const std::string& key, const std::string& message) const
    {
        return {code, message, key.empty() ? path : path + ":" + key};
    }
    static Result<Hdf5File> openUnchecked(const std::string& path);
    Result<const Open*> dataset(const std::string& key) const;
    Result<H5Info> describe(const std::string& key, hid_t dataset) const;
    Result<void> checkStorage(const std::string& key, hid_t dataset, const H5Info& info) const;
    Result<h5::Id> makeDataset(const std::string& key, H5Type type, const std::vector<int64_t>& shape,
                               int deflate);
    Result<void> writeAttribute(const std::string& key, const std::string& name, hid_t type,
                                const void* value);
};

} // namespace bitwright
