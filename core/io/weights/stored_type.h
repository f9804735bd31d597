// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/base/result.h"
#include "core/tensor/tensor.h"

#include <functional>
#include <optional>
#include <string>

namespace bitwright {

/// Element types of files, little endian. Those that Tensor does not have are read as the next wider one that
/// holds every value: U16 as I32, U32 as I64, 8-bit floats as F16.
enum class StoredType { F64, F32, F16, BF16, F8E4M3, F8E5M2, I64, I32, I16, I8, U32, U16, U8, Bool };

/// Bytes of one element in the file.
int storedBytes(StoredType type);
/// What it is read as.
DType readAs(StoredType type);

/// Calls `fill(out, bytes)` once for the elements as stored, and converts them where Tensor lacks the type.
Result<Tensor> readStored(StoredType type, const Shape& shape,
                          const std::function<Result<void>(void* out, int64_t bytes)>& fill);

/// Bytes of a tensor; empty where a size is negative or the product leaves 63 bits, or there are more than 32
/// dimensions.
std::optional<int64_t> bytesOfShape(const Shape& shape, int elementBytes);

} // namespace bitwright
