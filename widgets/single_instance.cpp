// SPDX-License-Identifier: GPL-3.0-or-later
#include "widgets/single_instance.h"

#include <QDataStream>
#include <QDir>
#include <QLocalSocket>
#include <QStandardPaths>

namespace bitwright {

namespace {

constexpr int kPatienceMs = 250;
const QByteArray kTaken = "taken";

QString sessionSocket()
{
    const QString runtime = QStandardPaths::writableLocation(QStandardPaths::RuntimeLocation);
    const QString folder = runtime.isEmpty() ? QDir::homePath() : runtime;
    return folder + (runtime.isEmpty() ? QStringLiteral("/.bitwright-socket") : QStringLiteral("/bitwright"));
}

} // namespace

SingleInstance::SingleInstance(const QString& socket, QObject* parent)
    : QObject(parent)
    , m_socket(socket.isEmpty() ? sessionSocket() : socket)
{
    m_server.setSocketOptions(QLocalServer::UserAccessOption);
    connect(&m_server, &QLocalServer::newConnection, this, &SingleInstance::take);
}

bool SingleInstance::handOver(const QString& path) const
{
    QLocalSocket socket;
    socket.connectToServer(m_socket);
    if (!socket.waitForConnected(kPatienceMs))
        return false;
    QDataStream stream(&socket);
    stream << path;
    // An instance that hangs does not take anything.
    return socket.waitForBytesWritten(kPatienceMs) && socket.waitForReadyRead(kPatienceMs) &&
           socket.readAll() == kTaken;
}

bool SingleInstance::listen()
{
    // Listening takes the place of a socket that is there, whether or not somebody answers at it.
    QLocalSocket other;
    other.connectToServer(m_socket);
    if (other.waitForConnected(kPatienceMs))
        return false;
    QLocalServer::removeServer(m_socket);
    return m_server.listen(m_socket);
}

void SingleInstance::take()
{
    while (QLocalSocket* socket = m_server.nextPendingConnection()) {
        connect(socket, &QLocalSocket::disconnected, socket, &QObject::deleteLater);
        connect(socket, &QLocalSocket::readyRead, this, [this, socket] {
            QDataStream stream(socket);
            stream.startTransaction();
            QString path;
            stream >> path;
            if (!stream.commitTransaction())
                return;
            socket->write(kTaken);
            socket->flush();
            Q_EMIT requested(path);
        });
    }
}

} // namespace bitwright
