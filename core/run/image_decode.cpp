// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/run/image_decode.h"

#include <turbojpeg.h>
#include <zlib.h>

#include <algorithm>
#include <cctype>
#include <cstdint>
#include <cstdlib>
#include <cstring>
#include <memory>
#include <string_view>

namespace {

// No single piece of memory of the PNG and BMP decoder is larger than the image needs: data that unpacks
// to more than its header says ends as "out of memory".
thread_local size_t decoderLimit = 0;
void* limitedAlloc(size_t bytes)
{
    return bytes > decoderLimit ? nullptr : std::malloc(bytes);
}
void* limitedRealloc(void* old, size_t bytes)
{
    return bytes > decoderLimit ? nullptr : std::realloc(old, bytes);
}

} // namespace

#define STB_IMAGE_IMPLEMENTATION
#define STB_IMAGE_STATIC
#define STBI_ONLY_PNG
#define STBI_ONLY_BMP
#define STBI_NO_STDIO
#define STBI_MAX_DIMENSIONS (1 << 15)
#define STBI_MALLOC limitedAlloc
#define STBI_REALLOC limitedRealloc
#define STBI_FREE std::free
#pragma GCC diagnostic push
#pragma GCC diagnostic ignored "-Wunused-function"
#pragma GCC diagnostic ignored "-Wunused-but-set-variable"
#include <stb/stb_image.h>
#pragma GCC diagnostic pop

