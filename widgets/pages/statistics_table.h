// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QString>
#include <QWidget>

#include <utility>
#include <vector>

class QFormLayout;

namespace bitwright {

/// Names and numbers in two columns that can be selected and copied.
class StatisticsTable : public QWidget {
    Q_OBJECT
public:
    using Line = std::pair<QString, QString>; ///< an empty second part is a heading

    explicit StatisticsTable(QWidget* parent = nullptr);
    void setLines(const std::vector<Line>& lines);

private:
    QFormLayout* m_layout;
};

} // namespace bitwright
