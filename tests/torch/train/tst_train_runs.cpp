// SPDX-License-Identifier: GPL-3.0-or-later
// Whole training runs: against LibTorch's own training, resumed, repeated, cancelled.
#include "core/calib/calibrate.h"
#include "core/torch/train/fake_quantize_p.h"
#include "core/torch/train/train_graph_p.h"
#include "core/torch/train/trainer_p.h"
#include "tests/support.h"
#include "tests/torch/model_files.h"

#include <ATen/ATen.h>
#include <torch/csrc/jit/serialization/import.h>
#include <torch/optim/sgd.h>

#include <atomic>
#include <cmath>
#include <cstring>
#include <thread>

namespace bitwright {
namespace {

using namespace test;

/// A dataset that remembers what it was asked for.
class RecordingDataset : public FakeDataset {
public:
    using FakeDataset::FakeDataset;
    Result<Tensor> images(std::span<const int64_t> indices) const override
    {
        asked.emplace_back(indices.begin(), indices.end());
        return FakeDataset::images(indices);
    }
    mutable std::vector<std::vector<int64_t>> asked;
};

/// Images whose class is where they are bright.
std::shared_ptr<RecordingDataset> blobs(int64_t count, const Shape& shape, int64_t classes)
{
    Shape whole = shape;
    whole.insert(whole.begin(), count);
    Tensor images = Tensor::empty(DType::F32, whole);
    std::vector<int64_t> labels;
    const int64_t each = elementCount(shape);
    for (int64_t i = 0; i < count; ++i) {
        labels.push_back(i % classes);
        for (int64_t k = 0; k < each; ++k) {
            const double noise = std::sin(double(i * each + k) * 12.9898) * 43758.5453;
            const double bright = k * classes / each == i % classes ? 1.5 : 0;
            images.mutableFloats()[size_t(i * each + k)] = float(noise - std::floor(noise) - 0.5 + bright);
        }
    }
    return std::make_shared<RecordingDataset>(std::move(images), std::move(labels));
}

TrainOptions smallOptions()
{
    TrainOptions options;
    options.batch = 16;
    options.epochs = 2;
    options.lr = 5e-3;
    return options;
}

/// A model, a plan and data, ready to train.
struct Training {
    std::unique_ptr<ModelRunner> runner;
    std::shared_ptr<RecordingDataset> data;
    TrainJob job;

    Training(const std::string& name, const Shape& shape, QuantPlan plan, TrainOptions options,
             int64_t count = 64)
        : runner(opened(name))
        , data(blobs(count, shape, 5))
    {
        Progress progress;
        SampleSource source;
        source.dataset = data;
        for (int64_t i = 0; i < count; ++i)
            source.indices.push_back(i);
        const auto calibration = calibrate(*runner, source, progress);
        EXPECT_TRUE(calibration.has_value());
        const auto resolved = resolvePlan(*runner, plan, *calibration, progress);
        EXPECT_TRUE(resolved.has_value()) << (resolved ? "" : resolved.error().text());
        job.plan = std::move(plan);
        job.resolved = *resolved;
        job.train = {data, source.indices, 0};
        job.validation = {std::make_shared<RecordingDataset>(*data), source.indices, 0};
        job.options = std::move(options);
        data->asked.clear();
    }

