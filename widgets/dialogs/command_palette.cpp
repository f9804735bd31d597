// SPDX-License-Identifier: GPL-3.0-or-later
#include "widgets/dialogs/command_palette.h"

#include "widgets/theme.h"

#include <QAction>
#include <QKeyEvent>
#include <QLineEdit>
#include <QListView>
#include <QPainter>
#include <QStyledItemDelegate>
#include <QVBoxLayout>

namespace bitwright {

namespace {

constexpr int kMargin = 8;

/// Two lines: the name with its keys at the right, and below where it is and what it does, or why it cannot.
class PaletteDelegate : public QStyledItemDelegate {
public:
    using QStyledItemDelegate::QStyledItemDelegate;

    QSize sizeHint(const QStyleOptionViewItem& option, const QModelIndex&) const override
    {
        return {option.fontMetrics.averageCharWidth() * 60, option.fontMetrics.height() * 2 + kMargin};
    }

    void paint(QPainter* painter, const QStyleOptionViewItem& option, const QModelIndex& index) const override
    {
        const bool selected = option.state & QStyle::State_Selected;
        painter->save();
        if (selected)
            painter->fillRect(option.rect, option.palette.highlight());
        const QString reason = index.data(ActionModel::ReasonRole).toString();
        const QColor strong =
            selected ? option.palette.color(QPalette::HighlightedText) : option.palette.color(QPalette::Text);
        const QColor weak = selected ? strong : dimmedText(option.palette);
        const QRect inside = option.rect.adjusted(kMargin + 24, kMargin / 2, -kMargin, -kMargin / 2);
        const QRect upper = inside.adjusted(0, 0, 0, -inside.height() / 2);
        const QRect lower = inside.adjusted(0, inside.height() / 2, 0, 0);
        index.data(Qt::DecorationRole)
            .value<QIcon>()
            .paint(painter, option.rect.left() + kMargin, upper.top(), 16, upper.height());
        painter->setPen(reason.isEmpty() ? strong : weak);
        const QString keys = index.siblingAtColumn(ActionModel::Keys).data().toString();
        painter->drawText(upper, Qt::AlignRight | Qt::AlignVCenter, keys);
        const int left = upper.width() - option.fontMetrics.horizontalAdvance(keys) - 12;
        painter->drawText(upper, Qt::AlignLeft | Qt::AlignVCenter,
                          option.fontMetrics.elidedText(index.data().toString(), Qt::ElideMiddle, left));
        const QString place = index.siblingAtColumn(ActionModel::Place).data().toString();
        const QString help = index.data(ActionModel::HelpRole).toString();
        QString second = place.isEmpty() ? help : place + QStringLiteral(" · ") + help;
        painter->setPen(weak);
        if (!reason.isEmpty()) {
            second = QStringLiteral("⊘ ") + reason;
            painter->setPen(selected ? strong : roleColor(Role::Bad, option.palette));
        }
        painter->drawText(lower, Qt::AlignLeft | Qt::AlignVCenter,
                          option.fontMetrics.elidedText(second, Qt::ElideRight, lower.width()));
        painter->restore();
    }
};

} // namespace

CommandPalette::CommandPalette(QList<ActionEntry> entries, QWidget* parent)
    : QDialog(parent, Qt::Dialog | Qt::FramelessWindowHint)
    , m_model(new ActionModel(std::move(entries), this))
    , m_filter(new ActionFilter(this))
    , m_edit(new QLineEdit)
    , m_list(new QListView)
{
    setObjectName(QStringLiteral("commandPalette"));
    setWindowTitle(tr("Command palette"));
    setAccessibleName(windowTitle());
    m_filter->setSourceModel(m_model);
    m_edit->setPlaceholderText(tr("Type the name of an action"));
    m_edit->setAccessibleName(tr("Name of an action"));
    m_edit->setClearButtonEnabled(true);
    m_edit->installEventFilter(this);
    m_list->setModel(m_filter);
    m_list->setItemDelegate(new PaletteDelegate(m_list));
    m_list->setUniformItemSizes(true);
    m_list->setAccessibleName(tr("Actions"));
    m_list->setFocusPolicy(Qt::NoFocus);
    auto* layout = new QVBoxLayout(this);
    layout->setContentsMargins(kMargin, kMargin, kMargin, kMargin);
    layout->addWidget(m_edit);
    layout->addWidget(m_list);
    connect(m_edit, &QLineEdit::textChanged, this, &CommandPalette::search);
    connect(m_list, &QListView::clicked, this, &CommandPalette::run);
    const int em = fontMetrics().averageCharWidth();
    resize(qMin(em * 84, parent->width() - 40), qMin(fontMetrics().height() * 30, parent->height() - 80));
    move(parent->mapToGlobal(QPoint((parent->width() - width()) / 2, parent->height() / 12)));
    search({});
}

void CommandPalette::search(const QString& text)
{
    m_filter->setPattern(text);
    m_list->setCurrentIndex(m_filter->index(0, 0));
    m_list->scrollToTop();
}

bool CommandPalette::eventFilter(QObject* watched, QEvent* event)
{
    if (event->type() != QEvent::KeyPress)
        return QDialog::eventFilter(watched, event);
    const auto* key = static_cast<QKeyEvent*>(event);
    const int row = m_list->currentIndex().row(), last = m_filter->rowCount() - 1;
    const auto go = [&](int to) { m_list->setCurrentIndex(m_filter->index(qBound(0, to, last), 0)); };
    switch (key->key()) {
    case Qt::Key_Down:
        go(row == last ? 0 : row + 1);
        return true;
    case Qt::Key_Up:
        go(row == 0 ? last : row - 1);
        return true;
    case Qt::Key_PageDown:
        go(row + 8);
        return true;
    case Qt::Key_PageUp:
        go(row - 8);
        return true;
    case Qt::Key_Return:
    case Qt::Key_Enter:
        run(m_list->currentIndex());
        return true;
    default:
        return QDialog::eventFilter(watched, event);
    }
}

void CommandPalette::run(const QModelIndex& index)
{
    if (!index.isValid())
        return;
    QPointer<QAction> action = m_model->action(m_filter->mapToSource(index).row());
    // A disabled action stays where its reason can be read.
    if (!action || !action->isEnabled())
        return;
    accept();
    action->trigger();
}

} // namespace bitwright
