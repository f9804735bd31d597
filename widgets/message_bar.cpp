// SPDX-License-Identifier: GPL-3.0-or-later
#include "widgets/message_bar.h"

#include "widgets/theme.h"

#include <QAccessible>
#include <QEvent>
#include <QHBoxLayout>
#include <QLabel>
#include <QPushButton>
#include <QStyle>
#include <QTimer>
#include <QToolButton>

namespace bitwright {

MessageBar::MessageBar(QWidget* parent)
    : QFrame(parent)
    , m_glyph(new QLabel)
    , m_text(new QLabel)
    , m_answers(new QHBoxLayout)
    , m_timer(new QTimer(this))
{
    setAutoFillBackground(true);
    setAccessibleName(tr("Message"));
    m_text->setWordWrap(true);
    m_text->setTextFormat(Qt::PlainText);
    m_text->setTextInteractionFlags(Qt::TextSelectableByMouse);
    auto* close = new QToolButton;
    close->setAutoRaise(true);
    close->setText(QStringLiteral("✕"));
    close->setAccessibleName(tr("Close message"));
    close->setToolTip(tr("Close this message"));
    auto* layout = new QHBoxLayout(this);
    layout->setContentsMargins(12, 6, 8, 6);
    layout->addWidget(m_glyph);
    layout->addWidget(m_text, 1);
    layout->addLayout(m_answers);
    layout->addWidget(close);
    m_timer->setSingleShot(true);
    m_timer->setInterval(8000);
    connect(close, &QToolButton::clicked, this, &QWidget::hide);
    connect(m_timer, &QTimer::timeout, this, &QWidget::hide);
    hide();
}

void MessageBar::showFailure(const QString& title, const QString& message)
{
    m_timer->stop();
    display(title.isEmpty() ? message : tr("%1: %2").arg(title, message), true);
}

void MessageBar::showNote(const QString& message)
{
    // A failure is not covered by what matters less.
    if (isVisible() && (m_failure || m_offer))
        return;
    display(message, false);
    m_timer->start();
}

void MessageBar::showOffer(const QString& message,
                           const QList<std::pair<QString, std::function<void()>>>& answers)
{
    m_timer->stop();
    display(message, false);
    m_offer = true;
    for (const auto& [text, act] : answers) {
        auto* button = new QPushButton(text);
        m_answers->addWidget(button);
        connect(button, &QPushButton::clicked, this, [this, act = act] {
            m_offer = false;
            hide();
            act();
        });
    }
}

void MessageBar::clear()
{
    if (!m_offer)
        hide();
}

QString MessageBar::text() const
{
    return m_text->text();
}

void MessageBar::display(const QString& message, bool failure)
{
    m_failure = failure;
    m_offer = false;
    while (QLayoutItem* item = m_answers->takeAt(0)) {
        item->widget()->deleteLater();
        delete item;
    }
    m_glyph->setText(failure ? QStringLiteral("⚠") : QStringLiteral("ℹ"));
    m_text->setText(message);
    setAccessibleDescription(message);
    applyColors();
    show();
    QAccessibleEvent event(this, QAccessible::Alert);
    QAccessible::updateAccessibility(&event);
}

void MessageBar::applyColors()
{
    const QPalette app = parentWidget() ? parentWidget()->palette() : palette();
    const QColor accent = m_failure ? roleColor(Role::Bad, app) : roleColor(Role::Float, app);
    const QColor base = app.color(QPalette::Base);
    QPalette colors = app;
    const auto mix = [&](float a, float b) { return 0.18f * a + 0.82f * b; };
    colors.setColor(QPalette::Window,
                    QColor::fromRgbF(mix(accent.redF(), base.redF()), mix(accent.greenF(), base.greenF()),
                                     mix(accent.blueF(), base.blueF())));
    colors.setColor(QPalette::WindowText, app.color(QPalette::Text));
    setPalette(colors);
}

void MessageBar::changeEvent(QEvent* event)
{
    QFrame::changeEvent(event);
    if (event->type() == QEvent::ParentChange || event->type() == QEvent::ApplicationPaletteChange)
        applyColors();
}

} // namespace bitwright
