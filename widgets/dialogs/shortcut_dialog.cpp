// SPDX-License-Identifier: GPL-3.0-or-later
#include "widgets/dialogs/shortcut_dialog.h"

#include "widgets/pages/table_style.h"
#include "widgets/shortcuts.h"
#include "widgets/theme.h"

#include <QAction>
#include <QDialogButtonBox>
#include <QHBoxLayout>
#include <QHeaderView>
#include <QKeySequenceEdit>
#include <QLabel>
#include <QLineEdit>
#include <QPushButton>
#include <QTableView>
#include <QVBoxLayout>

namespace bitwright {

ShortcutDialog::ShortcutDialog(Shortcuts* shortcuts, const QList<ActionEntry>& entries, QWidget* parent)
    : QDialog(parent)
    , m_shortcuts(shortcuts)
    , m_filter(new ActionFilter(this))
    , m_search(new QLineEdit)
    , m_table(new QTableView)
    , m_keys(new QKeySequenceEdit)
    , m_conflict(new QLabel)
    , m_assign(new QPushButton(tr("&Assign")))
    , m_none(new QPushButton(tr("&No key")))
    , m_default(new QPushButton(tr("&Default")))
{
    setWindowTitle(tr("Keyboard shortcuts"));
    m_search->setPlaceholderText(tr("Type the name of an action"));
    m_search->setAccessibleName(tr("Name of an action"));
    m_search->setClearButtonEnabled(true);
    buildTable(entries);
    m_keys->setAccessibleName(tr("New keys"));
    m_conflict->setWordWrap(true);
    m_conflict->setMinimumHeight(fontMetrics().height() * 2);
    m_assign->setToolTip(tr("Give these keys to the selected action"));
    m_none->setToolTip(tr("Take the keys of the selected action away"));
    m_default->setToolTip(tr("Give the selected action the keys it had at first"));
    auto* label = new QLabel(tr("New &keys:"));
    label->setBuddy(m_keys);
    auto* row = new QHBoxLayout;
    row->addWidget(label);
    row->addWidget(m_keys, 1);
    for (QPushButton* button : {m_assign, m_none, m_default})
        row->addWidget(button);
    auto* buttons = new QDialogButtonBox(QDialogButtonBox::Close);
    QPushButton* all = buttons->addButton(tr("All to de&faults"), QDialogButtonBox::ResetRole);
    auto* layout = new QVBoxLayout(this);
    layout->addWidget(m_search);
    layout->addWidget(m_table, 1);
    layout->addLayout(row);
    layout->addWidget(m_conflict);
    layout->addWidget(buttons);
    connect(m_search, &QLineEdit::textChanged, m_filter, &ActionFilter::setPattern);
    connect(m_table->selectionModel(), &QItemSelectionModel::currentChanged, this,
            &ShortcutDialog::showCurrent);
    connect(m_keys, &QKeySequenceEdit::keySequenceChanged, this, &ShortcutDialog::showConflict);
    connect(m_assign, &QPushButton::clicked, this, &ShortcutDialog::assign);
    connect(m_none, &QPushButton::clicked, this, [this] { change({}); });
    connect(m_default, &QPushButton::clicked, this, [this] { change(m_shortcuts->defaults(current())); });
    connect(buttons, &QDialogButtonBox::rejected, this, &QDialog::reject);
    connect(all, &QPushButton::clicked, this, [this] {
        m_shortcuts->resetAll();
        m_model->refresh();
        showCurrent();
    });
    const int em = fontMetrics().averageCharWidth();
    resize(em * 90, fontMetrics().height() * 32);
    m_table->selectRow(0);
}

void ShortcutDialog::buildTable(const QList<ActionEntry>& entries)
{
    QList<ActionEntry> known;
    for (const ActionEntry& entry : entries) {
        if (m_shortcuts->actions().contains(entry.action))
            known.append(entry);
    }
    m_model = new ActionModel(known, this);
    m_filter->setSourceModel(m_model);
    m_table->setModel(m_filter);
    m_table->setAccessibleName(tr("Actions"));
    styleTable(m_table);
    m_table->setSelectionMode(QAbstractItemView::SingleSelection);
    m_table->horizontalHeader()->setSectionResizeMode(ActionModel::Name, QHeaderView::Stretch);
    m_table->setColumnWidth(ActionModel::Place, fontMetrics().averageCharWidth() * 22);
    m_table->setColumnWidth(ActionModel::Keys, fontMetrics().averageCharWidth() * 26);
}

QAction* ShortcutDialog::current() const
{
    const QModelIndex index = m_filter->mapToSource(m_table->currentIndex());
    return index.isValid() ? m_model->action(index.row()) : nullptr;
}

QString ShortcutDialog::conflictText() const
{
    return m_conflict->text();
}

void ShortcutDialog::showCurrent()
{
    const QAction* action = current();
    m_keys->setKeySequence(action ? action->shortcut() : QKeySequence());
    showConflict();
}

void ShortcutDialog::showConflict()
{
    QAction* action = current();
    const QKeySequence key = m_keys->keySequence();
    for (QWidget* widget : std::initializer_list<QWidget*>{m_keys, m_assign, m_none, m_default})
        widget->setEnabled(action);
    m_assign->setEnabled(action && !key.isEmpty() && key != action->shortcut());
    QStringList names;
    for (const QAction* other : action ? m_shortcuts->conflicts(action, key) : QList<QAction*>())
        names << tr("“%1”").arg(plainText(other->text()));
    QPalette colors = palette();
    colors.setColor(QPalette::WindowText, roleColor(Role::Bad, palette()));
    m_conflict->setPalette(names.isEmpty() ? palette() : colors);
    m_conflict->setText(
        names.isEmpty() ? QString()
                        : tr("⚠ %1 already belongs to %2; Assign takes it away there.")
                              .arg(key.toString(QKeySequence::NativeText), names.join(QStringLiteral(", "))));
}

void ShortcutDialog::assign()
{
    const QKeySequence key = m_keys->keySequence();
    for (QAction* other : m_shortcuts->conflicts(current(), key)) {
        QList<QKeySequence> left = other->shortcuts();
        left.removeIf([&key](const QKeySequence& its) {
            return key.matches(its) != QKeySequence::NoMatch || its.matches(key) != QKeySequence::NoMatch;
        });
        m_shortcuts->set(other, left);
    }
    change({key});
}

void ShortcutDialog::change(const QList<QKeySequence>& keys)
{
    if (QAction* action = current())
        m_shortcuts->set(action, keys);
    m_model->refresh();
    showCurrent();
}

} // namespace bitwright
