// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "widgets/page.h"

class QLabel;
class QStackedLayout;
class QTableWidget;

namespace bitwright {

class EmptyState;

/// Float against quantized: accuracy with its confidence, agreement, output error, size and cost.
class EvaluationPage : public Page {
    Q_OBJECT
public:
    explicit EvaluationPage(const Workspace& workspace);

    EmptyState* emptyState() const { return m_empty; }
    QTableWidget* table() const { return m_table; }

private:
    void refresh();
    void addLine(const QString& name, const QString& help, const QString& floating, const QString& quantized,
                 const QString& difference);
    void addShare(const QString& name, const QString& help, double floating, double quantized,
                  qint64 samples);
    void fill();

    Document* m_document;
    QStackedLayout* m_stack;
    EmptyState* m_empty;
    QLabel* m_headline;
    QLabel* m_note;
    QTableWidget* m_table;
};

} // namespace bitwright
