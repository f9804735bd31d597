// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/base/result.h"

#include <cstdint>
#include <memory>
#include <string>
#include <vector>

namespace bitwright {

/// Element types that Bitwright reads from and writes to HDF5. Everything else is Unsupported.
enum class H5Type { U8, I8, U16, I16, U32, I32, U64, I64, F16, F32, F64 };

/// What a dataset of an HDF5 file is.
struct H5Info {
    H5Type type = H5Type::F32;
    std::vector<int64_t> shape;
};

/// The only door to the HDF5 library: every call that fails there becomes an Error naming file and key,
/// and HDF5 prints nothing. One object may be used by one thread at a time; the library itself is entered
/// under a process-wide lock, so different objects may be used by different threads.
/// Keys are full paths inside the file ("train/images").
class Hdf5File {
public:
    /// Opens for reading. NotFound, or Corrupt when it is not HDF5 or is truncated, or damaged in a way that
    /// would crash the HDF5 library (tried in a child process first).
    static Result<Hdf5File> open(const std::string& path);
    /// Creates (truncates) `path`. Use with writeAtomically.
    static Result<Hdf5File> create(const std::string& path);
    Hdf5File(Hdf5File&&) noexcept;
    Hdf5File& operator=(Hdf5File&&) noexcept;
    ~Hdf5File();

    /// Full keys of all datasets below `group` ("" = root), sorted.
    Result<std::vector<std::string>> datasets(const std::string& group = {}) const;
    bool has(const std::string& key) const;
    Result<H5Info> info(const std::string& key) const;
    /// Reads rows [first, first + count) of dimension 0 in the stored type into `out`
    /// (count * product of the other dimensions elements; little endian, contiguous).
    Result<void> readRows(const std::string& key, int64_t first, int64_t count, void* out) const;
    /// The same, converted by HDF5 to `type`.
    Result<void> readRowsAs(const std::string& key, H5Type type, int64_t first, int64_t count,
                            void* out) const;
    Result<std::string> readAttribute(const std::string& key, const std::string& name) const;
    Result<int64_t> readInteger(const std::string& key, const std::string& name) const;
    /// Whether the object has such an attribute, of whatever type.
    bool hasAttribute(const std::string& key, const std::string& name) const;

    /// Writes a whole dataset, creating missing groups; `deflate` 0 = contiguous, 1..9 = chunked + gzip.
    Result<void> write(const std::string& key, H5Type type, const std::vector<int64_t>& shape,
                       const void* data, int deflate = 0);
    /// Text (UTF-8), integer and real attributes of a dataset or group ("" = the root group).
    Result<void> writeAttribute(const std::string& key, const std::string& name, const std::string& value);
    Result<void> writeAttribute(const std::string& key, const std::string& name, int64_t value);
    Result<void> writeAttribute(const std::string& key, const std::string& name, double value);
    /// Flushes and closes; errors of delayed writes appear here.
    Result<void> close();

private:
    struct Private;
    explicit Hdf5File(std::unique_ptr<Private> d);
    std::unique_ptr<Private> d;
};

/// True for a file with the signature of HDF5, which may follow a user block. Cheap: the library is not
/// asked.
bool looksLikeHdf5(const std::string& path);

} // namespace bitwright
