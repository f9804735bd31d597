// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QHash>
#include <QList>
#include <QWidget>

class QAction;
class QLabel;
class QPushButton;
class QVBoxLayout;

namespace bitwright {

/// What a page shows while it has nothing: what is missing, and the action that brings it.
class EmptyState : public QWidget {
    Q_OBJECT
public:
    EmptyState(const QString& headline, const QString& text, QWidget* parent = nullptr);

    void setTexts(const QString& headline, const QString& text);
    /// A button that triggers `action` and follows its enabled state.
    void addAction(QAction* action);
    /// Only these of the actions added would help now.
    void offer(const QList<QAction*>& actions);

private:
    QLabel* m_headline;
    QLabel* m_text;
    QVBoxLayout* m_buttons;
    QHash<QAction*, QPushButton*> m_buttonOf;
};

} // namespace bitwright
