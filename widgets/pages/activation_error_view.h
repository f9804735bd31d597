// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/workbench_sample.h"
#include "widgets/page.h"
#include "widgets/view_update.h"

#include <optional>

class QComboBox;
class QLabel;
class QSpinBox;
class QStackedLayout;

namespace bitwright {

class EmptyState;
class HeatPanel;

/// The output of the selected layer for one sample: float, quantized and their difference, as maps.
class ActivationErrorView : public QWidget {
    Q_OBJECT
public:
    explicit ActivationErrorView(const Workspace& workspace, QWidget* parent = nullptr);

    HeatPanel* differencePanel() const { return m_difference; }
    QSpinBox* sampleBox() const { return m_sample; }
    bool isUpToDate() const { return m_update.isUpToDate(); }
    void setActive(bool on) { m_update.setWanted(on); }
    void showSample(qint64 sample);

Q_SIGNALS:
    void upToDate();
    void failed(const QString& message);

private:
    QWidget* buildBar();
    void startUpdate();
    void deliver(const Result<workbench::SampleResult>& result);
    void showMaps();
    void showNothing(const QString& why);

    Workspace m_workspace;
    QSpinBox *m_sample, *m_channel;
    QComboBox* m_kind;
    QStackedLayout* m_stack;
    EmptyState* m_empty;
    QLabel *m_picture, *m_title;
    HeatPanel *m_floating, *m_quantized, *m_difference;
    std::optional<workbench::SampleResult> m_result;
    ViewUpdate m_update;
};

/// A stored sample as an image of about `side` pixels, whole multiples of its own.
QImage pictureImage(const workbench::Picture& picture, int side);

} // namespace bitwright
