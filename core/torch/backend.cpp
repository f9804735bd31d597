// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/base/atomic_file.h"
#include "core/torch/exporters_p.h"
#include "core/torch/file_check_p.h"
#include "core/torch/guard_p.h"
#include "core/torch/onnx_write/write_onnx_p.h"
#include "core/torch/open_runner_p.h"
#include "core/torch/runner_p.h"
#include "core/torch/torch_backend.h"
#include "core/torch/train/save_p.h"
#include "core/torch/train/train_run_p.h"

namespace bitwright {
namespace {

Result<std::unique_ptr<ModelRunner>> openTorchScript(const std::string& path, const OpenOptions& options,
                                                     Progress& progress)
{
    BITWRIGHT_CHECK(checkTorchScript(path, progress));
    return openRunner(importTorchScript, path, options, progress);
}

ExportOutcome writeAs(const TorchRunner& runner, const ExportRequest& request, Progress& progress)
{
    if (request.format.starts_with("onnx-"))
        return writeOnnx(runner, request, progress);
    const auto writer = request.format == "torchscript-int8" ? writeInt8 : writeFakeQuant;
    return writer(runner, copyForExport(runner), request, progress);
}

Result<ExportOutcome> writeModel(const ModelRunner& runner, const ExportRequest& request, Progress& progress)
{
    const auto* own = dynamic_cast<const TorchRunner*>(&runner);
    if (!own)
        return Error{Error::InvalidArgument, "Only a model that this program runs can be written.", {}};
    return guarded(request.path, [&]() -> Result<ExportOutcome> { return writeAs(*own, request, progress); });
}

Result<void> saveTorchScript(const ModelRunner& runner, const std::string& path,
                             const std::string& provenance, Progress& progress)
{
    const auto* own = dynamic_cast<const TorchRunner*>(&runner);
    if (!own)
        return Error{
            Error::InvalidArgument, "Only a model that LibTorch runs can be written as TorchScript.", {}};
    return writeAtomically(path, [&](const std::string& temporary) -> Result<void> {
        return guarded(path, [&]() -> Result<void> {
            saveModel(*own, temporary, provenance, progress);
            return {};
        });
    });
}

} // namespace

Backend torchScriptBackend()
{
    Backend backend;
    backend.name = "torchscript";
    backend.recognises = looksLikePyTorch;
    backend.open = openTorchScript;
    backend.exportFormats = {"torchscript-fakequant", "torchscript-int8", "onnx-qdq", "onnx-float"};
    backend.write = writeModel;
    backend.trainer = makeTorchTrainer;
    backend.save = saveTorchScript;
    return backend;
}

} // namespace bitwright
