// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/run/dataset.h"
#include "core/torch/train/train_graph_p.h"
#include "core/torch/train/trainer_p.h"
#include "tests/torch/model_files.h"

#include <ATen/ATen.h>

namespace bitwright {
namespace {

std::unique_ptr<ModelRunner> mobileNetLike()
{
    Progress progress;
    auto runner = torchScriptBackend().open(BITWRIGHT_SOURCE_DIR "/sample_models/dwcnn.pt", {}, progress);
    EXPECT_TRUE(runner.has_value());
    return runner ? std::move(*runner) : nullptr;
}

TrainJob floatJob(bool equalize)
{
    TrainJob job;
    job.plan = QuantPlan::floatPlan();
    job.options.equalize = equalize;
    return job;
}

/// Largest over smallest gain among the live channels of the batch-norms in front of depthwise filters.
double spread(const TrainGraph& graph, const std::string& gamma)
{
    const at::Tensor gain = graph.variables().get(gamma).abs();
    return (gain.max() / gain.clamp_min(1e-6).min()).item<double>();
}

TEST(TrainEqualize, GivesChannelsInFrontOfDepthwiseFiltersOneRangeAndLeavesTheFunction)
{
    const auto runner = mobileNetLike();
    const auto* own = dynamic_cast<const TorchRunner*>(runner.get());
    ASSERT_NE(own, nullptr);
    const TrainJob plain = floatJob(false), wanted = floatJob(true);
    const TrainGraph before(*own, plain), after(*own, wanted);
    EXPECT_TRUE(before.variables().equalized().empty());
    ASSERT_EQ(after.variables().equalized().size(), 4u);
    int narrower = 0;
    for (const LiveNorm& norm : after.variables().norms())
        narrower += spread(after, norm.folded.gamma) < 0.5 * spread(before, norm.folded.gamma);
    EXPECT_GE(narrower, 3);

    Progress progress;
    const std::string samples = BITWRIGHT_SOURCE_DIR "/sample_models/";
    const auto data =
        openDataset(samples + "fashion_mnist_mini.h5", {}, *readSidecar(samples + "dwcnn.pt"), progress);
    ASSERT_TRUE(data.has_value());
    const Batch batch = {*(*data)->images(evaluationSubset((*data)->size(), 64))};
    const auto original = runner->run(batch, {}, {}, {}, progress);
    const auto equalized = runner->run(batch, deployedConfig(after.deployed()), {}, {}, progress);
    ASSERT_TRUE(original.has_value() && equalized.has_value());
    double difference = 0, size = 0;
    for (size_t i = 0; i < (*original)[0].floats().size(); ++i) {
        difference += std::abs((*original)[0].floats()[i] - (*equalized)[0].floats()[i]);
        size += std::abs((*original)[0].floats()[i]);
    }
    EXPECT_LT(difference, 0.02 * size); // ReLU6 may cut a few values that it did not cut before
}

} // namespace
} // namespace bitwright
