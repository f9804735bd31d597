// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QWidget>

class QPushButton;
class QTableView;

namespace bitwright {

class JobModel;
class JobRunner;

/// Running, queued and finished jobs with progress, remaining time and Cancel.
class JobsPage : public QWidget {
    Q_OBJECT
public:
    explicit JobsPage(JobRunner* runner, QWidget* parent = nullptr);

private:
    void updateButtons();
    void cancelSelected();

    JobRunner* m_runner;
    JobModel* m_model;
    QTableView* m_table;
    QPushButton *m_cancel, *m_clear;
};

} // namespace bitwright
