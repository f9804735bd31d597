// SPDX-License-Identifier: GPL-3.0-or-later
#include "widgets/models/layer_delegate.h"

#include "widgets/models/layer_model.h"
#include "widgets/theme.h"

#include <QApplication>
#include <QComboBox>
#include <QHash>
#include <QPainter>

namespace bitwright {

namespace {

/// Tells a choice from the popup, which is final, from stepping through the choices with the keys.
class ChoiceBox : public QComboBox {
public:
    using QComboBox::QComboBox;

    bool isFromPopup() const { return m_fromPopup; }
    void showPopup() override
    {
        m_fromPopup = true;
        QComboBox::showPopup();
    }

protected:
    void keyPressEvent(QKeyEvent* event) override
    {
        m_fromPopup = false;
        QComboBox::keyPressEvent(event);
    }

private:
    bool m_fromPopup = false;
};

/// A lock, a note, or both side by side, in the text colour; drawn once for each palette.
QIcon glyphs(bool locked, bool noted, const QPalette& palette)
{
    const QString key = QStringLiteral("bitwright-glyphs-%1%2-%3")
                            .arg(int(locked))
                            .arg(int(noted))
                            .arg(palette.color(QPalette::Active, QPalette::ButtonText).name());
    static QHash<QString, QIcon> cache;
    QIcon& icon = cache[key];
    if (!icon.isNull())
        return icon;
    for (int scale : {1, 2, 3}) {
        QPixmap pixmap((locked && noted ? 34 : 16) * scale, 16 * scale);
        pixmap.fill(Qt::transparent);
        QPainter painter(&pixmap);
        int x = 0;
        for (const auto& [shown, name] : {std::pair(locked, "lock"), std::pair(noted, "note")}) {
            if (!shown)
                continue;
            themedIcon(QLatin1String(name), palette).paint(&painter, x, 0, 16 * scale, 16 * scale);
            x += 18 * scale;
        }
        painter.end();
        icon.addPixmap(pixmap);
    }
    return icon;
}

} // namespace

void LayerDelegate::initStyleOption(QStyleOptionViewItem* option, const QModelIndex& index) const
{
    QStyledItemDelegate::initStyleOption(option, index);
    option->font.setBold(index.data(LayerModel::ExceptionRole).toBool());
    option->textElideMode = index.column() == LayerModel::Name ? Qt::ElideMiddle : Qt::ElideRight;
    if (index.column() != LayerModel::Name)
        return;
    const bool locked = index.data(LayerModel::LockedRole).toBool();
    const bool noted = !index.data(LayerModel::NoteRole).toString().isEmpty();
    if (!locked && !noted)
        return;
    option->features |= QStyleOptionViewItem::HasDecoration;
    option->decorationPosition = QStyleOptionViewItem::Right;
    option->decorationSize = QSize(locked && noted ? 34 : 16, 16);
    option->icon = glyphs(locked, noted, option->palette);
}

void LayerDelegate::paint(QPainter* painter, const QStyleOptionViewItem& option,
                          const QModelIndex& index) const
{
    const QVariant heat = index.data(LayerModel::HeatRole);
    if (!heat.isValid()) {
        QStyledItemDelegate::paint(painter, option, index);
        return;
    }
    // The cell's own background first, so that the selection stays visible around the shaded chip.
    QStyleOptionViewItem cell = option;
    initStyleOption(&cell, index);
    const QString text = cell.text;
    cell.text.clear();
    const QStyle* style = cell.widget ? cell.widget->style() : QApplication::style();
    style->drawControl(QStyle::CE_ItemViewItem, &cell, painter, cell.widget);

    const QColor color = sequential(heat.toDouble());
    const QRectF chip = QRectF(option.rect).adjusted(4, 2.5, -4, -2.5);
    painter->save();
    painter->setRenderHint(QPainter::Antialiasing);
    painter->setPen(Qt::NoPen);
    painter->setBrush(color);
    painter->drawRoundedRect(chip, 3, 3);
    painter->setPen(textOn(color));
    painter->setFont(cell.font);
    painter->drawText(chip.adjusted(6, 0, -6, 0), Qt::AlignRight | Qt::AlignVCenter, text);
    painter->restore();
}

QSize LayerDelegate::sizeHint(const QStyleOptionViewItem& option, const QModelIndex& index) const
{
    QSize size = QStyledItemDelegate::sizeHint(option, index);
    if (index.data(LayerModel::HeatRole).isValid())
        size.rwidth() += 20;
    return {size.width() + 8, qMax(size.height(), option.fontMetrics.height() + 9)};
}

QWidget* LayerDelegate::createEditor(QWidget* parent, const QStyleOptionViewItem& option,
                                     const QModelIndex& index) const
{
    const QStringList choices = index.data(LayerModel::ChoicesRole).toStringList();
    if (choices.isEmpty())
        return QStyledItemDelegate::createEditor(parent, option, index);
    auto* combo = new ChoiceBox(parent);
    const QStringList texts = index.data(LayerModel::ChoiceTextsRole).toStringList();
    for (int i = 0; i < choices.size(); ++i)
        combo->addItem(texts.value(i, choices[i]), choices[i]);
    combo->setAccessibleName(index.model()->headerData(index.column(), Qt::Horizontal).toString());
    combo->setSizeAdjustPolicy(QComboBox::AdjustToContents);
    connect(combo, &QComboBox::activated, this, [this, combo] {
        if (!combo->isFromPopup())
            return;
        auto* self = const_cast<LayerDelegate*>(this);
        Q_EMIT self->commitData(combo);
        Q_EMIT self->closeEditor(combo);
    });
    return combo;
}

void LayerDelegate::setEditorData(QWidget* editor, const QModelIndex& index) const
{
    auto* combo = qobject_cast<QComboBox*>(editor);
    if (!combo) {
        QStyledItemDelegate::setEditorData(editor, index);
        return;
    }
    const QString token = index.data(Qt::EditRole).toString();
    int at = combo->findData(token);
    if (at < 0) {
        // A format that is not offered (from a plan file) stays choosable.
        combo->addItem(index.data(Qt::DisplayRole).toString(), token);
        at = combo->count() - 1;
    }
    combo->setCurrentIndex(at);
}

void LayerDelegate::setModelData(QWidget* editor, QAbstractItemModel* model, const QModelIndex& index) const
{
    auto* combo = qobject_cast<QComboBox*>(editor);
    if (!combo) {
        QStyledItemDelegate::setModelData(editor, model, index);
        return;
    }
    const QString token = combo->currentData().toString();
    if (token != index.data(Qt::EditRole).toString())
        Q_EMIT const_cast<LayerDelegate*>(this)->chosen(index, token);
}

} // namespace bitwright
