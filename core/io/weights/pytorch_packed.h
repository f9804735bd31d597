// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/io/weights/pytorch_storage.h"
#include "core/io/weights/weights_file.h"

#include <optional>
#include <string>

namespace bitwright::pytorch {

/// A tensor that is stored as something else than its elements; it is read as dense float32.
struct PackedTensor {
    StoredTensor tensor;
    std::optional<QuantParams> grid; ///< of quantized ones with integer zero points and 8 bits
};

/// What a call of torch._utils._rebuild_qtensor (per tensor, per channel) or of _rebuild_sparse_tensor and
/// _rebuild_sparse_csr_tensor (COO, CSR) would make. Empty for every other object, and where `unread` says
/// what is not read: other layouts, and sparse tensors more than a thousand times their stored elements.
Result<std::optional<PackedTensor>> packedTensor(const pickle::Object& object, const std::string& name,
                                                 const std::shared_ptr<const Storages>& storages,
                                                 const std::string& path, std::string& unread);

} // namespace bitwright::pytorch
