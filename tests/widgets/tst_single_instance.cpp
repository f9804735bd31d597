// SPDX-License-Identifier: GPL-3.0-or-later
#include "widgets/single_instance.h"

#include <QCoreApplication>
#include <QFile>
#include <QLocalSocket>
#include <QTemporaryDir>
#include <QTest>
#include <QThread>

#include <gtest/gtest.h>

#include <atomic>

namespace bitwright {
namespace {

TEST(SingleInstance, HandsItsFileToTheOneThatRuns)
{
    const QTemporaryDir folder;
    const QString path = folder.filePath("socket");
    SingleInstance first(path);
    EXPECT_FALSE(first.handOver("a.pt")) << "nobody is there";
    ASSERT_TRUE(first.listen());
    QString got;
    QObject::connect(&first, &SingleInstance::requested, [&](const QString& file) { got = file; });
    std::atomic<int> taken{-1};
    // Another process, as it were: it blocks until it is answered.
    QThread* second = QThread::create([&] { taken = SingleInstance(path).handOver("b.pt"); });
    second->start();
    ASSERT_TRUE(QTest::qWaitFor([&] { return taken >= 0; }));
    EXPECT_EQ(taken, 1);
    EXPECT_EQ(got, "b.pt");
    EXPECT_FALSE(SingleInstance(path).listen()) << "there is one already";
    second->wait();
    delete second;
}

TEST(SingleInstance, TakesThePlaceOfOneThatWasKilled)
{
    const QTemporaryDir folder;
    const QString path = folder.filePath("socket");
    QFile left(path);
    ASSERT_TRUE(left.open(QIODevice::WriteOnly));
    left.close();
    SingleInstance instance(path);
    EXPECT_FALSE(instance.handOver("a.pt"));
    EXPECT_TRUE(instance.listen());
}

TEST(SingleInstance, IgnoresWhatIsNoRequest)
{
    const QTemporaryDir folder;
    SingleInstance instance(folder.filePath("socket"));
    ASSERT_TRUE(instance.listen());
    int requests = 0;
    QObject::connect(&instance, &SingleInstance::requested, [&] { ++requests; });
    for (const QByteArray& bytes : {QByteArray(), QByteArray("x"), QByteArray("\xff\xff\xff\x7f garbage", 12)}) {
        QLocalSocket socket;
        socket.connectToServer(folder.filePath("socket"));
        ASSERT_TRUE(socket.waitForConnected(1000));
        socket.write(bytes);
        socket.flush();
        QTest::qWait(30);
        socket.disconnectFromServer();
    }
    QTest::qWait(30);
    EXPECT_EQ(requests, 0);
}

} // namespace
} // namespace bitwright

int main(int argc, char** argv)
{
    testing::InitGoogleTest(&argc, argv);
    const QCoreApplication app(argc, argv);
    return RUN_ALL_TESTS();
}
