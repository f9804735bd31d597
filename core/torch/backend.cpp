// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/torch/describe_p.h"
#include "core/torch/file_check_p.h"
#include "core/torch/guard_p.h"
#include "core/torch/importer_p.h"
#include "core/torch/runner_p.h"
#include "core/torch/torch_backend.h"

namespace bitwright {
namespace {

Result<std::unique_ptr<ModelRunner>> openTorchScript(const std::string& path, const OpenOptions& options,
                                                     Progress& progress)
{
    BITWRIGHT_CHECK(checkTorchScript(path));
    return guarded(path, [&]() -> Result<std::unique_ptr<ModelRunner>> {
        const StopCheck stop(progress, options.timeLimitSeconds);
        auto model = importTorchScript(path, options, progress, stop);
        Description description = describeModel(*model, stop);
        return std::unique_ptr<ModelRunner>(
            std::make_unique<TorchRunner>(std::move(model), std::move(description)));
    });
}

} // namespace

Backend torchScriptBackend()
{
    Backend backend;
    backend.name = "torchscript";
    backend.recognises = looksLikePyTorch;
    backend.open = openTorchScript;
    return backend;
}

} // namespace bitwright
