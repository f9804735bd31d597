// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/torch/train/checkpoint_p.h"
#include "tests/temporary_folder.h"

#include <ATen/ATen.h>
#include <gtest/gtest.h>

#include <functional>
#include <tuple>

namespace bitwright {
namespace {

class Checkpoint : public testing::Test {
public:
    Checkpoint()
    {
        position.epoch = 2;
        position.bestEpoch = 1;
        position.epochs.resize(2);
    }

    /// What reading the file gives that was written from the members.
    Result<TrainPosition> again()
    {
        const std::string path = m_folder.file("run.checkpoint");
        EXPECT_TRUE(writeCheckpoint(path, "run", position, state, best, m_optimizer));
        std::vector<at::Tensor> read;
        return readCheckpoint(path, "run", {at::zeros({3})}, read, m_optimizer);
    }

    TrainPosition position;
    std::vector<at::Tensor> state{at::ones({3})}, best{at::ones({3})};

private:
    test::TemporaryFolder m_folder;
    TrainOptimizer m_optimizer{{{"w", at::ones({3}).requires_grad_(true)}}, {}, TrainOptions()};
};

TEST_F(Checkpoint, ComesBackAsItWasWritten)
{
    const auto read = again();
    ASSERT_TRUE(read) << read.error().text();
    EXPECT_EQ(read->bestEpoch, 1);
    EXPECT_EQ(read->epochs.size(), 2u);
}

TEST_F(Checkpoint, WhosePartsContradictEachOtherIsRefused)
{
    const std::function<void(Checkpoint&)> damages[] = {
        [](Checkpoint& c) { c.best.clear(); },
        [](Checkpoint& c) { c.best = {at::ones({1})}; },
        [](Checkpoint& c) { c.state = {at::ones({1})}; },
        [](Checkpoint& c) { c.position.bestEpoch = 2; },
        [](Checkpoint& c) { c.position.bestEpoch = -1; },
        [](Checkpoint& c) { c.position.epochs.clear(); },
        [](Checkpoint& c) { c.position.epoch = 0; },
    };
    for (const auto& damage : damages) {
        const auto was = std::tuple(position, state, best);
        damage(*this);
        const auto read = again();
        ASSERT_FALSE(read);
        EXPECT_EQ(read.error().code, Error::Corrupt);
        std::tie(position, state, best) = was;
    }
}

} // namespace
} // namespace bitwright
