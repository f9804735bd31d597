// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QObject>
#include <QStringList>

class QMenu;

namespace bitwright {

/// The last ten models or data sets, kept in the settings under `key`; newest first.
class RecentFiles : public QObject {
    Q_OBJECT
public:
    static constexpr int kLimit = 10;

    explicit RecentFiles(const QString& key, QObject* parent = nullptr);

    QStringList paths() const;
    void add(const QString& path);
    /// Numbered entries at the end of `menu`; missing files are disabled and say why.
    void fill(QMenu* menu);

Q_SIGNALS:
    void chosen(const QString& path);

private:
    QString m_key;
};

} // namespace bitwright
