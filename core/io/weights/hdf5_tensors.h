// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/base/hdf5_file.h"
#include "core/io/weights/weights_file.h"

#include <memory>
#include <mutex>

namespace bitwright {

/// An HDF5 file that tensors are read from later, by any thread.
struct SharedHdf5 {
    Hdf5File file;
    std::string path;
    int64_t bytes = 0; ///< of the file
    std::mutex mutex;  ///< held while `file` is used

    SharedHdf5(Hdf5File opened, std::string name, int64_t size)
        : file(std::move(opened))
        , path(std::move(name))
        , bytes(size)
    {
    }
};
Result<std::shared_ptr<SharedHdf5>> openShared(const std::string& path);

/// Tensors found so far, and how much they unpack to.
class Hdf5Tensors {
public:
    explicit Hdf5Tensors(std::shared_ptr<SharedHdf5> source)
        : m_source(std::move(source))
    {
    }
    /// The dataset `key` as a tensor; a note where its elements are not read. Limit when compressed data would
    /// grow more than 64-fold (and above 64 MiB).
    Result<void> add(const std::string& key, const std::string& name, WeightsFile& file);
    /// Counts `bytes` towards the limit.
    Result<void> account(int64_t bytes);

private:
    std::shared_ptr<SharedHdf5> m_source;
    int64_t m_unpacked = 0;
};

} // namespace bitwright
