// SPDX-License-Identifier: GPL-3.0-or-later
#include "tests/widgets/fake_model.h"
#include "tests/widgets/recovery_child.h"
#include "widgets/actions.h"
#include "widgets/autosave.h"
#include "widgets/controller.h"
#include "widgets/message_bar.h"
#include "widgets/session_keeper.h"

#include <QAction>
#include <QCoreApplication>
#include <QDir>
#include <QElapsedTimer>
#include <QProcess>
#include <QPushButton>
#include <QTextStream>
#include <QTimer>

using namespace bitwright;
using namespace bitwright::test;

namespace bitwright::test {

/// Opens a model, changes a layer every half second and says each change, until it is killed.
int runRecoveryChild(const QString& model)
{
    MainWindow window(MainWindow::Settings::Use);
    window.show();
    window.openPath(model);
    int edits = 0;
    QTimer timer;
    QObject::connect(&timer, &QTimer::timeout, &window, [&] {
        if (!window.document()->model() || edits >= 200)
            return;
        window.selectRow(window.document()->rowOf("a"));
        window.actions()->weightBits[edits % 2 ? 3 : 4]->trigger();
        ++edits;
        window.selectRow(window.document()->rowOf("b"));
        window.actions()->weightBits[edits % 8]->trigger();
        QTextStream(stdout) << "edit " << edits << Qt::endl;
    });
    timer.start(500);
    return QCoreApplication::exec();
}

} // namespace bitwright::test

class RecoveryTest : public testing::Test {
protected:
    void SetUp() override
    {
        QDir(Autosave::defaultFolder()).removeRecursively();
        model = writeFakeModel(folder, "model.fake", kSmallModel);
    }
    void TearDown() override { QDir(Autosave::defaultFolder()).removeRecursively(); }
    static QStringList files()
    {
        return QDir(Autosave::defaultFolder()).entryList({"*.bitwright"}, QDir::Files);
    }
    static QPushButton* button(const MainWindow& window, const QString& text)
    {
        for (auto* button : const_cast<MainWindow&>(window).messageBar()->findChildren<QPushButton*>()) {
            if (button->text() == text)
                return button;
        }
        return nullptr;
    }

    QTemporaryDir folder;
    QString model;
};

TEST_F(RecoveryTest, killedAProcessLosesAtMostTenSecondsOfEdits)
{
    QProcess child;
    child.start(QCoreApplication::applicationFilePath(), {"--recovery-child", model});
    ASSERT_TRUE(child.waitForStarted());
    QElapsedTimer clock;
    int edits = 0;
    QList<qint64> when; // of every edit
    clock.start();
    const auto read = [&] {
        while (child.canReadLine()) {
            edits = child.readLine().trimmed().split(' ').last().toInt();
            when.append(clock.elapsed());
        }
    };
    ASSERT_TRUE(waitFor(
        [&] {
            read();
            return !files().isEmpty() && edits > 14;
        },
        30000));
    child.kill(); // SIGKILL
    ASSERT_TRUE(child.waitForFinished());
    const qint64 killed = clock.elapsed();
    read();

    MainWindow window(MainWindow::Settings::Use);
    window.show();
    ASSERT_TRUE(window.messageBar()->isVisible());
    EXPECT_TRUE(window.messageBar()->text().contains("model.fake"));
    ASSERT_NE(button(window, "&Recover"), nullptr);
    button(window, "&Recover")->click();
    ASSERT_TRUE(waitFor([&] { return window.document()->model() && window.isSettled(); }));
    EXPECT_TRUE(window.isWindowModified()) << "it has still to be saved";
    // Which edit was the last in the file: the plan of b counts them modulo 8.
    const int bits = window.document()->plan().weights("b").bits;
    int kept = edits;
    while (kept > 0 && kept % 8 + 1 != bits)
        --kept;
    const qint64 lost = kept >= edits ? 0 : killed - when[kept];
    std::printf("edits %d, kept %d, lost %lld ms\n", edits, kept, (long long)lost);
    EXPECT_LE(lost, 10000);
    EXPECT_GT(kept, 0);
    // The file of the dead process is replaced by one of this process, which goes when the work is given up.
    ASSERT_TRUE(waitFor([&] { return files().size() == 1 && window.isSettled(); }));
    EXPECT_TRUE(window.autosave()->lostWork().isEmpty());
    window.document()->undoStack()->setClean();
    EXPECT_TRUE(waitFor([&] { return files().isEmpty(); }));
}

TEST_F(RecoveryTest, aRunningProcessIsNotLostWork)
{
    QProcess child;
    child.start(QCoreApplication::applicationFilePath(), {"--recovery-child", model});
    ASSERT_TRUE(waitFor([&] { return !files().isEmpty(); }, 30000));
    MainWindow window(MainWindow::Settings::Use);
    EXPECT_TRUE(window.autosave()->lostWork().isEmpty());
    EXPECT_FALSE(window.messageBar()->isVisible());
    child.kill();
    child.waitForFinished();
    EXPECT_EQ(window.autosave()->lostWork().size(), 1);
}

TEST_F(RecoveryTest, discardedWorkIsNotOfferedAgain)
{
    QProcess child;
    child.start(QCoreApplication::applicationFilePath(), {"--recovery-child", model});
    ASSERT_TRUE(waitFor([&] { return !files().isEmpty(); }, 30000));
    child.kill();
    child.waitForFinished();
    {
        MainWindow window(MainWindow::Settings::Use);
        window.show();
        ASSERT_NE(button(window, "&Discard"), nullptr);
        button(window, "&Discard")->click();
    }
    EXPECT_TRUE(files().isEmpty());
    MainWindow window(MainWindow::Settings::Use);
    EXPECT_EQ(button(window, "&Recover"), nullptr);
}

TEST_F(RecoveryTest, aWindowThatIsClosedLeavesNothing)
{
    {
        MainWindow window(MainWindow::Settings::Use);
        window.show();
        window.openPath(model);
        ASSERT_TRUE(waitFor([&] { return window.document()->model() && window.isSettled(); }));
        window.selectRow(1);
        window.actions()->weightBits[3]->trigger();
        ASSERT_TRUE(waitFor([&] { return !files().isEmpty() && window.isSettled(); }, 15000));
        window.document()->undoStack()->setClean();
        window.close();
    }
    EXPECT_TRUE(files().isEmpty());
}
