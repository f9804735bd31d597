// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/run/preprocessor.h"
#include "core/run/resample.h"
#include "tests/run/files.h"

#include <nlohmann/json.hpp>

#include <cmath>

namespace bitwright {
namespace {

Tensor bytes(const Shape& shape, const std::string& values)
{
    Tensor tensor = Tensor::empty(DType::U8, shape);
    std::copy(values.begin(), values.end(), static_cast<char*>(tensor.mutableData()));
    return tensor;
}

std::vector<float> prepared(const Preprocess& preprocess, const Tensor& stored)
{
    const auto preprocessor = Preprocessor::make(preprocess, {stored.dtype(), stored.shape(), false});
    EXPECT_TRUE(preprocessor) << (preprocessor ? "" : preprocessor.error().text());
    if (!preprocessor)
        return {};
    std::vector<float> out(size_t(elementCount(preprocessor->outputShape())));
    EXPECT_TRUE(preprocessor->apply(stored, out.data()));
    return out;
}

TEST(Preprocess, ScalesBytesAsTorchvisionsToTensor)
{
    const auto values = prepared({}, bytes({16, 16, 1}, counting(256)));
    for (size_t i = 0; i < 256; ++i)
        EXPECT_EQ(values[i], float(i) / 255.f);
}

TEST(Preprocess, MovesChannelsToTheFrontAndNormalisesEach)
{
    Preprocess preprocess;
    preprocess.scale = 1;
    preprocess.mean = {1, 2, 3};
    preprocess.std = {1, 2, 4};
    EXPECT_EQ(prepared(preprocess, bytes({1, 2, 3}, {1, 4, 7, 2, 6, 3})),
              (std::vector<float>{0, 1, 1, 2, 1, 0}));
    preprocess.layout = "nchw";
    EXPECT_EQ(prepared(preprocess, bytes({3, 1, 2}, {1, 2, 4, 6, 7, 3})),
              (std::vector<float>{0, 1, 1, 2, 1, 0}));
}

TEST(Preprocess, CropsTheCentreWithTorchvisionsRounding)
{
    Preprocess preprocess;
    preprocess.scale = 1;
    preprocess.crop = {{1, 1}};
    // (4 - 1) / 2 = 1.5 -> 2; (2 - 1) / 2 = 0.5 -> 0: halves go to the even number.
    EXPECT_EQ(prepared(preprocess, bytes({1, 4, 1}, {0, 1, 2, 3})), (std::vector<float>{2}));
    EXPECT_EQ(prepared(preprocess, bytes({1, 2, 1}, {5, 6})), (std::vector<float>{5}));
    preprocess.crop = {{1, 4}};
    EXPECT_EQ(prepared(preprocess, bytes({1, 1, 1}, {9})), (std::vector<float>{0, 9, 0, 0}));
}

TEST(Preprocess, WorksInTheOrderResizeCropScaleNormalise)
{
    Preprocess preprocess;
    preprocess.resize = {{1, 2}};
    preprocess.crop = {{1, 1}};
    preprocess.scale = 0.5;
    preprocess.mean = {1};
    preprocess.std = {2};
    // 4 -> 2 columns: weights 3/8.. of a triangle of width 2 around 1 and 3: (10 * 3 + 20 * 3 + 30 * 1) / 7
    // = 17.1
    const auto values = prepared(preprocess, bytes({1, 4, 1}, {10, 20, 30, 40}));
    EXPECT_EQ(values, (std::vector<float>{(17 * 0.5f - 1) / 2}));
}

TEST(Preprocess, RefusesWhatDoesNotFit)
{
    const auto refuse = [](const Preprocess& preprocess, const Shape& shape) {
        const auto made = Preprocessor::make(preprocess, {DType::U8, shape, false});
        return made ? std::string() : made.error().where;
    };
    Preprocess preprocess;
    preprocess.mean = {1, 2};
    EXPECT_EQ(refuse(preprocess, {4, 4, 3}), "preprocess.mean");
    preprocess = {};
    preprocess.std = {0};
    EXPECT_EQ(refuse(preprocess, {4, 4, 3}), "preprocess.std");
    preprocess = {};
    preprocess.resize = {{0, 5}};
    EXPECT_EQ(refuse(preprocess, {4, 4, 3}), "preprocess.resize");
    preprocess.resize = {{5, 5}};
    EXPECT_EQ(refuse(preprocess, {7}), "preprocess.resize");
    preprocess = {};
    preprocess.crop = {{5, 1 << 30}};
    EXPECT_EQ(refuse(preprocess, {4, 4, 3}), "preprocess.crop");
    preprocess = {};
    preprocess.scale = NAN;
    EXPECT_EQ(refuse(preprocess, {4, 4, 3}), "preprocess.scale");
}

TEST(Preprocess, SurvivesJson)
{
    Preprocess preprocess;
    preprocess.layout = "nchw";
    preprocess.scale = 0.25;
    preprocess.mean = {0.1, 0.2, 0.3};
    preprocess.std = {1, 2, 3};
    preprocess.resize = {{5, 6}};
    preprocess.crop = {{3, 4}};
    EXPECT_EQ(*preprocessFromJson(preprocessToJson(preprocess)), preprocess);
    EXPECT_EQ(*preprocessFromJson(preprocessToJson({})), Preprocess{});
    EXPECT_EQ(preprocessFromJson({{"mean", 0.5}})->mean, (std::vector<double>{0.5}));
}

TEST(Preprocess, JsonErrorsNameTheKey)
{
    using nlohmann::json;
    for (const auto& [key, value] : std::map<std::string, json>{{"layout", "chw"},
                                                                {"layout ", 1},
                                                                {"scale", "x"},
                                                                {"mean", {"x"}},
                                                                {"std", {0}},
                                                                {"resize", {1}},
                                                                {"crop", {0, 5}},
                                                                {"means", 1}}) {
        const auto read = preprocessFromJson(json{{key, value}});
        ASSERT_FALSE(read) << key;
        EXPECT_EQ(read.error().where, "preprocess." + key);
    }
    EXPECT_FALSE(preprocessFromJson(json::array()));
}

TEST(Preprocess, OptionsWinOverSidecars)
{
    Preprocess over, under;
    over.scale = 1;
    under.scale = 2;
    under.mean = {5};
    under.crop = {{1, 1}};
    const Preprocess both = merged(over, under);
    EXPECT_EQ(both.scale, 1);
    EXPECT_EQ(both.mean, under.mean);
    EXPECT_EQ(both.crop, under.crop);
}

TEST(Resample, KeepsConstantsAndSizes)
{
    const Plane<uint8_t> plane{5, 7, std::vector<uint8_t>(35, 200)};
    for (const auto& [height, width] : {std::pair{1, 1}, {5, 7}, {11, 3}, {2, 20}})
        EXPECT_EQ(resampled(plane, height, width).pixels, std::vector<uint8_t>(size_t(height * width), 200));
}

TEST(Resample, FloatsEqualThoseOfPillow)
{
    // Image.fromarray(arange(6) as float32 3 x 2).resize((3, 2), BILINEAR), Pillow 9.4.
    const Plane<float> plane{3, 2, {0, 1, 2, 3, 4, 5}};
    const auto result = resampled(plane, 2, 3);
    const std::vector<float> expected = {0.75f, 1.25f, 1.75f, 3.25f, 3.75f, 4.25f};
    ASSERT_EQ(result.pixels.size(), expected.size());
    for (size_t i = 0; i < expected.size(); ++i)
        EXPECT_EQ(result.pixels[i], expected[i]) << i;
}

struct SidecarTest : FilesTest {};

TEST_F(SidecarTest, IsReadBesideFilesAndFolders)
{
    EXPECT_TRUE(readSidecar(folder / "m.pt")->classes.empty());
    put("m.json",
        R"({"preprocess": {"scale": 0.5}, "classes": ["a", "b"], "input_shape": [1, 28, 28], "more": 1})");
    const auto sidecar = readSidecar(folder / "m.pt");
    ASSERT_TRUE(sidecar);
    EXPECT_EQ(sidecar->preprocess.scale, 0.5);
    EXPECT_EQ(sidecar->classes, (std::vector<std::string>{"a", "b"}));
    EXPECT_EQ(sidecar->inputShape, (Shape{1, 28, 28}));
    put("dir/bitwright.json", R"({"classes": ["inside"]})");
    EXPECT_EQ(readSidecar(folder / "dir")->classes[0], "inside");
    EXPECT_EQ(readSidecar((folder / "dir").string() + "/")->classes[0], "inside");
    put("dir.json", R"({"classes": ["beside"]})");
    EXPECT_EQ(readSidecar((folder / "dir").string() + "/")->classes[0], "beside");
}

TEST_F(SidecarTest, ErrorsNameFileAndKey)
{
    const std::string file = put("m.json", "");
    for (const auto& [text, key] :
         std::map<std::string, std::string>{{"", "JSON"},
                                            {"[1]", "JSON"},
                                            {"{\"classes\": ", "JSON"},
                                            {"{\"classes\": 1}", "classes"},
                                            {"{\"classes\": [1]}", "classes"},
                                            {"{\"preprocess\": 1}", "preprocess"},
                                            {"{\"preprocess\": {\"std\": 0}}", "preprocess.std"},
                                            {"{\"input_shape\": [0]}", "input_shape"},
                                            {"{\"input_shape\": [1e99]}", "input_shape"},
                                            {std::string(100000, '['), "JSON"}}) {
        put("m.json", text);
        const auto sidecar = readSidecar(folder / "m.pt");
        ASSERT_FALSE(sidecar) << text.substr(0, 30);
        EXPECT_EQ(sidecar.error().where, file);
        EXPECT_NE(sidecar.error().message.find(key), std::string::npos) << sidecar.error().message;
    }
}

TEST_F(SidecarTest, SourcesOfPreprocessingHaveTheirOrder)
{
    put("images.npy", npy("{'descr': '|u1', 'fortran_order': False, 'shape': (1, 1, 1, 1)}", {10}));
    Sidecar model;
    model.preprocess.scale = 1;
    model.preprocess.mean = {1};
    model.preprocess.std = {2};
    model.classes = {"of the model"};
    EXPECT_EQ(all(**open(folder / "images.npy", "", {}, model))[0], 4.5f);
    put("images.json", R"({"preprocess": {"mean": 2}})");
    EXPECT_EQ(all(**open(folder / "images.npy", "", {}, model))[0], 4.f);
    Preprocess options;
    options.std = {4};
    const auto data = open(folder / "images.npy", "", options, model);
    EXPECT_EQ(all(**data)[0], 2.f);
    EXPECT_EQ((*data)->classes(), (std::vector<std::string>{"of the model"}));
}

TEST_F(SidecarTest, SamplesTakeTheModelsShapeWhereTheOrderOfElementsStays)
{
    put("images.npy", npy("{'descr': '|u1', 'fortran_order': False, 'shape': (1, 2, 3, 1)}", counting(6)));
    const auto shape = [&](const Shape& wanted) {
        Sidecar model;
        model.inputShape = wanted;
        return (*open(folder / "images.npy", "", {}, model))->sampleShape();
    };
    EXPECT_EQ(shape({}), (Shape{1, 2, 3}));
    EXPECT_EQ(shape({2, 3}), (Shape{2, 3}));
    EXPECT_EQ(shape({6}), (Shape{6}));
    EXPECT_EQ(shape({3, 2}), (Shape{1, 2, 3}));
    EXPECT_EQ(shape({1, 4, 4}), (Shape{1, 2, 3}));
}

} // namespace
} // namespace bitwright
