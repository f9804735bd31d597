// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/torch/file_quantization_p.h"
#include "core/torch/guard_p.h"
#include "core/torch/onnx/model_file_p.h"
#include "core/torch/onnx/onnx_import_p.h"
#include "core/torch/runner_p.h"
#include "core/torch/torch_backend.h"

namespace bitwright {
namespace {

/// Names come from the file, whatever bytes they are.
Error printable(Error error)
{
    for (char& c : error.message)
        if (static_cast<unsigned char>(c) < 32 || c == 127)
            c = '?';
    return error;
}

Result<std::unique_ptr<ModelRunner>> readOnnx(const std::string& path, const OpenOptions& options,
                                              Progress& progress)
{
    return guarded(path, [&]() -> Result<std::unique_ptr<ModelRunner>> {
        const StopCheck stop(progress, options.timeLimitSeconds);
        auto model = importOnnx(path, options, progress, stop);
        Description description = describeModel(*model, stop);
        model->fileQuantization = fileQuantization(model->encodings, description);
        return std::unique_ptr<ModelRunner>(
            std::make_unique<TorchRunner>(std::move(model), std::move(description)));
    });
}

Result<std::unique_ptr<ModelRunner>> openOnnx(const std::string& path, const OpenOptions& options,
                                              Progress& progress)
{
    auto runner = readOnnx(path, options, progress);
    return runner ? std::move(runner) : printable(runner.error());
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
