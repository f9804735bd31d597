// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/analysis/analyze.h"
#include "core/analysis/diagnose.h"
#include "tests/support.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>

namespace bitwright {
namespace {

constexpr int64_t kRows = 64, kColumns = 256;

QuantSpec spec(const char* text)
{
    return *parseSpec(text, QuantSpec::defaultWeights());
}

/// Normal values whose row r is scaled by factor(r).
template<typename Factor>
Tensor rowsScaled(const Factor& factor)
{
    const Tensor normal = test::normalTensor({kRows, kColumns}, 3);
    std::vector<float> values(normal.floats().begin(), normal.floats().end());
    for (size_t i = 0; i < values.size(); ++i)
        values[i] *= float(factor(int64_t(i) / kColumns));
    return Tensor::fromFloats({kRows, kColumns}, values);
}

Tensor plain()
{
    return rowsScaled([](int64_t) { return 1.0; });
}

struct Diagnose : testing::Test {
    std::shared_ptr<test::FakeRunner> runner = test::FakeRunner::fromText("x = input 256\ny = linear x 64");
    Progress progress;

    Diagnosis of(const Tensor& weight, const char* text)
    {
        runner->setParameter("y.weight", weight);
        QuantPlan plan;
        plan.setWeights("y", spec(text));
        const auto result = diagnoseWeights(*runner, layer(), plan, progress);
        EXPECT_TRUE(result) << result.error().text();
        return *result;
    }
    const Layer& layer() const { return runner->graph().layers[0]; }
    /// What the plan really gives with `spec`.
    double measured(const QuantSpec& spec)
    {
        QuantPlan plan;
        plan.setWeights("y", spec);
        return weightReport(*runner, layer(), plan)->weight->error.sqnrDb();
    }
};

const Cause* find(const Diagnosis& diagnosis, CauseKind kind)
{
    const auto it = std::find_if(diagnosis.causes.begin(), diagnosis.causes.end(),
                                 [kind](const Cause& cause) { return cause.kind == kind; });
    return it == diagnosis.causes.end() ? nullptr : &*it;
}

const Remedy* find(const Cause& cause, RemedyKind kind)
{
    const auto it = std::find_if(cause.remedies.begin(), cause.remedies.end(),
                                 [kind](const Remedy& remedy) { return remedy.kind == kind; });
    return it == cause.remedies.end() ? nullptr : &*it;
}

TEST_F(Diagnose, AHealthyTensorHasNoCause)
{
    EXPECT_TRUE(of(plain(), "8:symmetric:channel:minmax").causes.empty());
    EXPECT_TRUE(of(plain(), "float").causes.empty());
}

TEST_F(Diagnose, AnOutlierChannelIsNamedWithItsNumber)
{
    const Diagnosis found = of(rowsScaled([](int64_t r) { return r == 17 ? 20 : 1; }), "8:symmetric:tensor");
    ASSERT_FALSE(found.causes.empty());
    const Cause& cause = found.causes.front();
    EXPECT_EQ(cause.kind, CauseKind::OutlierChannel);
    EXPECT_EQ(cause.channels, std::vector<int64_t>{17});
    EXPECT_NEAR(cause.measured, 20, 4);
    EXPECT_EQ(find(found, CauseKind::ChannelRanges), nullptr) << "all others are alike";
    ASSERT_FALSE(cause.remedies.empty());
    EXPECT_EQ(cause.remedies.front().kind, RemedyKind::PerChannel);
}

TEST_F(Diagnose, ChannelsOfAllWidthsAreNamedByTheirRatio)
{
    const Diagnosis found =
        of(rowsScaled([](int64_t r) { return std::pow(100.0, double(r) / 63); }), "8:symmetric:tensor");
    ASSERT_FALSE(found.causes.empty());
    EXPECT_EQ(found.causes.front().kind, CauseKind::ChannelRanges);
    EXPECT_NEAR(found.causes.front().measured, std::pow(100, 0.8), 8);
    EXPECT_EQ(of(rowsScaled([](int64_t r) { return std::pow(100.0, double(r) / 63); }), "8:symmetric:channel")
                  .causes.size(),
              0u)
        << "a scale a channel cures it";
}

TEST_F(Diagnose, EveryPredictionIsWhatTheEditGives)
{
    for (const char* text : {"8:symmetric:tensor", "4:symmetric:tensor", "3:asymmetric:channel"}) {
        const Diagnosis found = of(rowsScaled([](int64_t r) { return 1 + r % 9; }), text);
        EXPECT_NEAR(found.facts.sqnrDb(), measured(spec(text)), 1e-9);
        EXPECT_FALSE(found.causes.empty()) << text;
        for (const Cause& cause : found.causes) {
            EXPECT_LE(cause.remedies.size(), 3u);
            for (const Remedy& remedy : cause.remedies) {
                EXPECT_TRUE(validate(remedy.spec));
                EXPECT_GT(remedy.sqnrDb, found.facts.sqnrDb()) << text << " " << remedyName(remedy.kind);
                EXPECT_DOUBLE_EQ(remedy.sqnrDb, measured(remedy.spec))
                    << text << " " << int(cause.kind) << " " << remedyName(remedy.kind);
            }
        }
    }
}

TEST_F(Diagnose, FewClippedValuesThatMakeTheErrorAreClipping)
{
    const Diagnosis found = of(plain(), "8:symmetric:tensor:fixed=-2.8..2.8");
    ASSERT_FALSE(found.causes.empty());
    const Cause& cause = found.causes.front();
    EXPECT_EQ(cause.kind, CauseKind::Clipping);
    EXPECT_GT(cause.measured, 0.5);
    EXPECT_NEAR(cause.reference, std::erfc(2.8 / std::sqrt(2.0)), 0.002);
    EXPECT_NE(find(cause, RemedyKind::WholeRange), nullptr);
    EXPECT_NE(find(cause, RemedyKind::MseRange), nullptr);
}

TEST_F(Diagnose, ManyValuesAtTheEndsAreSaturation)
{
    const Diagnosis found = of(plain(), "8:symmetric:tensor:fixed=-1..1");
    ASSERT_FALSE(found.causes.empty());
    EXPECT_EQ(found.causes.front().kind, CauseKind::Saturation);
    EXPECT_NEAR(found.causes.front().measured, std::erfc(1 / std::sqrt(2.0)), 0.02);
    EXPECT_EQ(find(found, CauseKind::Clipping), nullptr);
}

TEST_F(Diagnose, ALongTailLeavesFewLevels)
{
    const Tensor normal = plain();
    std::vector<float> values(normal.floats().begin(), normal.floats().end());
    for (size_t r = 0; r < size_t(kRows); ++r)
        values[r * kColumns] = 60; // one value in every channel
    const Diagnosis found = of(Tensor::fromFloats({kRows, kColumns}, values), "8:symmetric:channel:minmax");
    const Cause* cause = find(found, CauseKind::FewLevels);
    ASSERT_NE(cause, nullptr);
    EXPECT_EQ(cause->reference, 256);
    EXPECT_LT(cause->measured, 20) << "+-2.6 sigma at a step of 60/127";
    EXPECT_GT(cause->measured, 6);
    EXPECT_NE(find(*cause, RemedyKind::MoreBits), nullptr);
}

TEST_F(Diagnose, ACoarseGridAsksForMoreBits)
{
    const Diagnosis found = of(plain(), "2:symmetric:channel:mse");
    ASSERT_FALSE(found.causes.empty());
    EXPECT_EQ(found.causes.front().kind, CauseKind::FewLevels);
    EXPECT_EQ(found.causes.front().reference, 4);
    const Remedy* bits = find(found.causes.front(), RemedyKind::MoreBits);
    ASSERT_NE(bits, nullptr);
    EXPECT_EQ(bits->spec.bits, 4);
    const Remedy* floating = find(found.causes.front(), RemedyKind::KeepFloat);
    ASSERT_NE(floating, nullptr);
    EXPECT_TRUE(floating->spec.isFloat32());
    EXPECT_EQ(floating->sqnrDb, INFINITY);
}

TEST_F(Diagnose, DeadChannelsAreListedBehindTheCauses)
{
    const Diagnosis found =
        of(rowsScaled([](int64_t r) { return r == 5 || r == 9 ? 0 : 1; }), "8:symmetric:channel:minmax");
    ASSERT_EQ(found.causes.size(), 1u);
    EXPECT_EQ(found.causes[0].kind, CauseKind::DeadChannels);
    EXPECT_EQ(found.causes[0].channels, (std::vector<int64_t>{5, 9}));
    EXPECT_EQ(found.causes[0].reference, 64);
    EXPECT_EQ(found.causes[0].gainDb, 0);
}

TEST_F(Diagnose, StopsWhenCancelled)
{
    runner->setParameter("y.weight", plain());
    QuantPlan plan;
    plan.setWeights("y", spec("4:symmetric:tensor"));
    progress.cancel();
    EXPECT_EQ(diagnoseWeights(*runner, layer(), plan, progress).error().code, Error::Cancelled);
}

TensorStats statsOf(const Tensor& tensor)
{
    TensorStats stats;
    addToStats(stats, tensor, 1, true);
    return stats;
}

Tensor rectified()
{
    const Tensor normal = plain();
    std::vector<float> values(normal.floats().begin(), normal.floats().end());
    for (float& value : values)
        value = std::max(value, 0.0f);
    return Tensor::fromFloats({kRows, kColumns}, values);
}

TEST(DiagnoseActivation, UnsignedDataInASignedGridWastesHalfOfIt)
{
    const Diagnosis found = diagnoseActivation(statsOf(rectified()), spec("8:symmetric:tensor:minmax"));
    ASSERT_FALSE(found.causes.empty());
    const Cause& cause = found.causes.front();
    EXPECT_EQ(cause.kind, CauseKind::OneSided);
    EXPECT_DOUBLE_EQ(cause.measured, 0.5);
    ASSERT_EQ(cause.remedies.size(), 2u);
    EXPECT_NEAR(cause.gainDb, 6, 0.3) << "one bit";
    EXPECT_NE(find(cause, RemedyKind::Unsigned), nullptr);
    EXPECT_TRUE(diagnoseActivation(statsOf(rectified()), spec("8:unsigned:tensor:minmax")).causes.empty());
}

TEST(DiagnoseActivation, NegativeDataInAnUnsignedGridIsSaturation)
{
    const Diagnosis found = diagnoseActivation(statsOf(plain()), spec("8:unsigned:tensor:minmax"));
    ASSERT_FALSE(found.causes.empty());
    EXPECT_EQ(found.causes.front().kind, CauseKind::Saturation);
    EXPECT_NEAR(found.causes.front().measured, 0.5, 0.02);
    EXPECT_EQ(found.causes.front().remedies.front().kind, RemedyKind::Asymmetric);
}

TEST(DiagnoseActivation, PredictionsAreThoseOfTheReport)
{
    const TensorStats stats = statsOf(rectified());
    const Diagnosis found = diagnoseActivation(stats, spec("4:symmetric:tensor:minmax"));
    ASSERT_FALSE(found.causes.empty());
    for (const Cause& cause : found.causes)
        for (const Remedy& remedy : cause.remedies)
            if (!remedy.spec.isFloat32())
                EXPECT_DOUBLE_EQ(remedy.sqnrDb, activationReport(stats, remedy.spec).error.sqnrDb());
    EXPECT_TRUE(diagnoseActivation(TensorStats(), spec("4:symmetric:tensor")).causes.empty());
}

TEST(ChannelSummary, RanksWidthsAndFlagsThoseFarAboveTheMedian)
{
    std::vector<Moments> moments(5);
    const float ends[5][2]{{-1, 1}, {0.5f, 1.5f}, {-10, 2}, {0, 0}, {-0.5f, 0}};
    for (size_t c = 0; c < 5; ++c) {
        moments[c].count = 3;
        moments[c].min = ends[c][0];
        moments[c].max = ends[c][1];
    }
    const ChannelSummary summary = summarizeChannels(moments);
    EXPECT_EQ(summary.byWidth(), (std::vector<int64_t>{2, 0, 1, 4, 3}));
    EXPECT_DOUBLE_EQ(summary.medianWidth, 1.75) << "of 0.5, 1.5, 2, 12";
    EXPECT_EQ(summary.above(4), std::vector<int64_t>{2});
    EXPECT_EQ(summary.widest(), 2);
    EXPECT_EQ(summary.dead, 1);
    EXPECT_TRUE(summary.channels[3].isDead());
    EXPECT_EQ(summarizeChannels({}).widest(), -1);
}

} // namespace
} // namespace bitwright
