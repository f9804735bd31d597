// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/run/dataset.h"

#include <memory>

namespace bitwright {

/// How images are varied while training.
struct Augmentation {
    bool flip = false;       ///< mirror left to right, half of the images
    int64_t cropPadding = 0; ///< black border, in pixels, before a random crop of the old size

    bool isNone() const { return !flip && cropPadding <= 0; }
};

/// `dataset` with every sample varied at random; which way follows from `seed` (one for each epoch) and the
/// sample's index alone. Samples that are not float [C, H, W] images come as they are.
std::shared_ptr<const Dataset> augmented(std::shared_ptr<const Dataset> dataset,
                                         const Augmentation& augmentation, uint64_t seed);

/// What augmented() does to one image [channels, height, width] in place: shifted by dx, dy pixels and then
/// mirrored; `black` has one value per channel.
void shiftAndFlip(float* image, int64_t channels, int64_t height, int64_t width, int64_t dx, int64_t dy,
                  bool flip, const std::vector<float>& black);

} // namespace bitwright
