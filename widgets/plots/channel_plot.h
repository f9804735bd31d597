// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "widgets/plots/site_distribution.h"

#include <QWidget>

#include <memory>
#include <vector>

class QCustomPlot;

namespace bitwright {

/// The range of every channel as a bar, sorted by index or by width; channels whose width exceeds k times the
/// median are marked. A click, or the arrow keys and Enter, picks a channel.
class ChannelPlot : public QWidget {
    Q_OBJECT
public:
    enum Order { ByIndex, ByWidth };

    explicit ChannelPlot(QWidget* parent = nullptr);
    ~ChannelPlot() override;

    void setDistribution(const SiteDistribution& distribution);
    void setOrder(Order order);
    void setLimit(double k);
    /// The channel under the keyboard cursor, -1 = none.
    int64_t current() const;
    /// Channels in the order shown.
    const std::vector<int64_t>& order() const;
    /// Those that are marked, widest first.
    std::vector<int64_t> flagged() const;
    /// Pixel of the plot where the bar of a channel is.
    QPoint positionOf(int64_t channel) const;
    QCustomPlot* canvas() const;

Q_SIGNALS:
    void picked(qint64 channel);

protected:
    void changeEvent(QEvent* event) override;
    void keyPressEvent(QKeyEvent* event) override;

private:
    struct Private;
    void rebuild();
    std::unique_ptr<Private> d;
};

} // namespace bitwright
