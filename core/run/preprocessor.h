// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/base/result.h"
#include "core/run/dataset.h"
#include "core/tensor/tensor.h"

namespace bitwright {

/// What the stored samples are, for the choice of how to prepare them.
struct StoredForm {
    DType dtype = DType::U8;
    Shape shape;          ///< one sample
    bool varying = false; ///< image files: [H, W, C], every sample of its own size
};

/// Turns one stored sample into model input.
///
/// Images are: three dimensions (any dtype) whose last is 1, 3 or 4 (then "nhwc"), else whose first is 1, 3
/// or 4 (then "nchw"); two dimensions [H, W] of uint8 (one channel). A layout that is given, or a resize or
/// crop, makes an image of two or three dimensions of any dtype. Everything else passes through in its stored
/// shape: integers other than uint8 stay integers (I64) unless scale, mean or std are given; the rest becomes
/// F32 with scale (and mean and std: one value, or one for each index of the last dimension).
///
/// Arithmetic: round_float(double(x) * scale), then (v - mean) / std in float: bit-equal to torchvision's
/// ToTensor and Normalize for uint8. The centre crop is torchvision's, with its rounding; images smaller than
/// the crop are padded with 0 before scaling.
class Preprocessor {
public:
    /// `wanted` with every source merged in. InvalidArgument when it does not fit the form (names the
    /// member).
    static Result<Preprocessor> make(const Preprocess& wanted, const StoredForm& form);

    /// Without batch; [C, H, W] for images.
    const Shape& outputShape() const { return m_output; }
    DType outputType() const { return m_kind == Kind::Integers ? DType::I64 : DType::F32; }
    /// With the members that followed from the form filled in.
    const Preprocess& resolved() const { return m_wanted; }
    bool isImage() const { return m_kind == Kind::Image; }

    /// Writes elementCount(outputShape()) elements. Fails when a varying image has another size than the
    /// output and neither resize nor crop is given. Thread-safe.
    Result<void> apply(const Tensor& stored, void* out) const;

private:
    enum class Kind { Image, Floats, Integers };
    template<typename T>
    Result<void> applyImage(const Tensor& stored, float* out) const;
    template<typename T>
    void writePlane(const T* pixels, int64_t height, int64_t width, int64_t stride, int64_t channel,
                    float* out) const;
    void applyFloats(const Tensor& stored, float* out) const;
    float normalised(double value, size_t channel) const;

    Kind m_kind = Kind::Floats;
    Preprocess m_wanted;
    Shape m_output;
    int64_t m_channels = 1;
    std::vector<float> m_mean, m_std;        ///< m_channels each
    std::vector<std::vector<float>> m_table; ///< uint8: the 256 results of every channel
};

} // namespace bitwright
