// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <map>
#include <string>
#include <string_view>

namespace bitwright {

/// What a format asks beyond the plan. It travels in ExportRequest::format behind the name, a line a value:
/// "onnx-qdq\nopset=13\ntarget=tensorrt". Values hold no line breaks.
struct ExportDetails {
    std::string finalPath; ///< what the written file will be renamed to; empty = it stays
    int opset = 0;         ///< ONNX: version of the operators; 0 = the lowest that holds the plan
    std::string target;    ///< ONNX: "onnxruntime" (default), "tensorrt", "openvino", "generic"
    std::map<std::string, std::string> metadata; ///< further entries of the file's metadata

    bool operator==(const ExportDetails&) const = default;
};

/// The format of a request with its details, and both back; keys that are unknown become metadata.
std::string formatWith(const std::string& name, const ExportDetails& details);
std::string formatName(std::string_view format);
ExportDetails detailsOf(std::string_view format);

} // namespace bitwright
