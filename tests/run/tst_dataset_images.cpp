// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/run/image_decode.h"
#include "tests/run/files.h"

namespace bitwright {
namespace {

std::string chunk(const std::string& type, const std::string& data)
{
    const std::string body = type + data;
    return big32(uint32_t(data.size())) + body +
           big32(uint32_t(crc32(0, reinterpret_cast<const Bytef*>(body.data()), uInt(body.size()))));
}

/// A PNG file of `rows` (already with their filter bytes).
std::string png(uint32_t width, uint32_t height, char depth, char colour, const std::string& rows,
                const std::string& extra = {})
{
    std::vector<Bytef> packed(compressBound(uLong(rows.size())));
    uLongf size = packed.size();
    compress(packed.data(), &size, reinterpret_cast<const Bytef*>(rows.data()), uLong(rows.size()));
    return std::string("\x89PNG\r\n\x1a\n", 8) +
           chunk("IHDR", big32(width) + big32(height) + std::string{depth, colour, 0, 0, 0}) + extra +
           chunk("IDAT", {packed.begin(), packed.begin() + long(size)}) + chunk("IEND", "");
}

std::string little(uint32_t value, int bytes)
{
    std::string text;
    for (int i = 0; i < bytes; ++i)
        text += char(value >> (8 * i));
    return text;
}

/// A 24-bit BMP of 2 x 1 pixels: BGR BGR and two bytes of padding.
std::string bmp(const std::string& pixels = {3, 2, 1, 6, 5, 4, 0, 0}, uint32_t width = 2, uint32_t height = 1)
{
    return "BM" + little(62, 4) + little(0, 4) + little(54, 4) + little(40, 4) + little(width, 4) +
           little(height, 4) + little(1, 2) + little(24, 2) + std::string(24, '\0') + pixels;
}

std::vector<int> pixels(const Result<Tensor>& image)
{
    EXPECT_TRUE(image) << (image ? "" : image.error().text());
    if (!image)
        return {};
    const auto* data = static_cast<const uint8_t*>(image->data());
    return {data, data + image->size()};
}

TEST(ImageDecode, ReadsPngOfEveryKindExactly)
{
    EXPECT_EQ(pixels(decodeImage(png(2, 2, 8, 0, {0, 1, 2, 0, 3, 4}), 0)), (std::vector<int>{1, 2, 3, 4}));
    EXPECT_EQ(pixels(decodeImage(png(1, 2, 8, 2, {0, 1, 2, 3, 0, 4, 5, 6}), 0)),
              (std::vector<int>{1, 2, 3, 4, 5, 6}));
    EXPECT_EQ(pixels(decodeImage(png(1, 1, 8, 6, {0, 1, 2, 3, 9}), 0)), (std::vector<int>{1, 2, 3}));
    EXPECT_EQ(pixels(decodeImage(png(1, 1, 8, 4, {0, 7, 9}), 0)), (std::vector<int>{7}));
    EXPECT_EQ(pixels(decodeImage(png(1, 1, 16, 0, {0, 7, '\xff'}), 0)), (std::vector<int>{7}));
    EXPECT_EQ(pixels(decodeImage(png(2, 1, 8, 3, {0, 1, 0}, chunk("PLTE", {1, 2, 3, 4, 5, 6})), 0)),
              (std::vector<int>{4, 5, 6, 1, 2, 3}));
    EXPECT_EQ(pixels(decodeImage(png(8, 1, 1, 0, {0, '\xa0'}), 0)),
              (std::vector<int>{255, 0, 255, 0, 0, 0, 0, 0}));
}

TEST(ImageDecode, ReadsBmpAndPnmExactly)
{
    EXPECT_EQ(pixels(decodeImage(bmp(), 0)), (std::vector<int>{1, 2, 3, 4, 5, 6}));
    EXPECT_EQ(pixels(decodeImage("P5\n# words\n2 1\n255\n\x05\x06", 0)), (std::vector<int>{5, 6}));
    EXPECT_EQ(pixels(decodeImage(std::string("P6 1 1 255 \x05\x06\x07"), 0)), (std::vector<int>{5, 6, 7}));
    EXPECT_EQ(pixels(decodeImage("P5 1 1 65535\n\x05\x06", 0)), (std::vector<int>{5}));
    EXPECT_EQ(pixels(decodeImage("P5 1 1 100\n\x32", 0)), (std::vector<int>{128}));
}

TEST(ImageDecode, ConvertsBetweenGreyAndColour)
{
    EXPECT_EQ(pixels(decodeImage("P5 1 1 255\n\x05", 3)), (std::vector<int>{5, 5, 5}));
    EXPECT_EQ(pixels(decodeImage("P6 1 1 255\n\x64\xc8\x32", 1)),
              (std::vector<int>{153})); // 0.299 R + 0.587 G + 0.114 B
}

TEST(ImageDecode, RefusesAbsurdSizesBeforeItDecodes)
{
    EXPECT_EQ(decodeImage(png(32768, 32768, 8, 0, {0}), 0).error().code, Error::Limit);
    EXPECT_FALSE(decodeImage(png(0x7fffffff, 0x7fffffff, 8, 0, {0}), 0));
    EXPECT_FALSE(decodeImage(png(0, 5, 8, 0, {0}), 0));
    EXPECT_FALSE(decodeImage(bmp({}, 30000, 30000), 0));
    EXPECT_FALSE(decodeImage(bmp({}, 0x7fffffff, 0x80000000), 0));
    EXPECT_EQ(decodeImage("P6 30000 30000 255\n", 0).error().code, Error::Limit);
    EXPECT_EQ(decodeImage("P6 99999999999999 1 255\n", 0).error().code, Error::Limit);
}

TEST(ImageDecode, RefusesAPngThatUnpacksToMoreThanItsSize)
{
    const auto image = decodeImage(png(2, 2, 8, 0, std::string(50 << 20, '\0')), 0);
    ASSERT_FALSE(image);
    EXPECT_EQ(image.error().code, Error::Corrupt);
}

TEST(ImageDecode, RefusesWhatIsEmptyForeignOrDamaged)
{
    EXPECT_EQ(decodeImage("", 0).error().code, Error::Corrupt);
    EXPECT_EQ(decodeImage("GIF89a", 0).error().code, Error::Unsupported);
    EXPECT_EQ(decodeImage("\xff\xd8\xff", 0).error().code, Error::Corrupt);
    EXPECT_FALSE(decodeImage("P6", 0));
    EXPECT_FALSE(decodeImage("P5 1 1 0\n\x05", 0));
    for (const std::string& whole :
         {png(2, 2, 8, 0, {0, 1, 2, 0, 3, 4}), bmp(), std::string("P5 2 2 255\nabcd")})
        for (size_t size = 0; size < whole.size(); ++size)
            EXPECT_FALSE(decodeImage(whole.substr(0, size), 0)) << size;
    const std::string whole = png(2, 2, 8, 0, {0, 1, 2, 0, 3, 4});
    for (size_t at = 8; at < whole.size(); ++at) {
        std::string damaged = whole;
        damaged[at] ^= 0x40;
        EXPECT_FALSE(decodeImage(damaged, 0)) << at;
    }
}

struct DatasetImages : FilesTest {
    void putGrey(const std::string& name, char value) { put(name, std::string("P5 1 1 255\n") + value); }
};

TEST_F(DatasetImages, ClassFoldersGiveLabelsInSortedOrder)
{
    putGrey("b/2.pgm", 2);
    putGrey("b/1.PGM", 1);
    putGrey("a/deep/3.pgm", 3);
    put("a/notes.txt", "no image");
    putGrey(".hidden/4.pgm", 4);
    Preprocess preprocess;
    preprocess.scale = 1;
    const auto data = open(folder, "", preprocess);
    ASSERT_TRUE(data) << data.error().text();
    EXPECT_EQ((*data)->classes(), (std::vector<std::string>{"a", "b"}));
    EXPECT_EQ(allLabels(**data), (std::vector<int64_t>{0, 1, 1}));
    EXPECT_EQ(all(**data), (std::vector<float>{3, 1, 2}));
}

TEST_F(DatasetImages, SplitFoldersShareTheirClasses)
{
    for (const char* name : {"train/a/1.pgm", "train/b/1.pgm", "train/c/1.pgm", "val/c/1.pgm", "val/a/1.pgm"})
        putGrey(name, 1);
    EXPECT_EQ(allLabels(**open(folder, "train")), (std::vector<int64_t>{0, 1, 2}));
    EXPECT_EQ(allLabels(**open(folder)), (std::vector<int64_t>{0, 2}));
    EXPECT_EQ((*open(folder, "test"))->classes().size(), 3u);
    EXPECT_EQ(open(folder, "other").error().code, Error::NotFound);
}

TEST_F(DatasetImages, AFolderOfImagesAloneHasNoLabels)
{
    putGrey("1.pgm", 1);
    EXPECT_FALSE((*open(folder))->hasLabels());
}

TEST_F(DatasetImages, DifferentSizesNeedAResizeOrCrop)
{
    put("a/1.pgm", "P5 2 2 255\nabcd");
    put("a/2.pgm", "P5 1 1 255\na");
    const auto data = open(folder);
    const auto images = (*data)->images(std::vector<int64_t>{0, 1});
    ASSERT_FALSE(images);
    EXPECT_EQ(images.error().message.substr(0, 29), "Sample 1: This image is 1x1, ");
    Preprocess preprocess;
    preprocess.resize = {{2, 2}};
    EXPECT_EQ(all(**open(folder, "", preprocess))[7], float('a' / 255.0));
}

TEST_F(DatasetImages, ABrokenImageIsNamed)
{
    putGrey("a/1.pgm", 1);
    const std::string broken = put("a/2.pgm", "P5 1 1 255\n");
    const auto images = (*open(folder))->images(std::vector<int64_t>{0, 1});
    ASSERT_FALSE(images);
    EXPECT_EQ(images.error().where, broken);
    EXPECT_EQ(images.error().code, Error::Corrupt);
}

TEST_F(DatasetImages, ModelDecidesAboutColour)
{
    putGrey("a/1.pgm", 7);
    Sidecar model;
    model.inputShape = {3, 1, 1};
    EXPECT_EQ((*open(folder, "", {}, model))->sampleShape(), (Shape{3, 1, 1}));
    EXPECT_EQ((*open(folder))->sampleShape(), (Shape{1, 1, 1}));
}

TEST_F(DatasetImages, PixelsEqualThoseOfPillow)
{
    if (!python("PIL, numpy"))
        GTEST_SKIP() << "Pillow is not installed";
    ASSERT_TRUE(runPython(R"(
import numpy as np, os
from PIL import Image
rng = np.random.default_rng(0)
os.makedirs('d/a')
y, x = np.mgrid[0:37, 0:53]
base = np.stack([x * 4, y * 6, (x * y) % 256], 2) + rng.integers(0, 40, (37, 53, 3))
image = Image.fromarray(base.clip(0, 255).astype('u1'))
grey = image.convert('L')
files = {'a.jpg': (image, dict(quality=90)), 'b.jpg': (image, dict(quality=50, subsampling=2)),
         'c.jpg': (image, dict(progressive=True, subsampling=1)), 'd.jpg': (grey, {}), 'e.png': (image, {}),
         'f.png': (image.quantize(16), {}), 'g.png': (grey, {}), 'h.bmp': (image, {}), 'i.bmp': (grey, {}),
         'j.ppm': (image, {}), 'k.png': (image.convert('RGBA'), {}), 'l.png': (grey.convert('1'), {}),
         'm.bmp': (image.quantize(16), {}), 'n.jpg': (image.crop((0, 0, 17, 9)), dict(subsampling=2))}
rgb, l, resized = b'', b'', b''
for name, (im, options) in sorted(files.items()):
    im.save('d/a/' + name, **options)
    back = Image.open('d/a/' + name)
    back.load()
    rgb += back.convert('RGB').resize((31, 48), Image.BILINEAR).tobytes()
    l += back.convert('RGB').convert('L').crop((3, 2, 13, 8)).tobytes()
open('rgb', 'wb').write(rgb)
open('l', 'wb').write(l)
)"));
    Sidecar model;
    model.inputShape = {3, 48, 31};
    Preprocess preprocess;
    preprocess.scale = 1;
    preprocess.resize = {{48, 31}};
    const auto data = open(folder / "d", "", preprocess, model);
    ASSERT_TRUE(data) << data.error().text();
    const std::string expected = get("rgb");
    const auto values = all(**data);
    ASSERT_EQ(values.size(), expected.size());
    const size_t area = 48 * 31;
    for (size_t i = 0; i < values.size(); ++i) {
        const size_t image = i / (3 * area), c = i / area % 3, at = i % area;
        ASSERT_EQ(values[i], float(uint8_t(expected[(image * area + at) * 3 + c])))
            << "image " << image << " at " << at;
    }
}

TEST_F(DatasetImages, DamagedFilesOfEveryKindAreSurvived)
{
    if (!python("PIL"))
        GTEST_SKIP() << "Pillow is not installed";
    ASSERT_TRUE(runPython(R"(
from PIL import Image
im = Image.radial_gradient('L').resize((24, 24)).convert('RGB')
im.save('x.jpg'); im.save('y.jpg', progressive=True); im.save('z.bmp'); im.quantize(8).save('w.bmp'); im.save('v.png')
)"));
    for (const char* name : {"x.jpg", "y.jpg", "z.bmp", "w.bmp", "v.png"}) {
        const std::string whole = get(name);
        for (size_t at = 0; at < whole.size(); at += 3) {
            EXPECT_FALSE(decodeImage(whole.substr(0, at), 0)) << name << " cut at " << at;
            std::string damaged = whole;
            damaged[at] = char(damaged[at] + 1 + at % 250);
            (void)decodeImage(damaged, 3);
        }
    }
}

} // namespace
} // namespace bitwright
