// SPDX-License-Identifier: GPL-3.0-or-later
#include "widgets/status_progress.h"

#include "widgets/job_runner.h"
#include "widgets/models/job_model.h"

#include <QHBoxLayout>
#include <QLabel>
#include <QProgressBar>
#include <QToolButton>

namespace bitwright {

StatusProgress::StatusProgress(JobRunner* runner, QWidget* parent)
    : QWidget(parent)
    , m_runner(runner)
    , m_text(new QLabel)
    , m_bar(new QProgressBar)
    , m_cancel(new QToolButton)
{
    m_bar->setTextVisible(false);
    m_bar->setFixedWidth(fontMetrics().averageCharWidth() * 24);
    m_bar->setMaximumHeight(fontMetrics().height());
    m_bar->setAccessibleName(tr("Progress of the running job"));
    m_cancel->setText(tr("Cancel"));
    m_cancel->setAccessibleName(tr("Cancel running job"));
    m_cancel->setToolTip(tr("Cancel the running job (%1)")
                             .arg(QKeySequence(Qt::SHIFT | Qt::Key_F5).toString(QKeySequence::NativeText)));
    auto* layout = new QHBoxLayout(this);
    layout->setContentsMargins(0, 0, 0, 0);
    layout->addWidget(m_text);
    layout->addWidget(m_bar);
    layout->addWidget(m_cancel);
    connect(runner, &JobRunner::jobChanged, this, &StatusProgress::refresh);
    connect(runner, &JobRunner::jobsReset, this, &StatusProgress::refresh);
    connect(m_cancel, &QToolButton::clicked, this, [this] {
        if (const JobInfo* job = m_runner->current())
            m_runner->cancel(job->id);
    });
    refresh();
}

void StatusProgress::refresh()
{
    const JobInfo* job = m_runner->current();
    setVisible(job != nullptr);
    if (!job)
        return;
    m_text->setText(progressText(*job));
    m_cancel->setEnabled(job->state == JobInfo::Running);
    const int percent = progressPercent(*job);
    m_bar->setRange(0, percent < 0 ? 0 : 100);
    m_bar->setValue(qMax(0, percent));
}

} // namespace bitwright
