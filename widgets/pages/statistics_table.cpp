// SPDX-License-Identifier: GPL-3.0-or-later
#include "widgets/pages/statistics_table.h"

#include <QFormLayout>
#include <QLabel>

namespace bitwright {

StatisticsTable::StatisticsTable(QWidget* parent)
    : QWidget(parent)
    , m_layout(new QFormLayout(this))
{
    m_layout->setContentsMargins(8, 4, 8, 4);
    m_layout->setHorizontalSpacing(16);
    m_layout->setVerticalSpacing(3);
    m_layout->setLabelAlignment(Qt::AlignLeft);
    m_layout->setFormAlignment(Qt::AlignLeft | Qt::AlignTop);
}

void StatisticsTable::setLines(const std::vector<Line>& lines)
{
    while (m_layout->rowCount() > 0)
        m_layout->removeRow(0);
    bool first = true;
    for (const auto& [name, value] : lines) {
        auto* label = new QLabel(name);
        if (value.isEmpty()) {
            QFont bold = font();
            bold.setBold(true);
            label->setFont(bold);
            label->setContentsMargins(0, first ? 0 : 8, 0, 0);
            m_layout->addRow(label);
        } else {
            auto* number = new QLabel(value);
            number->setTextInteractionFlags(Qt::TextSelectableByMouse);
            number->setAccessibleName(QStringLiteral("%1: %2").arg(name, value));
            m_layout->addRow(label, number);
        }
        first = false;
    }
}

} // namespace bitwright
