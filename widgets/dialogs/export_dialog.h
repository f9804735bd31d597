// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/workbench.h"

#include <QDialog>

class QComboBox;
class QLabel;
class QLineEdit;
class QPushButton;

namespace bitwright {

class Controller;

/// Chooses format and file, starts the export and shows what was written and how well it agrees.
class ExportDialog : public QDialog {
    Q_OBJECT
public:
    ExportDialog(Controller* controller, const Model& model, QWidget* parent = nullptr);

private:
    void formatChanged();
    void browse();
    void start();
    void finish(const workbench::ExportResult& result);
    void ended(const QString& message);

    Controller* m_controller;
    QString m_modelPath;
    std::vector<workbench::ExportFormat> m_formats;
    QComboBox* m_format;
    QLabel *m_description, *m_result;
    QLineEdit* m_path;
    QPushButton* m_export;
    bool m_running = false;
};

} // namespace bitwright
