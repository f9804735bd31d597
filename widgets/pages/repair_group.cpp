// SPDX-License-Identifier: GPL-3.0-or-later
#include "widgets/pages/repair_group.h"

#include <QGridLayout>
#include <QPushButton>

namespace bitwright {

RepairGroup::RepairGroup(QWidget* parent)
    : QGroupBox(tr("Without training, in seconds"), parent)
{
    m_grid = new QGridLayout(this);
    m_grid->setContentsMargins(6, 4, 6, 6);
    add(QStringLiteral("equalize"), tr("E&qualize"),
        tr("Give the channels that neighbouring layers share equal ranges in both weights; the float model "
           "stays "
           "the same. Helps most where a whole tensor has one scale."));
    add(QStringLiteral("bias-correction"), tr("Correct &biases"),
        tr("Take the mean error of every channel out of the bias, layer after layer."));
    add(QStringLiteral("norm-reestimate"), tr("Re-estimate &norms"),
        tr("Give every channel the mean and deviation that it has in the float model, as re-estimated "
           "batch-norm would."));
}

void RepairGroup::add(const QString& method, const QString& title, const QString& help)
{
    auto* button = new QPushButton(title);
    button->setObjectName(method);
    button->setProperty("help", help);
    button->setToolTip(help);
    button->setAccessibleDescription(help);
    connect(button, &QPushButton::clicked, this, [this, method] { Q_EMIT chosen(method); });
    const int count = int(m_buttons.size());
    m_grid->addWidget(button, count / 2, count % 2);
    m_buttons.push_back(button);
}

void RepairGroup::setReason(const QString& reason)
{
    for (QPushButton* button : m_buttons) {
        button->setEnabled(reason.isEmpty());
        button->setToolTip(reason.isEmpty() ? button->property("help").toString() : reason);
    }
}

} // namespace bitwright
