// SPDX-License-Identifier: GPL-3.0-or-later
#include "widgets/page.h"

#include "widgets/plots/plot_export.h"

#include <QAction>
#include <QCheckBox>
#include <QComboBox>
#include <QLineEdit>
#include <QTabBar>

namespace bitwright {

namespace {

/// Qt names parts of its own widgets.
template<typename T>
QList<T*> namedChildren(const Page* page)
{
    QList<T*> found = page->findChildren<T*>();
    found.removeIf([](const T* child) {
        const QString name = child->objectName();
        return name.isEmpty() || name.startsWith(QLatin1String("qt_"));
    });
    return found;
}

} // namespace

QString Page::viewTitle(const QString& name) const
{
    const qsizetype view = views().indexOf(name);
    for (const QTabBar* tabs : findChildren<QTabBar*>())
        if (view >= 0 && tabs->count() == views().size())
            return tabs->tabText(int(view)).remove(u'&');
    return {};
}

void Page::takeKeyboard()
{
    for (QWidget* next = nextInFocusChain(); next != this; next = next->nextInFocusChain()) {
        const bool takes = (next->focusPolicy() & Qt::TabFocus) && next->isEnabled() && next->isVisible();
        if (takes && isAncestorOf(next)) {
            next->setFocus(Qt::ShortcutFocusReason);
            return;
        }
    }
}

QList<Exportable> Page::exportables() const
{
    return customPlotsOf(this);
}

QJsonObject Page::viewState() const
{
    QJsonObject state;
    for (const QAction* action : viewActions()) {
        if (action->isCheckable() && !action->objectName().isEmpty())
            state.insert(action->objectName(), action->isChecked());
    }
    for (const auto* box : namedChildren<QComboBox>(this))
        state.insert(box->objectName(), box->currentIndex());
    for (const auto* tabs : namedChildren<QTabBar>(this))
        state.insert(tabs->objectName(), tabs->currentIndex());
    for (const auto* edit : namedChildren<QLineEdit>(this))
        state.insert(edit->objectName(), edit->text());
    for (const auto* box : namedChildren<QCheckBox>(this))
        state.insert(box->objectName(), box->isChecked());
    return state;
}

void Page::restoreView(const QJsonObject& state)
{
    const auto value = [&state](const QObject* object) { return state.value(object->objectName()); };
    for (auto* box : namedChildren<QComboBox>(this)) {
        const int index = value(box).toInt(-1);
        if (index >= 0 && index < box->count())
            box->setCurrentIndex(index);
    }
    for (auto* tabs : namedChildren<QTabBar>(this)) {
        const int index = value(tabs).toInt(-1);
        if (index >= 0 && index < tabs->count())
            tabs->setCurrentIndex(index);
    }
    for (auto* edit : namedChildren<QLineEdit>(this)) {
        if (value(edit).isString())
            edit->setText(value(edit).toString());
    }
    for (auto* box : namedChildren<QCheckBox>(this)) {
        if (value(box).isBool())
            box->setChecked(value(box).toBool());
    }
    for (QAction* action : viewActions()) {
        if (action->isCheckable() && value(action).isBool())
            action->setChecked(value(action).toBool());
    }
}

} // namespace bitwright
