// SPDX-License-Identifier: GPL-3.0-or-later
#include "widgets/actions.h"
#include "widgets/controller.h"
#include "widgets/main_window.h"
#include "widgets/pages/layer_page.h"

#include <QCloseEvent>
#include <QDragEnterEvent>
#include <QMessageBox>
#include <QMimeData>
#include <QSettings>

namespace bitwright {

void MainWindow::dragEnterEvent(QDragEnterEvent* event)
{
    for (const QUrl& url : event->mimeData()->urls()) {
        if (url.isLocalFile())
            event->acceptProposedAction();
    }
}

void MainWindow::dropEvent(QDropEvent* event)
{
    for (const QUrl& url : event->mimeData()->urls()) {
        if (url.isLocalFile())
            m_controller->open(url.toLocalFile());
    }
    event->acceptProposedAction();
}

void MainWindow::closeEvent(QCloseEvent* event)
{
    if (m_settings == Settings::Use && m_document.model() && !m_document.undoStack()->isClean()) {
        const auto answer = QMessageBox::question(
            this, tr("Unsaved plan"), tr("The plan has changes that have not been saved."),
            QMessageBox::Save | QMessageBox::Discard | QMessageBox::Cancel, QMessageBox::Save);
        if (answer == QMessageBox::Save)
            savePlan();
        if (answer == QMessageBox::Cancel ||
            (answer == QMessageBox::Save && !m_document.undoStack()->isClean())) {
            event->ignore();
            return;
        }
    }
    if (m_settings == Settings::Use) {
        QSettings settings;
        settings.setValue(QStringLiteral("window/geometry"), saveGeometry());
        settings.setValue(QStringLiteral("window/state"), saveState());
        settings.setValue(QStringLiteral("layers/columns"), m_layerPage->table()->saveColumns());
    }
    event->accept();
}

void MainWindow::changeEvent(QEvent* event)
{
    QMainWindow::changeEvent(event);
    if (event->type() == QEvent::PaletteChange && m_actions)
        m_actions->updateIcons(palette());
}

} // namespace bitwright
