// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/torch/file_quantization_p.h"
#include "core/torch/guard_p.h"
#include "core/torch/open_runner_p.h"
#include "core/torch/runner_p.h"

namespace bitwright {

Result<std::unique_ptr<ModelRunner>> openRunner(Import& import, const std::string& path,
                                                const OpenOptions& options, Progress& progress)
{
    return guarded(path, [&]() -> Result<std::unique_ptr<ModelRunner>> {
        const StopCheck stop(progress, options.timeLimitSeconds);
        auto model = import(path, options, progress, stop);
        Description description = describeModel(*model, stop);
        model->fileQuantization = fileQuantization(model->encodings, description);
        return std::unique_ptr<ModelRunner>(
            std::make_unique<TorchRunner>(std::move(model), std::move(description)));
    });
}

} // namespace bitwright
