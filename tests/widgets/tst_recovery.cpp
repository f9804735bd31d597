// SPDX-License-Identifier: GPL-3.0-or-later
#include "tests/widgets/fake_model.h"
#include "tests/widgets/recovery_child.h"
#include "widgets/actions.h"
#include "widgets/autosave.h"
#include "widgets/controller.h"
#include "widgets/message_bar.h"
#include "widgets/models/layer_model.h"
#include "widgets/pages/error_maps_page.h"
#include "widgets/pages/sensitivity_view.h"
#include "widgets/session_keeper.h"
#include "widgets/sweep.h"

#include <QAction>
#include <QCoreApplication>
#include <QDir>
#include <QElapsedTimer>
#include <QProcess>
#include <QPushButton>
#include <QTextStream>
#include <QTimer>

#include <cstdlib>
#include <set>

using namespace bitwright;
using namespace bitwright::test;

namespace bitwright::test {

namespace {

/// Calibrates and sweeps; says every layer that has cells, and every change of a note, which disturbs no
/// cell.
int sweepUntilKilled(MainWindow& window, const QString& data)
{
    window.controller()->openData(data);
    QTextStream out(stdout);
    QObject::connect(window.document(), &Document::sensitivityChanged, &window, [&] {
        if (const auto& cells = window.document()->sensitivity().cells; !cells.empty())
            out << "unit " << QString::fromStdString(cells.back().layer) << Qt::endl;
    });
    int edits = 0;
    QTimer timer;
    QObject::connect(&timer, &QTimer::timeout, &window, [&] {
        Sweep* sweep = window.page<ErrorMapsPage>()->sensitivity()->sweep();
        if (!sweep->isRunning() && (edits > 0 || !window.document()->calibration() || !window.isSettled()))
            return;
        window.findChild<LayerModel*>()->setNote({1}, QString::number(++edits));
        out << "edit " << edits << Qt::endl;
        if (edits == 1)
            sweep->start(SensitivityMode::EnableOne, 96);
    });
    timer.start(200);
    return QCoreApplication::exec();
}

} // namespace

/// Opens a model, changes a layer every half second and says each change, until it is killed.
int runRecoveryChild(const QString& model, const QString& data)
{
    MainWindow window(MainWindow::Settings::Use);
    window.show();
    window.openPath(model);
    if (!data.isEmpty())
        return sweepUntilKilled(window, data);
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

TEST_F(RecoveryTest, killedWhileSweepingItLosesAtMostOneLayerAndTenSecondsOfEdits)
{
    std::string text = "x = input 8\nl0 = linear x 44 relu\n";
    constexpr int kLayers = 60;
    for (int layer = 1; layer < kLayers; ++layer)
        text += "l" + std::to_string(layer) + " = linear l" + std::to_string(layer - 1) + " 44 relu\n";
    model = writeFakeModel(folder, "deep.fake", text + "out = linear l59 4\n");
    QProcess child;
    child.start(QCoreApplication::applicationFilePath(), {"--recovery-child", model, writeData(folder)});
    ASSERT_TRUE(child.waitForStarted());
    QElapsedTimer clock;
    clock.start();
    QStringList finished;   // layers
    QList<qint64> edits{0}; // when
    const auto read = [&] {
        while (child.canReadLine()) {
            const QList<QByteArray> words = child.readLine().trimmed().split(' ');
            if (words[0] == "edit")
                edits.append(clock.elapsed());
            else if (const QString layer = QString::fromUtf8(words.value(1)); !finished.contains(layer))
                finished.append(layer);
        }
    };
    ASSERT_TRUE(waitFor(
        [&] {
            read();
            return finished.size() >= 5 && !files().isEmpty();
        },
        30000));
    child.kill(); // SIGKILL
    ASSERT_TRUE(child.waitForFinished());
    const qint64 killed = clock.elapsed();
    read();
    ASSERT_LE(finished.size(), kLayers) << "it was killed in the middle of the sweep";

    MainWindow window(MainWindow::Settings::Use);
    window.show();
    ASSERT_NE(button(window, "&Recover"), nullptr);
    button(window, "&Recover")->click();
    ASSERT_TRUE(waitFor([&] { return window.document()->model() && window.isSettled(); }));
    const Document& document = *window.document();
    const auto layer = document.plan().layers.find(document.row(1).name);
    const int kept = layer == document.plan().layers.end() ? 0 : std::atoi(layer->second.note.c_str());
    const qint64 lost = kept + 1 < edits.size() ? killed - edits[kept + 1] : 0;
    EXPECT_LE(lost, 10000);
    std::set<std::string> layers;
    for (const SensitivityCell& cell : document.sensitivity().cells)
        layers.insert(cell.layer);
    std::printf("%d layers finished, %zu kept; edits %d, kept %d, lost %lld ms\n", int(finished.size()),
                layers.size(), int(edits.size() - 1), kept, (long long)lost);
    EXPECT_GE(layers.size() + 1, size_t(finished.size()));
    EXPECT_TRUE(document.calibration()) << "the statistics of the sweep are there, too";
    window.document()->undoStack()->setClean();
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
