// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "widgets/page.h"

class QStackedLayout;
class QTabBar;

namespace bitwright {

class ActivationErrorView;
class EmptyState;
class PlanMapView;
class SensitivityView;
class WeightErrorView;

/// Errors as maps: sensitivity of layers by bits, one weight, one activation, and the whole plan.
class ErrorMapsPage : public Page {
    Q_OBJECT
public:
    enum View { Sensitivity, Weight, Activation, Plan };

    explicit ErrorMapsPage(const Workspace& workspace);

    bool isUpToDate() const override;
    QStringList views() const override;
    void showView(const QString& name) override;
    QList<QAction*> viewActions() const override;
    QList<Exportable> exportables() const override;
    QJsonObject viewState() const override;
    void restoreView(const QJsonObject& state) override;

    SensitivityView* sensitivity() const { return m_sensitivity; }
    WeightErrorView* weight() const { return m_weight; }
    ActivationErrorView* activation() const { return m_activation; }
    PlanMapView* plan() const { return m_plan; }

private:
    void choose(int view);

    QTabBar* m_tabs;
    QStackedLayout *m_stack, *m_views;
    SensitivityView* m_sensitivity;
    WeightErrorView* m_weight;
    ActivationErrorView* m_activation;
    PlanMapView* m_plan;
};

} // namespace bitwright
