// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "widgets/page.h"
#include "widgets/plots/tensor_errors.h"
#include "widgets/view_update.h"

#include <optional>

class QComboBox;
class QLabel;

namespace bitwright {

class HeatPanel;

/// Error of the selected layer's weight: output channel by input channel, or element by element.
class WeightErrorView : public QWidget {
    Q_OBJECT
public:
    explicit WeightErrorView(const Workspace& workspace, QWidget* parent = nullptr);

    HeatPanel* panel() const { return m_panel; }
    QComboBox* viewBox() const { return m_view; }
    bool isUpToDate() const { return m_update.isUpToDate(); }
    /// Only the view that is chosen follows the selection.
    void setActive(bool on) { m_update.setWanted(on); }

Q_SIGNALS:
    void upToDate();
    void failed(const QString& message);

private:
    void chooseTensor();
    void startUpdate();
    void deliver(const Result<WeightErrorMap>& map);
    QString describe(int row, int column) const;

    Workspace m_workspace;
    QComboBox *m_view, *m_tensor, *m_slice;
    QLabel* m_title;
    HeatPanel* m_panel;
    std::optional<WeightErrorMap> m_map;
    int m_row = -1;
    ViewUpdate m_update;
};

} // namespace bitwright
