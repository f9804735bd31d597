// SPDX-License-Identifier: GPL-3.0-or-later
#include "widgets/dialogs/plot_export_dialog.h"

#include <QCheckBox>
#include <QDialogButtonBox>
#include <QDir>
#include <QDockWidget>
#include <QFileDialog>
#include <QHBoxLayout>
#include <QLabel>
#include <QLineEdit>
#include <QListWidget>
#include <QPushButton>
#include <QVBoxLayout>

namespace bitwright {

namespace {

constexpr PlotFormat kFormats[]{PlotFormat::Png, PlotFormat::Svg, PlotFormat::Pdf, PlotFormat::Csv};

QString titleOf(const PlotSource& source)
{
    const auto* dock = qobject_cast<const QDockWidget*>(source.page->parentWidget());
    const QString page = dock ? dock->windowTitle() : source.page->objectName();
    const QString view = source.page->viewTitle(source.view);
    return view.isEmpty() ? page : QStringLiteral("%1 – %2").arg(page, view);
}

} // namespace

PlotExportDialog::PlotExportDialog(const QList<Page*>& pages, const QString& folder, QWidget* parent)
    : QDialog(parent)
    , m_pages(pages)
    , m_exporter(new PlotExporter(this))
    , m_list(new QListWidget)
    , m_folder(new QLineEdit(QDir::toNativeSeparators(folder)))
    , m_result(new QLabel)
    , m_export(new QPushButton(tr("&Export")))
{
    setWindowTitle(tr("Export plots"));
    m_list->setAccessibleName(tr("Plots"));
    for (const PlotSource& source : plotSources(pages)) {
        auto* item = new QListWidgetItem(titleOf(source), m_list);
        item->setFlags(item->flags() | Qt::ItemIsUserCheckable);
        item->setCheckState(Qt::Checked);
        item->setData(Qt::UserRole, pages.indexOf(source.page));
        item->setData(Qt::UserRole + 1, source.view);
    }
    auto* formats = new QHBoxLayout;
    for (PlotFormat format : kFormats) {
        auto* box = new QCheckBox(plotSuffix(format).mid(1).toUpper());
        box->setChecked(format == PlotFormat::Png);
        box->setToolTip(format == PlotFormat::Csv   ? tr("The numbers behind the plots, with decimal points")
                        : format == PlotFormat::Png ? tr("Pixels, twice as fine as the screen")
                                                    : tr("Lines and letters that stay sharp at any size"));
        connect(box, &QCheckBox::toggled, this, &PlotExportDialog::updateButton);
        formats->addWidget(box);
        m_formats.append(box);
    }
    formats->addStretch(1);
    m_folder->setAccessibleName(tr("Folder"));
    m_folder->setMinimumWidth(fontMetrics().averageCharWidth() * 56);
    m_result->setWordWrap(true);
    m_result->setAccessibleName(tr("Result"));
    auto* label = new QLabel(tr("&Folder:"));
    label->setBuddy(m_folder);
    auto* browseButton = new QPushButton(tr("&Browse…"));
    auto* row = new QHBoxLayout;
    row->addWidget(label);
    row->addWidget(m_folder, 1);
    row->addWidget(browseButton);
    auto* buttons = new QDialogButtonBox(QDialogButtonBox::Close);
    buttons->addButton(m_export, QDialogButtonBox::ActionRole);
    m_export->setDefault(true);
    auto* layout = new QVBoxLayout(this);
    layout->addWidget(m_list, 1);
    layout->addLayout(formats);
    layout->addLayout(row);
    layout->addWidget(m_result);
    layout->addWidget(buttons);
    connect(m_list, &QListWidget::itemChanged, this, &PlotExportDialog::updateButton);
    connect(m_folder, &QLineEdit::textChanged, this, &PlotExportDialog::updateButton);
    connect(browseButton, &QPushButton::clicked, this, &PlotExportDialog::browse);
    connect(m_export, &QPushButton::clicked, this, &PlotExportDialog::start);
    connect(buttons, &QDialogButtonBox::rejected, this, &QDialog::reject);
    connect(m_exporter, &PlotExporter::progressed, this,
            [this](int done, int total) { m_result->setText(tr("%1 of %2 written").arg(done).arg(total)); });
    connect(
        m_exporter, &PlotExporter::finished, this, [this](const QStringList& files, const QString& failure) {
            m_result->setText(failure.isEmpty() ? tr("%n file(s) written to %1.", nullptr, int(files.size()))
                                                      .arg(QDir::toNativeSeparators(m_folder->text()))
                                                : failure);
            updateButton();
        });
    updateButton();
}

QString PlotExportDialog::resultText() const
{
    return m_result->text();
}

QString PlotExportDialog::folder() const
{
    return QDir::fromNativeSeparators(m_folder->text());
}

void PlotExportDialog::browse()
{
    const QString folder =
        QFileDialog::getExistingDirectory(this, tr("Folder for the plots"), m_folder->text());
    if (!folder.isEmpty())
        m_folder->setText(QDir::toNativeSeparators(folder));
}

void PlotExportDialog::updateButton()
{
    bool plots = false, formats = false;
    for (int i = 0; i < m_list->count(); ++i)
        plots = plots || m_list->item(i)->checkState() == Qt::Checked;
    for (const QCheckBox* box : std::as_const(m_formats))
        formats = formats || box->isChecked();
    const QString why = m_exporter->isRunning()      ? tr("An export is running.")
                        : !plots                     ? tr("Choose a plot first.")
                        : !formats                   ? tr("Choose a format first.")
                        : m_folder->text().isEmpty() ? tr("Choose a folder first.")
                                                     : QString();
    m_export->setEnabled(why.isEmpty());
    m_export->setToolTip(why);
}

void PlotExportDialog::start()
{
    QList<PlotSource> sources;
    for (int i = 0; i < m_list->count(); ++i) {
        const QListWidgetItem* item = m_list->item(i);
        if (item->checkState() == Qt::Checked)
            sources.append(PlotSource{m_pages[item->data(Qt::UserRole).toInt()],
                                      item->data(Qt::UserRole + 1).toString()});
    }
    QList<PlotFormat> formats;
    for (qsizetype i = 0; i < m_formats.size(); ++i) {
        if (m_formats[i]->isChecked())
            formats.append(kFormats[i]);
    }
    m_exporter->start(sources, formats, folder());
    updateButton();
}

} // namespace bitwright
