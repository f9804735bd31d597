// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "widgets/models/layer_model.h"

#include <QWidget>

class QComboBox;

namespace bitwright {

/// One row of combo boxes for the spec of the weights or of the activations.
class SpecEditor : public QWidget {
    Q_OBJECT
public:
    enum class Site { Weights, Activations };
    /// KeepOthers: every box has a first entry that leaves the field of each layer as it is.
    enum class Mode { Exact, KeepOthers };

    SpecEditor(Site site, Mode mode, QWidget* parent = nullptr);

    /// Shows `spec` (Mode::Exact); emits nothing.
    void setSpec(const QuantSpec& spec);
    /// What was chosen, without the fields to keep.
    QList<LayerModel::Change> changes() const;
    QComboBox* box(LayerModel::Column column) const;

Q_SIGNALS:
    /// The user chose an entry.
    void edited(const bitwright::LayerModel::Change& change);

private:
    void addBox(LayerModel::Column column, const QString& name);

    Mode m_mode;
    QList<QPair<LayerModel::Column, QComboBox*>> m_boxes;
};

} // namespace bitwright
