// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QHash>
#include <QKeySequence>
#include <QList>
#include <QObject>

class QAction;

namespace bitwright {

/// The keys of every action: those it was made with, and what the user put in their place. An action's key in
/// the settings is its objectName ("shortcuts/openModel"); those without a name keep their keys.
class Shortcuts : public QObject {
    Q_OBJECT
public:
    enum class Storage { Settings, Nowhere };
    Shortcuts(Storage storage, QObject* parent);

    /// Remembers the keys it has as its defaults and gives it the stored ones.
    void add(QAction* action);
    const QList<QAction*>& actions() const { return m_actions; }
    QList<QKeySequence> defaults(const QAction* action) const { return m_defaults.value(action); }
    bool isDefault(const QAction* action) const;

    void set(QAction* action, const QList<QKeySequence>& keys);
    void reset(QAction* action) { set(action, defaults(action)); }
    void resetAll();
    /// Other actions that `key` would trigger as well, or that begin with it, or it with them.
    QList<QAction*> conflicts(const QAction* action, const QKeySequence& key) const;

private:
    void apply(QAction* action, const QList<QKeySequence>& keys);

    Storage m_storage;
    QList<QAction*> m_actions;
    QHash<const QAction*, QList<QKeySequence>> m_defaults;
};

} // namespace bitwright
