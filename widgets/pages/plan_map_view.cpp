// SPDX-License-Identifier: GPL-3.0-or-later
#include "widgets/pages/plan_map_view.h"

#include "widgets/document.h"
#include "widgets/format.h"
#include "widgets/models/layer_model.h"
#include "widgets/plots/heat_map.h"
#include "widgets/plots/heat_panel.h"

#include <QItemSelectionModel>
#include <QLabel>
#include <QTimer>
#include <QVBoxLayout>

#include <algorithm>

namespace bitwright {

namespace {

constexpr int kColumns = 8;

float orNothing(const std::optional<SiteReport>& site, double (ErrorSums::*metric)() const, double factor = 1)
{
    return site ? float(factor * (site->error.*metric)()) : HeatGrid::nothing();
}

/// Every column from its least (0) to its largest (1).
void shadeColumns(HeatGrid& grid)
{
    grid.shades = grid.values;
    for (int c = 0; c < grid.columns; ++c) {
        float least = std::numeric_limits<float>::infinity(), most = -least;
        for (int r = 0; r < grid.rows; ++r) {
            const float v = grid.value(r, c);
            if (std::isfinite(v)) {
                least = std::min(least, v);
                most = std::max(most, v);
            }
        }
        for (int r = 0; r < grid.rows; ++r) {
            float& shade = grid.shades[size_t(r) * size_t(grid.columns) + size_t(c)];
            if (!std::isnan(shade))
                shade = most > least ? std::clamp((shade - least) / (most - least), 0.0f, 1.0f) : 0.5f;
        }
    }
}

} // namespace

PlanMapView::PlanMapView(const Workspace& workspace, QWidget* parent)
    : QWidget(parent)
    , m_workspace(workspace)
    , m_panel(new HeatPanel(tr("Layers by metrics")))
    , m_later(new QTimer(this))
{
    auto* definition =
        new QLabel(tr("Local: every tensor before and after its own quantizer of the plan as it "
                      "is. Each column has its own colours, from its least to its largest number."));
    definition->setWordWrap(true);
    auto* layout = new QVBoxLayout(this);
    layout->setContentsMargins(0, 0, 0, 0);
    layout->setSpacing(4);
    layout->addWidget(definition);
    layout->addWidget(m_panel, 1);
    m_later->setSingleShot(true);
    m_later->setInterval(60);
    connect(m_later, &QTimer::timeout, this, [this] {
        if (isVisible())
            refresh();
        else
            m_outdated = true; // thousands of layers take time that nobody sees
    });
    const auto later = [this] { m_later->start(); };
    connect(workspace.document, &Document::modelChanged, this, [this] {
        m_panel->setGrid(nullptr); // its rows are those of another model
        m_later->start();
    });
    connect(workspace.document, &Document::reportChanged, this, later);
    connect(workspace.document, &Document::planChanged, this, later);
    connect(m_panel->map(), &HeatMap::currentChanged, this, [this](int row, int) {
        m_workspace.selection->setCurrentIndex(m_workspace.layers->index(row, 0),
                                               QItemSelectionModel::ClearAndSelect |
                                                   QItemSelectionModel::Rows);
    });
    connect(workspace.selection, &QItemSelectionModel::currentChanged, this, &PlanMapView::followSelection);
    refresh();
}

bool PlanMapView::isUpToDate() const
{
    return !m_later->isActive();
}

HeatGridPtr PlanMapView::makeGrid() const
{
    const Document& document = *m_workspace.document;
    auto grid = std::make_shared<HeatGrid>();
    grid->rows = document.rowCount();
    grid->columns = kColumns;
    grid->rowTitle = tr("Layer");
    grid->title = tr("In its column");
    grid->columnNames = {tr("W bits"), tr("W SQNR"), tr("W max error"), tr("W clipped"),
                         tr("W size"), tr("A bits"), tr("A SQNR"),      tr("A clipped")};
    grid->columnUnits = {tr("bit"), tr("dB"), {}, tr("%"), tr("kB"), tr("bit"), tr("dB"), tr("%")};
    for (int row = 0; row < grid->rows; ++row) {
        grid->rowNames << QString::fromStdString(document.row(row).name);
        const LayerReport* report = document.report(row);
        if (!report) {
            grid->values.insert(grid->values.end(), kColumns, HeatGrid::nothing());
            continue;
        }
        const auto &w = report->weight, &a = report->activation;
        grid->values.insert(
            grid->values.end(),
            {w ? float(w->spec.storedBits()) : HeatGrid::nothing(), orNothing(w, &ErrorSums::sqnrDb),
             w ? float(w->error.maxAbs) : HeatGrid::nothing(), orNothing(w, &ErrorSums::clippedShare, 100),
             w ? float(double(w->bytes) / 1000) : HeatGrid::nothing(),
             a ? float(a->spec.storedBits()) : HeatGrid::nothing(), orNothing(a, &ErrorSums::sqnrDb),
             orNothing(a, &ErrorSums::clippedShare, 100)});
    }
    shadeColumns(*grid);
    return grid;
}

void PlanMapView::showEvent(QShowEvent* event)
{
    QWidget::showEvent(event);
    if (m_outdated)
        refresh();
}

void PlanMapView::followSelection()
{
    const QModelIndex current = m_workspace.selection->currentIndex();
    if (current.isValid())
        m_panel->map()->setCurrentCell(current.row(), std::max(0, m_panel->map()->currentCell().x()), false);
}

void PlanMapView::refresh()
{
    m_outdated = false;
    m_panel->setGrid(makeGrid());
    followSelection();
    Q_EMIT upToDate();
}

} // namespace bitwright
