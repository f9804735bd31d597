// SPDX-License-Identifier: GPL-3.0-or-later
#include "widgets/pages/weight_error_view.h"

#include "widgets/document.h"
#include "widgets/format.h"
#include "widgets/plots/heat_map.h"
#include "widgets/plots/heat_panel.h"

#include <QComboBox>
#include <QHBoxLayout>
#include <QItemSelectionModel>
#include <QLabel>
#include <QLocale>

namespace bitwright {

WeightErrorView::WeightErrorView(const Workspace& workspace, QWidget* parent)
    : QWidget(parent)
    , m_workspace(workspace)
    , m_view(new QComboBox)
    , m_tensor(new QComboBox)
    , m_slice(new QComboBox)
    , m_title(new QLabel)
    , m_panel(new HeatPanel(tr("Error of the weight")))
    , m_update(workspace.runner, [this] { startUpdate(); })
{
    m_update.setWanted(false);
    m_view->addItems({tr("Channels"), tr("Error"), tr("Float"), tr("Quantized")});
    m_view->setAccessibleName(tr("What the map shows"));
    m_view->setToolTip(tr("Error of every pair of channels, or of every element"));
    m_tensor->setAccessibleName(tr("Weight tensor"));
    m_slice->setAccessibleName(tr("Slice of the kernel"));
    m_slice->setToolTip(tr("Position of the kernel that is shown"));
    m_title->setSizePolicy(QSizePolicy::Ignored, QSizePolicy::Preferred);
    auto* bar = new QHBoxLayout;
    bar->addWidget(m_view);
    bar->addWidget(m_tensor);
    bar->addWidget(m_slice);
    bar->addWidget(m_title, 1);
    auto* layout = new QVBoxLayout(this);
    layout->setContentsMargins(0, 0, 0, 0);
    layout->setSpacing(4);
    layout->addLayout(bar);
    layout->addWidget(m_panel, 1);
    m_panel->map()->setDescription([this](int row, int column) { return describe(row, column); });
    for (QComboBox* box : {m_view, m_slice})
        connect(box, &QComboBox::currentIndexChanged, &m_update, &ViewUpdate::request);
    connect(m_tensor, &QComboBox::currentIndexChanged, this, &WeightErrorView::chooseTensor);
    connect(workspace.selection, &QItemSelectionModel::currentChanged, this, &WeightErrorView::chooseTensor);
    connect(workspace.document, &Document::modelChanged, this, &WeightErrorView::chooseTensor);
    connect(workspace.document, &Document::planChanged, this, [this](const QList<int>& rows) {
        if (rows.contains(m_row))
            m_update.request();
    });
    chooseTensor();
}

void WeightErrorView::chooseTensor()
{
    const QSignalBlocker blockTensor(m_tensor), blockSlice(m_slice);
    const QModelIndex current = m_workspace.selection->currentIndex();
    const int row =
        current.isValid() && current.row() < m_workspace.document->rowCount() ? current.row() : -1;
    const bool has = row >= 0 && m_workspace.document->row(row).hasWeights();
    if (std::exchange(m_row, row) != row || !has) {
        m_tensor->clear();
        if (has) {
            for (const WeightRef& weight : m_workspace.document->row(row).layer->weights)
                m_tensor->addItem(QString::fromStdString(weight.parameter));
        }
    }
    const int slice = m_slice->currentIndex();
    m_slice->clear();
    if (has) {
        const auto& weights = m_workspace.document->row(row).layer->weights;
        const WeightAxes axes = WeightAxes::of(weights[size_t(std::max(0, m_tensor->currentIndex()))]);
        m_slice->addItem(tr("All positions"));
        for (const std::string& name : axes.depthNames)
            m_slice->addItem(tr("Position %1").arg(QString::fromStdString(name)));
        m_slice->setCurrentIndex(slice > 0 && slice < m_slice->count() ? slice : 0);
    }
    m_tensor->setVisible(m_tensor->count() > 1);
    m_update.request();
}

void WeightErrorView::startUpdate()
{
    const Document& document = *m_workspace.document;
    if (m_row < 0 || !document.row(m_row).hasWeights()) {
        m_map.reset();
        m_panel->setGrid(nullptr);
        m_title->setText(
            m_row < 0 ? tr("Select a layer with weights.")
                      : tr("%1 has no weights.").arg(QString::fromStdString(document.row(m_row).name)));
        Q_EMIT upToDate();
        return;
    }
    const LayerRow& row = document.row(m_row);
    m_update.run<WeightErrorMap>(
        tr("Error of %1").arg(QString::fromStdString(row.name)),
        [model = document.model(), layer = row.layer, plan = document.plan(),
         index = size_t(std::max(0, m_tensor->currentIndex())), view = TensorView(m_view->currentIndex()),
         slice = m_slice->currentIndex() - 1](Progress& progress) {
            return weightErrorMap(*model, *layer, index, plan, view, slice, progress);
        },
        [this](const Result<WeightErrorMap>& map) { deliver(map); });
}

void WeightErrorView::deliver(const Result<WeightErrorMap>& map)
{
    if (!map) {
        Q_EMIT failed(errorText(map.error()));
        Q_EMIT upToDate();
        return;
    }
    m_map = *map;
    const bool kernel = m_map->axes.depth > 1;
    m_slice->setVisible(kernel && m_map->view != TensorView::Channels);
    const LayerRow& row = m_workspace.document->row(m_row);
    m_title->setText(tr("%1: %2 × %3 channels, %4")
                         .arg(QString::fromStdString(row.name), QLocale().toString(qint64(m_map->axes.rows)),
                              QLocale().toString(qint64(m_map->axes.columns)),
                              specText(m_workspace.document->plan().weights(row.name))));
    m_panel->setGrid(m_map->grid);
    Q_EMIT upToDate();
}

QString WeightErrorView::describe(int row, int column) const
{
    if (!m_map || !m_map->grid || row < 0 || column < 0 || row >= m_map->grid->rows ||
        column >= m_map->grid->columns)
        return {};
    if (m_map->view == TensorView::Channels)
        return tr("Output channel %1, input channel %2: RMS error %3")
            .arg(row)
            .arg(column)
            .arg(m_map->grid->valueText(row, column));
    const WeightErrorMap::Element e = m_map->element(row, column);
    const bool all = m_map->slice < 0;
    const auto& names = m_map->axes.depthNames;
    const std::string& position = names[size_t(all ? column % m_map->axes.depth : m_map->slice)];
    const QString where =
        tr("[%1, %2%3]")
            .arg(row)
            .arg(all ? column / m_map->axes.depth : column)
            .arg(position.empty() ? QString() : QStringLiteral(", ") + QString::fromStdString(position));
    return tr("%1 float %2, quantized %3, code %4, error %5")
        .arg(where, numberText(e.value, 6), numberText(e.quantized, 6),
             m_map->quantizer ? QString::number(e.code) : QStringLiteral("–"),
             numberText(double(e.quantized) - double(e.value), 4));
}

} // namespace bitwright
