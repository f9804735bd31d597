// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QWidget>

class QPushButton;

namespace bitwright {

class Document;
class LayerModel;
class SpecEditor;

/// The defaults of the plan, to be edited, above the list of the layers that deviate from them.
class ExceptionsBar : public QWidget {
    Q_OBJECT
public:
    ExceptionsBar(Document* document, LayerModel* model, QWidget* parent = nullptr);

    SpecEditor* weights() const { return m_weights; }
    SpecEditor* activations() const { return m_activations; }
    QPushButton* resetSelectedButton() const { return m_resetSelected; }
    QPushButton* resetAllButton() const { return m_resetAll; }

private:
    void refresh();

    Document* m_document;
    SpecEditor *m_weights, *m_activations;
    QPushButton *m_resetSelected, *m_resetAll;
};

} // namespace bitwright
