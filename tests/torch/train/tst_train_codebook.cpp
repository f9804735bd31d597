// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/torch/train/site_quantizer_p.h"

#include <ATen/ATen.h>
#include <ATen/core/grad_mode.h>
#include <gtest/gtest.h>

#include <algorithm>

namespace bitwright {
namespace {

Site codebookSite(const at::Tensor& weight, const char* spec)
{
    Site site;
    site.layer = "layer";
    site.weight = true;
    site.spec = *parseSpec(spec, QuantSpec::defaultWeights());
    const at::Tensor flat = weight.contiguous();
    const Tensor values =
        Tensor::fromFloats(weight.sizes().vec(), {flat.data_ptr<float>(), size_t(weight.numel())});
    site.start = paramsFromValues(site.spec, values, 0);
    return site;
}

TEST(TrainCodebook, SumsTheGradientsOfTheWeightsThatShareAValue)
{
    for (const char* spec : {"codebook2:tensor", "codebook1:channel"}) {
        SCOPED_TRACE(spec);
        const at::Tensor weight = at::sin(at::arange(24, at::kFloat) * 1.3).view({4, 6});
        const at::Tensor gradient = at::cos(at::arange(24, at::kFloat) * 0.7).view({4, 6});
        const auto site = makeSiteQuantizer("codebook", codebookSite(weight, spec));
        site->begin(weight);
        const at::Tensor shared = site->apply(weight, {});
        (shared * gradient).sum().backward();
        const at::Tensor leaf = site->learned().at(0);
        const std::vector<float> values = site->params({}).codebook;
        const double unit = double(values[0]) / leaf[0].item<double>();
        const size_t perRow = std::string(spec).find("channel") != std::string::npos ? 2 : values.size();
        for (size_t k = 0; k < values.size(); ++k) {
            double sum = 0; // over the elements whose nearest value of their own list this is
            for (int64_t r = 0; r < 4; ++r)
                for (int64_t c = 0; c < 6; ++c)
                    if ((perRow == values.size() || size_t(r) == k / perRow) &&
                        shared[r][c].item<float>() == values[k])
                        sum += gradient[r][c].item<double>();
            EXPECT_NEAR(leaf.grad()[int64_t(k)].item<double>(), sum * unit, 1e-6) << k;
        }
    }
}

TEST(TrainCodebook, KeepsTheSharedZeroOfPrunedWeights)
{
    at::Tensor weight = at::sin(at::arange(64, at::kFloat) * 1.3).view({8, 8}).clone();
    weight.masked_fill_(weight.abs() < 0.7, 0);
    const auto site = makeSiteQuantizer("codebook", codebookSite(weight, "codebook2:tensor"));
    site->begin(weight);
    {
        const at::NoGradGuard none;
        at::Tensor leaf = site->learned().at(0);
        leaf.add_(0.01);
        site->project();
    }
    const std::vector<float> values = site->params({}).codebook;
    EXPECT_EQ(std::count(values.begin(), values.end(), 0.0f), 1);
    const at::Tensor exported = site->exported(weight);
    EXPECT_TRUE(at::eq(exported, 0).equal(at::eq(weight, 0)));
}

} // namespace
} // namespace bitwright
