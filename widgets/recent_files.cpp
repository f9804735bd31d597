// SPDX-License-Identifier: GPL-3.0-or-later
#include "widgets/recent_files.h"

#include <QDir>
#include <QFileInfo>
#include <QMenu>
#include <QSettings>

namespace bitwright {

RecentFiles::RecentFiles(const QString& key, QObject* parent)
    : QObject(parent)
    , m_key(key)
{
}

QStringList RecentFiles::paths() const
{
    return QSettings().value(m_key).toStringList().mid(0, kLimit);
}

void RecentFiles::add(const QString& path)
{
    const QString absolute = QFileInfo(path).absoluteFilePath();
    QStringList list = paths();
    list.removeAll(absolute);
    list.prepend(absolute);
    QSettings().setValue(m_key, list.mid(0, kLimit));
}

void RecentFiles::fill(QMenu* menu)
{
    int number = 0;
    for (const QString& path : paths()) {
        QString shown = QDir::toNativeSeparators(path);
        const QString home = QDir::homePath();
        if (shown.startsWith(home + QLatin1Char('/')))
            shown.replace(0, home.size(), QStringLiteral("~"));
        shown.replace(QLatin1Char('&'), QStringLiteral("&&"));
        ++number;
        QAction* action = menu->addAction(QStringLiteral("&%1  %2").arg(number % 10).arg(shown));
        const bool exists = QFileInfo::exists(path);
        action->setEnabled(exists);
        action->setToolTip(exists ? path : tr("%1 does not exist any more.").arg(path));
        connect(action, &QAction::triggered, this, [this, path] { Q_EMIT chosen(path); });
    }
}

} // namespace bitwright
