// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "tests/widgets/stall_monitor.h"
#include "widgets/plots/heat_map.h"
#include "widgets/plots/site_distribution.h"

#include <QCoreApplication>
#include <QScrollBar>

#include <memory>
#include <vector>

namespace bitwright::test {

/// 4096 x 4096 signed errors, no two neighbours alike.
inline HeatGridPtr errorsOf4096Squared()
{
    auto grid = std::make_shared<HeatGrid>();
    grid->rows = grid->columns = 4096;
    grid->square = true;
    grid->scale = HeatGrid::Scale::Diverging;
    grid->values.resize(size_t(4096) * 4096);
    for (size_t i = 0; i < grid->values.size(); ++i)
        grid->values[i] = float(int(uint32_t(i) * 2654435761u >> 20) - 2048);
    grid->fitScale();
    grid->buildPyramid();
    return grid;
}

/// Pans the shown map aslant, 20 pictures at each of four zooms, from fitted to large cells: milliseconds of
/// processor time a picture takes until it is on the screen, all in one list.
inline std::vector<double> panningTimes(HeatMap& map)
{
    std::vector<double> times;
    for (const double zoom : {1.5, 2.0, 4.0, 4.0}) {
        map.zoom(zoom, map.rect().center());
        QCoreApplication::processEvents();
        for (int i = 0; i < 20; ++i) {
            const double start = threadSeconds();
            const int step = i % 10 < 5 ? 1 : -1; // to and fro: an end of the picture would be no work
            map.horizontalScrollBar()->setValue(map.horizontalScrollBar()->value() + 37 * step);
            map.verticalScrollBar()->setValue(map.verticalScrollBar()->value() + 11 * step);
            QCoreApplication::processEvents();
            times.push_back(1e3 * (threadSeconds() - start));
        }
    }
    return times;
}

/// Ranges of 2,048 channels, of which number 77 is far wider than the others.
inline SiteDistribution rangesOf2048Channels()
{
    SiteDistribution distribution;
    std::vector<Moments> moments(2048);
    for (size_t c = 0; c < moments.size(); ++c) {
        moments[c].count = 1;
        moments[c].max = c == 77 ? 9 : 1 + float(c % 13) * 0.05f;
        moments[c].min = -moments[c].max;
    }
    distribution.channels = summarizeChannels(moments);
    return distribution;
}

} // namespace bitwright::test
