// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/run/augment.h"
#include "core/run/trainer.h"

#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

#include <algorithm>
#include <numeric>
#include <set>

namespace bitwright {
namespace {

/// Images whose pixel at (y, x) of sample i is 100 i + 10 y + x + 1, black being 0.
class Numbered final : public Dataset {
public:
    int64_t size() const override { return 40; }
    Shape sampleShape() const override { return {1, 4, 5}; }
    bool hasLabels() const override { return true; }
    std::vector<std::string> classes() const override { return {}; }
    const Preprocess& preprocess() const override { return m_preprocess; }
    std::string describe() const override { return {}; }
    Result<Tensor> images(std::span<const int64_t> indices) const override
    {
        Tensor all = Tensor::empty(DType::F32, {int64_t(indices.size()), 1, 4, 5});
        for (size_t i = 0; i < indices.size(); ++i)
            for (int64_t k = 0; k < 20; ++k)
                all.mutableFloats()[i * 20 + size_t(k)] = float(100 * indices[i] + 10 * (k / 5) + k % 5 + 1);
        return all;
    }
    Result<std::vector<int64_t>> labels(std::span<const int64_t> indices) const override
    {
        return std::vector<int64_t>(indices.begin(), indices.end());
    }

private:
    Preprocess m_preprocess;
};

TEST(Augmentation, ShiftsAndMirrorsWithBlackBehind)
{
    std::vector<float> image{1, 2, 3, 4, 5, 6};
    shiftAndFlip(image.data(), 1, 2, 3, 1, 0, false, {-1});
    EXPECT_EQ(image, (std::vector<float>{2, 3, -1, 5, 6, -1}));
    shiftAndFlip(image.data(), 1, 2, 3, 0, -1, true, {-1});
    EXPECT_EQ(image, (std::vector<float>{-1, -1, -1, -1, 3, 2}));
}

TEST(Augmentation, OfASampleDependsOnSeedAndIndexAlone)
{
    const auto base = std::make_shared<Numbered>();
    const auto varied = augmented(base, {true, 2}, 7), other = augmented(base, {true, 2}, 8);
    const std::vector<int64_t> some{3, 9, 11}, one{9};
    const Tensor a = *varied->images(some), b = *varied->images(one);
    EXPECT_TRUE(std::equal(b.floats().begin(), b.floats().end(), a.floats().begin() + 20));
    std::vector<int64_t> all(40);
    std::iota(all.begin(), all.end(), 0);
    const Tensor x = *varied->images(all), y = *other->images(all), plain = *base->images(all);
    EXPECT_FALSE(std::equal(x.floats().begin(), x.floats().end(), y.floats().begin()));
    EXPECT_FALSE(std::equal(x.floats().begin(), x.floats().end(), plain.floats().begin()));
    EXPECT_EQ(augmented(base, {}, 7).get(), base.get());
}

TrainFacts facts(int64_t samples, int64_t macs)
{
    TrainFacts f;
    f.samples = samples;
    f.macs = macs;
    f.labels = f.images = true;
    f.height = 32;
    f.lowestBits = 4;
    return f;
}

TEST(TrainPresets, SeeFewerSamplesOfCostlierModels)
{
    const auto visits = [](const TrainOptions& o, int64_t samples) {
        return o.epochs * (o.stepsPerEpoch > 0 ? o.stepsPerEpoch * o.batch : samples);
    };
    const TrainOptions small = *presetOptions("quick", facts(60000, 1000000)),
                       large = *presetOptions("quick", facts(60000, 2000000000));
    EXPECT_EQ(visits(small, 60000), 60000);
    EXPECT_LT(visits(large, 60000), 5000);
    EXPECT_GT(presetOptions("quick", facts(2000, 1000000))->epochs, 5);
    EXPECT_GT(visits(*presetOptions("thorough", facts(60000, 1000000)), 60000), 5 * visits(small, 60000));
}

TEST(TrainPresets, AreValidAndNamed)
{
    for (const TrainChoice& preset : trainPresets()) {
        const auto options = presetOptions(preset.name, facts(1000, 1000));
        ASSERT_TRUE(options.has_value());
        EXPECT_TRUE(validate(*options).has_value()) << preset.name;
    }
    const auto none = presetOptions("fast", facts(1000, 1000));
    ASSERT_FALSE(none.has_value());
    EXPECT_NE(none.error().message.find("low-bit"), std::string::npos);
}

TEST(TrainPresets, LearnFromTheFloatModelAloneWithoutLabels)
{
    TrainFacts f = facts(1000, 1000);
    f.labels = false;
    const TrainOptions options = *presetOptions("quick", f);
    EXPECT_EQ(options.loss, TrainLoss::None);
    EXPECT_GT(options.distill.weight, 0);
}

TEST(TrainOptionsCheck, RefusesWhatMakesNoSense)
{
    const std::vector<void (*)(TrainOptions&)> wrongs = {[](TrainOptions& o) { o.method = "none"; },
                                                         [](TrainOptions& o) { o.epochs = 0; },
                                                         [](TrainOptions& o) { o.batch = 0; },
                                                         [](TrainOptions& o) { o.lr = -1; },
                                                         [](TrainOptions& o) { o.lr = std::nan(""); },
                                                         [](TrainOptions& o) { o.optimizer = "lion"; },
                                                         [](TrainOptions& o) { o.schedule = "zigzag"; },
                                                         [](TrainOptions& o) { o.momentum = 1; },
                                                         [](TrainOptions& o) { o.labelSmoothing = 1; },
                                                         [](TrainOptions& o) { o.distill.temperature = 0; },
                                                         [](TrainOptions& o) { o.cropPadding = -1; },
                                                         [](TrainOptions& o) {
                                                             o.loss = TrainLoss::None;
                                                             o.distill.weight = 0;
                                                         }};
    for (size_t i = 0; i < wrongs.size(); ++i) {
        TrainOptions options;
        ASSERT_TRUE(validate(options).has_value());
        wrongs[i](options);
        const auto result = validate(options);
        ASSERT_FALSE(result.has_value()) << i;
        EXPECT_EQ(result.error().code, Error::InvalidArgument) << i;
        EXPECT_FALSE(result.error().where.empty()) << i;
    }
}

TEST(TrainSplit, HoldsOutSamplesThatAreNotTrainedOn)
{
    TrainData all;
    all.dataset = std::make_shared<Numbered>();
    all.indices.resize(40);
    std::iota(all.indices.begin(), all.indices.end(), 0);
    const TrainSplit split = splitForValidation(all, 8, 3), again = splitForValidation(all, 8, 3);
    std::set<int64_t> seen(split.train.indices.begin(), split.train.indices.end());
    for (const int64_t index : split.validation.indices)
        EXPECT_TRUE(seen.insert(index).second);
    EXPECT_EQ(seen.size(), 40u);
    EXPECT_EQ(split.validation.indices.size(), 8u);
    EXPECT_EQ(split.validation.indices, again.validation.indices);
    EXPECT_NE(split.validation.indices, splitForValidation(all, 8, 4).validation.indices);
}

} // namespace
} // namespace bitwright
