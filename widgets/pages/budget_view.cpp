// SPDX-License-Identifier: GPL-3.0-or-later
#include "widgets/pages/budget_view.h"

#include "widgets/commands/plan_commands.h"
#include "widgets/core_messages.h"
#include "widgets/document.h"
#include "widgets/format.h"
#include "widgets/models/config_model.h"
#include "widgets/pages/table_style.h"
#include "widgets/prediction.h"

#include <QDoubleSpinBox>
#include <QHBoxLayout>
#include <QHeaderView>
#include <QLabel>
#include <QLocale>
#include <QPushButton>
#include <QSlider>
#include <QTableView>
#include <QVBoxLayout>

namespace bitwright {

namespace {

constexpr int kSteps = 20; ///< of the slider, one bit

} // namespace

BudgetView::BudgetView(const Workspace& workspace, QWidget* parent)
    : QWidget(parent)
    , m_workspace(workspace)
    , m_slider(new QSlider(Qt::Horizontal))
    , m_average(new QDoubleSpinBox)
    , m_summary(new QLabel)
    , m_apply(new QPushButton(tr("Apply")))
    , m_model(new ConfigDiffModel(this))
    , m_table(new QTableView)
{
    m_slider->setRange(kSteps, 8 * kSteps);
    m_slider->setValue(6 * kSteps);
    m_slider->setAccessibleName(tr("Bits of the weights on average"));
    m_average->setRange(1, 8);
    m_average->setSingleStep(1.0 / kSteps);
    m_average->setValue(6);
    m_average->setSuffix(tr(" bits"));
    m_average->setAccessibleName(tr("Bits of the weights on average, exactly"));
    for (QWidget* widget : std::initializer_list<QWidget*>{m_slider, m_average})
        widget->setToolTip(tr("What one weight may take on average; every layer gets the bits that do the least "
                              "harm together, by the sweep of the error maps"));
    m_apply->setToolTip(tr("Make this the plan, as one undo step"));
    m_summary->setWordWrap(true);
    m_summary->setAccessibleName(tr("What the budget gives"));
    m_table->setModel(m_model);
    m_table->setAccessibleName(tr("Layers that would change"));
    styleTable(m_table);
    m_table->setTextElideMode(Qt::ElideMiddle); // the ends of layer names tell them apart
    m_table->setWordWrap(false);
    m_table->horizontalHeader()->setStretchLastSection(false);
    m_table->horizontalHeader()->setSectionResizeMode(QHeaderView::ResizeToContents);
    m_table->horizontalHeader()->setSectionResizeMode(0, QHeaderView::Stretch);
    m_table->setHorizontalScrollBarPolicy(Qt::ScrollBarAlwaysOff);
    auto* bar = new QHBoxLayout;
    bar->addWidget(m_slider, 1);
    bar->addWidget(m_average);
    bar->addWidget(m_apply);
    auto* layout = new QVBoxLayout(this);
    layout->setContentsMargins(0, 0, 0, 0);
    layout->setSpacing(4);
    layout->addLayout(bar);
    layout->addWidget(m_summary);
    layout->addWidget(m_table, 1);
    connect(m_slider, &QSlider::valueChanged, this, [this](int value) {
        const QSignalBlocker blocker(m_average);
        m_average->setValue(double(value) / kSteps);
        refresh();
    });
    connect(m_average, &QDoubleSpinBox::valueChanged, this, [this](double value) {
        const QSignalBlocker blocker(m_slider);
        m_slider->setValue(qRound(value * kSteps));
        refresh();
    });
    connect(m_apply, &QPushButton::clicked, this, &BudgetView::apply);
    Document* document = workspace.document;
    for (auto signal : {&Document::modelChanged, &Document::sensitivityChanged, &Document::evaluationChanged})
        connect(document, signal, this, &BudgetView::refresh);
    connect(document, &Document::planChanged, this, &BudgetView::refresh);
    refresh();
}

void BudgetView::showEvent(QShowEvent* event)
{
    QWidget::showEvent(event);
    refresh();
}

void BudgetView::refresh()
{
    if (!isVisible())
        return;
    const Document& document = *m_workspace.document;
    m_proposal.reset();
    QString why = tr("Open a model first.");
    if (document.model()) {
        auto made = planWithinBudget(document.model()->graph(), document.sensitivity(), document.plan(),
                                     m_average->value());
        if (made)
            m_proposal = *std::move(made);
        else
            why = coreText(made.error().message);
    }
    m_table->setVisible(m_proposal.has_value());
    m_apply->setEnabled(m_proposal && m_proposal->changed > 0);
    if (m_proposal)
        showProposal();
    else
        m_summary->setText(why);
}

void BudgetView::showProposal()
{
    const Document& document = *m_workspace.document;
    QStringList parts{tr("%n layer(s) would change.", nullptr, m_proposal->changed),
                      tr("Weights: %1 bits on average, %2.")
                          .arg(QLocale().toString(m_proposal->averageBits(), 'f', 2),
                               bytesText((m_proposal->bits + 7) / 8))};
    if (const auto expected = predictionOf(document, m_proposal->plan); expected && expected->top1)
        parts << tr("Estimate %1 ± %2 % top-1.")
                     .arg(QLocale().toString(100 * expected->top1->value, 'f', 2),
                          QLocale().toString(100 * expected->top1->half, 'f', 2));
    m_summary->setText(parts.join(QLatin1Char(' ')));
    m_model->setConfigurations(
        document, {{tr("Now"), document.plan(), document.model(), {}, {}, true},
                   {tr("Proposed"), m_proposal->plan, document.model(), {}, {}, false}});
}

void BudgetView::apply()
{
    if (!m_proposal || m_proposal->changed == 0)
        return;
    Document* document = m_workspace.document;
    document->undoStack()->push(new ReplacePlanCommand(
        document, m_proposal->plan,
        tr("Budget of %1 bits").arg(QLocale().toString(m_average->value(), 'f', 2))));
}

} // namespace bitwright
