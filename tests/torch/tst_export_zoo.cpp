// SPDX-License-Identifier: GPL-3.0-or-later
// Every model of make_models.py through both TorchScript formats.
#include "core/calib/calibrate.h"
#include "tests/temporary_folder.h"
#include "tests/torch/model_files.h"

#include <cmath>
#include <cstring>
#include <set>

using namespace bitwright;
using namespace bitwright::test;
namespace fs = std::filesystem;

namespace {

struct ExportZoo : testing::Test {
    test::TemporaryFolder temporary;
    const fs::path& folder = temporary.path();
};

Result<ResolvedPlan> planFor(const ModelRunner& runner, int64_t batch)
{
    Progress progress;
    SampleSource random;
    random.batchSize = batch;
    random.randomSamples = 48; // files keep some inputs in float: few values must lie outside
    const auto calibration = calibrate(runner, random, progress);
    if (!calibration)
        return calibration.error();
    QuantPlan plan;
    plan.defaultWeights = QuantSpec::defaultWeights(8);
    plan.defaultActivations = QuantSpec::defaultActivations(8);
    return resolvePlan(runner, plan, *calibration, progress);
}

std::vector<Tensor> simulate(const ModelRunner& runner, const ResolvedPlan& plan, const Batch& batch)
{
    Progress progress;
    const auto config = makeRunConfig(runner, plan, progress);
    EXPECT_TRUE(config.has_value()) << (config ? "" : config.error().text());
    const auto outputs = runner.run(batch, *config, {}, {}, progress);
    EXPECT_TRUE(outputs.has_value()) << (outputs ? "" : outputs.error().text());
    return outputs ? *outputs : std::vector<Tensor>{};
}

std::vector<Tensor> runFile(const std::string& path, const std::vector<Shape>& shapes, const Batch& batch)
{
    Progress progress;
    OpenOptions options;
    options.foldBatchNorm = false;
    options.keepIntegers = true;
    options.inputShapes = shapes;
    const auto runner = torchScriptBackend().open(path, options, progress);
    EXPECT_TRUE(runner.has_value()) << (runner ? "" : runner.error().text());
    if (!runner)
        return {};
    const auto outputs = (*runner)->run(batch, {}, {}, {}, progress);
    EXPECT_TRUE(outputs.has_value()) << (outputs ? "" : outputs.error().text());
    return outputs ? *outputs : std::vector<Tensor>{};
}

bool sameBits(const std::vector<Tensor>& a, const std::vector<Tensor>& b)
{
    bool same = a.size() == b.size();
    for (size_t i = 0; same && i < a.size(); ++i)
        same =
            a[i].shape() == b[i].shape() && std::memcmp(a[i].data(), b[i].data(), size_t(a[i].bytes())) == 0;
    return same;
}

/// Of the first output; infinite when both are equal.
double sqnrDb(const std::vector<Tensor>& x, const std::vector<Tensor>& y)
{
    if (x.empty() || x.size() != y.size() || x[0].shape() != y[0].shape())
        return -INFINITY;
    double signal = 0, noise = 0;
    for (size_t i = 0; i < x[0].floats().size(); ++i) {
        signal += std::pow(double(x[0].floats()[i]), 2);
        noise += std::pow(double(x[0].floats()[i]) - y[0].floats()[i], 2);
    }
    return noise == 0 ? INFINITY : 10 * std::log10(signal / noise);
}

void exportBoth(const fs::path& folder, const std::string& name)
{
    SCOPED_TRACE(name);
    const auto runner = opened(name);
    ASSERT_NE(runner, nullptr);
    const int64_t samples = name.starts_with("fixed_batch") ? 1 : 3;
    const auto plan = planFor(*runner, samples);
    ASSERT_TRUE(plan.has_value()) << plan.error().text();
    const Batch batch = *runner->exampleBatch(samples, 5);
    const auto expected = simulate(*runner, *plan, batch);
    for (const std::string format : {"torchscript-fakequant", "torchscript-int8"}) {
        const std::string path = folder / (name + "." + format + ".pt");
        Progress progress;
        const auto outcome = torchScriptBackend().write(*runner, {format, path, *plan, ""}, progress);
        ASSERT_TRUE(outcome.has_value()) << format << ": " << outcome.error().text();
        const auto got = runFile(path, inputShapes(name), batch);
        const bool isComplete = format == "torchscript-fakequant" && outcome->notes.empty();
        if (!isComplete)
            EXPECT_GT(sqnrDb(expected, got), 20)
                << format; // integer kernels round elsewhere; a note tells what stays float
        else
            EXPECT_TRUE(sameBits(got, expected)) << format << ": " << sqnrDb(expected, got) << " dB";
    }
}

} // namespace

TEST_F(ExportZoo, EveryModelComputesWhatTheSimulationComputes)
{
    SKIP_WITHOUT_MODELS();
    // Defects that are known: in-place writes behind integers, calibration of recurrent states that are
    // inputs.
    const std::set<std::string> notYet{"in_place.script", "states.script"};
    for (const std::string& name : modelNames())
        if (!notYet.count(name))
            exportBoth(folder, name);
}
