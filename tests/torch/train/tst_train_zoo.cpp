// SPDX-License-Identifier: GPL-3.0-or-later
// Every model of the zoo is trained for a moment, written and read again.
#include "core/calib/calibrate.h"
#include "core/run/trainer.h"
#include "tests/torch/model_files.h"

#include <cstdio>
#include <cstring>

namespace bitwright {
namespace {

using namespace test;

bool same(const std::vector<float>& a, const std::vector<float>& b)
{
    return a.size() == b.size() && std::memcmp(a.data(), b.data(), a.size() * sizeof(float)) == 0;
}

/// A short run of a model on random data, with the float model as the only teacher.
Result<TrainResult> trainBriefly(const ModelRunner& runner)
{
    Progress progress;
    SampleSource source;
    source.randomSamples = 8;
    source.batchSize = 1;
    const auto calibration = calibrate(runner, source, progress);
    if (!calibration)
        return calibration.error();
    TrainJob job;
    job.plan.defaultWeights = QuantSpec::defaultWeights(4);
    job.plan.defaultActivations = QuantSpec::defaultActivations(4);
    auto resolved = resolvePlan(runner, job.plan, *calibration, progress);
    if (!resolved)
        return resolved.error();
    job.resolved = *resolved;
    job.train.randomSamples = 8;
    job.validation.randomSamples = 4;
    job.options.batch = 4;
    job.options.epochs = 1;
    job.options.loss = TrainLoss::None;
    auto trainer = torchScriptBackend().trainer(runner, job);
    if (!trainer)
        return trainer.error();
    EXPECT_GT((*trainer)->memoryBytes(), 0);
    return (*trainer)->train({}, TrainControl(), progress);
}

void expectSavedAlike(const std::string& name, const ModelRunner& tuned)
{
    const std::string file = testing::TempDir() + "/tuned_zoo.pt";
    Progress progress;
    const auto saved = torchScriptBackend().save(tuned, file, "made by a test", progress);
    if (!saved) {
        EXPECT_EQ(saved.error().code, Error::Unsupported) << name << ": " << saved.error().text();
        return;
    }
    OpenOptions open;
    open.inputShapes = inputShapes(name);
    const auto again = torchScriptBackend().open(file, open, progress);
    ASSERT_TRUE(again.has_value()) << name << ": " << again.error().text();
    const Batch batch = *tuned.exampleBatch(1, 3);
    const auto before = tuned.run(batch, {}, {}, {}, progress),
               after = (*again)->run(batch, {}, {}, {}, progress);
    ASSERT_TRUE(before.has_value() && after.has_value()) << name;
    for (size_t i = 0; i < before->size(); ++i)
        EXPECT_TRUE(same(numbers((*before)[i]), numbers((*after)[i]))) << name;
}

TEST(TrainZoo, OfEveryKindOfModelEndWellOrSayWhyNot)
{
    SKIP_WITHOUT_MODELS();
    int trained = 0;
    for (const std::string& name : modelNames()) {
        const auto runner = opened(name);
        if (!runner)
            continue;
        const auto result = trainBriefly(*runner);
        if (!result) {
            EXPECT_EQ(result.error().code, Error::Unsupported) << name << ": " << result.error().text();
            std::printf("not trained: %s: %s\n", name.c_str(), result.error().text().c_str());
            continue;
        }
        ++trained;
        EXPECT_EQ(result->epochs.size(), 2u) << name;
        expectSavedAlike(name, *result->runner);
    }
    EXPECT_GT(trained, 60);
}

} // namespace
} // namespace bitwright
