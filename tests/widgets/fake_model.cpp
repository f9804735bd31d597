// SPDX-License-Identifier: GPL-3.0-or-later
#include "tests/widgets/fake_model.h"

#include "core/base/atomic_file.h"
#include "core/base/hdf5_file.h"
#include "core/run/trainer.h"
#include "widgets/controller.h"

#include <QTest>

#include <chrono>
#include <cmath>
#include <thread>

namespace bitwright::test {

const char* const kSmallModel = "x = input 8\n"
                                "a = linear x 64 relu\n"
                                "b = linear a 64\n"
                                "s = add a b\n"
                                "c = linear s 4\n";

namespace {

const std::string kMagic = "fake model\n";

/// Eight steps in two epochs; the second is the best. The tuned weights are those of another seed.
class FakeTrainer : public Trainer {
public:
    FakeTrainer(const ModelRunner& runner, TrainJob job)
        : m_job(std::move(job))
        , m_runner(runner)
    {
    }
    int64_t memoryBytes() const override { return 3'000'000; }
    Result<TrainResult> train(const TrainListener& listener, const TrainControl& control,
                              Progress& progress) override
    {
        TrainResult result;
        const auto report = [&](int epoch) {
            result.epochs.push_back({epoch,
                                     1.0 / (epoch + 1),
                                     0.5,
                                     1.0 / (epoch + 1),
                                     0.5 + 0.1 * epoch,
                                     1e-3,
                                     0.1,
                                     {{"a", true, 0.1 * (epoch + 1), 0}}});
            listener.epoch(result.epochs.back());
        };
        report(0);
        progress.begin("Training", 8);
        for (int step = 1; step <= 8 && !control.stopped(); ++step) {
            do
                std::this_thread::sleep_for(std::chrono::milliseconds(30));
            while (control.paused() && !control.stopped() && !progress.cancelled());
            if (progress.cancelled())
                return cancelledError();
            listener.step(
                {step, 8, (step + 3) / 4, 2, 1.0 / step, 1e-3, 0.5, 0.03 * step, 0.03 * (8 - step)});
            if (step % 4 == 0)
                report(step / 4);
        }
        result.bestEpoch = result.epochs.back().epoch;
        result.stopped = control.stopped();
        result.plan = m_job.plan;
        result.plan.defaultWeights.bits = 5;
        auto tuned = FakeRunner::fromText(kSmallModel);
        for (const Parameter& parameter : m_runner.graph().parameters)
            tuned->setParameter(parameter.name, normalTensor(parameter.shape, 7));
        result.runner = tuned;
        return result;
    }

private:
    TrainJob m_job;
    const ModelRunner& m_runner;
};

} // namespace

void registerFakeBackend()
{
    Backend backend;
    backend.name = "fake";
    backend.recognises = [](const std::string& path) {
        const auto text = readFile(path);
        return text && text->starts_with(kMagic);
    };
    backend.open = [](const std::string& path, const OpenOptions&,
                      Progress&) -> Result<std::unique_ptr<ModelRunner>> {
        BITWRIGHT_TRY(const std::string text, readFile(path));
        if (text.find("broken") != std::string::npos)
            return Error{Error::Corrupt, "The file is truncated; export it again.", path};
        struct Shared : ModelRunner {
            std::shared_ptr<FakeRunner> fake;
            const Graph& graph() const override { return fake->graph(); }
            Result<Tensor> parameter(const std::string& name) const override { return fake->parameter(name); }
            Result<std::shared_ptr<const ModelRunner>>
            withParameters(const std::map<std::string, Tensor>& changed) const override
            {
                return fake->withParameters(changed);
            }
            Result<Batch> exampleBatch(int64_t n, uint64_t seed) const override
            {
                return fake->exampleBatch(n, seed);
            }
            Result<std::vector<Tensor>> run(const Batch& batch, const RunConfig& config,
                                            const std::set<ValueId>& observed, const Observer& observer,
                                            Progress& progress) const override
            {
                return fake->run(batch, config, observed, observer, progress);
            }
            Result<std::array<std::vector<Tensor>, 2>> runPaired(const Batch& batch, const RunConfig& a,
                                                                 const RunConfig& b,
                                                                 const std::set<ValueId>& observed,
                                                                 const PairSink& sink,
                                                                 Progress& progress) const override
            {
                return fake->runPaired(batch, a, b, observed, sink, progress);
            }
            Result<std::vector<Tensor>> runVariants(const Batch& batch, const RunConfig& base,
                                                    std::span<const Variant> variants,
                                                    const VariantSink& sink,
                                                    Progress& progress) const override
            {
                return fake->runVariants(batch, base, variants, sink, progress);
            }
        };
        auto runner = std::make_unique<Shared>();
        runner->fake = FakeRunner::fromText(text.substr(kMagic.size()));
        return std::unique_ptr<ModelRunner>(std::move(runner));
    };
    backend.trainer = [](const ModelRunner& runner, TrainJob job) -> Result<std::unique_ptr<Trainer>> {
        return std::unique_ptr<Trainer>(new FakeTrainer(runner, std::move(job)));
    };
    backend.save = [](const ModelRunner&, const std::string& path, const std::string&, Progress&) {
        return writeFileAtomically(path, kMagic + kSmallModel);
    };
    registerBackend(backend);
}

QString writeFakeModel(const QTemporaryDir& folder, const QString& name, const std::string& text)
{
    const QString path = folder.filePath(name);
    EXPECT_TRUE(writeFileAtomically(path.toStdString(), kMagic + text));
    return path;
}

QString writeData(const QTemporaryDir& folder)
{
    const QString path = folder.filePath(QStringLiteral("data.h5"));
    std::vector<float> images(96 * 8);
    std::vector<int64_t> labels(96);
    for (size_t i = 0; i < images.size(); ++i)
        images[i] = float(std::sin(double(i) * 0.37) + 0.2 * std::sin(double(i) * 2.9));
    for (size_t i = 0; i < labels.size(); ++i)
        labels[i] = int64_t(i % 4);
    auto file = Hdf5File::create(path.toStdString());
    EXPECT_TRUE(file->write("images", H5Type::F32, {96, 8}, images.data()));
    EXPECT_TRUE(file->write("labels", H5Type::I64, {96}, labels.data()));
    EXPECT_TRUE(file->close());
    return path;
}

std::shared_ptr<const Model> fakeModel(const std::string& text)
{
    auto model = std::make_shared<Model>();
    model->path = "small.fake";
    model->sha256 = "0123";
    model->format = "fake";
    model->runner = FakeRunner::fromText(text);
    return model;
}

bool waitFor(const std::function<bool()>& done, int timeoutMs)
{
    return QTest::qWaitFor(done, timeoutMs);
}

void WindowTest::SetUp()
{
    window.show();
    ASSERT_TRUE(QTest::qWaitForWindowExposed(&window));
}

void WindowTest::open(const std::string& text)
{
    window.controller()->openModel(writeFakeModel(folder, QStringLiteral("model.fake"), text));
    ASSERT_TRUE(waitFor([this] { return window.document()->model() && window.isSettled(); }));
}

} // namespace bitwright::test
