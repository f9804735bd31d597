// SPDX-License-Identifier: GPL-3.0-or-later
#include "widgets/document.h"
#include "widgets/models/layer_model.h"
#include "widgets/pages/graph_page.h"
#include "widgets/plots/color_legend.h"
#include "widgets/plots/graph_view.h"
#include "widgets/theme.h"

#include <QElapsedTimer>
#include <QFontMetricsF>
#include <QItemSelectionModel>
#include <QLabel>
#include <QLineEdit>
#include <QRegularExpression>
#include <QScopedValueRollback>

#include <algorithm>

namespace bitwright {

namespace {

/// Of the window's time for every slice of a graph that is being built.
constexpr int kSliceMs = 5;

} // namespace

GraphBox GraphPage::boxOf(int id) const
{
    const OutlineNode& node = m_outline.nodes[size_t(id)];
    GraphBox box;
    box.title = QString::fromStdString(node.label);
    box.isModule = node.isModule();
    if (box.isModule) {
        box.subtitle = tr("%n layer(s)", nullptr, int(node.rows.size()));
        return box;
    }
    const Layer* layer = m_workspace.document->row(node.row).layer;
    box.subtitle = layer ? QString::fromStdString(layer->label) : tr("input");
    return box;
}

QString GraphPage::toolTipOf(int id) const
{
    const OutlineNode& node = m_outline.nodes[size_t(id)];
    if (node.isModule())
        return tr("%1: %n layer(s); double-click or Enter opens it", nullptr, int(node.rows.size()))
            .arg(QString::fromStdString(node.path));
    return m_workspace.layers->index(node.row, LayerModel::Name).data(Qt::ToolTipRole).toString();
}

LayoutInput GraphPage::layoutInput() const
{
    LayoutInput input;
    std::vector<int> frameOf(m_outline.nodes.size(), -1), boxOf(m_outline.nodes.size(), -1);
    const auto around = [&](int id) {
        const int parent = m_outline.nodes[size_t(id)].parent;
        return parent == kNone ? -1 : frameOf[size_t(parent)];
    };
    for (int id : m_visible.frames) {
        input.frameParents.push_back(around(id));
        frameOf[size_t(id)] = int(input.frameParents.size()) - 1;
    }
    const QFontMetricsF metrics(m_view->font());
    QHash<QString, QSizeF> sizes; // thousands of boxes have few different names
    for (int id : m_visible.nodes) {
        boxOf[size_t(id)] = int(input.boxes.size());
        const GraphBox box = this->boxOf(id);
        QSizeF& size = sizes[box.title + u'\n' + box.subtitle];
        if (size.isEmpty())
            size = GraphBoxItem::sizeFor(box, metrics);
        input.boxes.push_back({size, around(id)});
    }
    for (const auto& [from, to] : m_visible.edges)
        input.edges.emplace_back(boxOf[size_t(from)], boxOf[size_t(to)]);
    return input;
}

void GraphPage::showLayout(const GraphLayout& layout)
{
    m_view->beginFilling(layout.bounds);
    m_building = Building{layout};
    buildSome();
}

void GraphPage::buildSome()
{
    if (!m_building)
        return;
    QElapsedTimer timer;
    timer.start();
    while (addNext()) {
        if (timer.elapsed() < kSliceMs)
            continue;
        m_buildTimer.start(0);
        return;
    }
    finishBuilding();
}

bool GraphPage::addNext()
{
    Building& b = *m_building;
    if (b.frame < m_visible.frames.size()) {
        const size_t i = b.frame++;
        const int id = m_visible.frames[i];
        const OutlineNode& node = m_outline.nodes[size_t(id)];
        if (!b.layout.frames[i].isNull())
            m_view->addFrame({id, b.layout.frames[i], QString::fromStdString(node.label), node.depth});
        return true;
    }
    if (b.box < m_visible.nodes.size()) {
        const size_t i = b.box++;
        m_view->addBox(m_visible.nodes[i], b.layout.boxes[i], boxOf(m_visible.nodes[i]));
        return true;
    }
    if (b.edge >= b.layout.edges.size())
        return false;
    b.edge = m_view->addEdges(b.layout.edges, b.edge);
    return true;
}

void GraphPage::finishBuilding()
{
    m_building.reset();
    showStatus({}, {});
    recolor();
    search();
    selectionToView();
    m_view->endFilling(std::exchange(m_fitNext, false));
    Q_EMIT upToDate();
}

void GraphPage::scheduleColors()
{
    if (!m_colorTimer.isActive() && m_workspace.document->model())
        m_colorTimer.start();
}

void GraphPage::recolor()
{
    const Document& document = *m_workspace.document;
    std::vector<std::optional<double>> values;
    for (int id : m_visible.nodes)
        values.push_back(metricOfRows(document, m_metric, m_outline.nodes[size_t(id)].rows));
    const MetricRange range = metricRange(m_metric, values);
    const LayerMetricRow& metric = metricRow(m_metric);
    const QColor unknown = palette().color(QPalette::Button);
    for (size_t i = 0; i < values.size(); ++i) {
        GraphBoxItem* item = m_view->boxes().value(m_visible.nodes[i]);
        if (!item)
            continue; // the layout is still on its way
        if (values[i])
            item->setValue(metric.text(*values[i]), sequential(metricShade(m_metric, range, *values[i])));
        else
            item->setValue({}, unknown);
    }
    refreshAnnotations();
    m_legend->setMetric(m_metric, range, metricTitle(m_metric, &document));
    m_view->viewport()->update();
}

void GraphPage::refreshAnnotations()
{
    const auto& plan = m_workspace.document->plan();
    if (plan.layers.empty() && !m_annotated)
        return;
    m_annotated = false;
    for (GraphBoxItem* item : m_view->boxes()) {
        GraphBox box = item->box();
        const std::vector<int>& rows = m_outline.nodes[size_t(item->id())].rows;
        const auto entry = [&](int row) {
            const auto it = plan.layers.find(m_workspace.document->row(row).name);
            return it == plan.layers.end() ? nullptr : &it->second;
        };
        box.locked = std::all_of(rows.begin(), rows.end(), [&](int row) {
            const LayerPlan* layer = entry(row);
            return layer && layer->locked;
        });
        box.noted = std::any_of(rows.begin(), rows.end(), [&](int row) {
            const LayerPlan* layer = entry(row);
            return layer && !layer->note.empty();
        });
        m_annotated = m_annotated || box.locked || box.noted;
        item->setBox(box);
    }
}

void GraphPage::search()
{
    const QString text = m_searchEdit->text();
    QRegularExpression expression(text, QRegularExpression::CaseInsensitiveOption);
    if (!expression.isValid())
        expression.setPattern(QRegularExpression::escape(text));
    QSet<int> boxes;
    int found = 0;
    const Document& document = *m_workspace.document;
    for (size_t row = 0; !text.isEmpty() && row < m_visible.boxOfRow.size(); ++row) {
        const LayerRow& r = document.row(int(row));
        if (!expression.match(QString::fromStdString(r.name)).hasMatch() &&
            !(r.layer && expression.match(QString::fromStdString(r.layer->label)).hasMatch()))
            continue;
        ++found;
        boxes.insert(m_visible.boxOfRow[row]);
    }
    m_matches = QList<int>(boxes.begin(), boxes.end());
    std::sort(m_matches.begin(), m_matches.end());
    m_found->setText(text.isEmpty() ? QString() : tr("%n match(es)", nullptr, found));
    m_view->setMatches(boxes, !text.isEmpty());
}

void GraphPage::nextMatch()
{
    if (m_matches.isEmpty())
        return;
    const auto next = std::upper_bound(m_matches.begin(), m_matches.end(), m_view->current());
    const int id = next == m_matches.end() ? m_matches.first() : *next;
    selectionFromView({id}, id);
    m_view->reveal(id);
}

void GraphPage::selectionToView()
{
    if (m_syncing || m_visible.boxOfRow.empty())
        return;
    QHash<int, int> counts;
    for (const QItemSelectionRange& range : m_workspace.selection->selection()) {
        for (int row = range.top(); row <= std::min(range.bottom(), int(m_visible.boxOfRow.size()) - 1);
             ++row)
            ++counts[m_visible.boxOfRow[size_t(row)]];
    }
    QSet<int> chosen, part;
    for (auto it = counts.cbegin(); it != counts.cend(); ++it) {
        chosen.insert(it.key());
        if (it.value() < int(m_outline.nodes[size_t(it.key())].rows.size()))
            part.insert(it.key());
    }
    const int row = m_workspace.selection->currentIndex().row();
    const int current =
        row >= 0 && row < int(m_visible.boxOfRow.size()) ? m_visible.boxOfRow[size_t(row)] : -1;
    m_view->setChosen(chosen, part, current);
    m_view->reveal(current);
}

void GraphPage::selectionFromView(const QList<int>& ids, int current)
{
    std::vector<int> rows;
    for (int id : ids) {
        const auto& inside = m_outline.nodes[size_t(id)].rows;
        rows.insert(rows.end(), inside.begin(), inside.end());
    }
    std::sort(rows.begin(), rows.end());
    const int last = LayerModel::ColumnCount - 1;
    QItemSelection selection;
    for (int row : rows) {
        if (!selection.isEmpty() && selection.last().bottom() + 1 == row)
            selection.last() =
                QItemSelectionRange(selection.last().topLeft(), m_workspace.layers->index(row, last));
        else
            selection.append(
                QItemSelectionRange(m_workspace.layers->index(row, 0), m_workspace.layers->index(row, last)));
    }
    {
        const QScopedValueRollback guard(m_syncing, true);
        m_workspace.selection->setCurrentIndex(
            m_workspace.layers->index(m_outline.nodes[size_t(current)].rows.front(), 0),
            QItemSelectionModel::NoUpdate);
        m_workspace.selection->select(selection, QItemSelectionModel::ClearAndSelect);
    }
    selectionToView();
}

} // namespace bitwright
