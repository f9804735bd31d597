// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/base/result.h"
#include "widgets/plots/site_distribution.h"

#include <QWidget>

#include <memory>
#include <optional>
#include <vector>

namespace bitwright {

class ThresholdHandles;

/// The float values of another tensor, drawn as a line over the one shown.
struct HistogramOverlay {
    QString name;
    Histogram histogram;
};

/// What a job finds for a plot; a failure is a value as well, so that the plot can say why it is empty.
struct HistogramContents {
    std::optional<SiteDistribution> distribution;
    std::vector<HistogramOverlay> overlays;
};

/// Density of a tensor before (filled) and after quantization (steps), with the range of the grid marked and
/// the clipped part shaded; the quantization levels are drawn where they are far enough apart. Wheel zooms,
/// drag pans, double click shows everything. Takes its colours from the palette.
class HistogramPlot : public QWidget {
    Q_OBJECT
public:
    explicit HistogramPlot(QWidget* parent = nullptr);
    ~HistogramPlot() override;

    /// Keeps the visible range when `sameTensor`, so that an edit does not move the picture.
    void setDistribution(const SiteDistribution& distribution, bool sameTensor);
    void clear();
    bool isLogarithmic() const;
    /// Whether the range can be dragged; off where it is not the plan's to change.
    void setThresholdsMovable(bool on);
    ThresholdHandles* thresholds() const;
    /// At most kMostOverlays are drawn; the visible range stays that of the tensor shown.
    void setOverlays(const std::vector<HistogramOverlay>& overlays);
    static constexpr size_t kMostOverlays = 4;
    const std::vector<HistogramOverlay>& overlays() const;
    /// Marks a value; NaN = none.
    void setProbe(double value);

public Q_SLOTS:
    void setLogarithmic(bool on);
    /// Shows the whole tensor and its range.
    void resetView();

Q_SIGNALS:
    /// The pointer is over this value.
    void probed(double value);

protected:
    void changeEvent(QEvent* event) override;
    /// The arrow keys move the probe.
    void keyPressEvent(QKeyEvent* event) override;

private:
    struct Private;
    std::unique_ptr<Private> d;
};

} // namespace bitwright
