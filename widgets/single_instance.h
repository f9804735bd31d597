// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QLocalServer>
#include <QObject>
#include <QString>

namespace bitwright {

/// One window for the files of a desktop session: a second start hands its file to the window that runs,
/// through a socket that only the same user can reach.
class SingleInstance : public QObject {
    Q_OBJECT
public:
    /// `socket`: path; empty = that of the user's session.
    explicit SingleInstance(const QString& socket = {}, QObject* parent = nullptr);

    /// Whether another instance has taken the file; at most half a second.
    bool handOver(const QString& path) const;
    /// From now on this is the instance that takes. False where another one is, or no socket can be made.
    bool listen();

Q_SIGNALS:
    void requested(const QString& path);

private:
    void take();

    QString m_socket;
    QLocalServer m_server;
};

} // namespace bitwright
