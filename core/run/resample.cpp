// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/run/resample.h"

#include <algorithm>
#include <cmath>
#include <type_traits>

namespace bitwright {
namespace {

constexpr int kFixedBits = 22;

/// The input samples that make one output sample.
struct Taps {
    int64_t first = 0;
    std::vector<double> weights;
    std::vector<int32_t> fixed; ///< weights * 2^22, rounded half away from zero
};

std::vector<Taps> makeTaps(int64_t from, int64_t to)
{
    const double scale = double(from) / double(to), reach = std::max(scale, 1.0);
    std::vector<Taps> all(static_cast<size_t>(to));
    for (int64_t i = 0; i < to; ++i) {
        Taps& taps = all[size_t(i)];
        const double centre = (double(i) + 0.5) * scale;
        taps.first = std::max<int64_t>(0, int64_t(centre - reach + 0.5));
        const int64_t end = std::min(from, int64_t(centre + reach + 0.5));
        double sum = 0;
        for (int64_t k = taps.first; k < end; ++k) {
            const double distance = std::abs((double(k) - centre + 0.5) * (1.0 / reach));
            taps.weights.push_back(distance < 1.0 ? 1.0 - distance : 0.0);
            sum += taps.weights.back();
        }
        for (double& weight : taps.weights) {
            weight = sum != 0 ? weight / sum : weight;
            taps.fixed.push_back(int32_t(weight * (1 << kFixedBits) + (weight < 0 ? -0.5 : 0.5)));
        }
    }
    return all;
}

/// sum of weights[k] * pixels[k * step], rounded as the type asks.
template<typename T>
T combine(const T* pixels, int64_t step, const Taps& taps)
{
    const size_t count = taps.weights.size();
    if constexpr (std::is_same_v<T, uint8_t>) {
        int32_t sum = 1 << (kFixedBits - 1);
        for (size_t k = 0; k < count; ++k)
            sum += int32_t(pixels[int64_t(k) * step]) * taps.fixed[k];
        return uint8_t(std::clamp(sum >> kFixedBits, 0, 255));
    } else {
        double sum = 0;
        for (size_t k = 0; k < count; ++k)
            sum += double(pixels[int64_t(k) * step]) * taps.weights[k];
        return T(sum);
    }
}

template<typename T>
Plane<T> resample(const Plane<T>& plane, int64_t height, int64_t width)
{
    Plane<T> wide{plane.height, width, {}};
    if (width == plane.width) {
        wide.pixels = plane.pixels;
    } else {
        const auto taps = makeTaps(plane.width, width);
        wide.pixels.resize(size_t(wide.height * width));
        for (int64_t y = 0; y < wide.height; ++y)
            for (int64_t x = 0; x < width; ++x) {
                const Taps& at = taps[size_t(x)];
                wide.pixels[size_t(y * width + x)] =
                    combine(&plane.pixels[size_t(y * plane.width + at.first)], 1, at);
            }
    }
    if (height == plane.height)
        return wide;
    const auto taps = makeTaps(plane.height, height);
    Plane<T> result{height, width, std::vector<T>(size_t(height * width))};
    for (int64_t y = 0; y < height; ++y)
        for (int64_t x = 0; x < width; ++x)
            result.pixels[size_t(y * width + x)] =
                combine(&wide.pixels[size_t(taps[size_t(y)].first * width + x)], width, taps[size_t(y)]);
    return result;
}

} // namespace

Plane<uint8_t> resampled(const Plane<uint8_t>& plane, int64_t height, int64_t width)
{
    return resample(plane, height, width);
}

Plane<float> resampled(const Plane<float>& plane, int64_t height, int64_t width)
{
    return resample(plane, height, width);
}

} // namespace bitwright
