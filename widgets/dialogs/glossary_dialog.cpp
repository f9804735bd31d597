// SPDX-License-Identifier: GPL-3.0-or-later
#include "widgets/dialogs/glossary_dialog.h"

#include "widgets/glossary.h"
#include "widgets/pages/table_style.h"

#include <QDialogButtonBox>
#include <QHeaderView>
#include <QLineEdit>
#include <QTableWidget>
#include <QVBoxLayout>

namespace bitwright {

GlossaryDialog::GlossaryDialog(QWidget* parent)
    : QDialog(parent)
    , m_edit(new QLineEdit)
    , m_table(new QTableWidget(0, 2))
{
    setWindowTitle(tr("Glossary"));
    m_edit->setPlaceholderText(tr("Search"));
    m_edit->setAccessibleName(tr("Search the glossary"));
    m_edit->setClearButtonEnabled(true);
    m_table->setAccessibleName(tr("Terms"));
    m_table->setHorizontalHeaderLabels({tr("Term"), tr("What it is")});
    styleTable(m_table);
    m_table->verticalHeader()->setSectionResizeMode(QHeaderView::ResizeToContents);
    for (const GlossaryEntry& entry : glossary()) {
        const int row = m_table->rowCount();
        m_table->insertRow(row);
        m_table->setItem(row, 0, new QTableWidgetItem(entry.name));
        m_table->setItem(row, 1, new QTableWidgetItem(entry.sentence));
    }
    m_table->resizeColumnToContents(0);
    auto* buttons = new QDialogButtonBox(QDialogButtonBox::Close);
    auto* layout = new QVBoxLayout(this);
    layout->addWidget(m_edit);
    layout->addWidget(m_table, 1);
    layout->addWidget(buttons);
    connect(m_edit, &QLineEdit::textChanged, this, &GlossaryDialog::search);
    connect(buttons, &QDialogButtonBox::rejected, this, &QDialog::reject);
    resize(fontMetrics().averageCharWidth() * 100, fontMetrics().height() * 34);
}

void GlossaryDialog::search(const QString& text)
{
    for (int row = 0; row < m_table->rowCount(); ++row) {
        bool found = false;
        for (int column = 0; column < 2; ++column)
            found = found || m_table->item(row, column)->text().contains(text, Qt::CaseInsensitive);
        m_table->setRowHidden(row, !found);
    }
}

} // namespace bitwright
