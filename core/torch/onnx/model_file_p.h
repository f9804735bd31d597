// SPDX-License-Identifier: GPL-3.0-or-later
// ONNX files on disk.
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
/// The weights are larger than what anybody wants to wait for an example run of, and no result of an operator
/// has sizes that follow from data, so that sizes can be had without (runForSizes).
bool isTooLargeToRun(const onnx::ModelProto& model);

} // namespace bitwright::onnxin
