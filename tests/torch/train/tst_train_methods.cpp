// SPDX-License-Identifier: GPL-3.0-or-later
// Gradients of every training method against PyTorch's own kernels or autograd of an expression written out.
#include "core/torch/train/fake_quantize_p.h"
#include "core/torch/train/site_quantizer_p.h"

#include <ATen/ATen.h>
#include <gtest/gtest.h>

#include <cmath>

namespace bitwright {
namespace {

QuantParams grid(int bits, bool isSigned, std::vector<float> scale, std::vector<int32_t> zero = {},
                 int axis = -1)
{
    QuantParams p;
    p.format = Format::Int;
    p.bits = bits;
    p.qmin = isSigned ? -(1 << (bits - 1)) : 0;
    p.qmax = isSigned ? (1 << (bits - 1)) - 1 : (1 << bits) - 1;
    p.zeroPoint = zero.empty() ? std::vector<int32_t>(scale.size(), 0) : std::move(zero);
    p.scale = std::move(scale);
    p.axis = axis;
    return p;
}

at::Tensor random(at::IntArrayRef shape, int64_t seed)
{
    at::Tensor x = at::arange(at::prod(at::tensor(shape)).item<int64_t>(), at::kDouble);
    return at::sin(x * 12.9898 + double(seed) * 78.233)
        .mul(43758.5453)
        .frac()
        .mul(3)
        .sub(0.5)
        .to(at::kFloat)
        .view(shape);
}

void expectNear(const at::Tensor& a, const at::Tensor& b, double relative = 1e-6)
{
    ASSERT_EQ(a.sizes(), b.sizes());
    const double scale = std::max(1.0, b.abs().max().item<double>());
    EXPECT_LE((a.to(at::kDouble) - b.to(at::kDouble)).abs().max().item<double>(), relative * scale)
        << a << "\n"
        << b;
}

/// Inside the grid after rounding, as every kernel of PyTorch decides it.
at::Tensor insideMask(const at::Tensor& x, const at::Tensor& scale, const QuantParams& p, double zero)
{
    const at::Tensor r = at::round(x / scale) + zero;
    return at::logical_and(r >= p.qmin, r <= p.qmax);
}

at::Tensor roundThrough(const at::Tensor& x)
{
    return x + (at::round(x) - x).detach();
}

TEST(TrainMethods, StraightThroughHasThePerTensorGradientOfPyTorch)
{
    const QuantParams p = grid(4, false, {0.11f}, {3});
    const at::Tensor g = random({5, 7, 33}, 2);
    at::Tensor x = random({5, 7, 33}, 1).requires_grad_(true), y = x.detach().clone().requires_grad_(true);
    const at::Tensor ours = fakeQuantizeGrad(x, p),
                     theirs = at::fake_quantize_per_tensor_affine(y, 0.11f, 3, p.qmin, p.qmax);
    EXPECT_TRUE(ours.equal(theirs));
    ours.backward(g);
    theirs.backward(g);
    EXPECT_TRUE(x.grad().equal(y.grad()));
    EXPECT_GT((x.grad() == 0).sum().item<int64_t>(), 10); // some are clipped
}

TEST(TrainMethods, StraightThroughHasThePerChannelGradientOfPyTorch)
{
    for (const int axis : {0, 1}) {
        const QuantParams p = grid(3, true, {0.2f, 0.05f, 0.4f}, {}, axis);
        const at::Tensor scale = fromVector(p.scale), zero = at::zeros({3}, at::kInt);
        at::Tensor x = random({3, 3, 9}, 3).requires_grad_(true), y = x.detach().clone().requires_grad_(true);
        const at::Tensor ours = fakeQuantizeGrad(x, p);
        const at::Tensor theirs = at::fake_quantize_per_channel_affine(y, scale, zero, axis, p.qmin, p.qmax);
        EXPECT_TRUE(ours.equal(theirs));
        const at::Tensor g = random({3, 3, 9}, 4);
        ours.backward(g);
        theirs.backward(g);
        EXPECT_TRUE(x.grad().equal(y.grad()));
    }
}

TEST(TrainMethods, LearnedStepsHaveThePerTensorGradientsOfPyTorch)
{
    const QuantParams p = grid(4, false, {0.07f}, {5});
    at::Tensor x = random({3, 41, 13}, 5).requires_grad_(true),
               scale = fromVector(p.scale).requires_grad_(true);
    const at::Tensor g = random({3, 41, 13}, 6);
    fakeQuantizeGrad(x, p, ScaleGradient::Lsq, scale, {}, 0.25).backward(g);
    const auto [dx, ds, dz] = at::_fake_quantize_learnable_per_tensor_affine_backward(
        g, x.detach(), scale.detach(), at::tensor({5.0f}), p.qmin, p.qmax, 0.25);
    expectNear(x.grad(), dx);
    expectNear(scale.grad(), ds.view({1}));
}

TEST(TrainMethods, LearnedStepsHaveThePerChannelGradientsOfPyTorch)
{
    const QuantParams p = grid(3, true, {0.3f, 0.08f, 0.5f, 0.2f}, {}, 0);
    at::Tensor x = random({4, 6, 3, 3}, 7).requires_grad_(true),
               scale = fromVector(p.scale).requires_grad_(true);
    const at::Tensor g = random({4, 6, 3, 3}, 8);
    fakeQuantizeGrad(x, p, ScaleGradient::Lsq, scale, {}, 0.1).backward(g);
    const auto [dx, ds, dz] = at::_fake_quantize_learnable_per_channel_affine_backward(
        g, x.detach(), scale.detach(), at::zeros({4}), 0, p.qmin, p.qmax, 0.1);
    expectNear(x.grad(), dx);
    expectNear(scale.grad(), ds);
}

TEST(TrainMethods, LearnedStepsOfGroupsAreThoseOfTheirPiecesAlone)
{
    QuantParams p = grid(4, true, {0.1f, 0.2f, 0.05f, 0.3f, 0.15f, 0.25f}, {}, 0);
    p.group = 5; // of 12 elements a channel: 5, 5, 2
    at::Tensor x = random({2, 12}, 9).requires_grad_(true), scale = fromVector(p.scale).requires_grad_(true);
    const at::Tensor g = random({2, 12}, 10);
    const at::Tensor whole = fakeQuantizeGrad(x, p, ScaleGradient::Lsq, scale);
    whole.backward(g);
    for (int64_t entry = 0; entry < 6; ++entry) {
        const int64_t row = entry / 3, begin = entry % 3 * 5, length = std::min<int64_t>(5, 12 - begin);
        at::Tensor piece = x.detach()[row].slice(0, begin, begin + length).clone().requires_grad_(true);
        at::Tensor one = fromVector({p.scale[size_t(entry)]}).requires_grad_(true);
        const at::Tensor out =
            fakeQuantizeGrad(piece, grid(4, true, {p.scale[size_t(entry)]}), ScaleGradient::Lsq, one);
        out.backward(g[row].slice(0, begin, begin + length));
        EXPECT_TRUE(out.equal(whole[row].slice(0, begin, begin + length)));
        EXPECT_TRUE(piece.grad().equal(x.grad()[row].slice(0, begin, begin + length)));
        expectNear(one.grad(), scale.grad().slice(0, entry, entry + 1));
    }
}

TEST(TrainMethods, LearnedOffsetsHaveTheGradientsOfTheComposedExpression)
{
    // x^ = s q + offset with q = clamp(round((x - offset) / s)); offset = -3 s.
    const QuantParams p = grid(4, false, {0.09f}, {3});
    at::Tensor x = random({4, 50}, 11).requires_grad_(true), scale = fromVector(p.scale).requires_grad_(true),
               offset = fromVector({-0.27f}).requires_grad_(true);
    const at::Tensor g = random({4, 50}, 12);
    fakeQuantizeGrad(x, p, ScaleGradient::Plus, scale, offset).backward(g);

    at::Tensor y = x.detach().to(at::kDouble).requires_grad_(true),
               s = at::tensor({double(0.09f)}, at::kDouble).requires_grad_(true),
               b = at::tensor({-0.27}, at::kDouble).requires_grad_(true);
    const at::Tensor inside = insideMask(y.detach(), s.detach(), p, 3);
    const at::Tensor q = at::where(inside, roundThrough((y - b) / s),
                                   at::clamp(at::round((y.detach() - b.detach()) / s.detach()), 0, 15));
    (q * s + b).backward(g.to(at::kDouble));
    expectNear(x.grad(), y.grad().to(at::kFloat));
    expectNear(scale.grad(), s.grad().to(at::kFloat), 2e-6);
    expectNear(offset.grad(), b.grad().to(at::kFloat), 2e-6);
}

TEST(TrainMethods, ClippingLevelsHaveTheGradientOfTheComposedExpression)
{
    const QuantParams p = grid(4, false, {0.08f});
    at::Tensor x = random({4, 60}, 13).requires_grad_(true), scale = fromVector(p.scale).requires_grad_(true);
    const at::Tensor g = random({4, 60}, 14);
    fakeQuantizeGrad(x, p, ScaleGradient::Clip, scale).backward(g);
    // PACT: y = clip(x, 0, alpha), alpha = 15 s; rounding passes everything through.
    at::Tensor y = x.detach().to(at::kDouble).requires_grad_(true),
               s = at::tensor({double(0.08f)}, at::kDouble).requires_grad_(true);
    const at::Tensor alpha = s * 15;
    const at::Tensor r = at::round(y.detach() / s.detach());
    const at::Tensor clipped = at::where(r > 15, alpha, at::where(r < 0, at::zeros_like(y), y));
    clipped.backward(g.to(at::kDouble));
    expectNear(x.grad(), y.grad().to(at::kFloat));
    expectNear(scale.grad(), s.grad().to(at::kFloat));
}

Site weightSite(QuantParams params, Scheme scheme = Scheme::Symmetric)
{
    Site site;
    site.layer = "layer";
    site.weight = true;
    site.spec = QuantSpec::defaultWeights(params.bits);
    site.spec.scheme = scheme;
    site.spec.granularity = params.axis < 0 ? Granularity::Tensor : Granularity::Channel;
    site.start = std::move(params);
    return site;
}

TEST(TrainMethods, DorefaHasTheGradientOfItsTanh)
{
    const auto quantizer = makeDorefa(weightSite(grid(4, true, {0.3f, 0.2f}, {}, 0)));
    at::Tensor w = random({2, 40}, 15).requires_grad_(true);
    quantizer->begin(w);
    const at::Tensor g = random({2, 40}, 16);
    quantizer->apply(w, {}).backward(g);
    at::Tensor v = w.detach().to(at::kDouble).requires_grad_(true);
    const at::Tensor t = at::tanh(v);
    const at::Tensor moved = t / t.detach().abs().max() * v.detach().abs().max();
    const QuantParams p = quantizer->params(w);
    const at::Tensor s = fromVector(p.scale).to(at::kDouble).view({2, 1});
    const at::Tensor inside = insideMask(moved.detach(), s, p, 0);
    (moved * inside.to(at::kDouble)).backward(g.to(at::kDouble));
    expectNear(w.grad(), v.grad().to(at::kFloat));
}

TEST(TrainMethods, SoftStepsHaveTheGradientOfTheirTanhAndHardenToTheGrid)
{
    const auto quantizer = makeSoft(weightSite(grid(3, true, {0.25f})));
    at::Tensor w = random({30}, 17).requires_grad_(true);
    quantizer->begin(w);
    const double s = quantizer->params(w).scale[0], k = std::pow(20.0, 0.4 / 0.8);
    const at::Tensor g = random({30}, 18);
    quantizer->apply(w, {0.4, true}).backward(g);
    at::Tensor v = w.detach().to(at::kDouble).requires_grad_(true),
               r = at::ones({1}, at::kDouble).requires_grad_(true);
    const at::Tensor u = at::clamp(v / (r * s), -4, 3), m = at::floor(u.detach()) + 0.5;
    ((m + 0.5 * at::tanh(k * (u - m)) / std::tanh(k / 2)) * (r * s)).backward(g.to(at::kDouble));
    expectNear(w.grad(), v.grad().to(at::kFloat), 1e-5);
    expectNear(quantizer->learned()[0].grad(), r.grad().to(at::kFloat), 1e-5);
    EXPECT_TRUE(
        quantizer->apply(w, {0.9, true}).detach().equal(fakeQuantizeGrad(w, quantizer->params(w)).detach()));
}

TEST(TrainMethods, GradualBitsStepDownFromEightToThePlan)
{
    const auto quantizer = makeGradualBits(weightSite(grid(2, true, {0.9f})));
    const at::Tensor w = random({4000}, 19);
    quantizer->begin(w);
    size_t last = 300;
    for (const double progress : {0.0, 0.2, 0.35, 0.49, 0.6}) {
        const size_t levels =
            size_t(std::get<0>(at::_unique(quantizer->apply(w, {progress, true}).detach())).numel());
        EXPECT_LT(levels, last) << progress;
        last = levels;
    }
    EXPECT_LE(last, 4u);
}

TEST(TrainMethods, GradualLayersJoinInOrder)
{
    Site late = weightSite(grid(4, true, {0.2f}));
    late.position = 0.8;
    const auto quantizer = makeGradualLayers(late);
    const at::Tensor w = random({20}, 20);
    quantizer->begin(w);
    EXPECT_TRUE(quantizer->apply(w, {0.39, true}).equal(w));
    EXPECT_FALSE(quantizer->apply(w, {0.41, true}).equal(w));
}

TEST(TrainMethods, MovingRangesFollowTheMeanMagnitude)
{
    const auto quantizer = makeMovingSte(weightSite(grid(4, true, {0.2f, 0.4f}, {}, 0)));
    const at::Tensor w = random({2, 64}, 21);
    quantizer->begin(w);
    quantizer->apply(w * 3, {0.1, true});
    const QuantParams p = quantizer->params(w * 3);
    EXPECT_NEAR(p.scale[0], 0.6, 1e-6);
    EXPECT_NEAR(p.scale[1], 1.2, 1e-6);
}

TEST(TrainMethods, PowersOfTwoStayPowersOfTwoWhileTheyLearn)
{
    const auto quantizer = makeLsq(weightSite(grid(4, true, {0.125f}), Scheme::PowerOfTwo));
    const at::Tensor w = random({64}, 22);
    quantizer->begin(w);
    {
        at::NoGradGuard none;
        quantizer->learned()[0].mul_(1.7f);
    }
    int exponent = 0;
    EXPECT_EQ(std::frexp(quantizer->params(w).scale[0], &exponent), 0.5f);
}

TEST(TrainMethods, EveryMethodOfTheListHasItsRow)
{
    ASSERT_EQ(methodRows().size(), trainMethods().size());
    for (size_t i = 0; i < methodRows().size(); ++i)
        EXPECT_EQ(methodRows()[i].name, trainMethods()[i].name);
}

TEST(TrainMethods, FirstScalesAreNoWorseThanThePlansAndThanLsqs)
{
    const QuantParams p = grid(2, true, {1.0f});
    const at::Tensor w = at::tanh(random({5000}, 23) - 1) * 0.3;
    const auto error = [&](float scale) {
        QuantParams q = p;
        q.scale = {scale};
        return (fakeQuantizeGrad(w, q) - w).square().sum().item<double>();
    };
    const float best = bestScales(w, p)[0];
    EXPECT_LE(error(best), error(1.0f));
    EXPECT_LE(error(best), error(float(2 * w.abs().mean().item<double>())));
}

} // namespace
} // namespace bitwright
