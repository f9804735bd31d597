// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QWidget>

class QLabel;
class QProgressBar;
class QToolButton;

namespace bitwright {

class JobRunner;

/// The running job in the status bar: what, k of n, remaining time, Cancel. Hidden while nothing runs.
class StatusProgress : public QWidget {
    Q_OBJECT
public:
    explicit StatusProgress(JobRunner* runner, QWidget* parent = nullptr);

private:
    void refresh();

    JobRunner* m_runner;
    QLabel* m_text;
    QProgressBar* m_bar;
    QToolButton* m_cancel;
};

} // namespace bitwright
