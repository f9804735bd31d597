// SPDX-License-Identifier: GPL-3.0-or-later
#include "tests/widgets/large_views.h"
#include "widgets/models/channel_model.h"
#include "widgets/plots/channel_plot.h"

#include <QAbstractItemModelTester>
#include <QElapsedTimer>
#include <QTest>

#include <gtest/gtest.h>

#include <cstdio>

using namespace bitwright;
using namespace bitwright::test;

TEST(ChannelModelTest, keepsTheModelContractAndSortsByNumbers)
{
    std::vector<Moments> moments(3);
    const float tops[]{10, 9, 100};
    for (size_t c = 0; c < 3; ++c) {
        moments[c].count = 1;
        moments[c].min = 0;
        moments[c].max = tops[c];
    }
    ChannelModel model;
    const QAbstractItemModelTester tester(&model, QAbstractItemModelTester::FailureReportingMode::Fatal);
    model.setChannels(summarizeChannels(moments), {40, 30});
    EXPECT_EQ(model.rowCount(), 3);
    EXPECT_EQ(model.index(2, ChannelModel::Ratio).data().toString(), "10.00×");
    EXPECT_EQ(model.index(1, ChannelModel::Sqnr).data().toString(), "30.0 dB");
    EXPECT_FALSE(model.index(2, ChannelModel::Sqnr).data(ChannelModel::SortRole).isValid()) << "not known";
    EXPECT_EQ(model.index(0, ChannelModel::Maximum).data(ChannelModel::SortRole).toDouble(), 10);
    model.setChannels({}, {});
    EXPECT_EQ(model.rowCount(), 0);
}

TEST(ChannelPlotTest, drawsTwoThousandChannelsInATenthOfASecond)
{
    const SiteDistribution d = rangesOf2048Channels();
    ChannelPlot plot;
    plot.resize(900, 400);
    plot.show();
    ASSERT_TRUE(QTest::qWaitForWindowExposed(&plot));
    QElapsedTimer clock;
    clock.start();
    plot.setDistribution(d);
    QCoreApplication::processEvents(); // the replot that waits for the event loop
    plot.grab();
    std::printf("2,048 channels: %lld ms\n", static_cast<long long>(clock.elapsed()));
    EXPECT_LT(clock.elapsed(), 250)
        << "the goal is 100 ms; machines that build at the same time get some room";
    EXPECT_EQ(plot.flagged(), std::vector<int64_t>{77});
    EXPECT_EQ(plot.order().front(), 77);
    plot.setOrder(ChannelPlot::ByIndex);
    EXPECT_EQ(plot.order().front(), 0);
    plot.setLimit(10);
    EXPECT_TRUE(plot.flagged().empty());
}
