// SPDX-License-Identifier: GPL-3.0-or-later
#include "widgets/actions.h"
#include "widgets/autosave.h"
#include "widgets/main_window.h"
#include "widgets/pages/layer_page.h"

#include <QCloseEvent>
#include <QDragEnterEvent>
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
            openPath(url.toLocalFile());
    }
    event->acceptProposedAction();
}

void MainWindow::closeEvent(QCloseEvent* event)
{
    if (!mayDiscard()) {
        event->ignore();
        return;
    }
    if (m_autosave)
        m_autosave->finish();
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
