// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/calib/calibrate.h"
#include "core/run/backend.h"
#include "core/torch/torch_backend.h"
#include "tests/temporary_folder.h"

#include <gtest/gtest.h>

#include <cmath>
#include <cstdlib>
#include <cstring>
#include <filesystem>
#include <fstream>
#include <map>

namespace bitwright {
namespace {

namespace fs = std::filesystem;

const std::vector<std::string> kSamples{"mlp", "cnn", "dwcnn", "vit", "lstm"};

std::string samplePath(const std::string& name)
{
    return BITWRIGHT_SOURCE_DIR "/sample_models/" + name + ".pt";
}

/// An opened model with a plan resolved on random data.
struct Planned {
    std::unique_ptr<ModelRunner> runner;
    ResolvedPlan plan;
};

Result<std::unique_ptr<ModelRunner>> open(const std::string& path, bool fold)
{
    Progress progress;
    OpenOptions options;
    options.foldBatchNorm = fold;
    options.keepIntegers = !fold;
    options.inputShapes = {{1, 28, 28}};
    return torchScriptBackend().open(path, options, progress);
}

Planned planned(const std::string& name, const std::string& weights, const std::string& activations)
{
    auto runner = open(samplePath(name), true);
    EXPECT_TRUE(runner) << runner.error().text();
    QuantPlan plan;
    plan.defaultWeights = *parseSpec(weights, QuantSpec::defaultWeights());
    plan.defaultActivations = *parseSpec(activations, QuantSpec::defaultActivations());
    Progress progress;
    const auto calibration = calibrate(**runner, SampleSource{}, progress);
    EXPECT_TRUE(calibration) << calibration.error().text();
    auto resolved = resolvePlan(**runner, plan, *calibration, progress);
    EXPECT_TRUE(resolved) << resolved.error().text();
    return {*std::move(runner), *std::move(resolved)};
}

Tensor simulate(const Planned& model, const Batch& batch)
{
    Progress progress;
    const auto config = makeRunConfig(*model.runner, model.plan, progress);
    const auto outputs = model.runner->run(batch, *config, {}, {}, progress);
    EXPECT_TRUE(outputs) << outputs.error().text();
    return outputs->at(0);
}

Tensor runFile(const std::string& path, const Batch& batch)
{
    Progress progress;
    const auto runner = open(path, false);
    EXPECT_TRUE(runner) << runner.error().text();
    const auto outputs = (*runner)->run(batch, {}, {}, {}, progress);
    EXPECT_TRUE(outputs) << outputs.error().text();
    return outputs->at(0);
}

double sqnrDb(const Tensor& x, const Tensor& y)
{
    double signal = 0, noise = 0;
    for (size_t i = 0; i < x.floats().size(); ++i) {
        signal += double(x.floats()[i]) * x.floats()[i];
        noise += std::pow(double(x.floats()[i]) - y.floats()[i], 2);
    }
    return 10 * std::log10(signal / noise);
}

struct Export : testing::Test {
    test::TemporaryFolder temporary;
    const fs::path& folder = temporary.path();

