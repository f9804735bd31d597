// SPDX-License-Identifier: GPL-3.0-or-later
#include "widgets/pages/history_page.h"

#include "widgets/document.h"

#include <QUndoView>
#include <QVBoxLayout>

namespace bitwright {

HistoryPage::HistoryPage(const Workspace& workspace)
{
    auto* view = new QUndoView(workspace.document->undoStack());
    view->setEmptyLabel(tr("Plan as opened"));
    view->setAccessibleName(tr("History"));
    view->setToolTip(tr("Click a step to go back or forward to it"));
    auto* layout = new QVBoxLayout(this);
    layout->setContentsMargins(8, 6, 8, 6);
    layout->addWidget(view);
}

} // namespace bitwright
