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

void registerBackend(Backend backend)
{
    registry().push_back(std::move(backend));
}

const std::vector<Backend>& backends()
{
    return registry();
}

const std::vector<std::string>& exportTargetNames()
{
    static const std::vector<std::string> names{"onnxruntime", "tensorrt", "openvino", "generic"};
    return names;
}

Result<std::shared_ptr<const ModelRunner>>
ModelRunner::withParameters(const std::map<std::string, Tensor>&) const
{
    return Error{Error::Unsupported, "Weights of models of this format cannot be changed.", {}};
}

RunConfig withVariant(RunConfig base, const Variant& variant)
{
    for (const std::string& name : variant.removeWeights)
        base.weights.erase(name);
    for (const ValueId value : variant.removeActivations)
        base.activations.erase(value);
    for (const auto& [name, weight] : variant.changes.weights)
        base.weights[name] = weight;
    for (const auto& [value, quantizer] : variant.changes.activations)
        base.activations[value] = quantizer;
    return base;
}

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
