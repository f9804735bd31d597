// SPDX-License-Identifier: GPL-3.0-or-later
#include "widgets/dialogs/export_dialog.h"

#include "core/workbench_export_size.h"
#include "core/workbench_files.h"
#include "widgets/controller.h"
#include "widgets/core_messages.h"
#include "widgets/document.h"
#include "widgets/format.h"

#include <QCheckBox>
#include <QComboBox>
#include <QDialogButtonBox>
#include <QDir>
#include <QFileDialog>
#include <QFileInfo>
#include <QFormLayout>
#include <QHBoxLayout>
#include <QLabel>
#include <QLineEdit>
#include <QMessageBox>
#include <QPushButton>
#include <QVBoxLayout>

namespace bitwright {

namespace {

/// A runtime that a file is written for: what the options become, and what that means.
struct TargetPreset {
    ExportTarget target;
    QString name, hint;
};

QList<TargetPreset> targetPresets()
{
    return {
        {ExportTarget::OnnxRuntime, ExportDialog::tr("ONNX Runtime, processor"),
         ExportDialog::tr("Unsigned activations, which its integer kernels take.")},
        {ExportTarget::TensorRt, ExportDialog::tr("TensorRT"),
         ExportDialog::tr("Keeps the plan's signs, biases in float. TensorRT takes symmetric 8-bit "
                          "activations only.")},
        {ExportTarget::OpenVino, ExportDialog::tr("OpenVINO"), ExportDialog::tr("Keeps the plan's signs.")},
        {ExportTarget::Generic, ExportDialog::tr("Any ONNX runtime"),
         ExportDialog::tr("Keeps the plan's signs; ONNX Runtime computes signed activations in float.")}};
}

} // namespace

ExportDialog::ExportDialog(Controller* controller, const Document* document, QWidget* parent)
    : QDialog(parent)
    , m_controller(controller)
    , m_document(document)
    , m_modelPath(QString::fromStdString(document->model()->path))
    , m_formats(workbench::exportFormats(*document->model()))
    , m_format(new QComboBox)
    , m_target(new QComboBox)
    , m_opset(new QComboBox)
    , m_reduceRange(new QCheckBox(tr("&7-bit weights, for processors without VNNI")))
    , m_description(new QLabel)
    , m_size(new QLabel)
    , m_result(new QLabel)
    , m_path(new QLineEdit)
    , m_export(new QPushButton(tr("&Export")))
    , m_open(new QPushButton(tr("&Open the written model")))
{
    setWindowTitle(tr("Export quantized model"));
    for (const auto& format : m_formats)
        m_format->addItem(QString::fromStdString(format.name));
    for (QLabel* label : {m_description, m_result}) {
        label->setWordWrap(true);
        label->setTextInteractionFlags(Qt::TextSelectableByMouse);
        label->setMinimumWidth(fontMetrics().averageCharWidth() * 64);
    }
    m_format->setAccessibleName(tr("Format"));
    m_size->setAccessibleName(tr("Size"));
    m_result->setAccessibleName(tr("Result"));
    m_open->setEnabled(false);
    auto* form = new QFormLayout;
    form->addRow(tr("&Format:"), m_format);
    form->addRow(QString(), m_description);
    addOnnxRows(*form);
    form->addRow(tr("Size:"), m_size);
    auto* pathLabel = new QLabel(tr("F&ile:"));
    pathLabel->setBuddy(m_path);
    form->addRow(pathLabel, fileRow());
    auto* buttons = new QDialogButtonBox(QDialogButtonBox::Close);
    buttons->addButton(m_open, QDialogButtonBox::ActionRole);
    buttons->addButton(m_export, QDialogButtonBox::ActionRole);
    auto* layout = new QVBoxLayout(this);
    layout->setSpacing(12);
    layout->addLayout(form);
    layout->addWidget(m_result, 1);
    layout->addWidget(buttons);
    // Once it is part of the dialog: before, Enter would press the first button, which browses.
    m_export->setDefault(true);
    connect(m_format, &QComboBox::currentIndexChanged, this, &ExportDialog::formatChanged);
    connect(m_export, &QPushButton::clicked, this, &ExportDialog::start);
    connect(m_open, &QPushButton::clicked, this, [this] {
        Q_EMIT openRequested(m_written);
        accept();
    });
    connect(buttons, &QDialogButtonBox::rejected, this, &QDialog::reject);
    connect(controller, &Controller::exported, this, &ExportDialog::finish);
    connect(controller, &Controller::exportEnded, this, &ExportDialog::ended);
    connect(document, &Document::planChanged, this, &ExportDialog::optionsChanged);
    formatChanged();
}

QWidget* ExportDialog::fileRow()
{
    auto* row = new QWidget;
    auto* layout = new QHBoxLayout(row);
    layout->setContentsMargins({});
    auto* browseButton = new QPushButton(tr("&Browse…"));
    browseButton->setAccessibleName(tr("Browse for a file"));
    browseButton->setAutoDefault(false);
    m_path->setAccessibleName(tr("File"));
    layout->addWidget(m_path, 1);
    layout->addWidget(browseButton);
    connect(browseButton, &QPushButton::clicked, this, &ExportDialog::browse);
    return row;
}

void ExportDialog::addOnnxRows(QFormLayout& form)
{
    for (const TargetPreset& preset : targetPresets())
        m_target->addItem(preset.name);
    m_target->setAccessibleName(tr("Runtime"));
    m_opset->addItem(tr("Lowest that holds the plan"), 0);
    for (int opset = 13; opset <= 21; ++opset)
        m_opset->addItem(QString::number(opset), opset);
    m_opset->setAccessibleName(tr("Opset"));
    form.addRow(tr("&Runtime:"), m_target);
    form.addRow(tr("O&pset:"), m_opset);
    form.addRow(QString(), m_reduceRange);
    connect(m_target, &QComboBox::currentIndexChanged, this, &ExportDialog::optionsChanged);
    connect(m_opset, &QComboBox::currentIndexChanged, this, &ExportDialog::optionsChanged);
    connect(m_reduceRange, &QCheckBox::toggled, this, &ExportDialog::optionsChanged);
}

workbench::ExportOptions ExportDialog::options() const
{
    workbench::ExportOptions made;
    if (m_opset->isEnabled())
        made.opset = m_opset->currentData().toInt();
    if (m_target->isEnabled())
        made.target = targetPresets().at(m_target->currentIndex()).target;
    made.reduceRange = m_reduceRange->isEnabled() && m_reduceRange->isChecked();
    return made;
}

QString ExportDialog::sizeText() const
{
    if (!m_document->model())
        return {};
    const Graph& graph = m_document->model()->graph();
    const int64_t bytes = workbench::estimatedBytes(graph, m_document->plan(),
                                                    m_format->currentText().toStdString(), options());
    if (bytes == 0)
        return tr("Holds no weights");
    const int64_t whole = workbench::estimatedBytes(graph, QuantPlan::floatPlan(), "onnx-float", {});
    return tr("About %1, and the graph; in float %2").arg(bytesText(bytes), bytesText(whole));
}

void ExportDialog::optionsChanged()
{
    const auto& format = m_formats[size_t(m_format->currentIndex())];
    QString text = coreText(format.description);
    if (m_target->isEnabled())
        text += u' ' + targetPresets().at(m_target->currentIndex()).hint;
    m_description->setText(text);
    m_size->setText(sizeText());
}

void ExportDialog::formatChanged()
{
    if (m_format->currentIndex() < 0)
        return;
    const auto& format = m_formats[size_t(m_format->currentIndex())];
    const bool isQuantizedOnnx = format.name == "onnx-qdq";
    m_target->setEnabled(isQuantizedOnnx);
    m_reduceRange->setEnabled(isQuantizedOnnx);
    m_opset->setEnabled(isQuantizedOnnx || format.name == "onnx-float");
    const QFileInfo model(m_modelPath);
    const QString folder =
        m_path->text().isEmpty() ? model.absolutePath() : QFileInfo(m_path->text()).absolutePath();
    const QString name = QStringLiteral("%1-%2%3").arg(model.completeBaseName(), m_format->currentText(),
                                                       QString::fromStdString(format.suffix));
    m_path->setText(QDir(folder).filePath(name));
    m_result->clear();
    optionsChanged();
}

void ExportDialog::browse()
{
    const auto& format = m_formats[size_t(m_format->currentIndex())];
    const QString suffix = QString::fromStdString(format.suffix);
    QFileDialog dialog(this, tr("Export to"), m_path->text(),
                       tr("%1 (*%2)").arg(m_format->currentText(), suffix));
    dialog.setAcceptMode(QFileDialog::AcceptSave);
    dialog.setDefaultSuffix(suffix.mid(1));
    dialog.selectFile(m_path->text());
    if (dialog.exec() == QDialog::Accepted)
        m_path->setText(m_mayReplace = dialog.selectedFiles().value(0));
}

bool ExportDialog::mayReplace()
{
    const QString file = m_path->text();
    if (file == m_mayReplace || !QFileInfo::exists(file))
        return true;
    const auto answer = QMessageBox::question(this, windowTitle(),
                                              tr("%1 exists. Replace it?").arg(QFileInfo(file).fileName()));
    return answer == QMessageBox::Yes;
}

void ExportDialog::start()
{
    if (m_running || m_path->text().isEmpty())
        return;
    if (const auto other = workbench::refuseOwnFile(m_modelPath.toStdString(), m_path->text().toStdString());
        !other) {
        m_result->setText(errorText(other.error()));
        return;
    }
    if (!mayReplace())
        return;
    m_mayReplace = m_path->text();
    m_running = true;
    m_export->setEnabled(false);
    m_export->setToolTip(tr("An export is running."));
    m_result->setText(tr("Exporting…"));
    m_controller->exportTo(m_format->currentText(), m_path->text(), options());
}

void ExportDialog::finish(const workbench::ExportResult& result)
{
    if (!m_running)
        return; // another dialog's
    QStringList lines;
    for (const auto& file : result.files)
        lines << tr("Written: %1 (%2)").arg(QString::fromStdString(file.path), bytesText(file.bytes));
    if (!result.engine.empty())
        lines << tr("Integer engine: %1").arg(QString::fromStdString(result.engine));
    if (result.parity) {
        const auto& parity = *result.parity;
        lines << tr("Loaded again and compared with the simulation on %n sample(s): largest difference %1, "
                    "SQNR %2",
                    nullptr, int(parity.samples))
                     .arg(numberText(parity.maxAbs), decibelText(parity.sqnrDb));
        if (parity.top1Agreement)
            lines << tr("Same top-1: %1").arg(percentText(*parity.top1Agreement, 2));
    }
    for (const std::string& warning : result.warnings)
        lines << QStringLiteral("⚠ ") + QString::fromStdString(warning);
    for (const std::string& note : result.notes)
        lines << QStringLiteral("• ") + QString::fromStdString(note);
    m_result->setText(lines.join(QLatin1Char('\n')));
    m_written = result.parity ? QString::fromStdString(result.files.at(0).path) : QString();
    m_open->setEnabled(!m_written.isEmpty());
    m_open->setToolTip(m_written.isEmpty() ? tr("A file of this format does not run by itself.") : QString());
    adjustSize();
}

void ExportDialog::ended(const QString& message)
{
    m_running = false;
    m_export->setEnabled(true);
    m_export->setToolTip({});
    if (!message.isEmpty())
        m_result->setText(message);
}

} // namespace bitwright