    ExportOutcome write(const Planned& model, const std::string& format, const std::string& path)
    {
        Progress progress;
        const auto outcome =
            torchScriptBackend().write(*model.runner, {format, path, model.plan, "made by a test"}, progress);
        EXPECT_TRUE(outcome) << outcome.error().text();
        return outcome ? *outcome : ExportOutcome{};
    }
};

TEST_F(Export, FakeQuantFileGivesTheBitsOfTheSimulation)
{
    for (const std::string& name : kSamples) {
        for (const auto& [weights, activations] :
             {std::pair("8:symmetric:channel", "8:asymmetric:tensor"),
              std::pair("4:asymmetric:tensor:mse", "4:symmetric:tensor:mse"), std::pair("ternary", "float16"),
              std::pair("3", "6:asymmetric:channel")}) {
            const Planned model = planned(name, weights, activations);
            const std::string path = folder / (name + ".pt");
            const ExportOutcome outcome = write(model, "torchscript-fakequant", path);
            for (const std::string& note : outcome.notes)
                EXPECT_NE(note.find("decides by the sizes"), std::string::npos) << name << ": " << note;
            const Batch batch = *model.runner->exampleBatch(5, 1);
            const Tensor expected = simulate(model, batch), got = runFile(path, batch);
            EXPECT_EQ(std::memcmp(expected.data(), got.data(), size_t(expected.bytes())), 0)
                << name << " " << weights << " " << activations << ": " << sqnrDb(expected, got) << " dB";
        }
    }
}

TEST_F(Export, FakeQuantFileKeepsTheNamesOfTheParameters)
{
    const Planned model = planned("cnn", "8", "8");
    const std::string path = folder / "cnn.pt";
    write(model, "torchscript-fakequant", path);
    const auto again = open(path, false);
    ASSERT_TRUE(again);
    for (const Parameter& parameter : model.runner->graph().parameters)
        EXPECT_TRUE((*again)->graph().findParameter(parameter.name)) << parameter.name;
}

TEST_F(Export, Int8FileAgreesWithTheSimulation)
{
    for (const std::string& name : kSamples) {
        const Planned model = planned(name, "8:symmetric:channel", "8:asymmetric:tensor");
        const std::string path = folder / (name + ".pt");
        const ExportOutcome outcome = write(model, "torchscript-int8", path);
        EXPECT_EQ(outcome.engine, "oneDNN");
        const Batch batch = *model.runner->exampleBatch(16, 2);
        const double db = sqnrDb(simulate(model, batch), runFile(path, batch));
        EXPECT_GT(db, 35) << name; // only roundings of the requantization may differ
    }
}

TEST_F(Export, Int8FileIsAtMostATwentySevenHundredthsOfFloat)
{
    // dwcnn and vit hold 40 and 140 thousand weights: there the program and the names of the layers count.
    const std::map<std::string, double> most = {
        {"mlp", 0.27}, {"cnn", 0.27}, {"lstm", 0.27}, {"dwcnn", 0.3}, {"vit", 0.33}};
    for (const auto& [name, share] : most) {
        const Planned model = planned(name, "8:symmetric:channel", "8");
        const std::string path = folder / (name + ".pt");
        write(model, "torchscript-int8", path);
        EXPECT_LT(double(fs::file_size(path)), share * double(fs::file_size(samplePath(name)))) << name;
    }
}

TEST_F(Export, Int8FileOfARecurrentModelHoldsEveryKindOfWeight)
{
    for (const std::string weights : {"8:symmetric:channel", "8:asymmetric:channel", "8:asymmetric:tensor"}) {
        const Planned model = planned("lstm", weights, "8");
        const std::string path = folder / "lstm.pt";
        write(model, "torchscript-int8", path);
        EXPECT_LT(double(fs::file_size(path)), 0.27 * double(fs::file_size(samplePath("lstm")))) << weights;
        const Batch batch = *model.runner->exampleBatch(16, 2);
        EXPECT_GT(sqnrDb(simulate(model, batch), runFile(path, batch)), 35) << weights;
    }
}

TEST_F(Export, FilesOfTheSamePlanAreTheSameBytes)
{
    const Planned model = planned("lstm", "8:symmetric:channel", "8");
    for (const std::string format : {"torchscript-int8", "torchscript-fakequant"}) {
        std::vector<std::string> contents;
        for (const std::string name : {"a.pt", "b.pt"}) {
            write(model, format, folder / name);
            std::ifstream file(folder / name, std::ios::binary);
            contents.emplace_back(std::istreambuf_iterator<char>(file), std::istreambuf_iterator<char>());
        }
        EXPECT_EQ(contents[0], contents[1]) << format;
    }
}

TEST_F(Export, Int8FileRunsConvolutionsOnIntegerKernels)
{
    const Planned model = planned("cnn", "8:symmetric:channel", "8:asymmetric:tensor");
    const std::string path = folder / "cnn.pt";
    write(model, "torchscript-int8", path);
    const auto again = open(path, false);
    ASSERT_TRUE(again);
    int kernels = 0, convolutions = 0;
    for (const Node& node : (*again)->graph().nodes) {
        kernels += node.kind.starts_with("quantized::conv") || node.kind.starts_with("quantized::linear");
        convolutions += node.kind == "aten::conv2d" || node.kind == "aten::_convolution";
    }
    EXPECT_GE(kernels, 3);
    EXPECT_EQ(convolutions, 0);
}

TEST_F(Export, CancelledAndImpossibleWritesLeaveNoFile)
{
    const Planned model = planned("mlp", "8", "8");
    Progress cancelled;
    cancelled.cancel();
    const std::string path = folder / "mlp.pt";
    const auto outcome =
        torchScriptBackend().write(*model.runner, {"torchscript-int8", path, model.plan, ""}, cancelled);
    EXPECT_EQ(outcome.error().code, Error::Cancelled);
    EXPECT_FALSE(fs::exists(path));
    Progress progress;
    const auto nowhere = torchScriptBackend().write(
        *model.runner, {"torchscript-int8", folder / "no" / "x.pt", model.plan, ""}, progress);
    EXPECT_FALSE(nowhere);
}

/// 0 when plain PyTorch computes `expected` from the file, to a part in 100,000.
int pythonDisagrees(const fs::path& folder, const std::string& file, const Batch& batch,
                    const Tensor& expected)
{
    const auto dump = [&](const char* name, const Tensor& tensor) {
        std::ofstream(folder / name, std::ios::binary)
            .write(static_cast<const char*>(tensor.data()), tensor.bytes());
    };
    dump("in.f32", batch[0]);
    dump("out.f32", expected);
    const std::string command =
        "cd '" + folder.string() + "' && OMP_NUM_THREADS=1 /usr/bin/python3 -W ignore -c \"" +
        "import torch, numpy as np\n"
        "x = torch.from_numpy(np.fromfile('in.f32', np.float32).reshape(4, 1, 28, 28))\n"
        "y = np.fromfile('out.f32', np.float32)\n"
        "z = torch.jit.load('" +
        file +
        "').eval()(x).detach().numpy().ravel()\n"
        "assert np.abs(y - z).max() <= 1e-5 * np.abs(y).max(), np.abs(y - z).max()\n\"";
    return std::system(command.c_str());
}

TEST_F(Export, PlainPyTorchComputesTheSameFromTheFile)
{
    if (std::system("/usr/bin/python3 -c 'import torch' 2>/dev/null") != 0)
        GTEST_SKIP() << "python3-torch is not installed";
    for (const std::string& name : kSamples) {
        const Planned model = planned(name, "4:symmetric:channel", "8:asymmetric:tensor");
        write(model, "torchscript-fakequant", folder / (name + ".pt"));
        const Batch batch = *model.runner->exampleBatch(4, 3);
        EXPECT_EQ(pythonDisagrees(folder, name + ".pt", batch, simulate(model, batch)), 0) << name;
    }
    for (const std::string name : {"lstm", "vit"}) { // integers in the file, arithmetic in float
        const Planned model = planned(name, "8:asymmetric:channel", "float");
        write(model, "torchscript-int8", folder / (name + ".int8.pt"));
        const Batch batch = *model.runner->exampleBatch(4, 3);
        EXPECT_EQ(pythonDisagrees(folder, name + ".int8.pt", batch, simulate(model, batch)), 0) << name;
    }
}

} // namespace
} // namespace bitwright
