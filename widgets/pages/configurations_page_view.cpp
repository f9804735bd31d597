// SPDX-License-Identifier: GPL-3.0-or-later
#include "widgets/actions.h"
#include "widgets/document.h"
#include "widgets/format.h"
#include "widgets/models/config_model.h"
#include "widgets/pages/config_histogram.h"
#include "widgets/pages/configurations_page.h"
#include "widgets/plots/tradeoff_plot.h"
#include "widgets/prediction.h"

#include <QItemSelectionModel>
#include <QLabel>
#include <QLocale>
#include <QTableView>

#include <algorithm>
#include <cmath>

namespace bitwright {

namespace {

/// A change between two figures as a share of the first.
QString change(double from, double to)
{
    if (!(from > 0))
        return {};
    const double percent = 100 * (to - from) / from;
    return (percent < 0 ? QStringLiteral("−") : QStringLiteral("+")) +
           QLocale().toString(std::abs(percent), 'f', 1) + QStringLiteral(" %");
}

} // namespace

void ConfigurationsPage::refreshPlot()
{
    std::vector<TradeoffPoint> points;
    m_points.clear();
    const auto& all = m_model->configurations();
    const bool labelled = std::any_of(all.begin(), all.end(), [](const Configuration& c) {
        return c.evaluation && c.evaluation->quantized.top1;
    });
    for (const Measurement& m : m_workspace.document->measurements()) {
        const auto it = std::find_if(all.begin(), all.end(), [&m](const Configuration& other) {
            return other.plan == m.plan && other.model == m.model;
        });
        if (it == all.end() || !it->cost || !it->evaluation || (labelled && !it->evaluation->quantized.top1))
            continue;
        const Configuration& c = *it;
        const double accuracy = labelled ? 100 * *c.evaluation->quantized.top1 : c.evaluation->outputSqnrDb;
        if (!std::isfinite(accuracy))
            continue;
        points.push_back({c.name, double(c.cost->quantizedBytes) / 1000, accuracy, 0,
                          m_workspace.document->historyStep(m)});
        m_points.append(int(it - all.begin()));
    }
    if (const auto estimate = predictionOf(*m_workspace.document);
        !all.empty() && all[0].cost && !all[0].evaluation && labelled && estimate && estimate->top1) {
        points.push_back({all[0].name, double(all[0].cost->quantizedBytes) / 1000,
                          100 * estimate->top1->value, 100 * estimate->top1->half});
        m_points.append(0);
    }
    m_plot->setPoints(points, labelled ? tr("Top-1 (%)") : tr("Output SQNR (dB)"));
    m_plot->setCurrent(int(m_points.indexOf(m_list->currentIndex().row())));
}

std::vector<Configuration> ConfigurationsPage::compared() const
{
    const auto& all = m_model->configurations();
    const int row = m_list->currentIndex().row();
    QList<int> rows = m_model->checkedRows();
    // Without checks: what Enter would change.
    if (rows.size() < 2)
        rows = row > 0 ? QList<int>{0, row} : QList<int>();
    std::vector<Configuration> chosen;
    for (const int r : std::as_const(rows))
        chosen.push_back(all[size_t(r)]);
    return chosen;
}

void ConfigurationsPage::refreshDifference()
{
    const auto& all = m_model->configurations();
    const int row = m_list->currentIndex().row();
    const std::vector<Configuration> compared = this->compared();
    m_differenceModel->setConfigurations(*m_workspace.document, compared);
    m_histogram->show(m_workspace.selection->currentIndex().row(), compared);
    QStringList lines;
    for (size_t i = 1; i < compared.size(); ++i) {
        const Configuration &a = compared[0], &b = compared[i];
        QStringList parts;
        if (a.cost && b.cost)
            parts << tr("size %1").arg(
                change(double(a.cost->quantizedBytes), double(b.cost->quantizedBytes)));
        if (a.cost && b.cost && a.cost->bops > 0 && b.cost->bops > 0)
            parts << tr("bit operations %1").arg(change(a.cost->bops, b.cost->bops))
                  << tr("energy %1").arg(change(a.cost->energyPj, b.cost->energyPj));
        if (a.evaluation && b.evaluation && a.evaluation->quantized.top1 && b.evaluation->quantized.top1)
            parts << tr("top-1 %1 → %2")
                         .arg(percentText(*a.evaluation->quantized.top1, 2),
                              percentText(*b.evaluation->quantized.top1, 2));
        lines << tr("%1 → %2: %3")
                     .arg(a.name, b.name, parts.isEmpty() ? tr("not measured") : parts.join(u", "));
    }
    if (lines.isEmpty())
        lines << tr(
            "Select a configuration to see what it would change, or check two to four to compare them.");
    m_summary->setText(lines.join(QLatin1Char('\n')));
    m_plot->setCurrent(int(m_points.indexOf(row)));
    const QString noModel = all.empty() ? tr("Open a model first.") : QString();
    const bool other = row > 0 && size_t(row) < all.size() && !all[size_t(row)].isSame(all[0]);
    const bool named = row > 0 && row <= int(m_workspace.document->snapshots().size());
    Actions::setReason(m_snapshot, noModel);
    Actions::setReason(m_apply, !noModel.isEmpty() ? noModel
                                : other            ? QString()
                                        : tr("Select a configuration that differs from the plan."));
    Actions::setReason(m_remove, named ? QString() : tr("Select a snapshot."));
}

} // namespace bitwright
