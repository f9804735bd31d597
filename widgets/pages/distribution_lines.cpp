// SPDX-License-Identifier: GPL-3.0-or-later
#include "widgets/pages/distribution_lines.h"

#include "widgets/format.h"

#include <QCoreApplication>

#include <algorithm>

namespace bitwright {

namespace {

QString tr(const char* text)
{
    return QCoreApplication::translate("bitwright", text);
}

QString scaleText(const std::vector<float>& scale)
{
    if (scale.size() == 1)
        return numberText(scale.front(), 5);
    const auto [least, most] = std::minmax_element(scale.begin(), scale.end());
    return tr("%1 … %2").arg(numberText(*least, 3), numberText(*most, 3));
}

QString rangeText(const Range& range)
{
    return tr("%1 … %2").arg(numberText(range.lo, 3), numberText(range.hi, 3));
}

void addGrid(const SiteDistribution& d, std::vector<StatisticsTable::Line>& lines)
{
    const QuantParams& p = d.params;
    if (!p.scale.empty()) {
        lines.emplace_back(p.scale.size() == 1 ? tr("Scale")
                                               : tr("Scales (%1)").arg(countText(qint64(p.scale.size()))),
                           scaleText(p.scale));
    }
    if (p.zeroPoint.size() == 1)
        lines.emplace_back(tr("Zero point"), countText(p.zeroPoint.front()));
    if (d.hasRange)
        lines.emplace_back(p.scale.size() == 1 ? tr("Range") : tr("Widest range"), rangeText(d.widest));
    if (d.hasRange && p.scale.size() > 1)
        lines.emplace_back(tr("Narrowest range"), rangeText(d.narrowest));
    if (!d.levels.empty()) {
        const auto used =
            std::count_if(d.levels.begin(), d.levels.end(), [](const auto& l) { return l.count > 0; });
        lines.emplace_back(tr("Levels used"), tr("%1 of %2").arg(used).arg(d.levels.size()));
    }
    lines.emplace_back(tr("Range by"), estimatorText(d.spec));
}

} // namespace

std::vector<StatisticsTable::Line> distributionLines(const SiteDistribution& d)
{
    const Moments& m = d.stats.all;
    const double zeros = m.count > 0 ? double(d.stats.zeros) / double(m.count) : 0;
    std::vector<StatisticsTable::Line> lines{
        {tr("Float values"), {}},
        {tr("Count"), countText(m.count)},
        {tr("Minimum"), numberText(m.min)},
        {tr("Maximum"), numberText(m.max)},
        {tr("Mean"), numberText(m.mean())},
        {tr("Standard deviation"), numberText(m.std())},
        {tr("Exact zeros"), percentText(zeros, 1)},
    };
    if (d.stats.nonFinite > 0)
        lines.emplace_back(tr("NaN or infinite"), countText(d.stats.nonFinite));
    if (d.spec.isFloat32())
        return lines;
    lines.emplace_back(tr("Quantizer"), QString());
    addGrid(d, lines);
    lines.emplace_back(d.expected ? tr("Expected local error") : tr("Local error"), QString());
    lines.emplace_back(tr("SQNR"), decibelText(d.error.sqnrDb()));
    lines.emplace_back(tr("Mean squared"), numberText(d.error.mse()));
    if (!d.expected) {
        lines.emplace_back(tr("Largest"), numberText(d.error.maxAbs));
        lines.emplace_back(tr("Cosine"), numberText(d.error.cosine(), 6));
    }
    if (d.hasRange && d.params.scale.size() == 1)
        lines.emplace_back(tr("Clipped"), percentText(d.error.clippedShare(), 3));
    if (d.bytes > 0)
        lines.emplace_back(tr("Packed size"), bytesText(d.bytes));
    return lines;
}

} // namespace bitwright
