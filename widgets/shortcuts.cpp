// SPDX-License-Identifier: GPL-3.0-or-later
#include "widgets/shortcuts.h"

#include "widgets/actions.h"

#include <QAction>
#include <QSettings>

#include <algorithm>

namespace bitwright {

namespace {

QString settingOf(const QAction* action)
{
    return QStringLiteral("shortcuts/") + action->objectName();
}

} // namespace

Shortcuts::Shortcuts(Storage storage, QObject* parent)
    : QObject(parent)
    , m_storage(storage)
{
}

void Shortcuts::add(QAction* action)
{
    if (action->objectName().isEmpty() || m_defaults.contains(action))
        return;
    m_actions.append(action);
    m_defaults.insert(action, action->shortcuts());
    connect(action, &QObject::destroyed, this, [this, action] {
        m_actions.removeAll(action);
        m_defaults.remove(action);
    });
    if (m_storage == Storage::Nowhere)
        return;
    const QSettings settings;
    if (const QVariant stored = settings.value(settingOf(action)); stored.isValid())
        apply(action, QKeySequence::listFromString(stored.toString(), QKeySequence::PortableText));
}

bool Shortcuts::isDefault(const QAction* action) const
{
    return action->shortcuts() == defaults(action);
}

void Shortcuts::set(QAction* action, const QList<QKeySequence>& keys)
{
    apply(action, keys);
    if (m_storage == Storage::Nowhere)
        return;
    QSettings settings;
    if (isDefault(action))
        settings.remove(settingOf(action));
    else
        settings.setValue(settingOf(action), QKeySequence::listToString(keys, QKeySequence::PortableText));
}

void Shortcuts::resetAll()
{
    for (QAction* action : std::as_const(m_actions))
        reset(action);
}

void Shortcuts::apply(QAction* action, const QList<QKeySequence>& keys)
{
    // Tooltips that were written by hand name the key in brackets.
    const QString before = action->shortcut().toString(QKeySequence::NativeText);
    QString tip = action->toolTip();
    action->setShortcuts(keys);
    const QString now = action->shortcut().toString(QKeySequence::NativeText);
    if (!before.isEmpty())
        action->setToolTip(tip.replace(QStringLiteral(" (%1)").arg(before),
                                       now.isEmpty() ? QString() : QStringLiteral(" (%1)").arg(now)));
    if (action->isEnabled() || !Actions::reason(action).isEmpty())
        Actions::setReason(action, Actions::reason(action));
}

QList<QAction*> Shortcuts::conflicts(const QAction* action, const QKeySequence& key) const
{
    QList<QAction*> found;
    for (QAction* other : m_actions) {
        const auto keys = other->shortcuts();
        const bool clash = !key.isEmpty() && std::any_of(keys.begin(), keys.end(), [&key](const auto& its) {
            return !its.isEmpty() &&
                   (key.matches(its) != QKeySequence::NoMatch || its.matches(key) != QKeySequence::NoMatch);
        });
        if (other != action && clash)
            found.append(other);
    }
    return found;
}

} // namespace bitwright
