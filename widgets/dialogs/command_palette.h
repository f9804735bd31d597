// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "widgets/models/action_model.h"

#include <QDialog>

class QLineEdit;
class QListView;

namespace bitwright {

/// Every action by its name: type, choose, Enter. A disabled one stays in the list and says why.
class CommandPalette : public QDialog {
    Q_OBJECT
public:
    CommandPalette(QList<ActionEntry> entries, QWidget* parent);

    QLineEdit* edit() const { return m_edit; }
    QListView* list() const { return m_list; }

protected:
    bool eventFilter(QObject* watched, QEvent* event) override;

private:
    void search(const QString& text);
    void run(const QModelIndex& index);

    ActionModel* m_model;
    ActionFilter* m_filter;
    QLineEdit* m_edit;
    QListView* m_list;
};

} // namespace bitwright
