// SPDX-License-Identifier: GPL-3.0-or-later
#include "widgets/pages/flip_view.h"

#include "core/base/atomic_file.h"
#include "widgets/document.h"
#include "widgets/format.h"
#include "widgets/models/flip_model.h"
#include "widgets/pages/activation_error_view.h"
#include "widgets/pages/confusion_view.h"
#include "widgets/pages/table_style.h"

#include <QComboBox>
#include <QFileDialog>
#include <QHBoxLayout>
#include <QHeaderView>
#include <QLabel>
#include <QLocale>
#include <QPixmap>
#include <QPushButton>
#include <QTableView>
#include <QTableWidget>

#include <algorithm>
#include <numeric>

namespace bitwright {

namespace {

constexpr int kPictureSide = 112;
constexpr size_t kOutputs = 5;

/// Names of the classes that either model holds likeliest, best of the float model first.
std::vector<size_t> likeliest(const std::vector<float>& a, const std::vector<float>& b)
{
    std::vector<size_t> order(a.size());
    std::iota(order.begin(), order.end(), size_t(0));
    const size_t count = std::min(kOutputs, order.size());
    std::partial_sort(order.begin(), order.begin() + std::ptrdiff_t(count), order.end(),
                      [&](size_t i, size_t j) { return std::max(a[i], b[i]) > std::max(a[j], b[j]); });
    order.resize(count);
    return order;
}

} // namespace

FlipView::FlipView(const Workspace& workspace, QWidget* parent)
    : QWidget(parent)
    , m_workspace(workspace)
    , m_model(new FlipModel(this))
    , m_table(new QTableView)
    , m_filter(new QComboBox)
    , m_export(new QPushButton(tr("Export list…")))
    , m_count(new QLabel)
    , m_picture(new QLabel)
    , m_outputs(new QTableWidget(0, 3))
    , m_update(workspace.runner, [this] { startUpdate(); })
{
    m_filter->addItems({tr("All that changed"), tr("Float right, quantized wrong"),
                        tr("Float wrong, quantized right"), tr("Both wrong")});
    m_filter->setAccessibleName(tr("Which samples"));
    m_table->setModel(m_model);
    m_table->setAccessibleName(tr("Samples whose prediction changed"));
    m_outputs->setHorizontalHeaderLabels({tr("Output"), tr("Float"), tr("Quantized")});
    m_outputs->horizontalHeaderItem(0)->setToolTip(tr("Classes that either model holds likeliest"));
    m_outputs->horizontalHeaderItem(1)->setToolTip(tr("Output of the float model"));
    m_outputs->horizontalHeaderItem(2)->setToolTip(tr("Output of the quantized model"));
    m_outputs->setAccessibleName(tr("Outputs of the sample"));
    for (QTableView* table : std::initializer_list<QTableView*>{m_table, m_outputs}) {
        styleTable(table);
        table->setSelectionMode(QAbstractItemView::SingleSelection);
    }
    m_picture->setAccessibleName(tr("Picture of the sample"));
    m_picture->setAlignment(Qt::AlignHCenter | Qt::AlignTop);
    m_picture->setFixedHeight(kPictureSide);
    auto* bar = new QHBoxLayout;
    bar->addWidget(m_filter);
    bar->addStretch(1);
    bar->addWidget(m_export);
    m_outputs->horizontalHeader()->setSectionResizeMode(QHeaderView::ResizeToContents);
    m_outputs->horizontalHeader()->setStretchLastSection(false);
    m_outputs->horizontalHeader()->setSectionResizeMode(0, QHeaderView::Stretch);
    m_count->setSizePolicy(QSizePolicy::Ignored, QSizePolicy::Preferred);
    m_table->horizontalHeader()->setSectionResizeMode(QHeaderView::ResizeToContents);
    for (const int column :
         {int(FlipModel::Label), int(FlipModel::FloatClass), int(FlipModel::QuantizedClass)})
        m_table->horizontalHeader()->setSectionResizeMode(column, QHeaderView::Stretch);
    m_table->horizontalHeader()->setStretchLastSection(false);
    m_table->horizontalHeader()->setMinimumSectionSize(fontMetrics().averageCharWidth() * 6);
    m_table->setHorizontalScrollBarPolicy(Qt::ScrollBarAlwaysOff);
    m_table->setWordWrap(false);
    auto* side = new QVBoxLayout;
    side->addWidget(m_picture);
    side->addWidget(m_outputs, 1);
    auto* row = new QHBoxLayout;
    row->addWidget(m_table, 3);
    row->addLayout(side, 2);
    auto* layout = new QVBoxLayout(this);
    layout->setContentsMargins(0, 0, 0, 0);
    layout->setSpacing(4);
    layout->addLayout(bar);
    layout->addWidget(m_count);
    layout->addLayout(row, 1);
    connect(m_filter, &QComboBox::currentIndexChanged, this, [this](int index) {
        m_model->setFilter(FlipModel::Filter(index));
        refresh();
    });
    connect(m_export, &QPushButton::clicked, this, &FlipView::exportList);
    connect(workspace.document, &Document::evaluationChanged, this, [this] {
        const auto& evaluation = m_workspace.document->evaluation();
        const auto predictions =
            evaluation ? evaluation->evaluation.predictions : std::vector<SamplePrediction>();
        m_model->setPredictions(predictions, classNames(*m_workspace.document, 4096));
        refresh();
    });
    connect(m_table->selectionModel(), &QItemSelectionModel::currentRowChanged, &m_update,
            &ViewUpdate::request);
    refresh();
}

void FlipView::refresh()
{
    m_count->setText(
        tr("%1 of %Ln changed sample(s), surest of the float model first", nullptr, m_model->flippedCount())
            .arg(QLocale().toString(m_model->rowCount())));
    m_count->setToolTip(m_count->text());
    m_export->setEnabled(m_model->rowCount() > 0);
    m_export->setToolTip(m_model->rowCount() > 0 ? tr("Write the list as CSV") : tr("The list is empty."));
    m_picture->clear();
    m_outputs->setRowCount(0);
    if (m_model->rowCount() > 0)
        m_table->selectRow(0);
}

void FlipView::resizeEvent(QResizeEvent* event)
{
    QWidget::resizeEvent(event);
    // The classes come first; the outputs beside the picture tell the margins as well.
    const int chars = width() / std::max(1, fontMetrics().averageCharWidth());
    m_table->setColumnHidden(FlipModel::QuantizedMargin, chars < 110);
    m_table->setColumnHidden(FlipModel::FloatMargin, chars < 85);
}

void FlipView::startUpdate()
{
    const QModelIndex current = m_table->currentIndex();
    const Document& document = *m_workspace.document;
    if (!current.isValid() || !document.model() || !document.data() || !document.calibration())
        return;
    m_update.run<workbench::SampleResult>(
        tr("Sample"),
        [model = document.model(), data = document.data(), calibration = document.calibration(),
         plan = document.plan(), sample = m_model->prediction(current.row()).sample](Progress& progress) {
            return workbench::runSample(*model, plan, *calibration, *data, sample, {}, progress);
        },
        [this](const Result<workbench::SampleResult>& result) { deliver(result); });
}

void FlipView::deliver(const Result<workbench::SampleResult>& result)
{
    if (!result)
        Q_EMIT failed(errorText(result.error()));
    else {
        m_picture->setPixmap(QPixmap::fromImage(pictureImage(result->run.picture, kPictureSide)));
        fillOutputs(result->run);
    }
    Q_EMIT upToDate();
}

void FlipView::fillOutputs(const workbench::SampleRun& run)
{
    const QStringList names = classNames(*m_workspace.document, int(run.floating.size()));
    m_outputs->setRowCount(0);
    if (run.floating.size() != run.quantized.size())
        return;
    for (const size_t i : likeliest(run.floating, run.quantized)) {
        const int row = m_outputs->rowCount();
        m_outputs->insertRow(row);
        const QString texts[]{names[int(i)], QLocale().toString(double(run.floating[i]), 'f', 3),
                              QLocale().toString(double(run.quantized[i]), 'f', 3)};
        for (int column = 0; column < 3; ++column) {
            auto* item = new QTableWidgetItem(texts[column]);
            item->setTextAlignment((column == 0 ? Qt::AlignLeft : Qt::AlignRight) | Qt::AlignVCenter);
            m_outputs->setItem(row, column, item);
        }
    }
}

void FlipView::exportList()
{
    const QString path = QFileDialog::getSaveFileName(this, tr("Export the list"),
                                                      QStringLiteral("flipped.csv"), tr("Tables (*.csv)"));
    if (path.isEmpty())
        return;
    const auto written = writeFileAtomically(path.toStdString(), m_model->csv().toStdString());
    if (!written)
        Q_EMIT failed(errorText(written.error()));
}

} // namespace bitwright
