// SPDX-License-Identifier: GPL-3.0-or-later
// Statistics and estimators of a 10 M-element tensor. Bytes/s count the tensor once, as in the plain copy.
#include "core/analysis/error_metrics.h"
#include "core/calib/calibrate.h"
#include "core/calib/estimators.h"
#include "core/tensor/tensor.h"

#include <benchmark/benchmark.h>
#include <omp.h>

#include <cstring>
#include <random>

namespace bitwright {
namespace {

constexpr int64_t kElements = 10'000'000;

const Tensor& tenMillion()
{
    static const Tensor tensor = [] {
        std::mt19937 random(1);
        std::normal_distribution<float> normal;
        Tensor made = Tensor::empty(DType::F32, {10, 100, 100, 100});
        for (float& value : made.mutableFloats())
            value = normal(random);
        return made;
    }();
    return tensor;
}

void countBytes(benchmark::State& state)
{
    state.SetBytesProcessed(state.iterations() * kElements * int64_t(sizeof(float)));
}

void copyPlain(benchmark::State& state)
{
    const Tensor& from = tenMillion();
    Tensor to = Tensor::empty(DType::F32, from.shape());
    for (auto _ : state) {
        std::memcpy(to.mutableData(), from.data(), size_t(from.bytes()));
        benchmark::ClobberMemory();
    }
    countBytes(state);
}
BENCHMARK(copyPlain)->Unit(benchmark::kMillisecond)->UseRealTime();

// Arguments: threads, channel axis (-1: none).
void fullStatistics(benchmark::State& state)
{
    omp_set_num_threads(int(state.range(0)));
    const Tensor& tensor = tenMillion();
    for (auto _ : state) {
        TensorStats stats;
        addToStats(stats, tensor, int(state.range(1)), true);
        benchmark::DoNotOptimize(stats);
    }
    countBytes(state);
}
BENCHMARK(fullStatistics)
    ->ArgsProduct({{1, 2}, {-1, 1}})
    ->ArgNames({"threads", "axis"})
    ->Unit(benchmark::kMillisecond)
    ->UseRealTime();

// Arguments: estimator, scheme, bits.
void estimate(benchmark::State& state)
{
    static const TensorStats stats = [] {
        TensorStats made;
        addToStats(made, tenMillion(), -1, true);
        return made;
    }();
    QuantSpec spec;
    spec.estimator = Estimator(state.range(0));
    spec.scheme = Scheme(state.range(1));
    spec.bits = int(state.range(2));
    const Distribution distribution = distributionOf(stats);
    for (auto _ : state)
        benchmark::DoNotOptimize(estimateRange(spec, distribution));
    state.SetLabel(shortForm(spec));
}
BENCHMARK(estimate)
    ->ArgsProduct({{int(Estimator::Percentile), int(Estimator::Mse), int(Estimator::Lp),
                    int(Estimator::Entropy), int(Estimator::AciqGauss), int(Estimator::AciqLaplace)},
                   {int(Scheme::Symmetric), int(Scheme::Asymmetric)},
                   {4, 8}})
    ->Unit(benchmark::kMillisecond);

// Statistics with 1024 channel histograms of a 5 M-element weight, and 1024 MSE ranges. Argument: bits.
void channelMse(benchmark::State& state)
{
    omp_set_num_threads(2);
    constexpr int64_t kChannels = 1024, kPerChannel = 4883;
    const Tensor weight = Tensor::fromFloats({kChannels, kPerChannel},
                                             tenMillion().floats().first(size_t(kChannels * kPerChannel)));
    QuantSpec spec;
    spec.estimator = Estimator::Mse;
    spec.scheme = Scheme(state.range(1));
    spec.bits = int(state.range(0));
    for (auto _ : state) {
        const TensorStats stats = weightStats(weight, 0, ChannelHistograms::Yes);
        benchmark::DoNotOptimize(estimateChannelRanges(spec, stats));
    }
    state.SetLabel(shortForm(spec));
}
BENCHMARK(channelMse)
    ->ArgsProduct({{4, 8}, {int(Scheme::Symmetric), int(Scheme::Asymmetric)}})
    ->Unit(benchmark::kMillisecond)
    ->UseRealTime();

// What an edit of a 5 M-element layer costs: its ranges and its error. Arguments: estimator, granularity,
// bits, scheme.
void weightEdit(benchmark::State& state)
{
    omp_set_num_threads(2);
    constexpr int64_t kChannels = 1024, kPerChannel = 4883;
    const Tensor weight = Tensor::fromFloats({kChannels, kPerChannel},
                                             tenMillion().floats().first(size_t(kChannels * kPerChannel)));
    QuantSpec spec = QuantSpec::defaultWeights(int(state.range(2)));
    spec.estimator = Estimator(state.range(0));
    spec.granularity = Granularity(state.range(1));
    spec.scheme = Scheme(state.range(3));
    for (auto _ : state) {
        const auto params = resolveWeight(weight, {"w", weight.shape(), 0, 1}, spec);
        benchmark::DoNotOptimize(quantizationError(weight, *params));
    }
    state.SetLabel(shortForm(spec));
}
BENCHMARK(weightEdit)
    ->ArgsProduct({{int(Estimator::MinMax), int(Estimator::Mse), int(Estimator::Percentile)},
                   {int(Granularity::Tensor), int(Granularity::Channel), int(Granularity::Group)},
                   {4, 8},
                   {int(Scheme::Symmetric), int(Scheme::Asymmetric)}})
    ->Unit(benchmark::kMillisecond)
    ->UseRealTime();

} // namespace
} // namespace bitwright

BENCHMARK_MAIN();
