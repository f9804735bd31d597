// SPDX-License-Identifier: GPL-3.0-or-later
// Spectra and windows.
#include "core/torch/onnx/simple_rows_p.h"
#include "core/torch/onnx/tensor_proto_p.h"

#include <ATen/ATen.h>

#include <cmath>
#include <numbers>

namespace bitwright::onnxin {
namespace {

constexpr const char* kSignalScript = R"(
def as_complex(x):
    if x.size(-1) == 1:
        re = x.select(-1, 0)
        c = torch.complex(re, torch.zeros_like(re))
    else:
        c = torch.view_as_complex(x.contiguous())
    return c

def dft(x, n: int, axis: int, inverse: bool, onesided: bool):
    c = as_complex(x)
    if inverse:
        y = torch.fft_ifft(c, n, axis)
    else:
        y = torch.fft_fft(c, n, axis)
    if onesided:
        y = torch.narrow(y, axis, 0, n // 2 + 1)
    return torch.view_as_real(y)

def stft(x, step: int, window, n: int, onesided: bool):
    frames = as_complex(x).unfold(1, n, step) * window
    y = torch.fft_fft(frames, n, 2)
    if onesided:
        y = torch.narrow(y, 2, 0, n // 2 + 1)
    return torch.view_as_real(y)

def cosine_window(size: int, periodic: bool, a: float, b: float, c: float):
    n = size
    if not periodic:
        n = size - 1
    t = torch.arange(size).to(6) * (2.0 * 3.141592653589793) / n
    return a - b * torch.cos(t) + c * torch.cos(2.0 * t)
)";

Operands dft(Call& call)
{
    const Operand& x = call.required(0);
    const int64_t rank = call.rank();
    const int64_t given = call.version >= 20 && call.has(2) ? int64_t(call.knownNumber(2, -2, "axis"))
                                                            : call.i("axis", call.version >= 20 ? -2 : 1);
    const int64_t axis = call.axisOf(given, rank);
    const Number length = call.has(1) ? call.trace.numbersOf(call.in(1)).at(0) : call.trace.dim(x, axis);
    return {call.trace.call(kSignalScript, "dft",
                            {x, length, axis, call.i("inverse", 0) != 0, call.i("onesided", 0) != 0})};
}

Operands stft(Call& call)
{
    const Number step = call.trace.numbersOf(call.required(1)).at(0);
    if (!call.has(2) && !call.has(3))
        call.fail("has neither a window nor a frame length");
    const Number length =
        call.has(3) ? call.trace.numbersOf(call.in(3)).at(0) : call.trace.dim(call.in(2), 0);
    const Operand window = call.has(2) ? call.in(2) : call.trace.emit("aten::ones", {Numbers{length}});
    return {call.trace.call(kSignalScript, "stft",
                            {call.required(0), step, window, length, call.i("onesided", 1) != 0})};
}

Operands window(Call& call, double a, double b, double c)
{
    const Number size = call.trace.numbersOf(call.required(0)).at(0);
    const Operand made =
        call.trace.call(kSignalScript, "cosine_window", {size, call.i("periodic", 1) != 0, a, b, c});
    return {cast(call.trace, made, scalarTypeOf(int(call.i("output_datatype", kFloat32))))};
}

Operands hann(Call& call)
{
    return window(call, 0.5, 0.5, 0);
}

Operands hamming(Call& call)
{
    return window(call, 25.0 / 46, 21.0 / 46, 0);
}

Operands blackman(Call& call)
{
    return window(call, 0.42, 0.5, 0.08);
}

/// Triangles on the mel scale, as the operator's specification computes them.
Operands melWeights(Call& call)
{
    const int64_t bins = int64_t(call.knownNumber(0, 0, "bins")),
                  length = int64_t(call.knownNumber(1, 0, "length"));
    const double rate = call.knownNumber(2, 1, "rate");
    const double low = call.knownNumber(3, 0, "lower edge"), high = call.knownNumber(4, 0, "upper edge");
    constexpr int64_t kMost = 1 << 14;
    if (bins < 1 || bins > kMost || length < 1 || length > kMost || rate <= 0)
        call.fail("has an impossible size");
    const auto mel = [](double hertz) { return 2595 * std::log10(1 + hertz / 700); };
    const double step = (mel(high) - mel(low)) / double(bins + 2);
    const int64_t rows = length / 2 + 1;
    std::vector<int64_t> edges;
    for (int64_t i = 0; i < bins + 2; ++i) {
        const double hertz = 700 * (std::pow(10.0, (double(i) * step + mel(low)) / 2595) - 1);
        edges.push_back(
            std::clamp<int64_t>(int64_t(std::floor(double(length + 1) * hertz / rate)), 0, rows - 1));
    }
    at::Tensor weights = at::zeros({rows, bins}, at::kFloat);
    auto out = weights.accessor<float, 2>();
    for (int64_t i = 0; i < bins; ++i) {
        const int64_t first = edges[size_t(i)], center = edges[size_t(i) + 1], last = edges[size_t(i) + 2];
        if (center == first)
            out[center][i] = 1;
        else
            for (int64_t j = first; j <= center; ++j)
                out[j][i] = float(j - first) / float(center - first);
        for (int64_t j = center; j < last; ++j)
            out[j][i] = float(last - j) / float(last - center);
    }
    return {constant(weights.to(scalarTypeOf(int(call.i("output_datatype", kFloat32)))))};
}

constexpr Row kSignalRows[] = {
    {"DFT", dft},
    {"STFT", stft},
    {"HannWindow", hann},
    {"HammingWindow", hamming},
    {"BlackmanWindow", blackman},
    {"MelWeightMatrix", melWeights},
};

} // namespace

std::span<const Row> signalRows()
{
    return kSignalRows;
}

} // namespace bitwright::onnxin
