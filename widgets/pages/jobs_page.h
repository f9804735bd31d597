// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "widgets/page.h"

class QPushButton;
class QTableView;

namespace bitwright {

class JobModel;

/// Running, queued and finished jobs with progress, remaining time and Cancel.
class JobsPage : public Page {
    Q_OBJECT
public:
    explicit JobsPage(const Workspace& workspace);

private:
    void updateButtons();
    void cancelSelected();

    JobRunner* m_runner;
    JobModel* m_model;
    QTableView* m_table;
    QPushButton *m_cancel, *m_clear;
};

} // namespace bitwright
