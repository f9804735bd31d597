// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/run/trainer.h"

#include <QWidget>

#include <memory>
#include <optional>
#include <vector>

namespace bitwright {

struct TrainingStep;

/// How a training run goes: loss, accuracy, learned scales or learning rate over the epochs.
class TrainingPlot : public QWidget {
    Q_OBJECT
public:
    enum View { Loss, Accuracy, Scales, Rate, ViewCount };

    explicit TrainingPlot(QWidget* parent = nullptr);
    ~TrainingPlot() override;

    void setView(View view);
    View view() const;
    /// `floatTop1`: share of the float model, drawn as a line; `best`: epoch that is kept, < 0 = not known
    /// yet. `layer`: whose scales are drawn, with those of the others behind them; empty = all alike.
    void setRun(const std::vector<TrainingStep>& steps, const std::vector<EpochRecord>& epochs,
                std::optional<double> floatTop1, int best, const std::string& layer);

protected:
    void changeEvent(QEvent* event) override;

private:
    struct Private;
    std::unique_ptr<Private> d;
};

} // namespace bitwright
