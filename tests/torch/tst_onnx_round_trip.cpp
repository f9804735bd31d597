// SPDX-License-Identifier: GPL-3.0-or-later
// TorchScript -> ONNX -> read back: the same function.
#include "core/calib/calibrate.h"
#include "tests/temporary_folder.h"
#include "tests/torch/model_files.h"

#include <algorithm>
#include <cmath>

using namespace bitwright;
using namespace bitwright::test;
namespace fs = std::filesystem;

namespace {

struct OnnxRoundTrip : testing::Test {
    test::TemporaryFolder temporary;
    const fs::path& folder = temporary.path();

    /// The file written from `runner`, or null where the writer refuses the model.
    std::unique_ptr<ModelRunner> again(const ModelRunner& runner, const std::vector<Shape>& shapes)
    {
        Progress progress;
        const std::string path = (folder / "model.onnx").string();
        if (!torchScriptBackend().write(runner, {"onnx-float", path, {}, "test"}, progress))
            return nullptr;
        OpenOptions options;
        options.inputShapes = shapes;
        auto read = onnxBackend().open(path, options, progress);
        EXPECT_TRUE(read) << read.error().text();
        return read ? std::move(*read) : nullptr;
    }
};

/// Largest difference of any output, relative to the largest value of that output.
double difference(const ModelRunner& a, const ModelRunner& b, const Batch& batch)
{
    Progress progress;
    const auto expected = a.run(batch, {}, {}, {}, progress), got = b.run(batch, {}, {}, {}, progress);
    EXPECT_TRUE(expected) << expected.error().text();
    EXPECT_TRUE(got) << got.error().text();
    if (!expected || !got || expected->size() != got->size())
        return INFINITY;
    double worst = 0;
    for (size_t i = 0; i < expected->size(); ++i) {
        if ((*expected)[i].shape() != (*got)[i].shape())
            return INFINITY;
        double largest = 1e-6, off = 0;
        const auto x = (*expected)[i].floats(), y = (*got)[i].floats();
        for (size_t k = 0; k < x.size(); ++k) {
            largest = std::max(largest, std::isfinite(x[k]) ? std::fabs(double(x[k])) : 0);
            const bool isSame = x[k] == y[k] || (std::isnan(x[k]) && std::isnan(y[k]));
            off = std::max(off, isSame ? 0 : std::fabs(double(x[k]) - y[k]));
        }
        worst = std::max(worst, off / largest);
    }
    return worst;
}

/// Rounded to 16 bits inside, elsewhere than in a file of float32.
bool computesInSixteenBits(const std::string& name)
{
    return name.find("float16") != std::string::npos || name.find("half") != std::string::npos;
}

} // namespace

TEST_F(OnnxRoundTrip, SamplesComeBackAsTheSameFunction)
{
    for (const std::string name : {"mlp", "cnn", "dwcnn", "vit", "lstm"}) {
        SCOPED_TRACE(name);
        Progress progress;
        OpenOptions options;
        options.inputShapes = {{1, 28, 28}};
        const auto runner = torchScriptBackend().open(BITWRIGHT_SOURCE_DIR "/sample_models/" + name + ".pt",
                                                      options, progress);
        ASSERT_TRUE(runner) << runner.error().text();
        const auto read = again(**runner, options.inputShapes);
        ASSERT_NE(read, nullptr);
        EXPECT_LT(difference(**runner, *read, *(*runner)->exampleBatch(5, 3)), 1e-5);
    }
}

TEST_F(OnnxRoundTrip, QuantizedSamplesOpenWithTheLayersAndGridsTheyWereWrittenWith)
{
    for (const std::string name : {"mlp", "cnn", "dwcnn", "lstm", "vit"}) {
        SCOPED_TRACE(name);
        Progress progress;
        OpenOptions options;
        options.inputShapes = {{1, 28, 28}};
        const auto runner = torchScriptBackend().open(BITWRIGHT_SOURCE_DIR "/sample_models/" + name + ".pt",
                                                      options, progress);
        ASSERT_TRUE(runner) << runner.error().text();
        const auto calibration = calibrate(**runner, SampleSource{}, progress);
        ASSERT_TRUE(calibration) << calibration.error().text();
        QuantPlan wanted;
        if (name == "dwcnn") { // beyond the clip at 6: the writer puts a quantizer in front of the clip
            QuantSpec wide = QuantSpec::defaultActivations();
            wide.estimator = Estimator::Fixed;
            wide.rangeHi = 6.3;
            wanted.setActivations("features.1.depthwise.conv", wide);
        }
        const auto plan = resolvePlan(**runner, wanted, *calibration, progress);
        ASSERT_TRUE(plan) << plan.error().text();
        const std::string path = (folder / "model.onnx").string();
        ASSERT_TRUE(torchScriptBackend().write(**runner, {"onnx-qdq", path, *plan, "test"}, progress));
        const auto read = onnxBackend().open(path, options, progress);
        ASSERT_TRUE(read) << read.error().text();
        ASSERT_TRUE((*read)->fileQuantization());
        const auto& exact = (*read)->fileQuantization()->exact;
        const Graph &graph = (*runner)->graph(), &again = (*read)->graph();
        ASSERT_EQ(again.layers.size(), graph.layers.size());
        for (size_t i = 0; i < graph.layers.size(); ++i) {
            const Layer &layer = graph.layers[i], &other = again.layers[i];
            EXPECT_EQ(other.name, layer.name);
            EXPECT_EQ(other.activation, layer.activation) << layer.name;
            for (const WeightRef& weight : layer.weights)
                EXPECT_TRUE(exact.weights.count(weight.parameter)) << weight.parameter;
            const auto known = plan->activations.find(layer.output);
            if (known == plan->activations.end() || known->second.params.format != Format::Int)
                continue;
            ASSERT_TRUE(exact.activations.count(other.output)) << layer.name;
            EXPECT_EQ(exact.activations.at(other.output).params.scale, known->second.params.scale)
                << layer.name;
        }
    }
}

TEST_F(OnnxRoundTrip, EveryArchitectureThatHasAnOnnxFormComesBack)
{
    SKIP_WITHOUT_MODELS();
    int compared = 0;
    for (const std::string& name : modelNames()) {
        SCOPED_TRACE(name);
        const auto runner = opened(name);
        ASSERT_NE(runner, nullptr);
        const auto read = again(*runner, inputShapes(name));
        if (!read)
            continue;
        const auto three = runner->exampleBatch(3, 3), one = runner->exampleBatch(1, 3);
        ASSERT_TRUE(three || one);
        const double limit = computesInSixteenBits(name) ? 3e-2 : 1e-5;
        EXPECT_LT(difference(*runner, *read, three ? *three : *one), limit);
        ++compared;
    }
    EXPECT_GE(compared, 90);
}