namespace bitwright {
namespace {

constexpr int64_t kMaxSide = 1 << 15;
constexpr int64_t kMaxPixels = int64_t(1) << 27;

Error corrupt(const std::string& what)
{
    return {Error::Corrupt, what, {}};
}

const uint8_t* data(const std::string& bytes)
{
    return reinterpret_cast<const uint8_t*>(bytes.data());
}

uint32_t big32(const uint8_t* p)
{
    return uint32_t(p[0]) << 24 | uint32_t(p[1]) << 16 | uint32_t(p[2]) << 8 | p[3];
}
uint32_t little32(const uint8_t* p)
{
    return uint32_t(p[3]) << 24 | uint32_t(p[2]) << 16 | uint32_t(p[1]) << 8 | p[0];
}

Result<void> checkSize(int64_t height, int64_t width)
{
    if (height < 1 || width < 1)
        return corrupt("The image has no pixels.");
    if (height > kMaxSide || width > kMaxSide || height * width > kMaxPixels)
        return Error{Error::Limit,
                     "The image is " + std::to_string(height) + "x" + std::to_string(width) +
                         "; at most 32768 a side and 134 million pixels are read.",
                     {}};
    return {};
}

Result<Tensor> decodeJpeg(const std::string& bytes)
{
    const std::unique_ptr<void, int (*)(tjhandle)> decoder(tjInitDecompress(), tjDestroy);
    int width = 0, height = 0, sampling = 0, colours = 0;
    if (!decoder ||
        tjDecompressHeader3(decoder.get(), data(bytes), bytes.size(), &width, &height, &sampling, &colours))
        return corrupt("The JPEG header is damaged.");
    BITWRIGHT_CHECK(checkSize(height, width));
    if (colours == TJCS_CMYK || colours == TJCS_YCCK)
        return Error{Error::Unsupported, "CMYK JPEG files are not read; convert the image to RGB.", {}};
    const int decoded = colours == TJCS_GRAY ? 1 : 3;
    Tensor image = Tensor::empty(DType::U8, {height, width, decoded});
    if (tjDecompress2(decoder.get(), data(bytes), bytes.size(),
                      static_cast<unsigned char*>(image.mutableData()), width, 0, height,
                      decoded == 1 ? TJPF_GRAY : TJPF_RGB, TJFLAG_ACCURATEDCT | TJFLAG_LIMITSCANS) != 0) {
        // Warnings such as stray bytes between markers do not harm the pixels; an early end does. The text is
        // that of the last warning only, so the end marker is looked for as well.
        const std::string why = tjGetErrorStr2(decoder.get());
        const bool hasEnd = bytes.rfind("\xff\xd9") != std::string::npos;
        if (tjGetErrorCode(decoder.get()) != TJERR_WARNING || why.find("remature end") != std::string::npos ||
            !hasEnd)
            return corrupt("The JPEG data is damaged or truncated (" + why + ").");
    }
    return image;
}

/// The chunks of a PNG file must be whole and have their checksums: the decoder itself does not look.
Result<void> checkPngChunks(const std::string& bytes)
{
    for (size_t at = 8; at + 12 <= bytes.size();) {
        const uint32_t length = big32(data(bytes) + at);
        if (length > bytes.size() - at - 12)
            break;
        const uint8_t* type = data(bytes) + at + 4;
        if (crc32(0, type, length + 4) != big32(type + 4 + length))
            return corrupt("The PNG data is damaged (a checksum is wrong).");
        if (std::memcmp(type, "IEND", 4) == 0)
            return {};
        at += 12 + length;
    }
    return corrupt("The PNG file ends too early; it is truncated.");
}

/// The decoder takes missing pixels of a BMP file for black, so the length is checked here.
Result<void> checkBmpLength(const std::string& bytes, int64_t height, int64_t width)
{
    if (bytes.size() < 34)
        return corrupt("The BMP header is damaged.");
    const int64_t begin = little32(data(bytes) + 10), header = little32(data(bytes) + 14);
    const int64_t bits = header == 12 ? data(bytes)[24] : data(bytes)[28];
    if (int64_t(bytes.size()) < begin + (width * bits + 31) / 32 * 4 * height)
        return corrupt("The BMP file ends too early; it is truncated.");
    return {};
}

Result<Tensor> decodeByStb(const std::string& bytes, bool isPng)
{
    int width = 0, height = 0, stored = 0;
    decoderLimit = size_t(1) << 16;
    if (bytes.size() > size_t(INT32_MAX) ||
        !stbi_info_from_memory(data(bytes), int(bytes.size()), &width, &height, &stored))
        return corrupt("The image header is damaged, or this variant is not supported.");
    BITWRIGHT_CHECK(checkSize(height, width));
    if (isPng)
        BITWRIGHT_CHECK(checkPngChunks(bytes));
    else
        BITWRIGHT_CHECK(checkBmpLength(bytes, height, width));
    const int decoded = stored <= 2 ? 1 : 3;
    // 16 bits, four channels, twice for growth by doubling; and the compressed data in one piece.
    decoderLimit = std::max(size_t(height) * size_t(width + 8) * 16 + (1 << 16), 2 * bytes.size());
    const std::unique_ptr<stbi_uc, void (*)(void*)> pixels(
        stbi_load_from_memory(data(bytes), int(bytes.size()), &width, &height, &stored, decoded), std::free);
    if (!pixels)
        return corrupt(std::string("The image data is damaged or not supported (") + stbi_failure_reason() +
                       ").");
    Tensor image = Tensor::empty(DType::U8, {height, width, decoded});
    std::memcpy(image.mutableData(), pixels.get(), size_t(image.bytes()));
    return image;
}

/// Next number of a PNM header, after blanks and comments; -1 when there is none.
int64_t pnmNumber(const std::string& bytes, size_t& at)
{
    while (at < bytes.size() && (std::isspace(static_cast<unsigned char>(bytes[at])) || bytes[at] == '#'))
        at = bytes[at] == '#' ? std::min(bytes.find('\n', at), bytes.size()) : at + 1;
    int64_t number = -1;
    for (; at < bytes.size() && bytes[at] >= '0' && bytes[at] <= '9' && number < 1000000; ++at)
        number = std::max<int64_t>(number, 0) * 10 + (bytes[at] - '0');
    return number;
}

/// Binary PNM is a text header, one blank, and the pixels.
Result<Tensor> decodePnm(const std::string& bytes)
{
    size_t at = 2;
    const int64_t width = pnmNumber(bytes, at), height = pnmNumber(bytes, at), top = pnmNumber(bytes, at);
    if (width < 0 || height < 0 || top < 1 || top > 65535)
        return corrupt("The PNM header is damaged.");
    BITWRIGHT_CHECK(checkSize(height, width));
    const int channels = bytes[1] == '6' ? 3 : 1, wide = top > 255 ? 2 : 1;
    Tensor image = Tensor::empty(DType::U8, {height, width, channels});
    if (bytes.size() < at + 1 || int64_t(bytes.size() - at - 1) < image.size() * wide)
        return corrupt("The PNM file ends too early; it is truncated.");
    const uint8_t* from = data(bytes) + at + 1;
    uint8_t* to = static_cast<uint8_t*>(image.mutableData());
    for (int64_t i = 0, count = image.size(); i < count; ++i) {
        const int64_t value = wide == 2 ? from[2 * i] << 8 | from[2 * i + 1] : from[i];
        to[i] = top == 65535 ? uint8_t(value >> 8)
                             : uint8_t(std::min<int64_t>(255, (value * 510 + top) / (2 * top)));
    }
    return image;
}

Tensor withChannels(const Tensor& image, int channels)
{
    const int64_t stored = image.shape()[2];
    if (channels == 0 || channels == stored)
        return image;
    Tensor result = Tensor::empty(DType::U8, {image.shape()[0], image.shape()[1], channels});
    const uint8_t* from = static_cast<const uint8_t*>(image.data());
    uint8_t* to = static_cast<uint8_t*>(result.mutableData());
    for (int64_t i = 0, pixels = image.size() / stored; i < pixels; ++i, from += stored, to += channels)
        if (channels == 3)
            to[0] = to[1] = to[2] = from[0];
        else // ITU-R 601-2 in 16-bit fixed point
            to[0] = uint8_t((from[0] * 19595 + from[1] * 38470 + from[2] * 7471 + 0x8000) >> 16);
    return result;
}

Result<Tensor> decodeStored(const std::string& bytes)
{
    const std::string_view begin = bytes;
    if (begin.starts_with("\xff\xd8\xff"))
        return decodeJpeg(bytes);
    if (begin.starts_with(std::string_view("\x89PNG\r\n\x1a\n", 8)))
        return decodeByStb(bytes, true);
    if (begin.starts_with("BM"))
        return decodeByStb(bytes, false);
    if (begin.starts_with("P5") || begin.starts_with("P6"))
        return decodePnm(bytes);
    if (begin.empty())
        return corrupt("The file is empty.");
    return Error{Error::Unsupported, "This is no JPEG, PNG, BMP or binary PNM image.", {}};
}

} // namespace

Result<Tensor> decodeImage(const std::string& bytes, int channels)
{
    BITWRIGHT_TRY(const Tensor image, decodeStored(bytes));
    return withChannels(image, channels);
}

} // namespace bitwright
