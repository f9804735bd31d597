// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/workbench.h"

#include <QDialog>

class QCheckBox;
class QComboBox;
class QFormLayout;
class QLabel;
class QLineEdit;
class QPushButton;

namespace bitwright {

class Controller;
class Document;

/// Chooses format, runtime and file, says how large that will be, starts the export and shows what was
/// written and how well it agrees.
class ExportDialog : public QDialog {
    Q_OBJECT
public:
    ExportDialog(Controller* controller, const Document* document, QWidget* parent = nullptr);

Q_SIGNALS:
    /// The file that was written shall be opened.
    void openRequested(const QString& path);

private:
    QWidget* fileRow();
    void addOnnxRows(QFormLayout& form);
    void formatChanged();
    void optionsChanged();
    workbench::ExportOptions options() const;
    QString sizeText() const;
    void browse();
    /// Asks where a file would be lost.
    bool mayReplace();
    void start();
    void finish(const workbench::ExportResult& result);
    void ended(const QString& message);

    Controller* m_controller;
    const Document* m_document;
    QString m_modelPath;
    std::vector<workbench::ExportFormat> m_formats;
    QComboBox *m_format, *m_target, *m_opset;
    QCheckBox* m_reduceRange;
    QLabel *m_description, *m_size, *m_result;
    QLineEdit* m_path;
    QPushButton *m_export, *m_open;
    QString m_written;    ///< "" = nothing yet
    QString m_mayReplace; ///< a file that the user said may be replaced, or that was written here
    bool m_running = false;
};

} // namespace bitwright
