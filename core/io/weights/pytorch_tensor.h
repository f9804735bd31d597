// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/io/weights/pytorch_storage.h"
#include "core/io/weights/weights_file.h"

namespace bitwright::pytorch {

/// A tensor as a pickle describes it: strides over a storage, in elements.
struct TensorRef {
    StorageRef storage;
    StoredType type = StoredType::F32;
    int64_t offset = 0;
    Shape shape, strides;
    bool operator==(const TensorRef& other) const
    {
        return storage.key == other.storage.key && type == other.type &&
               storage.first == other.storage.first && offset == other.offset && shape == other.shape &&
               strides == other.strides;
    }
};

/// The name of what a Call calls; "" for other objects.
std::string calleeOf(const pickle::Object& object);
/// What is called and with what, below the wrappers (parameters, subclasses) around it; null when there are too
/// many of them.
struct Rebuild {
    std::string function;
    const pickle::Object* arguments = nullptr;
};
Rebuild innermost(const pickle::Object& object);
/// A tuple of integers, also as torch.Size.
bool readSizes(const pickle::Object* object, Shape& sizes);
/// (storage, offset, sizes, strides, ...); `dtype` where the storage does not say it.
std::optional<TensorRef> stridedRef(const pickle::Object& arguments, std::string& unread,
                                    const pickle::Object* dtype = nullptr);
/// The tensor that a call of PyTorch's rebuild functions would make; empty for every other object. `unread`
/// then names the element type of a tensor that is not read.
std::optional<TensorRef> tensorRef(const pickle::Object& object, std::string& unread);

/// Checks that the elements lie in the storage and makes the tensor readable. Corrupt when they do not; Limit
/// when a few elements are repeated into more than 64 MiB.
Result<StoredTensor> storedTensor(const std::string& name, const TensorRef& tensor,
                                  const std::shared_ptr<const Storages>& storages, const std::string& path);

} // namespace bitwright::pytorch
