// SPDX-License-Identifier: GPL-3.0-or-later
#include "widgets/pages/activation_error_view.h"

#include "widgets/document.h"
#include "widgets/format.h"
#include "widgets/model_kind.h"
#include "widgets/pages/empty_state.h"
#include "widgets/plots/heat_map.h"
#include "widgets/plots/heat_panel.h"
#include "widgets/plots/tensor_errors.h"

#include <QComboBox>
#include <QHBoxLayout>
#include <QItemSelectionModel>
#include <QLabel>
#include <QPixmap>
#include <QScrollBar>
#include <QSpinBox>
#include <QStackedLayout>

namespace bitwright {

QImage pictureImage(const workbench::Picture& picture, int side)
{
    if (picture.isEmpty())
        return {};
    const QImage image(picture.rgb.data(), int(picture.width), int(picture.height), int(picture.width) * 3,
                       QImage::Format_RGB888);
    const int largest = std::max(image.width(), image.height());
    if (largest > side)
        return image.scaled(side, side, Qt::KeepAspectRatio, Qt::SmoothTransformation);
    return image.scaled(image.size() * std::max(1, side / largest));
}

ActivationErrorView::ActivationErrorView(const Workspace& workspace, QWidget* parent)
    : QWidget(parent)
    , m_workspace(workspace)
    , m_sample(new QSpinBox)
    , m_channel(new QSpinBox)
    , m_kind(new QComboBox)
    , m_stack(new QStackedLayout(this))
    , m_empty(new EmptyState(tr("Nothing to compare"), {}))
    , m_picture(new QLabel)
    , m_title(new QLabel)
    , m_floating(new HeatPanel(tr("Float activation")))
    , m_quantized(new HeatPanel(tr("Quantized activation")))
    , m_difference(new HeatPanel(tr("Difference of the activations")))
    , m_update(workspace.runner, [this] { startUpdate(); })
{
    m_update.setWanted(false);
    auto* maps = new QHBoxLayout;
    maps->setSpacing(8);
    for (HeatPanel* panel : {m_floating, m_quantized, m_difference}) {
        panel->setSizePolicy(QSizePolicy::Ignored, QSizePolicy::Preferred); // three maps of one size
        maps->addWidget(panel, 1);
    }
    auto* content = new QWidget;
    auto* layout = new QVBoxLayout(content);
    layout->setContentsMargins(0, 0, 0, 0);
    layout->setSpacing(4);
    layout->addWidget(buildBar());
    layout->addWidget(m_title);
    layout->addLayout(maps, 1);
    m_stack->addWidget(m_empty);
    m_stack->addWidget(content);
    m_title->setWordWrap(true);
    // One cursor in all three.
    for (HeatPanel* from : {m_floating, m_quantized, m_difference}) {
        connect(from->map(), &HeatMap::currentChanged, this, [this, from](int row, int column) {
            for (HeatPanel* to : {m_floating, m_quantized, m_difference}) {
                if (to != from)
                    to->map()->setCurrentCell(row, column, false);
            }
        });
    }
    connect(m_sample, &QSpinBox::valueChanged, &m_update, &ViewUpdate::request);
    connect(m_channel, &QSpinBox::valueChanged, this, &ActivationErrorView::showMaps);
    connect(m_kind, &QComboBox::currentIndexChanged, this, &ActivationErrorView::showMaps);
    Document* document = workspace.document;
    connect(workspace.selection, &QItemSelectionModel::currentChanged, &m_update, &ViewUpdate::request);
    for (auto signal : {&Document::modelChanged, &Document::dataChanged, &Document::calibrationChanged})
        connect(document, signal, &m_update, &ViewUpdate::request);
    connect(document, &Document::planChanged, &m_update, &ViewUpdate::request);
}

QWidget* ActivationErrorView::buildBar()
{
    m_sample->setAccessibleName(tr("Sample"));
    m_sample->setPrefix(tr("Sample "));
    m_sample->setRange(0, 0);
    m_channel->setAccessibleName(tr("Feature map"));
    m_channel->setPrefix(tr("Channel "));
    m_channel->setRange(-1, 0);
    m_channel->setValue(-1);
    m_channel->setSpecialValueText(tr("All channels"));
    m_kind->addItems({tr("Cumulative"), tr("Local")});
    m_kind->setAccessibleName(tr("Kind of error"));
    m_picture->setAccessibleName(tr("Picture of the sample"));
    auto* bar = new QWidget;
    auto* layout = new QHBoxLayout(bar);
    layout->setContentsMargins(0, 0, 0, 0);
    for (QWidget* widget : std::initializer_list<QWidget*>{m_sample, m_channel, m_kind})
        layout->addWidget(widget);
    layout->addStretch(1);
    layout->addWidget(m_picture);
    return bar;
}

void ActivationErrorView::showSample(qint64 sample)
{
    m_sample->setValue(int(sample));
}

void ActivationErrorView::showNothing(const QString& why)
{
    m_result.reset();
    m_empty->setTexts(tr("Nothing to compare"), why);
    m_stack->setCurrentWidget(m_empty);
    for (HeatPanel* panel : {m_floating, m_quantized, m_difference})
        panel->setGrid(nullptr);
    Q_EMIT upToDate();
}

void ActivationErrorView::startUpdate()
{
    const Document& document = *m_workspace.document;
    const QModelIndex current = m_workspace.selection->currentIndex();
    if (!document.model() || !document.data() || !document.calibration())
        return showNothing(
            document.model() && !document.model()->hasGraph()
                ? whyNotRun(document)
                : tr("Open a model and data and calibrate: one sample then runs through both models."));
    if (!current.isValid() || current.row() >= document.rowCount())
        return showNothing(tr("Select a layer."));
    const LayerRow& row = document.row(current.row());
    const QSignalBlocker blocker(m_sample);
    m_sample->setMaximum(int(std::min<qint64>(document.data()->size() - 1, 1 << 30)));
    m_update.run<workbench::SampleResult>(
        tr("Activation of %1").arg(QString::fromStdString(row.name)),
        [model = document.model(), data = document.data(), calibration = document.calibration(),
         plan = document.plan(), value = row.activation,
         sample = qint64(m_sample->value())](Progress& progress) {
            return workbench::runSample(*model, plan, *calibration, *data, sample, value, progress);
        },
        [this](const Result<workbench::SampleResult>& result) { deliver(result); });
}

void ActivationErrorView::deliver(const Result<workbench::SampleResult>& result)
{
    if (!result)
        return showNothing(errorText(result.error()));
    m_result = *result;
    m_stack->setCurrentIndex(1);
    m_picture->setPixmap(QPixmap::fromImage(pictureImage(m_result->run.picture, 28)));
    showMaps();
    Q_EMIT upToDate();
}

void ActivationErrorView::showMaps()
{
    if (!m_result || !m_result->activation || m_result->activation->floating.size() == 0)
        return;
    const bool cumulative = m_kind->currentIndex() == 0;
    const workbench::ActivationPair& pair = *m_result->activation;
    const ActivationMaps maps = activationMaps(pair, cumulative, m_channel->value());
    const QSignalBlocker blocker(m_channel);
    m_channel->setMaximum(int(maps.channels) - 1);
    m_channel->setEnabled(maps.channels > 1);
    m_floating->setGrid(maps.floating);
    m_quantized->setGrid(maps.quantized);
    m_difference->setGrid(maps.difference);
    const ErrorSums error =
        compare(pair.floating.floats(), (cumulative ? pair.cumulative : pair.local).floats());
    const QString definition =
        cumulative ? tr("Cumulative: the whole plan quantized up to and including this output.")
                   : tr("Local: the float output before and after its own quantizer.");
    const QString state = pair.quantized ? QString() : tr(" The plan leaves this output in float.");
    m_title->setText(tr("%1%2 SQNR of this sample: %3.").arg(definition, state, decibelText(error.sqnrDb())));
}

} // namespace bitwright
