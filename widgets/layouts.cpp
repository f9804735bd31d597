// SPDX-License-Identifier: GPL-3.0-or-later
#include "widgets/layouts.h"

#include <QDockWidget>
#include <QMainWindow>
#include <QSettings>

namespace bitwright {

namespace {

const QString kGroup = QStringLiteral("layouts");

/// Names may hold anything; keys of settings may not.
QString keyOf(const QString& name)
{
    return kGroup + u'/' + QString::fromLatin1(name.toUtf8().toHex());
}

} // namespace

Layouts::Layouts(QMainWindow* window, Storage storage)
    : QObject(window)
    , m_window(window)
    , m_storage(storage)
{
    if (storage == Storage::Nowhere)
        return;
    QSettings settings;
    settings.beginGroup(kGroup);
    for (const QString& key : settings.childKeys())
        m_states.insert(QString::fromUtf8(QByteArray::fromHex(key.toLatin1())),
                        settings.value(key).toByteArray());
}

void Layouts::setFirst()
{
    m_first = m_window->saveState();
}

void Layouts::reset()
{
    m_window->restoreState(m_first);
}

void Layouts::showOnly(const QStringList& docks)
{
    reset();
    for (QDockWidget* dock : m_window->findChildren<QDockWidget*>())
        dock->setVisible(docks.contains(dock->objectName()));
}

void Layouts::save(const QString& name)
{
    m_states.insert(name, m_window->saveState());
    if (m_storage == Storage::Settings)
        QSettings().setValue(keyOf(name), m_states.value(name));
}

bool Layouts::apply(const QString& name)
{
    return m_states.contains(name) && m_window->restoreState(m_states.value(name));
}

void Layouts::remove(const QString& name)
{
    m_states.remove(name);
    if (m_storage == Storage::Settings)
        QSettings().remove(keyOf(name));
}

} // namespace bitwright
