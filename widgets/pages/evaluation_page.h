// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/analysis/evaluate.h"
#include "core/workbench_saturation.h"
#include "widgets/page.h"

class QLabel;
class QStackedLayout;
class QTabBar;
class QTableView;
class QTableWidget;

namespace bitwright {

class ClassModel;
class ConfusionView;
class EmptyState;
class FlipView;
class PredictionLine;

/// Float against quantized: accuracy with its confidence, agreement, output error, size and cost; which
/// classes and which samples changed; and, while editing, the accuracy that is expected.
class EvaluationPage : public Page {
    Q_OBJECT
public:
    explicit EvaluationPage(const Workspace& workspace);

    EmptyState* emptyState() const { return m_empty; }
    QTableWidget* table() const { return m_table; }
    PredictionLine* prediction() const { return m_prediction; }
    ConfusionView* confusion() const { return m_confusion; }
    FlipView* flips() const { return m_flips; }
    QTableView* classes() const { return m_classes; }

    bool isUpToDate() const override;
    QStringList views() const override;
    void showView(const QString& name) override;
    QList<Exportable> exportables() const override;

private:
    QWidget* buildSummary();
    QWidget* buildContent();
    void prepareTable();
    void schedule();
    void refresh();
    struct Line {
        QString name, help, floating, quantized, difference;
        /// Of the open weights in float, where they are not those that were opened; with sums of 16 bits.
        QString tuned = {}, saturated = {};
    };
    using Measure = std::optional<double> Quality::*;
    void addLine(const Line& line);
    void addQuality(const QString& name, const QString& help, Measure measure, bool isShare);
    void addRest();
    /// What the quantized model is compared with, or the float side of the evaluation.
    const Quality& baseline() const;
    void fill();
    static QString saturationText(const workbench::Saturation& saturation);

    Document* m_document;
    Actions* m_actions;
    QStackedLayout *m_stack, *m_views;
    QTabBar* m_tabs;
    PredictionLine* m_prediction;
    ConfusionView* m_confusion;
    FlipView* m_flips;
    ClassModel* m_classModel;
    QTableView* m_classes;
    EmptyState* m_empty;
    QLabel* m_headline;
    QLabel* m_note;
    QTableWidget* m_table;
    bool m_scheduled = false;
};

} // namespace bitwright
