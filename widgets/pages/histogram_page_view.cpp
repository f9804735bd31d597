// SPDX-License-Identifier: GPL-3.0-or-later
// What the distribution page shows: its views, the numbers and the formula.
#include "widgets/format.h"
#include "widgets/models/channel_model.h"
#include "widgets/pages/distribution_lines.h"
#include "widgets/pages/formula_text.h"
#include "widgets/pages/histogram_page.h"
#include "widgets/pages/statistics_table.h"
#include "widgets/plots/channel_plot.h"
#include "widgets/plots/histogram_plot.h"
#include "widgets/plots/staircase_plot.h"

#include <QAction>
#include <QComboBox>
#include <QLabel>
#include <QTabBar>
#include <QToolButton>

#include <algorithm>
#include <cmath>

namespace bitwright {

QStringList HistogramPage::views() const
{
    return {QStringLiteral("weights"),  QStringLiteral("inputs"),        QStringLiteral("activations"),
            QStringLiteral("channels"), QStringLiteral("channel-table"), QStringLiteral("staircase")};
}

QString HistogramPage::viewTitle(const QString& name) const
{
    const qsizetype view = views().indexOf(name);
    if (view < 0)
        return {};
    return view < m_site->count() ? m_site->itemText(int(view))
                                  : m_tabs->tabText(int(view) - m_site->count() + int(Channels));
}

void HistogramPage::showView(const QString& name)
{
    const auto site = name == u"inputs"        ? DistributionSite::Input
                      : name == u"activations" ? DistributionSite::Output
                                               : DistributionSite::Weights;
    show(name == u"channels"        ? Channels
         : name == u"channel-table" ? Table
         : name == u"staircase"     ? Staircase
                                    : Histogram,
         site);
}

void HistogramPage::show(View view, DistributionSite site)
{
    m_tabs->setCurrentIndex(view);
    m_site->setCurrentIndex(int(site));
}

QJsonObject HistogramPage::viewState() const
{
    return {{QStringLiteral("view"), m_tabs->currentIndex()},
            {QStringLiteral("tensor"), int(m_choice)},
            {QStringLiteral("logarithmic"), m_logarithmic->isChecked()}};
}

void HistogramPage::restoreView(const QJsonObject& state)
{
    const int view = state.value(QStringLiteral("view")).toInt();
    const int site = state.value(QStringLiteral("tensor")).toInt();
    show(View(std::clamp(view, 0, int(Staircase))), DistributionSite(std::clamp(site, 0, 2)));
    m_logarithmic->setChecked(state.value(QStringLiteral("logarithmic")).toBool());
}

void HistogramPage::showChannel(int64_t channel)
{
    if (channel >= 0 && m_target.site != PlanSite::Weights)
        return; // activations keep no histogram a channel
    m_channel = channel;
    m_tabs->setCurrentIndex(Histogram);
    m_update.request();
}

void HistogramPage::showDistribution(const SiteDistribution& d, bool sameTensor)
{
    const bool movable = d.channel < 0 && d.hasRange;
    m_plot->setThresholdsMovable(movable);
    m_plot->setDistribution(d, sameTensor);
    m_channelPlot->setDistribution(d);
    m_channels->setChannels(d.channels, d.channelSqnrDb);
    m_staircase->setDistribution(d, sameTensor);
    m_allChannels->setVisible(d.channel >= 0);
    const QString channel = d.channel >= 0 ? tr(", channel %1").arg(countText(d.channel)) : QString();
    const QString preview = m_wish ? tr(" – preview, not in the plan yet") : QString();
    m_title->setText(tr("%1%2: %3%4").arg(m_target.title, channel, specText(d.spec), preview));
    for (QWidget* view : std::initializer_list<QWidget*>{m_plot, m_channelPlot, m_staircase})
        view->setAccessibleDescription(m_title->text());
    m_numbers->setLines(distributionLines(d));
    showNumbers(d);
    probe(NAN);
}

void HistogramPage::probe(double value)
{
    m_plot->setProbe(value);
    m_staircase->setProbe(value);
    if (!std::isfinite(value) || !m_shown) {
        m_formula->setText(tr("Point at a value to read how it is quantized, step by step."));
        return;
    }
    QString text = formulaText(m_shown->params, m_shown->widestEntry, float(value));
    if (m_shown->params.scale.size() > 1)
        text.replace(
            text.indexOf(u'\n'), 1,
            tr("    (the widest of %1 scales)\n").arg(countText(qint64(m_shown->params.scale.size()))));
    m_formula->setText(text);
}

} // namespace bitwright
