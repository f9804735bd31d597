// SPDX-License-Identifier: GPL-3.0-or-later
//
// Fake quantization of 10 M floats beside LibTorch's operators and beside a plain copy, at the same thread
// count. "New" results are allocated in every call, as LibTorch's always are; "Into" writes to memory that is
// already there. Not a ctest: run bench_quantize by hand, on an idle machine.
#include "core/analysis/error_metrics.h"
#include "core/base/parallel.h"
#include "core/quant/quantize.h"

#include <ATen/ATen.h>
#include <ATen/Parallel.h>
#include <benchmark/benchmark.h>

#include <cstring>
#include <random>

using namespace bitwright;

namespace {

const Shape kShape{1024, 1085, 3, 3}; // 10.0 M elements
const int64_t kSize = elementCount(kShape);

const Tensor& values()
{
    static const Tensor tensor = [] {
        std::mt19937 random(1);
        std::normal_distribution<float> normal;
        Tensor result = Tensor::empty(DType::F32, kShape);
        for (float& x : result.mutableFloats())
            x = normal(random);
        return result;
    }();
    return tensor;
}

QuantParams params(Granularity granularity, int bits = 8)
{
    QuantSpec spec = QuantSpec::defaultWeights(bits);
    spec.granularity = granularity;
    return paramsFromValues(spec, values(), 0);
}

at::Tensor torchValues()
{
    return at::from_blob(const_cast<float*>(values().floats().data()), kShape, at::kFloat);
}

/// Bytes read and written, as for a copy.
void finish(benchmark::State& state)
{
    state.SetBytesProcessed(int64_t(state.iterations()) * kSize * int64_t(2 * sizeof(float)));
}

void copy(benchmark::State& state)
{
    at::set_num_threads(int(state.range(0)));
    Tensor out = Tensor::empty(DType::F32, kShape);
    float* to = out.mutableFloats().data();
    const float* from = values().floats().data();
    const int64_t parts = state.range(0), part = (kSize + parts - 1) / parts;
    for (auto _ : state)
        parallelFor(parts, [&](int64_t i) {
            std::memcpy(to + i * part, from + i * part,
                        size_t(std::min(part, kSize - i * part)) * sizeof(float));
        });
    finish(state);
}

void intoMemory(benchmark::State& state, Granularity granularity)
{
    at::set_num_threads(int(state.range(0)));
    const QuantParams p = params(granularity);
    Tensor out = Tensor::empty(DType::F32, kShape);
    for (auto _ : state)
        fakeQuantize(values().floats().data(), out.mutableFloats().data(), kShape, p);
    finish(state);
}

void newTensor(benchmark::State& state, Granularity granularity)
{
    at::set_num_threads(int(state.range(0)));
    const QuantParams p = params(granularity);
    for (auto _ : state)
        benchmark::DoNotOptimize(fakeQuantize(values(), p));
    finish(state);
}

void torchTensor(benchmark::State& state)
{
    at::set_num_threads(int(state.range(0)));
    const QuantParams p = params(Granularity::Tensor);
    const at::Tensor x = torchValues();
    for (auto _ : state)
        benchmark::DoNotOptimize(
            at::fake_quantize_per_tensor_affine(x, p.scale[0], p.zeroPoint[0], p.qmin, p.qmax));
    finish(state);
}

void torchChannel(benchmark::State& state)
{
    at::set_num_threads(int(state.range(0)));
    QuantParams p = params(Granularity::Channel);
    const auto channels = int64_t(p.scale.size());
    const at::Tensor x = torchValues(), scale = at::from_blob(p.scale.data(), {channels}, at::kFloat),
                     zeroPoint = at::from_blob(p.zeroPoint.data(), {channels}, at::kInt);
    for (auto _ : state)
        benchmark::DoNotOptimize(
            at::fake_quantize_per_channel_affine(x, scale, zeroPoint, 0, p.qmin, p.qmax));
    finish(state);
}

/// One read of the tensor, errors at 8, 6, 4, 3 and 2 bits.
void errorAtFiveWidths(benchmark::State& state, Granularity granularity)
{
    at::set_num_threads(int(state.range(0)));
    std::vector<QuantParams> grids;
    for (const int bits : {8, 6, 4, 3, 2})
        grids.push_back(params(granularity, bits));
    for (auto _ : state)
        benchmark::DoNotOptimize(errorAtMany(values(), grids));
    finish(state);
}

void fitCodebook(benchmark::State& state, Granularity granularity)
{
    at::set_num_threads(int(state.range(0)));
    QuantSpec spec;
    spec.format = Format::Codebook;
    spec.bits = 4;
    spec.granularity = granularity;
    for (auto _ : state)
        benchmark::DoNotOptimize(paramsFromValues(spec, values(), 0));
    finish(state);
}

void otherFormat(benchmark::State& state, Format format)
{
    at::set_num_threads(int(state.range(0)));
    QuantSpec spec;
    spec.format = format;
    spec.bits = 4;
    const QuantParams p = paramsFromValues(spec, values(), 0);
    Tensor out = Tensor::empty(DType::F32, kShape);
    for (auto _ : state)
        fakeQuantize(values().floats().data(), out.mutableFloats().data(), kShape, p);
    finish(state);
}

} // namespace

#define BITWRIGHT_BENCH(...)                                                                                 \
    BENCHMARK_CAPTURE(__VA_ARGS__)->Arg(1)->Arg(2)->UseRealTime()->Unit(benchmark::kMillisecond)
BENCHMARK(copy)->Arg(1)->Arg(2)->UseRealTime()->Unit(benchmark::kMillisecond);
BITWRIGHT_BENCH(intoMemory, tensor, Granularity::Tensor);
BITWRIGHT_BENCH(newTensor, tensor, Granularity::Tensor);
BENCHMARK(torchTensor)->Arg(1)->Arg(2)->UseRealTime()->Unit(benchmark::kMillisecond);
BITWRIGHT_BENCH(intoMemory, channel, Granularity::Channel);
BITWRIGHT_BENCH(newTensor, channel, Granularity::Channel);
BENCHMARK(torchChannel)->Arg(1)->Arg(2)->UseRealTime()->Unit(benchmark::kMillisecond);
BITWRIGHT_BENCH(errorAtFiveWidths, tensor, Granularity::Tensor);
BITWRIGHT_BENCH(errorAtFiveWidths, channel, Granularity::Channel);
BITWRIGHT_BENCH(fitCodebook, tensor, Granularity::Tensor);
BITWRIGHT_BENCH(fitCodebook, channel, Granularity::Channel);
BITWRIGHT_BENCH(otherFormat, float16, Format::Float16);
BITWRIGHT_BENCH(otherFormat, codebook, Format::Codebook);
BITWRIGHT_BENCH(otherFormat, log2, Format::Log2);
BITWRIGHT_BENCH(otherFormat, minifloat, Format::Minifloat);

BENCHMARK_MAIN();
