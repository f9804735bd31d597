// SPDX-License-Identifier: GPL-3.0-or-later
#include "widgets/pages/repair_group.h"

#include "widgets/actions.h"

#include <QAction>
#include <QGridLayout>
#include <QPushButton>

namespace bitwright {

RepairGroup::RepairGroup(QAction* raiseEnds, QWidget* parent)
    : QGroupBox(tr("Without training, in seconds"), parent)
{
    m_grid = new QGridLayout(this);
    m_grid->setContentsMargins(6, 4, 6, 6);
    addMethod(
        QStringLiteral("equalize"), tr("E&qualize"),
        tr("Give the channels that neighbouring layers share equal ranges in both weights; the float model "
           "stays "
           "the same. Helps most where a whole tensor has one scale."));
    addMethod(QStringLiteral("bias-correction"), tr("Correct &biases"),
              tr("Take the mean error of every channel out of the bias, layer after layer."));
    addMethod(QStringLiteral("norm-reestimate"), tr("Re-estimate &norms"),
              tr("Give every channel the mean and deviation that it has in the float model, as re-estimated "
                 "batch-norm would."));
    QPushButton* ends = add(tr("8-bit &ends"), Actions::help(raiseEnds));
    ends->setObjectName(QStringLiteral("ends"));
    connect(ends, &QPushButton::clicked, raiseEnds, &QAction::trigger);
}

QPushButton* RepairGroup::add(const QString& title, const QString& help)
{
    auto* button = new QPushButton(title);
    button->setProperty("help", help);
    button->setToolTip(help);
    button->setAccessibleDescription(help);
    const int count = int(m_buttons.size());
    m_grid->addWidget(button, count / 2, count % 2);
    m_buttons.push_back(button);
    return button;
}

void RepairGroup::addMethod(const QString& method, const QString& title, const QString& help)
{
    QPushButton* button = add(title, help);
    button->setObjectName(method);
    connect(button, &QPushButton::clicked, this, [this, method] { Q_EMIT chosen(method); });
}

void RepairGroup::setReason(const QString& reason)
{
    for (QPushButton* button : m_buttons) {
        button->setEnabled(reason.isEmpty());
        button->setToolTip(reason.isEmpty() ? button->property("help").toString() : reason);
    }
}

} // namespace bitwright
