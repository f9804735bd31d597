// SPDX-License-Identifier: GPL-3.0-or-later
// Sizes other than the batch that stay open in the written file.
#pragma once

#include "core/torch/onnx_write/writer_p.h"

#include <memory>

namespace bitwright {
class StopCheck;
struct InputPlan;
} // namespace bitwright

namespace bitwright::onnx_write {

/// The model's file leaves sizes other than the batch open.
bool hasOpenSizes(const InputPlan& inputs);

/// The model written with these sizes open: written at several sizes, it must come out the same each time.
/// Null where there are none or where what is written depends on them. Throws Stop when cancelled.
std::unique_ptr<Writer> writtenWithOpenSizes(const TorchRunner& runner, const ExportRequest& request,
                                             const StopCheck& stop);

} // namespace bitwright::onnx_write