    Result<TrainResult> train(const TrainListener& listener = {}, Progress* progress = nullptr)
    {
        Progress own;
        const TrainControl control;
        auto trainer = torchScriptBackend().trainer(*runner, job);
        if (!trainer)
            return trainer.error();
        return (*trainer)->train(listener, control, progress ? *progress : own);
    }
};

QuantPlan planOf(int weightBits, int activationBits)
{
    QuantPlan plan;
    plan.defaultWeights = QuantSpec::defaultWeights(weightBits);
    plan.defaultActivations = QuantSpec::defaultActivations(activationBits);
    return plan;
}

/// Every number of a result that must agree, bit for bit.
std::vector<float> bitsOf(const TrainResult& result)
{
    std::vector<float> all;
    for (const Parameter& p : result.runner->graph().parameters) {
        const std::vector<float> values = numbers(*result.runner->parameter(p.name));
        all.insert(all.end(), values.begin(), values.end());
    }
    for (const EpochRecord& record : result.epochs) {
        all.push_back(float(record.loss));
        all.push_back(float(record.validationLoss));
        for (const SiteScale& scale : record.scales)
            all.push_back(float(scale.scale));
    }
    return all;
}

bool same(const std::vector<float>& a, const std::vector<float>& b)
{
    return a.size() == b.size() && std::memcmp(a.data(), b.data(), a.size() * sizeof(float)) == 0;
}

TEST(TrainRuns, InFloatHaveTheLossesOfTheModuleTrainedByLibTorch)
{
    SKIP_WITHOUT_MODELS();
    TrainOptions options = smallOptions();
    options.optimizer = "sgd";
    options.lr = 0.05;
    options.weightDecay = 0;
    options.schedule = "constant";
    options.warmup = 0;
    options.distill.weight = 0;
    Training setup("residual.script", {3, 32, 32}, QuantPlan::floatPlan(), options);
    std::vector<double> losses;
    TrainListener listener;
    listener.step = [&](const StepRecord& record) { losses.push_back(record.loss); };
    const auto result = setup.train(listener);
    ASSERT_TRUE(result.has_value()) << result.error().text();
    ASSERT_EQ(losses.size(), 8u);

    torch::jit::Module module = torch::jit::load(modelPath("residual.script.pt"));
    module.train();
    std::vector<at::Tensor> parameters;
    for (const at::Tensor& p : module.parameters())
        parameters.push_back(p);
    torch::optim::SGD optimizer(parameters, torch::optim::SGDOptions(0.05).momentum(0.9));
    for (size_t step = 0; step < losses.size(); ++step) {
        const std::vector<int64_t>& indices = setup.data->asked[1 + step]; // [0] is the look before the start
        const Tensor images = *setup.data->FakeDataset::images(indices);
        const at::Tensor x = at::from_blob(const_cast<void*>(images.data()), images.shape(), at::kFloat);
        optimizer.zero_grad();
        const at::Tensor loss =
            at::cross_entropy_loss(module.forward({x}).toTensor(), at::tensor(*setup.data->labels(indices)));
        loss.backward();
        optimizer.step();
        EXPECT_NEAR(losses[step], loss.item<double>(), 2e-4 * std::max(1.0, loss.item<double>())) << step;
    }
}

TEST(TrainRuns, RepairAModelThatFewBitsBroke)
{
    SKIP_WITHOUT_MODELS();
    TrainOptions options = smallOptions();
    options.epochs = 6;
    Training setup("residual.script", {3, 32, 32}, planOf(3, 3), options);
    const auto result = setup.train();
    ASSERT_TRUE(result.has_value()) << result.error().text();
    EXPECT_GT(result->bestEpoch, 0);
    EXPECT_LT(result->epochs.back().validationLoss, result->epochs.front().validationLoss);
}

TEST(TrainRuns, AreTheSameBitsTwice)
{
    SKIP_WITHOUT_MODELS();
    Training first("residual.script", {3, 32, 32}, planOf(4, 4), smallOptions()),
        second("residual.script", {3, 32, 32}, planOf(4, 4), smallOptions());
    const auto a = first.train(), b = second.train();
    ASSERT_TRUE(a.has_value() && b.has_value());
    EXPECT_TRUE(same(bitsOf(*a), bitsOf(*b)));
}

TEST(TrainRuns, ThatWereKilledEndInTheSameBits)
{
    SKIP_WITHOUT_MODELS();
    const std::string file = testing::TempDir() + "/train.checkpoint";
    TrainOptions options = smallOptions();
    options.epochs = 3;
    options.method = "lsq+";
    Training whole("residual.script", {3, 32, 32}, planOf(4, 4), options);
    const auto expected = whole.train();
    ASSERT_TRUE(expected.has_value()) << expected.error().text();

    options.checkpoint = file;
    options.checkpointEvery = 3;
    Training killed("residual.script", {3, 32, 32}, planOf(4, 4), options);
    killed.job.options.checkpointEvery = 3;
    Progress progress;
    TrainListener listener;
    listener.step = [&](const StepRecord& record) {
        if (record.step == 7)
            progress.cancel();
    };
    const auto cut = killed.train(listener, &progress);
    ASSERT_TRUE(cut.has_value()) << cut.error().text();
    EXPECT_TRUE(cut->cancelled); // with the first epoch, which had ended
    EXPECT_EQ(cut->epochs.size(), 2u);

    options.resume = file;
    Training resumed("residual.script", {3, 32, 32}, planOf(4, 4), options);
    const auto result = resumed.train();
    ASSERT_TRUE(result.has_value()) << result.error().text();
    EXPECT_EQ(result->epochs.size(), expected->epochs.size());
    EXPECT_TRUE(same(bitsOf(*result), bitsOf(*expected)));
    EXPECT_EQ(result->plan, expected->plan);

    options.lr *= 2;
    Training other("residual.script", {3, 32, 32}, planOf(4, 4), options);
    EXPECT_EQ(other.train().error().code, Error::InvalidArgument);
}

TEST(TrainRuns, StopWithinHalfASecondOfTheWish)
{
    SKIP_WITHOUT_MODELS();
    TrainOptions options = smallOptions();
    options.epochs = 1000;
    Training setup("residual.script", {3, 32, 32}, planOf(4, 4), options);
    Progress progress;
    std::atomic<bool> begun{false};
    std::chrono::steady_clock::time_point wished;
    std::thread killer([&] {
        while (!begun)
            std::this_thread::yield();
        std::this_thread::sleep_for(std::chrono::milliseconds(7)); // somewhere inside a step
        wished = std::chrono::steady_clock::now();
        progress.cancel();
    });
    TrainListener listener;
    listener.step = [&](const StepRecord& record) { begun = begun || record.step >= 2; };
    const auto result = setup.train(listener, &progress);
    const auto ended = std::chrono::steady_clock::now();
    killer.join();
    EXPECT_TRUE(result ? result->cancelled : result.error() == cancelledError());
    EXPECT_LT(std::chrono::duration<double>(ended - wished).count(), 0.5);
}

TEST(TrainRuns, GiveAPlanWhoseRangesAreThoseThatWereLearned)
{
    SKIP_WITHOUT_MODELS();
    for (const char* method :
         {"lsq", "lsq+", "pact", "dorefa", "ste-moving", "soft", "gradual-bits", "gradual-layers", "ste"}) {
        TrainOptions options = smallOptions();
        options.method = method;
        options.epochs = 1;
        QuantPlan plan = planOf(4, 4);
        plan.layers["fc"].weights = *parseSpec("8:asymmetric:tensor:minmax", QuantSpec::defaultWeights());
        Training setup("residual.script", {3, 32, 32}, plan, options);
        const auto result = setup.train();
        ASSERT_TRUE(result.has_value()) << method << ": " << result.error().text();
        Progress progress;
        SampleSource source;
        source.dataset = setup.data;
        source.indices = {0, 1, 2, 3};
        const auto calibration = calibrate(*result->runner, source, progress);
        const auto resolved = resolvePlan(*result->runner, result->plan, *calibration, progress);
        ASSERT_TRUE(resolved.has_value()) << method << ": " << resolved.error().text();
        // What was validated last is what the plan gives on the tuned model.
        const auto config = makeRunConfig(*result->runner, *resolved, progress);
        const auto again =
            validateConfig(*result->runner, *config, setup.job.validation, setup.job.options, progress);
        ASSERT_TRUE(again.has_value());
        const double wanted = result->epochs[size_t(result->bestEpoch)].validationLoss;
        // Of the start, the ranges of the plan are rounded for the first time.
        EXPECT_NEAR(again->loss, wanted, result->bestEpoch == 0 ? 1e-3 : 0) << method;
    }
}

TEST(TrainRuns, AreSavedAsAFileThatComputesTheSame)
{
    SKIP_WITHOUT_MODELS();
    struct Case {
        const char* model;
        Shape shape;
        NormMode norm;
    };
    for (const Case& c : {Case{"residual.script", {3, 32, 32}, NormMode::Train},
                          Case{"residual.trace", {3, 32, 32}, NormMode::Train},
                          Case{"residual.script", {3, 32, 32}, NormMode::Fold},
                          Case{"depthwise.trace", {3, 32, 32}, NormMode::Frozen}}) {
        TrainOptions options = smallOptions();
        options.norm = c.norm;
        options.loss = TrainLoss::None;
        Training setup(c.model, c.shape, planOf(4, 8), options);
        const auto result = setup.train();
        ASSERT_TRUE(result.has_value()) << c.model << ": " << result.error().text();
        const std::string file = testing::TempDir() + "/tuned.pt";
        Progress progress;
        const auto saved = torchScriptBackend().save(*result->runner, file, "made by a test", progress);
        ASSERT_TRUE(saved.has_value()) << saved.error().text();
        OpenOptions open;
        open.inputShapes = {c.shape};
        const auto again = torchScriptBackend().open(file, open, progress);
        ASSERT_TRUE(again.has_value()) << again.error().text();
        const std::vector<int64_t> some{0, 1, 2};
        const Batch batch{*setup.data->images(some)};
        const auto before = result->runner->run(batch, {}, {}, {}, progress),
                   after = (*again)->run(batch, {}, {}, {}, progress);
        ASSERT_TRUE(before.has_value() && after.has_value());
        EXPECT_TRUE(same(numbers((*before)[0]), numbers((*after)[0]))) << c.model;
    }
}

TEST(TrainRuns, KeepCodesWhenBatchNormIsFolded)
{
    SKIP_WITHOUT_MODELS();
    Training setup("residual.script", {3, 32, 32}, planOf(4, 4), smallOptions());
    const auto* runner = dynamic_cast<const TorchRunner*>(setup.runner.get());
    TrainGraph graph(*runner, setup.job);
    Progress progress;
    const StopCheck stop(progress);
    const std::vector<int64_t> some{0, 1, 2, 3};
    graph.begin(graph.inputs({*setup.data->images(some)}, stop), stop);
    const auto deployed = graph.deployed();
    ASSERT_FALSE(graph.variables().norms().empty());
    for (const LiveNorm& norm : graph.variables().norms()) {
        ASSERT_TRUE(norm.rawCodes);
        const QuantParams& folded = deployed.plan.weights.at(norm.folded.weight);
        const at::Tensor factor = foldFactor(graph.variables().tensorsOf(norm));
        QuantParams raw = folded;
        for (size_t i = 0; i < raw.scale.size(); ++i)
            raw.scale[i] = float(double(raw.scale[i]) / factor[int64_t(i)].item<double>());
        const at::Tensor a = fakeQuantizeGrad(graph.variables().get(norm.folded.weight), raw).detach();
        const at::Tensor b = fakeQuantizeGrad(deployed.parameters.at(norm.folded.weight), folded).detach();
        const auto shape = std::vector<int64_t>{-1, 1, 1, 1};
        const at::Tensor codesA = at::round(a / fromVector(raw.scale).view(shape)),
                         codesB = at::round(b / fromVector(folded.scale).view(shape));
        EXPECT_TRUE(codesA.equal(codesB)) << norm.folded.weight;
    }
}

TEST(TrainRuns, RefuseWhatCannotBeTrained)
{
    SKIP_WITHOUT_MODELS();
    Training setup("residual.script", {3, 32, 32}, planOf(4, 4), smallOptions());
    setup.job.options.method = "magic";
    EXPECT_EQ(setup.train().error().code, Error::InvalidArgument);
    setup.job.options = smallOptions();
    setup.job.options.loss = TrainLoss::None;
    setup.job.options.distill.weight = 0;
    EXPECT_EQ(setup.train().error().code, Error::InvalidArgument);
    setup.job.options = smallOptions();
    setup.job.options.distill.layers = {"no such layer"};
    EXPECT_EQ(setup.train().error().code, Error::NotFound);
    setup.job.options = smallOptions();
    setup.job.train.indices.clear();
    EXPECT_EQ(setup.train().error().code, Error::InvalidArgument);
}

TEST(TrainRuns, LearnFromChosenLayers)
{
    SKIP_WITHOUT_MODELS();
    TrainOptions options = smallOptions();
    options.loss = TrainLoss::None;
    options.distill.layers = {"conv1", "layer1.0.add"};
    options.distill.weight = 0;
    Training setup("residual.script", {3, 32, 32}, planOf(4, 4), options);
    if (!setup.runner->graph().findLayer("layer1.0.add"))
        setup.job.options.distill.layers = {"conv1"};
    const auto result = setup.train();
    ASSERT_TRUE(result.has_value()) << result.error().text();
    EXPECT_LT(result->epochs.back().loss, 10);
}

} // namespace
} // namespace bitwright
