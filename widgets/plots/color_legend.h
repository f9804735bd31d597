// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "widgets/models/layer_metrics.h"

#include <QWidget>

namespace bitwright {

/// The colour scale of a metric: a bar with values below it and which end is the bad one.
class ColorLegend : public QWidget {
    Q_OBJECT
public:
    explicit ColorLegend(QWidget* parent = nullptr);

    /// `title`: metricTitle(metric) with the document.
    void setMetric(LayerMetric metric, const MetricRange& range, const QString& title);
    QSize sizeHint() const override;
    QSize minimumSizeHint() const override;

protected:
    void paintEvent(QPaintEvent* event) override;

private:
    LayerMetric m_metric = LayerMetric::WeightSqnr;
    QString m_title;
    MetricRange m_range;
};

} // namespace bitwright
