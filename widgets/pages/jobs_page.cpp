// SPDX-License-Identifier: GPL-3.0-or-later
#include "widgets/pages/jobs_page.h"

#include "widgets/job_runner.h"
#include "widgets/models/job_model.h"
#include "widgets/pages/empty_state.h"
#include "widgets/pages/table_style.h"

#include <QApplication>
#include <QHBoxLayout>
#include <QHeaderView>
#include <QPushButton>
#include <QStackedLayout>
#include <QStyledItemDelegate>
#include <QTableView>
#include <QVBoxLayout>

namespace bitwright {

namespace {

/// A progress bar with the counts written in it.
class ProgressDelegate : public QStyledItemDelegate {
public:
    using QStyledItemDelegate::QStyledItemDelegate;

    void paint(QPainter* painter, const QStyleOptionViewItem& option, const QModelIndex& index) const override
    {
        const int percent = index.data(JobModel::PercentRole).toInt();
        if (percent < 0 || index.data(JobModel::OverRole).toBool()) {
            QStyledItemDelegate::paint(painter, option, index);
            return;
        }
        QStyleOptionProgressBar bar;
        bar.rect = option.rect.adjusted(2, 3, -2, -3);
        bar.palette = option.palette;
        bar.fontMetrics = option.fontMetrics;
        bar.state = option.state | QStyle::State_Horizontal;
        bar.maximum = 100;
        bar.progress = percent;
        bar.text = index.data().toString();
        bar.textVisible = true;
        bar.textAlignment = Qt::AlignCenter;
        QApplication::style()->drawControl(QStyle::CE_ProgressBar, &bar, painter, option.widget);
    }
};

} // namespace

JobsPage::JobsPage(const Workspace& workspace)
    : m_runner(workspace.runner)
    , m_model(new JobModel(workspace.runner, this))
    , m_table(new QTableView)
    , m_cancel(new QPushButton(tr("&Cancel")))
    , m_clear(new QPushButton(tr("C&lear finished")))
{
    m_table->setModel(m_model);
    m_table->setItemDelegateForColumn(JobModel::Progress, new ProgressDelegate(m_table));
    m_table->setAccessibleName(tr("Jobs"));
    styleTable(m_table);
    m_table->setWordWrap(false);
    // Everything is seen at any width of the dock: long texts are elided, and whole in the tool tip.
    for (const int column : {int(JobModel::Title), int(JobModel::Progress), int(JobModel::Message)})
        m_table->horizontalHeader()->setSectionResizeMode(column, QHeaderView::Stretch);
    for (const int column : {int(JobModel::State), int(JobModel::TimeLeft)})
        m_table->horizontalHeader()->setSectionResizeMode(column, QHeaderView::ResizeToContents);
    m_table->setHorizontalScrollBarPolicy(Qt::ScrollBarAlwaysOff);
    m_cancel->setAccessibleName(tr("Cancel job"));
    m_clear->setAccessibleName(tr("Clear finished jobs"));
    auto* buttons = new QHBoxLayout;
    buttons->addWidget(m_cancel);
    buttons->addWidget(m_clear);
    buttons->addStretch(1);
    auto* list = new QWidget;
    auto* layout = new QVBoxLayout(list);
    layout->setContentsMargins(8, 8, 8, 8);
    layout->addWidget(m_table, 1);
    layout->addLayout(buttons);
    auto* stack = new QStackedLayout(this);
    stack->addWidget(
        new EmptyState(tr("No jobs"), tr("Opening, calibrating, evaluating and exporting appear here "
                                         "with their progress.")));
    stack->addWidget(list);
    const auto refresh = [this, stack] {
        stack->setCurrentIndex(m_model->rowCount() > 0 ? 1 : 0);
        updateButtons();
    };
    connect(m_model, &JobModel::modelReset, this, refresh);
    connect(m_model, &JobModel::dataChanged, this, &JobsPage::updateButtons);
    connect(m_table->selectionModel(), &QItemSelectionModel::selectionChanged, this,
            &JobsPage::updateButtons);
    connect(m_cancel, &QPushButton::clicked, this, &JobsPage::cancelSelected);
    connect(m_clear, &QPushButton::clicked, m_runner, &JobRunner::clearFinished);
    refresh();
}

void JobsPage::updateButtons()
{
    bool running = false, over = false, said = false;
    for (int row = 0; row < m_model->rowCount(); ++row) {
        const bool isOver = m_model->index(row, 0).data(JobModel::OverRole).toBool();
        running = running || !isOver;
        over = over || isOver;
        said = said || !m_model->index(row, JobModel::Message).data().toString().isEmpty();
    }
    m_table->setColumnHidden(JobModel::Message, !said);
    m_cancel->setEnabled(running);
    m_cancel->setToolTip(running ? tr("Stop the selected job, or the running one")
                                 : tr("No job is running."));
    m_clear->setEnabled(over);
    m_clear->setToolTip(over ? tr("Remove finished jobs from the list") : tr("No job has finished yet."));
}

void JobsPage::cancelSelected()
{
    const QModelIndexList rows = m_table->selectionModel()->selectedRows();
    for (const QModelIndex& index : rows)
        m_runner->cancel(index.data(JobModel::IdRole).toInt());
    if (const JobInfo* current = m_runner->current(); rows.isEmpty() && current)
        m_runner->cancel(current->id);
}

} // namespace bitwright
