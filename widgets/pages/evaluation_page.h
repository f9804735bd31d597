// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

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
    void refresh();
    void addLine(const QString& name, const QString& help, const QString& floating, const QString& quantized,
                 const QString& difference);
    void addShare(const QString& name, const QString& help, double floating, double quantized,
                  qint64 samples);
    void fill();

    Document* m_document;
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
};

} // namespace bitwright
