// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/base/result.h"
#include "core/tensor/tensor.h"

#include <string>

namespace bitwright {

/// Decodes a JPEG, PNG, BMP or binary PNM (P5, P6) image, recognised by content, into uint8 [H, W, channels].
/// `channels`: 1 (colour becomes grey as in Pillow: ITU-R 601-2 luma), 3 (grey is repeated), or 0 = 1 for
/// grey files and 3 for all others. Alpha is dropped, palettes are resolved, 16 bits are cut to the upper 8.
/// Pixels of JPEG files equal Pillow's (same library, accurate DCT, fancy upsampling). Orientation tags are
/// not applied, as in Pillow.
///
/// Corrupt for damaged or truncated data, Unsupported for other kinds, Limit for more than 2^15 pixels a side
/// or 2^27 in all; sizes are checked before anything is decoded. Errors have no `where`. Thread-safe.
Result<Tensor> decodeImage(const std::string& bytes, int channels);

} // namespace bitwright
