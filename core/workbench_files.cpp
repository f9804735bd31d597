// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/workbench_files.h"

#include "core/base/sha256.h"

#include <algorithm>
#include <filesystem>

namespace bitwright::workbench {

namespace {

/// The axis along which the samples of an input lie: the one that grows with the batch.
size_t batchAxis(const Shape& one, const Shape& two)
{
    const auto differs = std::mismatch(one.begin(), one.end(), two.begin(), two.end()).first;
    return differs == one.end() ? 0 : size_t(differs - one.begin());
}

} // namespace

Result<void> refuseOwnFile(const std::string& modelPath, const std::string& path)
{
    std::error_code ignored; // a file that does not exist yet is another one
    if (std::filesystem::equivalent(modelPath, path, ignored))
        return Error{
            Error::InvalidArgument,
            "This is the file of the model that is open, which cannot be replaced; choose another name.",
            path};
    return {};
}

OpenOptions optionsLike(const Model& model)
{
    OpenOptions options;
    const auto one = model.runner->exampleBatch(1, 0), two = model.runner->exampleBatch(2, 0);
    for (size_t i = 0; i < model.graph().inputs.size(); ++i) {
        Shape shape = model.graph().values[size_t(model.graph().inputs[i])].shape;
        const size_t axis = one && two ? batchAxis((*one)[i].shape(), (*two)[i].shape()) : 0;
        if (axis < shape.size())
            shape.erase(shape.begin() + int64_t(axis));
        options.inputShapes.push_back(std::move(shape));
    }
    return options;
}

Result<ExportedFile> describeFile(const std::string& path, const std::string& name)
{
    std::error_code ignored;
    ExportedFile file{name, {}, int64_t(std::filesystem::file_size(path, ignored))};
    BITWRIGHT_TRY(file.sha256, sha256File(path));
    return file;
}

} // namespace bitwright::workbench
