// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QList>
#include <QString>
#include <QWidget>

#include <memory>
#include <vector>

namespace bitwright {

/// A configuration in the plane of size and accuracy.
struct TradeoffPoint {
    QString name;
    double kilobytes = 0;
    double accuracy = 0; ///< percent, higher is better (SQNR in dB without labels)
    double half = 0;     ///< half the error bar of an estimate; 0 = measured
    int step = -1;       ///< where in the undo history it was measured; -1 = not in it any more
};

/// Size against accuracy of everything evaluated: points that another one beats in both are grey, the trail
/// joins those of the undo history in its order. A click picks the nearest point.
class TradeoffPlot : public QWidget {
    Q_OBJECT
public:
    explicit TradeoffPlot(QWidget* parent = nullptr);
    ~TradeoffPlot() override;

    /// The last point may be an estimate (half > 0); it is no part of the trail.
    void setPoints(const std::vector<TradeoffPoint>& points, const QString& accuracyTitle);
    void setCurrent(int point);
    /// Points in the order of the trail.
    QList<int> trail() const;
    /// Whether no other point is smaller and better.
    static bool isDominated(const std::vector<TradeoffPoint>& points, size_t point);

Q_SIGNALS:
    void picked(int point);
    void activated(int point);

protected:
    void changeEvent(QEvent* event) override;
    void resizeEvent(QResizeEvent* event) override;

private:
    struct Private;
    std::unique_ptr<Private> d;
};

} // namespace bitwright
