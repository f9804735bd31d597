// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/torch/runner_p.h"
#include "core/torch/tensor_bridge_p.h"

#include <ATen/ATen.h>
#include <ATen/core/grad_mode.h>

#include <algorithm>

namespace bitwright {
namespace {

/// Runs on until the path holds `stopAt` raw, or to the end.
std::vector<Tensor> runToEnd(Path& path, ValueId stopAt, int32_t stopStage)
{
    for (;;) {
        if (stopAt != kNone && path.stage() == stopStage) {
            const at::Tensor value = path.value(stopAt);
            return value.defined() ? std::vector<Tensor>{floatFromTorch(value)} : std::vector<Tensor>{};
        }
        path.finishStage();
        if (path.atEnd())
            return path.outputs();
        path.step();
    }
}

} // namespace

Result<std::array<std::vector<Tensor>, 2>>
TorchRunner::runPaired(const Batch& batch, const RunConfig& a, const RunConfig& b,
                       const std::set<ValueId>& observed, const PairSink& sink, Progress& progress) const
{
    return guarded(m_model->path, [&]() -> Result<std::array<std::vector<Tensor>, 2>> {
        const StopCheck stop(progress);
        at::NoGradGuard noGradients;
        checkConfig(a);
        checkConfig(b);
        std::vector<at::Tensor> inputs = convert(batch);
        checkBranches(inputs, stop);
        Path one(*this, a, stop);
        one.start(inputs);
        const bool shares = m_model->program->canFork();
        const int32_t fork = shares ? firstDifference(a, b) : -1;
        while (one.stage() < fork) {
            for (const auto& [id, value] : one.made(observed)) {
                const Tensor shared = fromTorch(value);
                sink(id, shared, shared);
            }
            one.finishStage();
            one.step();
        }
        Path two = one.fork(b);
        if (!shares)
            two.start(std::move(inputs)); // its own copies of what is written
        for (;;) {
            const auto valuesOne = one.made(observed), valuesTwo = two.made(observed);
            for (size_t i = 0; i < std::min(valuesOne.size(), valuesTwo.size()); ++i)
                sink(valuesOne[i].first, fromTorch(valuesOne[i].second), fromTorch(valuesTwo[i].second));
            one.finishStage();
            two.finishStage();
            if (one.atEnd())
                return std::array{one.outputs(), two.outputs()};
            one.step();
            two.step();
        }
    });
}

Result<std::vector<Tensor>> TorchRunner::runVariants(const Batch& batch, const RunConfig& base,
                                                     std::span<const Variant> variants,
                                                     const VariantSink& sink, Progress& progress) const
{
    return guarded(m_model->path, [&]() -> Result<std::vector<Tensor>> {
        const StopCheck stop(progress);
        at::NoGradGuard noGradients;
        checkConfig(base);
        std::vector<at::Tensor> inputs = convert(batch);
        checkBranches(inputs, stop);

        const bool shares = m_model->program->canFork();
        std::vector<std::vector<size_t>> forks(size_t(lastStage() + 2)); // variants by stage + 1
        const auto stopStage = [&](const Variant& variant) {
            return variant.stopAt == kNone ? lastStage() : m_description.stageOfValue[size_t(variant.stopAt)];
        };
        for (size_t i = 0; i < variants.size(); ++i) {
            const RunConfig config = withVariant(base, variants[i]);
            checkConfig(config);
            if (variants[i].stopAt != kNone && size_t(variants[i].stopAt) >= graph().values.size())
                throw Stop{
                    {Error::InvalidArgument, "A variant stops at a value that the model does not have.", {}}};
            const int32_t stage =
                shares ? std::min(firstDifference(base, config), stopStage(variants[i])) : -1;
            forks[size_t(stage + 1)].push_back(i);
        }
        Path path(*this, base, stop);
        path.start(inputs);
        for (;;) {
            for (const size_t i : forks[size_t(path.stage() + 1)]) {
                const RunConfig config = withVariant(base, variants[i]);
                Path forked = path.fork(config);
                if (!shares)
                    forked.start(inputs);
                sink(i, runToEnd(forked, variants[i].stopAt, stopStage(variants[i])));
            }
            path.finishStage();
            if (path.atEnd())
                return path.outputs();
            path.step();
        }
    });
}

} // namespace bitwright
