// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/base/text.h"
#include "core/torch/onnx/model_file_p.h"
#include "core/torch/onnx/onnx_import_p.h"
#include "core/torch/open_runner_p.h"
#include "core/torch/torch_backend.h"

namespace bitwright {
namespace {

Result<std::unique_ptr<ModelRunner>> openOnnx(const std::string& path, const OpenOptions& options,
                                              Progress& progress)
{
    auto runner = openRunner(importOnnx, path, options, progress);
    if (runner)
        return runner;
    const Error& error = runner.error(); // names come from the file, whatever bytes they are
    return Error{error.code, text::printable(error.message), error.where};
}

} // namespace

Backend onnxBackend()
{
    Backend backend;
    backend.name = "onnx";
    backend.recognises = onnxin::looksLikeOnnx;
    backend.open = openOnnx;
    const Backend torch = torchScriptBackend(); // one runner: one trainer, and what it tuned is TorchScript
    backend.trainer = torch.trainer;
    backend.save = torch.save;
    return backend;
}

} // namespace bitwright
