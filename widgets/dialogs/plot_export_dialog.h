// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "widgets/plot_exporter.h"

#include <QDialog>

class QCheckBox;
class QLabel;
class QLineEdit;
class QListWidget;
class QPushButton;

namespace bitwright {

/// Which views of which pages are written, in which formats, to which folder.
class PlotExportDialog : public QDialog {
    Q_OBJECT
public:
    PlotExportDialog(const QList<Page*>& pages, const QString& folder, QWidget* parent);

    QListWidget* list() const { return m_list; }
    QLineEdit* folderEdit() const { return m_folder; }
    QPushButton* exportButton() const { return m_export; }
    QString resultText() const;
    QString folder() const;

private:
    void browse();
    void start();
    void updateButton();

    QList<Page*> m_pages;
    PlotExporter* m_exporter;
    QListWidget* m_list;
    QList<QCheckBox*> m_formats;
    QLineEdit* m_folder;
    QLabel* m_result;
    QPushButton* m_export;
};

} // namespace bitwright
