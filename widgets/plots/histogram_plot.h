// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "widgets/plots/site_distribution.h"

#include <QWidget>

#include <memory>

namespace bitwright {

/// Density of a tensor before (filled) and after quantization (steps), with the range of the grid marked and
/// the clipped part shaded. Wheel zooms, drag pans, double click shows everything. Takes its colours from
/// the palette.
class HistogramPlot : public QWidget {
    Q_OBJECT
public:
    explicit HistogramPlot(QWidget* parent = nullptr);
    ~HistogramPlot() override;

    /// Keeps the visible range when `sameTensor`, so that an edit does not move the picture.
    void setDistribution(const SiteDistribution& distribution, bool sameTensor);
    void clear();
    bool isLogarithmic() const;

public Q_SLOTS:
    void setLogarithmic(bool on);
    /// Shows the whole tensor and its range.
    void resetView();

protected:
    void changeEvent(QEvent* event) override;

private:
    struct Private;
    std::unique_ptr<Private> d;
};

} // namespace bitwright
