// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "widgets/models/config_model.h"
#include "widgets/page.h"
#include "widgets/view_update.h"

class QLabel;

namespace bitwright {

class HistogramPlot;
struct HistogramContents;

/// The weights of one layer under each of the configurations that are compared: the first one's values before
/// and after quantization, the quantized values of the others over them.
class ConfigHistogram : public QWidget {
    Q_OBJECT
public:
    explicit ConfigHistogram(const Workspace& workspace, QWidget* parent = nullptr);

    /// `row` of the document; -1 = none is chosen.
    void show(int row, const std::vector<Configuration>& compared);
    HistogramPlot* plot() const { return m_plot; }
    bool isUpToDate() const { return m_update.isUpToDate(); }
    /// What is shown, or why nothing is.
    QString title() const;

Q_SIGNALS:
    void upToDate();

protected:
    void showEvent(QShowEvent* event) override;
    void hideEvent(QHideEvent* event) override;

private:
    void startUpdate();
    void deliver(int row, const Result<HistogramContents>& shown);
    void showNothing(const QString& why);

    Workspace m_workspace;
    QLabel* m_title;
    HistogramPlot* m_plot;
    std::vector<Configuration> m_compared;
    int m_row = -1, m_shownRow = -1;
    ViewUpdate m_update;
};

} // namespace bitwright
