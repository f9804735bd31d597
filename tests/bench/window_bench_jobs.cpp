// SPDX-License-Identifier: GPL-3.0-or-later
// Criteria 7, 8, 10, 26, 27: long work, and what is left of it when it ends early.
#include "core/analysis/sensitivity_units.h"
#include "tests/bench/window_bench.h"
#include "widgets/actions.h"
#include "widgets/autosave.h"
#include "widgets/controller.h"
#include "widgets/message_bar.h"
#include "widgets/models/layer_model.h"
#include "widgets/pages/error_maps_page.h"
#include "widgets/pages/sensitivity_view.h"
#include "widgets/sweep.h"

#include <QCoreApplication>
#include <QFile>
#include <QProcess>
#include <QPushButton>
#include <QTextStream>
#include <QTimer>

#include <algorithm>
#include <cmath>
#include <optional>

namespace bitwright::bench {

namespace {

/// Cancels the running job once it is at work; milliseconds until the window is idle.
double cancelMs(Stage& stage, const std::function<void()>& start, int afterMs = 400)
{
    start();
    QElapsedTimer clock;
    clock.start();
    stage.waitUntil([&] {
        const JobInfo* job = stage.window.runner()->current();
        return clock.elapsed() > afterMs && (!job || job->progress.done > 0 || clock.elapsed() > 5000);
    });
    const JobInfo* job = stage.window.runner()->current();
    if (!job)
        return -1; // too quick to be cancelled
    clock.restart();
    stage.window.runner()->cancel(job->id);
    stage.waitUntil([&] { return !stage.window.runner()->isBusy(JobRunner::Lane::Work); });
    const double ms = double(clock.nsecsElapsed()) / 1e6;
    stage.settle();
    return ms;
}

/// |what was said to be left at 20 % - what was left| / what was left, in per cent.
double etaError(Stage& stage, const std::function<void()>& start)
{
    QElapsedTimer clock;
    std::optional<double> said;
    double at = 0;
    const auto connection = QObject::connect(
        stage.window.runner(), &JobRunner::jobChanged, &stage.window, [&](int index) {
            const Progress::State& p = stage.window.runner()->jobs()[index].progress;
            if (!said && p.total > 0 && 5 * p.done >= p.total && p.secondsLeft) {
                said = p.secondsLeft;
                at = double(clock.elapsed()) / 1e3;
            }
        });
    clock.start();
    start();
    stage.waitUntil([&] { return !stage.window.runner()->isBusy(JobRunner::Lane::Work); });
    const double left = double(clock.elapsed()) / 1e3 - at;
    QObject::disconnect(connection);
    stage.settle();
    return said ? 100 * std::abs(*said - left) / left : -1;
}

void measureCalibration(Sheet& sheet, Stage& stage)
{
    Document* document = stage.window.document();
    stage.window.controller()->setSampling(100000, 32);
    const auto before = document->calibration();
    double slowest = 0;
    for (int i = 0; i < 3; ++i)
        slowest = std::max(slowest, cancelMs(stage, [&] { stage.window.controller()->calibrate(); }));
    const bool intact = document->calibration() == before;
    sheet.addAtMost(7, QStringLiteral("calibration cancelled: idle again (slowest of 3)"), 500, slowest, "ms");
    sheet.add(7, QStringLiteral("and the result before stays"), QStringLiteral("yes"),
              intact ? QStringLiteral("yes") : QStringLiteral("no"), intact);
    const double eta = stage.best([&] { return etaError(stage, [&] { stage.window.controller()->calibrate(); }); });
    sheet.addAtMost(7, QStringLiteral("error of the time left, said after 20 % of a calibration"), 30, eta, "%");
}

void measureEvaluation(Sheet& sheet, Stage& stage)
{
    Document* document = stage.window.document();
    sheet.addAtMost(10, QStringLiteral("evaluation cancelled: idle again"), 500,
                    cancelMs(stage, [&] { stage.window.controller()->evaluate(); }), "ms");
    const bool partial = document->evaluation() && document->evaluation()->evaluation.partial;
    sheet.add(10, QStringLiteral("what was evaluated is kept and marked partial"), QStringLiteral("yes"),
              partial ? QStringLiteral("yes") : QStringLiteral("no"), partial);
    const double ms = stage.settleMs([&] { stage.window.controller()->evaluate(); });
    const qint64 samples = document->evaluation() ? document->evaluation()->evaluation.floating.samples : 0;
    sheet.add(10, QStringLiteral("float against quantized on %1 samples").arg(samples), QStringLiteral("–"),
              QStringLiteral("%1 s").arg(ms / 1e3, 0, 'f', 1), samples > 0);
}

void measureSweep(Sheet& sheet, Stage& stage)
{
    Document* document = stage.window.document();
    Sweep* sweep = stage.window.page<ErrorMapsPage>()->sensitivity()->sweep();
    QElapsedTimer clock;
    clock.start();
    sweep->start(SensitivityMode::EnableOne, 256);
    stage.waitUntil([&] { return !document->sensitivity().cells.empty(); });
    sheet.add(8, QStringLiteral("first cells of a sweep on the map"), QStringLiteral("–"),
              QStringLiteral("%1 ms").arg(clock.elapsed()), true);
    stage.waitUntil([&] { return document->sensitivity().cells.size() > 20; });
    clock.restart();
    sweep->pause();
    stage.waitUntil([&] { return !sweep->isRunning(); });
    sheet.addAtMost(8, QStringLiteral("sweep paused: idle again"), 500, double(clock.elapsed()), "ms");
    stage.settle();
    const size_t kept = document->sensitivity().cells.size();
    const double eta = etaError(stage, [&] { sweep->start(SensitivityMode::EnableOne, 256); });
    sheet.addAtMost(7, QStringLiteral("error of the time left, said after 20 % of a sweep"), 30, eta, "%");
    sheet.add(8, QStringLiteral("cells kept over the pause"), QStringLiteral("> 20"), QString::number(kept), kept > 20);
}

QPushButton* recoverButton(MainWindow& window)
{
    const auto buttons = window.messageBar()->findChildren<QPushButton*>();
    const auto it = std::find_if(buttons.begin(), buttons.end(),
                                 [](QPushButton* b) { return b->text().contains(QLatin1String("Recover")); });
    return it == buttons.end() ? nullptr : *it;
}

qint64 residentBytes()
{
    QFile file(QStringLiteral("/proc/self/statm"));
    if (!file.open(QIODevice::ReadOnly))
        return 0;
    const QList<QByteArray> pages = file.readAll().split(' ');
    return (pages.value(1).toLongLong() - pages.value(2).toLongLong()) * 4096; // without mapped files
}

} // namespace

void measureJobs(Sheet& sheet, const Samples& samples)
{
    Stage stage;
    stage.open(samples.model("vit"), samples.data());
    measureSweep(sheet, stage);
    measureEvaluation(sheet, stage);
    measureCalibration(sheet, stage);
}

int runRecoveryChild(const QString& model, const QString& data)
{
    MainWindow window(MainWindow::Settings::Use);
    window.show();
    window.controller()->openModel(model);
    window.controller()->openData(data);
    QTextStream out(stdout);
    QObject::connect(window.document(), &Document::sensitivityChanged, &window, [&] {
        const auto cells = window.document()->sensitivity().cells;
        if (!cells.empty())
            out << "unit " << QString::fromStdString(cells.back().layer) << Qt::endl;
    });
    QTimer edits;
    int count = 0;
    QObject::connect(&edits, &QTimer::timeout, &window, [&] {
        if (!window.document()->calibration() || !window.isSettled())
            return;
        Sweep* sweep = window.page<ErrorMapsPage>()->sensitivity()->sweep();
        window.findChild<LayerModel*>()->setNote({1}, QString::number(++count)); // an edit that disturbs no cell
        out << "edit " << count << Qt::endl;
        if (count > 3 && !sweep->isRunning())
            sweep->start(SensitivityMode::EnableOne, 1024);
    });
    QObject::connect(&edits, &QTimer::timeout, &window, [&] {
        Sweep* sweep = window.page<ErrorMapsPage>()->sensitivity()->sweep();
        if (!sweep->isRunning())
            return;
        window.findChild<LayerModel*>()->setNote({1}, QString::number(++count));
        out << "edit " << count << Qt::endl;
    });
    edits.start(300);
    return QCoreApplication::exec();
}

void measureRecovery(Sheet& sheet, const Samples& samples)
{
    QProcess child;
    child.setProcessChannelMode(QProcess::SeparateChannels);
    child.start(QCoreApplication::applicationFilePath(),
                {QStringLiteral("--recovery-child"), samples.model("vit"), samples.data()});
    QStringList units;
    QList<qint64> edits{0};
    QElapsedTimer clock;
    clock.start();
    Stage idle; // turns the event loop
    const auto read = [&] {
        while (child.canReadLine()) {
            const QList<QByteArray> words = child.readLine().trimmed().split(' ');
            if (words[0] == "edit")
                edits << clock.elapsed();
            else if (units.isEmpty() || units.last() != QString::fromUtf8(words.value(1)))
                units << QString::fromUtf8(words.value(1));
        }
    };
    idle.waitUntil([&] {
        read();
        return units.size() >= 12 && edits.size() > 20;
    });
    child.kill();
    child.waitForFinished();
    const qint64 killed = clock.elapsed();
    read();
    MainWindow window(MainWindow::Settings::Use);
    window.show();
    QPushButton* recover = recoverButton(window);
    if (!recover)
        return sheet.add(26, QStringLiteral("recovery is offered"), QStringLiteral("yes"), QStringLiteral("no"), false);
    recover->click();
    idle.waitUntil([&] { return window.document()->model() && window.isSettled(); });
    const Document& document = *window.document();
    const auto layer = document.plan().layers.find(document.row(1).name);
    const int kept = layer == document.plan().layers.end() ? 0 : std::atoi(layer->second.note.c_str());
    const qint64 lost = kept + 1 < edits.size() ? killed - edits[kept + 1] : 0;
    std::set<std::string> layers;
    for (const SensitivityCell& cell : document.sensitivity().cells)
        layers.insert(cell.layer);
    sheet.addAtMost(26, QStringLiteral("kill -9 while sweeping and editing: edits lost"), 10, double(lost) / 1e3, "s");
    sheet.addAtMost(26, QStringLiteral("layers of the sweep lost, of %1 finished").arg(units.size()), 1,
                    double(units.size()) - double(layers.size()), "");
    window.document()->undoStack()->setClean();
    window.autosave()->finish();
}

void measureLargeFile(Sheet& sheet, const Samples& samples)
{
    if (samples.large.isEmpty())
        return;
    Stage stage;
    const double cancel = cancelMs(stage, [&] { stage.window.controller()->openModel(samples.large); });
    sheet.addAtMost(27, QStringLiteral("opening of the large file cancelled: idle again"), 200, cancel, "ms");
    const qint64 before = residentBytes();
    QElapsedTimer clock;
    clock.start();
    stage.monitor.reset();
    stage.window.controller()->openModel(samples.large);
    stage.waitUntil([&] { return stage.window.document()->model() || stage.window.runner()->isIdle(); });
    QCoreApplication::processEvents();
    const double usable = double(clock.elapsed()) / 1e3;
    if (!stage.window.document()->model())
        return;
    const GraphTotals sums = totals(stage.window.document()->model()->graph());
    const QString what = QStringLiteral("%1 layers, %2 MB of weights")
                             .arg(stage.window.document()->rowCount())
                             .arg(double(sums.bytes) / 1e6, 0, 'f', 0);
    sheet.addAtMost(27, what + QStringLiteral(": layers are on the screen"), 2, usable, "s");
    stage.settle();
    sheet.add(27, QStringLiteral("the error of every weight is known"), QStringLiteral("–"),
              QStringLiteral("%1 s").arg(double(clock.elapsed()) / 1e3, 0, 'f', 1), true);
    sheet.addAtMost(27, QStringLiteral("longest block of the window's thread until then"), 50, stage.monitor.longestMs(),
                    "ms");
    const double share = double(residentBytes() - before) / double(std::max<int64_t>(1, sums.bytes));
    sheet.addAtMost(27, QStringLiteral("memory for each byte of weights, all of them looked at"), 1.3, share, "");
}

} // namespace bitwright::bench
