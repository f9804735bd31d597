// ONNX files on disk.
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/base/result.h"

#include <onnx/onnx_pb.h>

#include <memory>
#include <string>

namespace bitwright::onnxin {

/// The file starts like a serialized ModelProto, or is empty or unreadable and called *.onnx.
bool looksLikeOnnx(const std::string& path);
/// Parses the file and checks that it is a model that can be read at all. One sentence says what is wrong.
Result<std::unique_ptr<onnx::ModelProto>> loadModel(const std::string& path);

} // namespace bitwright::onnxin
