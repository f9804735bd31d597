// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/run/trainer.h"

#include <QWidget>

#include <functional>

class QCheckBox;
class QComboBox;
class QDoubleSpinBox;
class QFormLayout;
class QLineEdit;
class QSpinBox;

namespace bitwright {

/// Every option of a training run to see and to edit; a preset fills them.
class TrainingOptions : public QWidget {
    Q_OBJECT
public:
    explicit TrainingOptions(QWidget* parent = nullptr);

    void setOptions(const TrainOptions& options);
    TrainOptions options() const;
    void setLabels(bool labels);
    void setPruning(const PruneOptions& prune);

Q_SIGNALS:
    void edited();

private:
    void addPruning();
    void enablePruning();
    PruneOptions pruning() const;
    void heading(const QString& text);
    void add(const QString& name, const QString& help, QWidget* editor);
    QSpinBox* integer(const QString& name, const QString& help, int least, int most);
    QDoubleSpinBox* number(const QString& name, const QString& help, double least, double most, int decimals,
                           double step);
    QComboBox* choice(const QString& name, const QString& help, const std::vector<TrainChoice>& choices);
    QCheckBox* flag(const QString& name, const QString& help);

    TrainOptions m_rest; ///< what has no editor
    QFormLayout* m_form;
    QComboBox *m_method, *m_optimizer, *m_schedule, *m_loss, *m_norm, *m_prune;
    QSpinBox *m_epochs, *m_batch, *m_steps, *m_freeze, *m_crop, *m_patience, *m_seed;
    QDoubleSpinBox *m_lr, *m_scaleLr, *m_momentum, *m_decay, *m_clip, *m_warmup, *m_smoothing, *m_distill,
        *m_temperature, *m_pruneShare;
    QCheckBox *m_flip, *m_pruneGradual;
    bool m_filling = false;
};

} // namespace bitwright
