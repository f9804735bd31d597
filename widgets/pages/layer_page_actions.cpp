// SPDX-License-Identifier: GPL-3.0-or-later
#include "widgets/actions.h"
#include "widgets/dialogs/bulk_edit_dialog.h"
#include "widgets/document.h"
#include "widgets/models/layer_filter.h"
#include "widgets/pages/exceptions_bar.h"
#include "widgets/pages/layer_page.h"
#include "widgets/pages/rule_bar.h"

#include <QAction>
#include <QComboBox>
#include <QInputDialog>
#include <QMenu>
#include <QPushButton>
#include <QToolButton>

#include <algorithm>

namespace bitwright {

void LayerPage::setActions(Actions* actions)
{
    m_actions = actions;
    m_exceptionsButton->setDefaultAction(actions->showExceptions);
    connect(actions->editLayers, &QAction::triggered, this, &LayerPage::editSelected);
    connect(actions->lockLayers, &QAction::triggered, this, &LayerPage::toggleLocks);
    connect(actions->noteLayers, &QAction::triggered, this, &LayerPage::noteSelected);
    connect(actions->raiseEnds, &QAction::triggered, m_model, &LayerModel::raiseEnds);
    connect(actions->selectByRule, &QAction::triggered, this, [this] {
        m_ruleBar->show();
        m_ruleBar->edit()->setFocus(Qt::ShortcutFocusReason);
    });
    connect(actions->showExceptions, &QAction::toggled, this, [this](bool on) {
        m_exceptionsBar->setVisible(on);
        m_filter->setExceptionsOnly(on);
    });
    connect(m_exceptionsBar->resetSelectedButton(), &QPushButton::clicked, actions->resetLayers,
            &QAction::trigger);
    connect(m_exceptionsBar->resetAllButton(), &QPushButton::clicked, actions->resetAll, &QAction::trigger);
    const auto follow = [actions, this] {
        m_exceptionsBar->resetSelectedButton()->setEnabled(actions->resetLayers->isEnabled());
        m_exceptionsBar->resetAllButton()->setEnabled(actions->resetAll->isEnabled());
    };
    connect(actions->resetLayers, &QAction::changed, this, follow);
    connect(actions->resetAll, &QAction::changed, this, follow);
    follow();
    showTotals();
}

void LayerPage::showContextMenu(const QPoint& position)
{
    if (!m_actions)
        return;
    QMenu menu;
    QMenu* bits = menu.addMenu(tr("Weight &bits"));
    bits->addActions(m_actions->weightBits);
    menu.addActions({m_actions->editLayers, m_actions->resetLayers});
    menu.addSeparator();
    menu.addActions({m_actions->lockLayers, m_actions->noteLayers});
    menu.addSeparator();
    menu.addActions({m_table->copyText, m_table->copyCsv});
    menu.addSeparator();
    menu.addActions({m_actions->selectByRule, m_actions->showExceptions});
    menu.exec(position);
}

void LayerPage::editSelected()
{
    auto* dialog = new BulkEditDialog(m_model, selectedRows(), this);
    dialog->setAttribute(Qt::WA_DeleteOnClose);
    dialog->open();
}

void LayerPage::toggleLocks()
{
    const QList<int> rows = selectedRows();
    const bool locked =
        std::all_of(rows.begin(), rows.end(), [this](int row) { return m_model->isLocked(row); });
    m_model->setLocked(rows, !locked);
}

void LayerPage::noteSelected()
{
    const QList<int> rows = selectedRows();
    if (rows.isEmpty())
        return;
    auto* dialog = new QInputDialog(this);
    dialog->setAttribute(Qt::WA_DeleteOnClose);
    dialog->setWindowTitle(tr("Note to %n layer(s)", nullptr, int(rows.size())));
    dialog->setLabelText(tr("Why these layers are as they are; empty takes the note away:"));
    dialog->setTextValue(m_model->index(rows.first(), LayerModel::Note).data().toString());
    connect(dialog, &QInputDialog::textValueSelected, this,
            [this, rows](const QString& note) { m_model->setNote(rows, note); });
    dialog->open();
}

} // namespace bitwright
