// SPDX-License-Identifier: GPL-3.0-or-later
#include "widgets/pages/rule_bar.h"

#include "widgets/document.h"
#include "widgets/format.h"
#include "widgets/models/layer_rule.h"

#include <QAbstractItemView>
#include <QComboBox>
#include <QHBoxLayout>
#include <QKeyEvent>
#include <QLabel>
#include <QLineEdit>
#include <QPushButton>
#include <QSettings>
#include <QToolButton>

namespace bitwright {

namespace {

constexpr int kKept = 10;

QString settingsKey()
{
    return QStringLiteral("layers/rules");
}

} // namespace

RuleBar::RuleBar(Document* document, QWidget* parent)
    : QWidget(parent)
    , m_document(document)
    , m_edit(new QComboBox)
    , m_status(new QLabel)
    , m_apply(new QPushButton(tr("Select")))
{
    m_edit->setEditable(true);
    m_edit->setInsertPolicy(QComboBox::NoInsert);
    for (QWidget* part : std::initializer_list<QWidget*>{m_edit, m_edit->lineEdit(), m_edit->view()})
        part->setAccessibleName(tr("Rule that selects layers"));
    m_edit->lineEdit()->setPlaceholderText(tr("weight SQNR < 20 dB and op = conv2d"));
    m_edit->setToolTip(
        tr("Numbers: weight sqnr, activation mse, weight clipped, bits, size, params, macs … with "
           "< <= > >= = !=\nTexts: name, op, note with = != and ~ (regular expression)\n"
           "Flags: locked, exception, weights\nJoined by and, or, not and parentheses"));
    m_edit->addItems(QSettings().value(settingsKey()).toStringList());
    m_edit->setCurrentText({});
    m_edit->setSizePolicy(QSizePolicy::Ignored, QSizePolicy::Fixed);
    m_status->setAccessibleName(tr("Matches of the rule"));
    m_apply->setToolTip(tr("Select the layers that the rule matches (Enter)"));
    auto* close = new QToolButton;
    close->setText(QStringLiteral("✕"));
    close->setAutoRaise(true);
    close->setAccessibleName(tr("Close the rule"));
    close->setToolTip(tr("Close (Esc)"));
    auto* label = new QLabel(tr("Select &where"));
    label->setBuddy(m_edit);
    auto* layout = new QHBoxLayout(this);
    layout->setContentsMargins(0, 0, 0, 0);
    layout->addWidget(label);
    layout->addWidget(m_edit, 1);
    layout->addWidget(m_status);
    layout->addWidget(m_apply);
    layout->addWidget(close);
    connect(m_edit, &QComboBox::editTextChanged, this, &RuleBar::check);
    connect(m_edit->lineEdit(), &QLineEdit::returnPressed, this, &RuleBar::apply);
    connect(m_apply, &QPushButton::clicked, this, &RuleBar::apply);
    connect(close, &QToolButton::clicked, this, &RuleBar::closed);
    check();
}

void RuleBar::check()
{
    const QString text = m_edit->currentText().trimmed();
    m_matches.clear();
    m_status->setToolTip({});
    if (text.isEmpty()) {
        m_status->clear();
    } else if (const auto rule = LayerRule::parse(text)) {
        m_matches = rule->matchingRows(*m_document);
        m_status->setText(tr("%n match(es)", nullptr, int(m_matches.size())));
    } else {
        m_status->setText(tr("not complete"));
        m_status->setToolTip(errorText(rule.error()));
    }
    m_apply->setEnabled(!m_matches.isEmpty());
}

void RuleBar::apply()
{
    check(); // numbers may have changed since it was typed
    if (m_matches.isEmpty()) {
        if (!m_status->toolTip().isEmpty())
            m_status->setText(m_status->toolTip());
        return;
    }
    const QString text = m_edit->currentText().trimmed();
    QStringList rules = QSettings().value(settingsKey()).toStringList();
    rules.removeAll(text);
    rules.prepend(text);
    rules = rules.mid(0, kKept);
    QSettings().setValue(settingsKey(), rules);
    {
        const QSignalBlocker blocker(m_edit);
        m_edit->clear();
        m_edit->addItems(rules);
        m_edit->setCurrentIndex(0);
    }
    Q_EMIT applied(m_matches);
}

void RuleBar::keyPressEvent(QKeyEvent* event)
{
    if (event->key() == Qt::Key_Escape)
        Q_EMIT closed();
    else
        QWidget::keyPressEvent(event);
}

void RuleBar::showEvent(QShowEvent* event)
{
    QWidget::showEvent(event);
    check();
}

} // namespace bitwright
