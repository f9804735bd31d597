// SPDX-License-Identifier: GPL-3.0-or-later
#include "tests/torch/model_files.h"
#include "tests/torch/reference_forward.h"

#include <cmath>
#include <cstring>

using namespace bitwright;
using namespace bitwright::test;

namespace {

std::vector<Tensor> runFloat(const ModelRunner& runner, const Batch& batch)
{
    Progress progress;
    auto outputs = runner.run(batch, {}, {}, {}, progress);
    EXPECT_TRUE(outputs.has_value()) << (outputs ? "" : outputs.error().text());
    return outputs ? *outputs : std::vector<Tensor>{};
}

Batch example(const ModelRunner& runner, int64_t batch)
{
    auto made = runner.exampleBatch(batch, 7);
    EXPECT_TRUE(made.has_value()) << (made ? "" : made.error().text());
    return made ? *made : Batch{};
}

double relativeError(const std::vector<Tensor>& got, const std::vector<Tensor>& expected)
{
    double worst = got.size() == expected.size() ? 0 : INFINITY;
    for (size_t i = 0; i < std::min(got.size(), expected.size()); ++i) {
        if (got[i].shape() != expected[i].shape())
            return INFINITY;
        double peak = 1e-30, error = 0;
        for (int64_t k = 0; k < got[i].size(); ++k) {
            peak = std::max(peak, double(std::fabs(expected[i].floats()[size_t(k)])));
            error = std::max(error,
                             double(std::fabs(got[i].floats()[size_t(k)] - expected[i].floats()[size_t(k)])));
        }
        worst = std::max(worst, error / peak);
    }
    return worst;
}

bool sameBits(const std::vector<Tensor>& a, const std::vector<Tensor>& b)
{
    if (a.size() != b.size())
        return false;
    for (size_t i = 0; i < a.size(); ++i)
        if (a[i].shape() != b[i].shape() || std::memcmp(a[i].data(), b[i].data(), size_t(a[i].bytes())) != 0)
            return false;
    return true;
}

bool isFused(const std::string& name)
{
    return name.find(".fused") != std::string::npos;
}
bool isHalf(const std::string& name)
{
    return name.starts_with("half") || name.starts_with("bfloat16");
}

} // namespace

TEST(Runs, OutputsEqualForwardBitForBitWithoutFolding)
{
    SKIP_WITHOUT_MODELS();
    for (const std::string& name : modelNames()) {
        SCOPED_TRACE(name);
        if (isFused(name) || isHalf(name))
            continue;
        const auto runner = opened(name, false);
        if (!runner)
            continue;
        for (const int64_t batch : {1, 3}) {
            const Batch inputs = example(*runner, batch);
            const auto got = runFloat(*runner, inputs),
                       expected = referenceForward(modelPath(name + ".pt"), inputs);
            EXPECT_TRUE(sameBits(got, expected))
                << "batch " << batch << " error " << relativeError(got, expected);
        }
    }
}

TEST(Runs, OutputsWithFoldedBatchNormAreWithinOneInAHundredThousand)
{
    SKIP_WITHOUT_MODELS();
    for (const std::string& name : modelNames()) {
        SCOPED_TRACE(name);
        if (isHalf(name))
            continue;
        const auto runner = opened(name, true);
        if (!runner)
            continue;
        const Batch inputs = example(*runner, 2);
        EXPECT_LT(relativeError(runFloat(*runner, inputs), referenceForward(modelPath(name + ".pt"), inputs)),
                  1e-5);
    }
}
