// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QGroupBox>

class QAction;
class QGridLayout;
class QPushButton;

namespace bitwright {

/// What can be tried before training: one button a method of repairMethods(), and more bits at the ends.
class RepairGroup : public QGroupBox {
    Q_OBJECT
public:
    explicit RepairGroup(QAction* raiseEnds, QWidget* parent = nullptr);

    /// Why nothing can be started; empty = it can.
    void setReason(const QString& reason);

Q_SIGNALS:
    void chosen(const QString& method);

private:
    QPushButton* add(const QString& title, const QString& help);
    void addMethod(const QString& method, const QString& title, const QString& help);

    QGridLayout* m_grid;
    QList<QPushButton*> m_buttons;
};

} // namespace bitwright
