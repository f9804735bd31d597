// SPDX-License-Identifier: GPL-3.0-or-later
#include "widgets/pages/why_text.h"

#include "widgets/format.h"

#include <QCoreApplication>
#include <QLocale>
#include <QStringList>

#include <cmath>

namespace bitwright {

namespace {

QString tr(const char* text, int n = -1)
{
    return QCoreApplication::translate("bitwright", text, nullptr, n);
}

QString timesText(double ratio)
{
    return tr("%1×").arg(QLocale().toString(ratio, 'f', ratio < 10 ? 1 : 0));
}

/// "3, 17, 21 and 4 more"
QString channelList(const std::vector<int64_t>& channels)
{
    constexpr size_t kShown = 4;
    QStringList names;
    for (size_t i = 0; i < std::min(kShown, channels.size()); ++i)
        names << countText(channels[i]);
    const QString text = names.join(QStringLiteral(", "));
    return channels.size() <= kShown ? text : tr("%1 and %n more", int(channels.size() - kShown)).arg(text);
}

QString outlierText(const Cause& cause, const ChannelSummary& channels)
{
    const int64_t widest = channels.widest();
    const Range range = channels.channels[size_t(widest)].range;
    return tr("Channel %1 reaches from %2 to %3, %4 the median channel. Its range sets the one scale of all "
              "%5 channels, so the others get few levels. Far above the median: %6.")
        .arg(countText(widest), numberText(range.lo, 3), numberText(range.hi, 3), timesText(cause.measured),
             countText(qint64(channels.channels.size())), channelList(cause.channels));
}

QString levelsText(const Cause& cause)
{
    if (cause.reference <= 16)
        return tr("The grid has only %1 levels; %2 of them hold 99 % of the values. The step is coarse for "
                  "what "
                  "lies between.")
            .arg(cause.reference)
            .arg(cause.measured);
    return tr("99 % of the values share %1 of the %2 levels: a few large values stretch the range, and the "
              "step is coarse for all others.")
        .arg(cause.measured)
        .arg(cause.reference);
}

} // namespace

QString causeHeadline(const Cause& cause)
{
    switch (cause.kind) {
    case CauseKind::Saturation:
        return tr("Saturation");
    case CauseKind::Clipping:
        return tr("Clipped values make the error");
    case CauseKind::OutlierChannel:
        return tr("Outlier channel");
    case CauseKind::ChannelRanges:
        return tr("Channels of very different range share one scale");
    case CauseKind::OneSided:
        return cause.measured >= 0.5 ? tr("Unsigned data in a signed grid")
                                     : tr("One-sided data in a grid around zero");
    case CauseKind::FewLevels:
        return tr("Few levels are used");
    case CauseKind::DeadChannels:
        return tr("Dead channels");
    }
    return {};
}

QString causeText(const Cause& cause, const Diagnosis& diagnosis)
{
    switch (cause.kind) {
    case CauseKind::Saturation:
        return tr("%1 of the values lie outside the range and are all set to its ends.")
            .arg(percentText(cause.measured, 1));
    case CauseKind::Clipping:
        return tr("Only %1 of the values are clipped, but they make %2 of the squared error.")
            .arg(percentText(cause.reference, 3), percentText(cause.measured, 0));
    case CauseKind::OutlierChannel:
        return outlierText(cause, diagnosis.facts.channels);
    case CauseKind::ChannelRanges:
        return tr("The wide channels (90th percentile) reach %1 as far as the narrow ones (10th percentile), "
                  "but all %2 share one scale: the narrow ones keep few levels.")
            .arg(timesText(cause.measured), countText(qint64(diagnosis.facts.channels.channels.size())));
    case CauseKind::OneSided:
        return tr("The values lie between %1 and %2, the grid around zero: %3 of its levels can never be "
                  "used.")
            .arg(numberText(diagnosis.facts.values.lo, 3), numberText(diagnosis.facts.values.hi, 3),
                 percentText(cause.measured, 0));
    case CauseKind::FewLevels:
        return levelsText(cause);
    case CauseKind::DeadChannels:
        return tr("%1 of %2 channels hold nothing but zeros (%3). They cost memory and time, but no "
                  "precision.")
            .arg(cause.measured)
            .arg(cause.reference)
            .arg(channelList(cause.channels));
    }
    return {};
}

QString deadChannelsNote(const Cause& cause)
{
    return tr("dead channels: %1").arg(channelList(cause.channels));
}

QString remedyText(const Remedy& remedy)
{
    switch (remedy.kind) {
    case RemedyKind::PerChannel:
        return tr("One scale per channel");
    case RemedyKind::MseRange:
        return tr("Range of least squared error");
    case RemedyKind::WholeRange:
        return tr("Range from minimum to maximum");
    case RemedyKind::Unsigned:
        return tr("Unsigned scheme");
    case RemedyKind::Asymmetric:
        return tr("Asymmetric scheme");
    case RemedyKind::MoreBits:
        return tr("%1 bits").arg(remedy.spec.bits);
    case RemedyKind::KeepFloat:
        return tr("Keep in float");
    }
    return {};
}

QString remedyEffect(const Remedy& remedy, double nowDb)
{
    if (std::isinf(remedy.sqnrDb))
        return tr("exact");
    if (!std::isfinite(nowDb))
        return decibelText(remedy.sqnrDb);
    return tr("%1 (+%2)").arg(decibelText(remedy.sqnrDb), QLocale().toString(remedy.sqnrDb - nowDb, 'f', 1));
}

} // namespace bitwright
