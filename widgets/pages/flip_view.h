// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/workbench_sample.h"
#include "widgets/page.h"
#include "widgets/view_update.h"

#include <optional>

class QComboBox;
class QLabel;
class QPushButton;
class QTableView;
class QTableWidget;

namespace bitwright {

class FlipModel;

/// Samples whose prediction changed by quantizing: the list, and for the current one its picture and both
/// models' outputs.
class FlipView : public QWidget {
    Q_OBJECT
public:
    explicit FlipView(const Workspace& workspace, QWidget* parent = nullptr);

    FlipModel* model() const { return m_model; }
    QTableView* table() const { return m_table; }
    QComboBox* filterBox() const { return m_filter; }
    QLabel* picture() const { return m_picture; }
    QTableWidget* outputs() const { return m_outputs; }
    bool isUpToDate() const { return m_update.isUpToDate(); }

Q_SIGNALS:
    void upToDate();
    void failed(const QString& message);

protected:
    void resizeEvent(QResizeEvent* event) override;

private:
    void refresh();
    void startUpdate();
    void deliver(const Result<workbench::SampleResult>& result);
    void fillOutputs(const workbench::SampleRun& run);
    void exportList();

    Workspace m_workspace;
    FlipModel* m_model;
    QTableView* m_table;
    QComboBox* m_filter;
    QPushButton* m_export;
    QLabel *m_count, *m_picture;
    QTableWidget* m_outputs;
    ViewUpdate m_update;
};

} // namespace bitwright
