// SPDX-License-Identifier: GPL-3.0-or-later
// The files beside a model that hold its tensors.
#pragma once

#include "core/base/mapped_file.h"

#include <onnx/onnx_pb.h>

#include <map>
#include <memory>
#include <string>
#include <vector>

namespace bitwright::onnxin {

/// Bytes, and who keeps them in memory.
struct TensorBytes {
    char* data = nullptr;
    std::shared_ptr<const void> owner;
};

class ExternalFiles {
public:
    /// Only files in `folder`, the model's own, or below are read: a model must not read what else the user
    /// can.
    explicit ExternalFiles(std::string folder);

    /// `needed` bytes of the tensor's external data; nothing is read from the disk yet. Throws Stop with a
    /// sentence that names the tensor.
    TensorBytes bytesOf(const onnx::TensorProto& proto, uint64_t needed);
    /// What has been opened so far.
    std::vector<std::shared_ptr<const MappedFile>> files() const;

private:
    const MappedFile& fileOf(const onnx::TensorProto& proto, const std::string& location);

    std::string m_folder;
    std::map<std::string, std::shared_ptr<const MappedFile>> m_files; ///< by location
};

} // namespace bitwright::onnxin
