// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QByteArray>
#include <QMap>
#include <QObject>
#include <QStringList>

class QMainWindow;

namespace bitwright {

/// Where the docks are, under a name. Those of the user are kept in the settings ("layouts/NAME").
class Layouts : public QObject {
    Q_OBJECT
public:
    enum class Storage { Settings, Nowhere };
    Layouts(QMainWindow* window, Storage storage);

    /// The arrangement as it is now is what reset() and the built-in layouts start from.
    void setFirst();
    void reset();
    /// Shows only the docks with these object names, where they are at first.
    void showOnly(const QStringList& docks);

    QStringList names() const { return m_states.keys(); }
    void save(const QString& name);
    /// False when there is none of that name, or it is damaged.
    bool apply(const QString& name);
    void remove(const QString& name);

private:
    QMainWindow* m_window;
    Storage m_storage;
    QByteArray m_first;
    QMap<QString, QByteArray> m_states;
};

} // namespace bitwright
