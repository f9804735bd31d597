// SPDX-License-Identifier: GPL-3.0-or-later
#include "widgets/pages/config_histogram.h"

#include "widgets/document.h"
#include "widgets/format.h"
#include "widgets/plots/histogram_plot.h"

#include <QLabel>
#include <QVBoxLayout>

namespace bitwright {

namespace {

const Layer* layerOf(const Model& model, const std::string& name)
{
    for (const Layer& layer : model.graph().layers) {
        if (layer.name == name)
            return &layer;
    }
    return nullptr;
}

} // namespace

ConfigHistogram::ConfigHistogram(const Workspace& workspace, QWidget* parent)
    : QWidget(parent)
    , m_workspace(workspace)
    , m_title(new QLabel)
    , m_plot(new HistogramPlot)
    , m_update(workspace.runner, [this] { startUpdate(); })
{
    m_update.setWanted(false);
    m_title->setWordWrap(true);
    m_title->setAccessibleName(tr("What the histograms show"));
    m_plot->setAccessibleName(tr("Weights under the compared configurations"));
    m_plot->setThresholdsMovable(false);
    auto* layout = new QVBoxLayout(this);
    layout->setContentsMargins(0, 0, 0, 0);
    layout->setSpacing(4);
    layout->addWidget(m_title);
    layout->addWidget(m_plot, 1);
}

QString ConfigHistogram::title() const
{
    return m_title->text();
}

void ConfigHistogram::show(int row, const std::vector<Configuration>& compared)
{
    m_row = row;
    m_compared = compared;
    m_update.request();
}

void ConfigHistogram::showEvent(QShowEvent* event)
{
    QWidget::showEvent(event);
    m_update.setWanted(true);
}

void ConfigHistogram::hideEvent(QHideEvent* event)
{
    QWidget::hideEvent(event);
    m_update.setWanted(false);
}

void ConfigHistogram::startUpdate()
{
    const Document& document = *m_workspace.document;
    const bool chosen = m_row >= 0 && m_row < document.rowCount();
    if (m_compared.size() < 2 || !chosen || !document.row(m_row).hasWeights()) {
        showNothing(
            m_compared.size() < 2 ? tr("Check two to four configurations, or select one.")
            : chosen
                ? tr("%1 has no weights to compare.").arg(QString::fromStdString(document.row(m_row).name))
                : tr("Select a layer to see its weights under each configuration."));
        return;
    }
    const std::string layer = document.row(m_row).name;
    m_update.run<HistogramContents>(
        tr("Weights of %1").arg(QString::fromStdString(layer)),
        [layer, compared = m_compared](Progress& progress) -> Result<HistogramContents> {
            HistogramContents shown;
            for (const Configuration& c : compared) {
                const Layer* here = layerOf(*c.model, layer);
                if (!here)
                    continue;
                if (!shown.distribution) {
                    auto first = weightDistribution(*c.model, *here, 0, c.plan, progress);
                    if (!first)
                        return first.error();
                    shown.distribution = *std::move(first);
                    continue;
                }
                auto values = quantizedHistogram(*c.model, *here, 0, c.plan);
                if (!values)
                    return values.error();
                shown.overlays.push_back({c.name, *std::move(values)});
            }
            return shown;
        },
        [this, row = m_row](const Result<HistogramContents>& shown) { deliver(row, shown); });
}

void ConfigHistogram::showNothing(const QString& why)
{
    m_plot->clear();
    m_plot->hide();
    m_title->setAlignment(Qt::AlignCenter);
    m_title->setText(why);
    Q_EMIT upToDate();
}

void ConfigHistogram::deliver(int row, const Result<HistogramContents>& shown)
{
    if (!shown || !shown->distribution) {
        showNothing(shown ? QString() : errorText(shown.error()));
        return;
    }
    m_plot->show();
    m_title->setAlignment(Qt::AlignLeft);
    m_plot->setDistribution(*shown->distribution, row == m_shownRow);
    m_plot->setOverlays(shown->overlays);
    m_shownRow = row;
    m_title->setText(tr("%1, %2 by “%3”; lines: quantized values of the others")
                         .arg(QString::fromStdString(shown->distribution->name),
                              specText(shown->distribution->spec), m_compared.front().name));
    Q_EMIT upToDate();
}

} // namespace bitwright
