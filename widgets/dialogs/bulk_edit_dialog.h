// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QDialog>
#include <QList>

class QLabel;

namespace bitwright {

class LayerModel;
class SpecEditor;

/// Sets any of bits, scheme, granularity and range of several layers at once, as one undo step; what is left
/// at "keep" stays as it is in each layer.
class BulkEditDialog : public QDialog {
    Q_OBJECT
public:
    BulkEditDialog(LayerModel* model, QList<int> rows, QWidget* parent = nullptr);

    SpecEditor* weights() const { return m_weights; }
    SpecEditor* activations() const { return m_activations; }
    void accept() override;

private:
    LayerModel* m_model;
    QList<int> m_rows;
    SpecEditor *m_weights, *m_activations;
    QLabel* m_message;
};

} // namespace bitwright
