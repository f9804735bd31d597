// SPDX-License-Identifier: GPL-3.0-or-later
#include "widgets/pages/empty_state.h"

#include <QAction>
#include <QLabel>
#include <QPushButton>
#include <QVBoxLayout>

namespace bitwright {

EmptyState::EmptyState(const QString& headline, const QString& text, QWidget* parent)
    : QWidget(parent)
    , m_headline(new QLabel)
    , m_text(new QLabel)
    , m_buttons(new QVBoxLayout)
{
    QFont large = font();
    large.setPointSizeF(large.pointSizeF() * 1.35);
    m_headline->setFont(large);
    for (QLabel* label : {m_headline, m_text}) {
        label->setAlignment(Qt::AlignHCenter);
        label->setWordWrap(true);
    }
    setTexts(headline, text);
    auto* layout = new QVBoxLayout(this);
    layout->setContentsMargins(24, 16, 24, 16);
    layout->setSpacing(10);
    layout->addStretch(1);
    layout->addWidget(m_headline);
    layout->addWidget(m_text);
    layout->addLayout(m_buttons);
    layout->addStretch(2);
}

void EmptyState::setTexts(const QString& headline, const QString& text)
{
    m_headline->setText(headline);
    m_text->setText(text);
    setAccessibleName(headline);
    setAccessibleDescription(text);
}

void EmptyState::offer(const QList<QAction*>& actions)
{
    for (auto it = m_buttonOf.cbegin(); it != m_buttonOf.cend(); ++it)
        it.value()->setVisible(actions.contains(it.key()));
}

void EmptyState::addAction(QAction* action)
{
    auto* button = new QPushButton(action->icon(), action->text());
    const auto follow = [button, action] {
        button->setText(action->text());
        button->setIcon(action->icon());
        button->setEnabled(action->isEnabled());
        button->setToolTip(action->toolTip());
        button->setAccessibleName(action->iconText());
    };
    follow();
    connect(action, &QAction::changed, button, follow);
    connect(button, &QPushButton::clicked, action, &QAction::trigger);
    m_buttonOf.insert(action, button);
    m_buttons->addWidget(button, 0, Qt::AlignHCenter);
}

} // namespace bitwright
