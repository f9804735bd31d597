// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QDialog>

class QLineEdit;
class QTableWidget;

namespace bitwright {

/// Every term of the window in one sentence, with a search.
class GlossaryDialog : public QDialog {
    Q_OBJECT
public:
    explicit GlossaryDialog(QWidget* parent);

    QLineEdit* edit() const { return m_edit; }
    QTableWidget* table() const { return m_table; }

private:
    void search(const QString& text);

    QLineEdit* m_edit;
    QTableWidget* m_table;
};

} // namespace bitwright
