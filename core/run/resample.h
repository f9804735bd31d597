// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstdint>
#include <vector>

namespace bitwright {

/// One channel of an image, row-major.
template<typename T>
struct Plane {
    int64_t height = 0, width = 0;
    std::vector<T> pixels;
};

/// Bilinear resampling with antialiasing: a triangle filter as wide as the reduction, first along rows, then
/// along columns, as Pillow's BILINEAR does it (Image.resize; torchvision.transforms.Resize on a PIL image).
/// uint8 is computed in 22-bit fixed point and is bit-equal to Pillow; float as Pillow's mode "F".
/// Sizes must be positive.
Plane<uint8_t> resampled(const Plane<uint8_t>& plane, int64_t height, int64_t width);
Plane<float> resampled(const Plane<float>& plane, int64_t height, int64_t width);

} // namespace bitwright
