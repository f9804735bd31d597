// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/base/progress.h"
#include "core/base/result.h"
#include "core/io/weights/pickle.h"
#include "core/io/weights/stored_type.h"

#include <memory>
#include <string>

namespace bitwright::pytorch {

/// What a persistent id of torch.save names: a run of elements of one storage.
struct StorageRef {
    std::string key;
    std::optional<StoredType> type; ///< empty for torch.UntypedStorage, which counts in bytes
    int64_t first = 0;              ///< element of the storage that is element 0 (views of the old form)
    int64_t count = 0;              ///< elements from there on
};
/// Empty when the object is no storage of elements that are read (complex, quantized: `type` names it then).
std::optional<StorageRef> storageRef(const pickle::Object& persistent, std::string& type);

/// The bytes behind the storages of one file. Reads from several threads are fine.
class Storages {
public:
    virtual ~Storages() = default;
    /// Bytes that the storage has in the file; NotFound without one.
    virtual Result<int64_t> bytes(const std::string& key) const = 0;
    virtual Result<void> read(const std::string& key, int64_t begin, int64_t count, void* out) const = 0;
};

/// An opened file of torch.save: the object that was saved, and its storages.
struct Saved {
    std::shared_ptr<pickle::Unpickler> objects; ///< owns `root`
    const pickle::Object* root = nullptr;
    std::shared_ptr<const Storages> storages;
};
/// A zip archive with NAME/data.pkl and no TorchScript code.
bool isSavedArchive(const std::string& path);
Result<Saved> openSavedArchive(const std::string& path);
/// The form before PyTorch 1.6: five pickles, then the storages.
bool isSavedLegacy(const std::string& path);
Result<Saved> openSavedLegacy(const std::string& path);

} // namespace bitwright::pytorch
