// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/tensor/train_kernels.h"

#include <gtest/gtest.h>

#include <cmath>
#include <vector>

namespace bitwright::kernels {
namespace {

TEST(TrainKernels, EqualThePlainLoopAtEveryLengthAndOffset)
{
    const IntGrid grid{0.13f, 3, 0, 15};
    for (const size_t n : {0u, 1u, 7u, 8u, 15u, 16u, 17u, 31u, 1000u, 1023u, 1024u, 1025u, 5000u})
        for (const size_t offset : {0u, 1u, 3u}) {
            std::vector<float> x(n + offset), g(n + offset), gx(n + offset + 4, 42);
            for (size_t i = 0; i < x.size(); ++i) {
                x[i] = float(std::sin(double(i) * 1.7) * 1.6);
                g[i] = float(std::cos(double(i) * 0.9));
            }
            const GradientSums sums =
                fakeQuantizeIntBackward(x.data() + offset, g.data() + offset, gx.data() + offset, n, grid);
            GradientSums expected;
            for (size_t i = offset; i < n + offset; ++i) {
                const float v = x[i] * (1.0f / grid.scale), r = std::nearbyint(v);
                const bool below = r + 3 < 0, above = r + 3 > 15;
                EXPECT_EQ(gx[i], below || above ? 0 : g[i]);
                expected.inside += below || above ? 0 : double(g[i]) * double(r - v);
                expected.below += below ? g[i] : 0;
                expected.above += above ? g[i] : 0;
            }
            EXPECT_NEAR(sums.inside, expected.inside, 1e-6 * double(n + 1));
            EXPECT_NEAR(sums.below, expected.below, 1e-6 * double(n + 1));
            EXPECT_NEAR(sums.above, expected.above, 1e-6 * double(n + 1));
            for (size_t i = n + offset; i < gx.size(); ++i)
                EXPECT_EQ(gx[i], 42);
        }
}

} // namespace
} // namespace bitwright::kernels
