// SPDX-License-Identifier: GPL-3.0-or-later
#include "widgets/dialogs/export_dialog.h"

#include "widgets/controller.h"
#include "widgets/format.h"

#include <QComboBox>
#include <QDialogButtonBox>
#include <QDir>
#include <QFileDialog>
#include <QFileInfo>
#include <QFormLayout>
#include <QHBoxLayout>
#include <QLabel>
#include <QLineEdit>
#include <QPushButton>
#include <QVBoxLayout>

namespace bitwright {

ExportDialog::ExportDialog(Controller* controller, const Model& model, QWidget* parent)
    : QDialog(parent)
    , m_controller(controller)
    , m_modelPath(QString::fromStdString(model.path))
    , m_formats(workbench::exportFormats(model))
    , m_format(new QComboBox)
    , m_description(new QLabel)
    , m_result(new QLabel)
    , m_path(new QLineEdit)
    , m_export(new QPushButton(tr("&Export")))
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
    m_path->setAccessibleName(tr("File"));
    m_result->setAccessibleName(tr("Result"));
    auto* browseButton = new QPushButton(tr("&Browse…"));
    browseButton->setAccessibleName(tr("Browse for a file"));
    auto* pathRow = new QHBoxLayout;
    pathRow->addWidget(m_path, 1);
    pathRow->addWidget(browseButton);
    auto* form = new QFormLayout;
    form->addRow(tr("&Format:"), m_format);
    form->addRow(QString(), m_description);
    auto* pathLabel = new QLabel(tr("F&ile:"));
    pathLabel->setBuddy(m_path);
    form->addRow(pathLabel, pathRow);
    auto* buttons = new QDialogButtonBox(QDialogButtonBox::Close);
    buttons->addButton(m_export, QDialogButtonBox::ActionRole);
    m_export->setDefault(true);
    auto* layout = new QVBoxLayout(this);
    layout->setSpacing(12);
    layout->addLayout(form);
    layout->addWidget(m_result, 1);
    layout->addWidget(buttons);
    connect(m_format, &QComboBox::currentIndexChanged, this, &ExportDialog::formatChanged);
    connect(browseButton, &QPushButton::clicked, this, &ExportDialog::browse);
    connect(m_export, &QPushButton::clicked, this, &ExportDialog::start);
    connect(buttons, &QDialogButtonBox::rejected, this, &QDialog::reject);
    connect(controller, &Controller::exported, this, &ExportDialog::finish);
    connect(controller, &Controller::exportEnded, this, &ExportDialog::ended);
    formatChanged();
}

void ExportDialog::formatChanged()
{
    if (m_format->currentIndex() < 0)
        return;
    const auto& format = m_formats[size_t(m_format->currentIndex())];
    m_description->setText(QString::fromStdString(format.description));
    const QFileInfo model(m_modelPath);
    const QString folder =
        m_path->text().isEmpty() ? model.absolutePath() : QFileInfo(m_path->text()).absolutePath();
    const QString name = QStringLiteral("%1-%2%3").arg(model.completeBaseName(), m_format->currentText(),
                                                       QString::fromStdString(format.suffix));
    m_path->setText(QDir(folder).filePath(name));
    m_result->clear();
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
        m_path->setText(dialog.selectedFiles().value(0));
}

void ExportDialog::start()
{
    if (m_running || m_path->text().isEmpty())
        return;
    if (QFileInfo(m_path->text()) == QFileInfo(m_modelPath)) {
        m_result->setText(tr("This is the opened model itself; choose another file."));
        return;
    }
    m_running = true;
    m_export->setEnabled(false);
    m_export->setToolTip(tr("An export is running."));
    m_result->setText(tr("Exporting…"));
    m_controller->exportTo(m_format->currentText(), m_path->text());
}

void ExportDialog::finish(const workbench::ExportResult& result)
{
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
    for (const std::string& note : result.notes)
        lines << QStringLiteral("• ") + QString::fromStdString(note);
    m_result->setText(lines.join(QLatin1Char('\n')));
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
