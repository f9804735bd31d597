// SPDX-License-Identifier: GPL-3.0-or-later
#include "widgets/dialogs/bulk_edit_dialog.h"

#include "widgets/models/layer_model.h"
#include "widgets/pages/spec_editor.h"

#include <QDialogButtonBox>
#include <QFormLayout>
#include <QLabel>
#include <QPushButton>
#include <QVBoxLayout>

namespace bitwright {

BulkEditDialog::BulkEditDialog(LayerModel* model, QList<int> rows, QWidget* parent)
    : QDialog(parent)
    , m_model(model)
    , m_rows(std::move(rows))
    , m_weights(new SpecEditor(SpecEditor::Site::Weights, SpecEditor::Mode::KeepOthers))
    , m_activations(new SpecEditor(SpecEditor::Site::Activations, SpecEditor::Mode::KeepOthers))
    , m_message(new QLabel)
{
    setWindowTitle(tr("Edit %n layer(s)", nullptr, int(m_rows.size())));
    auto* form = new QFormLayout;
    form->addRow(tr("Weights:"), m_weights);
    form->addRow(tr("Activations:"), m_activations);
    m_message->setWordWrap(true);
    const auto locked = m_rows.removeIf([model](int row) { return model->isLocked(row); });
    if (locked > 0)
        m_message->setText(tr("%n locked layer(s) will stay as they are.", nullptr, int(locked)));
    m_message->setVisible(locked > 0);
    auto* buttons = new QDialogButtonBox(QDialogButtonBox::Ok | QDialogButtonBox::Cancel);
    buttons->button(QDialogButtonBox::Ok)->setText(tr("Apply"));
    connect(buttons, &QDialogButtonBox::accepted, this, &QDialog::accept);
    connect(buttons, &QDialogButtonBox::rejected, this, &QDialog::reject);
    auto* layout = new QVBoxLayout(this);
    layout->addLayout(form);
    layout->addWidget(m_message);
    layout->addWidget(buttons);
    // A combination that cannot be computed is explained here, where it can be corrected.
    connect(model, &LayerModel::editRefused, this, [this](const QString& message) {
        m_message->setText(message);
        m_message->show();
    });
}

void BulkEditDialog::accept()
{
    const auto changes = m_weights->changes() + m_activations->changes();
    m_message->hide();
    m_model->editRows(m_rows, changes);
    if (!m_message->isVisible())
        QDialog::accept();
}

} // namespace bitwright
