// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/run/backend.h"

#include "core/quant/quantize.h"

namespace bitwright {
namespace {

std::vector<Backend>& registry()
{
    static std::vector<Backend> all;
    return all;
}

} // namespace

void registerBackend(Backend backend) { registry().push_back(std::move(backend)); }

const std::vector<Backend>& backends() { return registry(); }

Result<RunConfig> makeRunConfig(const ModelRunner& runner, const ResolvedPlan& plan, Progress& progress)
{
    RunConfig config;
    config.activations = plan.activations;
    for (const auto& [name, params] : plan.weights) {
        if (progress.cancelled())
            return cancelledError();
        if (params.format == Format::Float32)
            continue;
        BITWRIGHT_TRY(const Tensor weight, runner.parameter(name));
        config.weights[name] = fakeQuantize(weight.toFloat(), params);
    }
    return config;
}

} // namespace bitwright
