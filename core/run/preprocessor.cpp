// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/run/preprocessor.h"

#include "core/run/resample.h"

#include <algorithm>
#include <cmath>

namespace bitwright {
namespace {

constexpr int64_t kMaxSide = 1 << 15;

Error bad(const std::string& member, const std::string& message)
{
    return {Error::Unsupported, message, "preprocess." + member};
}

bool isColourCount(int64_t size)
{
    return size == 1 || size == 3 || size == 4;
}

/// "nhwc", "nchw" or "" = no image.
std::string detectLayout(const Preprocess& wanted, const StoredForm& form)
{
    const bool isForced = wanted.layout || wanted.resize || wanted.crop;
    if (form.shape.size() == 2)
        return form.dtype == DType::U8 || isForced ? wanted.layout.value_or("nchw") : "";
    if (form.shape.size() != 3)
        return {};
    if (form.varying)
        return "nhwc";
    if (wanted.layout)
        return *wanted.layout;
    if (isColourCount(form.shape[2]))
        return "nhwc";
    return isColourCount(form.shape[0]) || isForced ? "nchw" : "";
}

struct ImageSize {
    int64_t height = 0, width = 0, channels = 1;
};

ImageSize imageSize(const Shape& shape, bool isNhwc)
{
    if (shape.size() == 2)
        return {shape[0], shape[1], 1};
    return isNhwc ? ImageSize{shape[0], shape[1], shape[2]} : ImageSize{shape[1], shape[2], shape[0]};
}

Result<std::vector<float>> perChannel(const std::vector<double>& values, int64_t channels, double otherwise,
                                      const std::string& member)
{
    std::vector<float> all(static_cast<size_t>(channels), float(otherwise));
    if (values.size() > 1 && int64_t(values.size()) != channels)
        return bad(member, std::to_string(values.size()) + " values are given for " +
                               std::to_string(channels) +
                               " channels; give one or as many as there are channels.");
    for (size_t i = 0; i < all.size() && !values.empty(); ++i)
        all[i] = float(values.size() == 1 ? values[0] : values[i]);
    for (const float value : all)
        if (!std::isfinite(value) || (member == "std" && value <= 0))
            return bad(member,
                       member == "std" ? "Deviations must be above 0." : "Means must be finite numbers.");
    return all;
}

Result<void> checkSides(const std::optional<std::array<int64_t, 2>>& sides, const std::string& member)
{
    if (sides && (std::min((*sides)[0], (*sides)[1]) < 1 || std::max((*sides)[0], (*sides)[1]) > kMaxSide))
        return bad(member, "Height and width must lie between 1 and 32768.");
    return {};
}

/// Where the crop begins in the image; negative = padding. torchvision.transforms.functional.center_crop.
int64_t cropBegin(int64_t size, int64_t crop)
{
    if (crop > size)
        return -((crop - size) / 2);
    return int64_t(std::nearbyint(double(size - crop) / 2)); // Python rounds halves to even
}

} // namespace

Result<Preprocessor> Preprocessor::make(const Preprocess& wanted, const StoredForm& form)
{
    BITWRIGHT_CHECK(checkSides(wanted.resize, "resize"));
    BITWRIGHT_CHECK(checkSides(wanted.crop, "crop"));
    Preprocessor made;
    made.m_wanted = wanted;
    const std::string layout = detectLayout(wanted, form);
    const bool isNumbers = wanted.scale || !wanted.mean.empty() || !wanted.std.empty();
    const bool isFloating = form.dtype == DType::F32 || form.dtype == DType::F64 ||
                            form.dtype == DType::F16 || form.dtype == DType::BF16;
    made.m_kind = !layout.empty()                                      ? Kind::Image
                  : isFloating || isNumbers || form.dtype == DType::U8 ? Kind::Floats
                                                                       : Kind::Integers;
    if (made.m_kind != Kind::Image && (wanted.resize || wanted.crop))
        return bad(wanted.resize ? "resize" : "crop",
                   "Samples of the shape " + shapeText(form.shape) + " are no images.");
    made.m_output = form.shape;
    made.m_channels = form.shape.empty() ? 1 : form.shape.back();
    if (made.m_kind == Kind::Image) {
        const ImageSize size = imageSize(form.shape, layout == "nhwc");
        made.m_wanted.layout = layout;
        made.m_channels = size.channels;
        made.m_output = {size.channels, size.height, size.width};
        if (const auto& sides = wanted.crop ? wanted.crop : wanted.resize)
            made.m_output = {size.channels, (*sides)[0], (*sides)[1]};
    } else if (wanted.mean.size() <= 1 && wanted.std.size() <= 1) {
        made.m_channels = 1;
    }
    made.m_wanted.scale = wanted.scale.value_or(form.dtype == DType::U8 ? 1.0 / 255 : 1.0);
    if (!std::isfinite(*made.m_wanted.scale) || *made.m_wanted.scale == 0)
        return bad("scale", "The scale must be a number other than 0.");
    BITWRIGHT_TRY(made.m_mean, perChannel(wanted.mean, made.m_channels, 0, "mean"));
    BITWRIGHT_TRY(made.m_std, perChannel(wanted.std, made.m_channels, 1, "std"));
    if (form.dtype == DType::U8)
        for (size_t c = 0; c < size_t(made.m_channels); ++c) {
            made.m_table.emplace_back(256);
            for (size_t value = 0; value < 256; ++value)
                made.m_table[c][value] = made.normalised(double(value), c);
        }
    return made;
}

float Preprocessor::normalised(double value, size_t channel) const
{
    return (float(value * *m_wanted.scale) - m_mean[channel]) / m_std[channel];
}

Result<void> Preprocessor::apply(const Tensor& stored, void* out) const
{
    switch (m_kind) {
    case Kind::Integers: {
        int64_t* to = static_cast<int64_t*>(out);
        for (int64_t i = 0, count = stored.size(); i < count; ++i)
            to[i] = stored.dtype() == DType::I64   ? static_cast<const int64_t*>(stored.data())[i]
                    : stored.dtype() == DType::I32 ? static_cast<const int32_t*>(stored.data())[i]
                    : stored.dtype() == DType::I16 ? static_cast<const int16_t*>(stored.data())[i]
                    : stored.dtype() == DType::I8  ? static_cast<const int8_t*>(stored.data())[i]
                                                   : static_cast<const uint8_t*>(stored.data())[i];
        return {};
    }
    case Kind::Floats:
        applyFloats(stored, static_cast<float*>(out));
        return {};
    case Kind::Image:
        break;
    }
    if (stored.dtype() == DType::U8)
        return applyImage<uint8_t>(stored, static_cast<float*>(out));
    return applyImage<float>(stored.toFloat(), static_cast<float*>(out));
}

void Preprocessor::applyFloats(const Tensor& stored, float* out) const
{
    const Tensor values = stored.dtype() == DType::F64 ? stored : stored.toFloat();
    const int64_t count = values.size();
    for (int64_t i = 0; i < count; ++i)
        out[i] =
            normalised(values.dtype() == DType::F64 ? static_cast<const double*>(values.data())[i]
                                                    : double(static_cast<const float*>(values.data())[i]),
                       size_t(i % m_channels));
}

template<typename T>
void Preprocessor::writePlane(const T* pixels, int64_t height, int64_t width, int64_t stride, int64_t channel,
                              float* out) const
{
    const int64_t top = cropBegin(height, m_output[1]), left = cropBegin(width, m_output[2]);
    const auto convert = [&](T value) {
        if constexpr (std::is_same_v<T, uint8_t>)
            return m_table[size_t(channel)][value];
        else
            return normalised(double(value), size_t(channel));
    };
    for (int64_t y = 0; y < m_output[1]; ++y)
        for (int64_t x = 0; x < m_output[2]; ++x) {
            const int64_t row = top + y, column = left + x;
            const bool inside = row >= 0 && row < height && column >= 0 && column < width;
            *out++ = convert(inside ? pixels[(row * width + column) * stride] : T(0));
        }
}

template<typename T>
Result<void> Preprocessor::applyImage(const Tensor& stored, float* out) const
{
    const bool isNhwc = m_wanted.layout == "nhwc" && stored.dim() == 3;
    const ImageSize size = imageSize(stored.shape(), isNhwc);
    if (!m_wanted.resize && !m_wanted.crop && (size.height != m_output[1] || size.width != m_output[2]))
        return Error{Error::Unsupported,
                     "This image is " + std::to_string(size.height) + "x" + std::to_string(size.width) +
                         ", the first one " + std::to_string(m_output[1]) + "x" +
                         std::to_string(m_output[2]) + "; give a resize or crop.",
                     {}};
    const int64_t stride = isNhwc ? size.channels : 1, area = size.height * size.width;
    const T* pixels = static_cast<const T*>(stored.data());
    for (int64_t c = 0; c < m_channels; ++c, out += m_output[1] * m_output[2]) {
        const T* from = pixels + (isNhwc ? c : c * area);
        if (!m_wanted.resize) {
            writePlane(from, size.height, size.width, stride, c, out);
            continue;
        }
        Plane<T> plane{size.height, size.width, std::vector<T>(size_t(area))};
        for (int64_t i = 0; i < area; ++i)
            plane.pixels[size_t(i)] = from[i * stride];
        const Plane<T> sized = resampled(plane, (*m_wanted.resize)[0], (*m_wanted.resize)[1]);
        writePlane(sized.pixels.data(), sized.height, sized.width, 1, c, out);
    }
    return {};
}

} // namespace bitwright
