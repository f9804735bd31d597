// SPDX-License-Identifier: GPL-3.0-or-later
#include "widgets/pages/exceptions_bar.h"

#include "widgets/document.h"
#include "widgets/pages/spec_editor.h"

#include <QGridLayout>
#include <QLabel>
#include <QPushButton>

namespace bitwright {

ExceptionsBar::ExceptionsBar(Document* document, LayerModel* model, QWidget* parent)
    : QWidget(parent)
    , m_document(document)
    , m_weights(new SpecEditor(SpecEditor::Site::Weights, SpecEditor::Mode::Exact))
    , m_activations(new SpecEditor(SpecEditor::Site::Activations, SpecEditor::Mode::Exact))
    , m_resetSelected(new QPushButton(tr("Reset selected")))
    , m_resetAll(new QPushButton(tr("Reset all")))
{
    auto* layout = new QGridLayout(this);
    layout->setContentsMargins(0, 0, 0, 0);
    layout->setHorizontalSpacing(8);
    layout->setVerticalSpacing(4);
    layout->addWidget(new QLabel(tr("Default weights:")), 0, 0);
    layout->addWidget(m_weights, 0, 1);
    layout->addWidget(m_resetSelected, 0, 2);
    layout->addWidget(new QLabel(tr("Default activations:")), 1, 0);
    layout->addWidget(m_activations, 1, 1);
    layout->addWidget(m_resetAll, 1, 2);
    layout->setColumnStretch(1, 1);
    m_resetSelected->setToolTip(tr("Let the selected layers follow the defaults again"));
    m_resetAll->setToolTip(tr("Let every layer follow the defaults again"));
    for (SpecEditor* editor : {m_weights, m_activations})
        connect(editor, &SpecEditor::edited, this, [this, model](const LayerModel::Change& change) {
            if (!model->editDefaults({change}))
                refresh();
        });
    connect(document, &Document::planChanged, this, &ExceptionsBar::refresh);
    connect(document, &Document::modelChanged, this, &ExceptionsBar::refresh);
    refresh();
}

void ExceptionsBar::refresh()
{
    m_weights->setSpec(m_document->plan().defaultWeights);
    m_activations->setSpec(m_document->plan().defaultActivations);
}

} // namespace bitwright
