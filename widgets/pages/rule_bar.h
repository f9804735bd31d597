// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QList>
#include <QWidget>

class QComboBox;
class QLabel;
class QPushButton;

namespace bitwright {

class Document;

/// Selects layers by a rule (LayerRule): counts the matches while it is typed, keeps the rules that were
/// applied for the next time.
class RuleBar : public QWidget {
    Q_OBJECT
public:
    explicit RuleBar(Document* document, QWidget* parent = nullptr);

    QComboBox* edit() const { return m_edit; }
    QPushButton* applyButton() const { return m_apply; }
    QLabel* status() const { return m_status; }
    const QList<int>& matches() const { return m_matches; }

Q_SIGNALS:
    /// Rows of the document.
    void applied(const QList<int>& rows);
    void closed();

protected:
    void keyPressEvent(QKeyEvent* event) override;
    void showEvent(QShowEvent* event) override;

private:
    void check();
    void apply();

    Document* m_document;
    QComboBox* m_edit;
    QLabel* m_status;
    QPushButton* m_apply;
    QList<int> m_matches;
};

} // namespace bitwright
