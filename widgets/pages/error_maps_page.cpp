// SPDX-License-Identifier: GPL-3.0-or-later
#include "widgets/pages/error_maps_page.h"

#include "widgets/actions.h"
#include "widgets/document.h"
#include "widgets/pages/activation_error_view.h"
#include "widgets/pages/empty_state.h"
#include "widgets/pages/plan_map_view.h"
#include "widgets/pages/sensitivity_view.h"
#include "widgets/pages/weight_error_view.h"
#include "widgets/plots/heat_map.h"
#include "widgets/plots/heat_panel.h"

#include <QJsonObject>
#include <QStackedLayout>
#include <QTabBar>
#include <QVBoxLayout>

namespace bitwright {

ErrorMapsPage::ErrorMapsPage(const Workspace& workspace)
    : m_tabs(new QTabBar)
    , m_stack(new QStackedLayout(this))
    , m_views(new QStackedLayout)
    , m_sensitivity(new SensitivityView(workspace))
    , m_weight(new WeightErrorView(workspace))
    , m_activation(new ActivationErrorView(workspace))
    , m_plan(new PlanMapView(workspace))
{
    auto* empty = new EmptyState(tr("No model is open"),
                                 tr("Maps show where the error is: in which layer, channel and element."));
    empty->addAction(workspace.actions->openModel);
    m_tabs->setAccessibleName(tr("Kind of map"));
    m_tabs->setDocumentMode(true);
    m_tabs->setDrawBase(false);
    m_tabs->setExpanding(false);
    for (const QString& title : {tr("Sensitivity"), tr("Weight"), tr("Activation"), tr("Plan")})
        m_tabs->addTab(title);
    for (QWidget* view : std::initializer_list<QWidget*>{m_sensitivity, m_weight, m_activation, m_plan})
        m_views->addWidget(view);
    auto* content = new QWidget;
    auto* layout = new QVBoxLayout(content);
    layout->setContentsMargins(8, 4, 8, 6);
    layout->setSpacing(4);
    layout->addWidget(m_tabs);
    layout->addLayout(m_views, 1);
    m_stack->addWidget(empty);
    m_stack->addWidget(content);
    connect(m_tabs, &QTabBar::currentChanged, this, &ErrorMapsPage::choose);
    const auto follow = [this, document = workspace.document] {
        m_stack->setCurrentIndex(document->model() ? 1 : 0);
    };
    connect(workspace.document, &Document::modelChanged, this, follow);
    connect(m_weight, &WeightErrorView::upToDate, this, &Page::upToDate);
    connect(m_weight, &WeightErrorView::failed, this, &Page::failed);
    connect(m_activation, &ActivationErrorView::upToDate, this, &Page::upToDate);
    connect(m_plan, &PlanMapView::upToDate, this, &Page::upToDate);
    follow();
}

void ErrorMapsPage::choose(int view)
{
    m_views->setCurrentIndex(view);
    m_weight->setActive(view == Weight);
    m_activation->setActive(view == Activation);
}

bool ErrorMapsPage::isUpToDate() const
{
    return m_weight->isUpToDate() && m_activation->isUpToDate() && m_plan->isUpToDate();
}

QStringList ErrorMapsPage::views() const
{
    return {QStringLiteral("sensitivity"), QStringLiteral("weight"), QStringLiteral("activation"),
            QStringLiteral("plan")};
}

void ErrorMapsPage::showView(const QString& name)
{
    m_tabs->setCurrentIndex(std::max(0, int(views().indexOf(name))));
}

QList<QAction*> ErrorMapsPage::viewActions() const
{
    return {m_sensitivity->runAction()};
}

QList<Exportable> ErrorMapsPage::exportables() const
{
    const auto of = [](const QString& name, HeatPanel* panel) {
        return Exportable{name, panel->map()->accessibleName(), panel->map(), [panel] {
                              const HeatGridPtr grid = panel->map()->grid();
                              return grid ? grid->csv() : QString();
                          }};
    };
    return {of(QStringLiteral("sensitivity"), m_sensitivity->panel()),
            of(QStringLiteral("weight-error"), m_weight->panel()),
            of(QStringLiteral("activation-error"), m_activation->differencePanel()),
            of(QStringLiteral("plan"), m_plan->panel())};
}

QJsonObject ErrorMapsPage::viewState() const
{
    return {{QStringLiteral("view"), views().value(m_tabs->currentIndex())}};
}

void ErrorMapsPage::restoreView(const QJsonObject& state)
{
    showView(state.value(QStringLiteral("view")).toString());
}

} // namespace bitwright
