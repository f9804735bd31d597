// SPDX-License-Identifier: GPL-3.0-or-later
// How long the window's thread is away from its events while jobs run with the real backend:
//   bench_stalls MODEL [DATA [EPOCHS]]      opens, calibrates, edits, sweeps, evaluates, trains
// Prints the longest turn of the event loop of every phase and the events that took longest, in processor
// time of the thread. QT_QPA_PLATFORM=offscreen works.
#include "core/torch/torch_backend.h"
#include "tests/widgets/stall_monitor.h"
#include "widgets/actions.h"
#include "widgets/controller.h"
#include "widgets/dialogs/command_palette.h"
#include "widgets/main_window.h"
#include "widgets/models/layer_model.h"
#include "widgets/pages/error_maps_page.h"
#include "widgets/pages/sensitivity_view.h"
#include "widgets/pages/training_page.h"
#include "widgets/sweep.h"
#include "widgets/training.h"

#include <QAction>
#include <QApplication>
#include <QDockWidget>
#include <QEventLoop>
#include <QItemSelectionModel>
#include <QMap>
#include <QMetaEnum>
#include <QTemporaryDir>
#include <QTimer>

#include <cstdio>
#include <functional>

using namespace bitwright;

namespace {

/// Times every event that the loop hands out (not those that it causes in turn).
class TimedApplication : public QApplication {
public:
    using QApplication::QApplication;

    bool notify(QObject* receiver, QEvent* event) override
    {
        if (m_depth > 0)
            return QApplication::notify(receiver, event);
        const QString what =
            QString::fromLatin1(receiver->metaObject()->className()) + u' ' + receiver->objectName() + u' ' +
            QString::fromLatin1(QMetaEnum::fromType<QEvent::Type>().valueToKey(event->type()));
        const double start = test::threadSeconds();
        ++m_depth;
        const bool result = QApplication::notify(receiver, event);
        --m_depth;
        double& longest = slowest[what];
        longest = std::max(longest, 1e3 * (test::threadSeconds() - start));
        return result;
    }
    void report()
    {
        QList<std::pair<double, QString>> events;
        for (auto it = slowest.cbegin(); it != slowest.cend(); ++it)
            events.append({-it.value(), it.key()});
        std::sort(events.begin(), events.end());
        for (const auto& [ms, what] : events.mid(0, 4)) {
            if (-ms > 5)
                std::printf("      %6.1f ms  %s\n", -ms, qPrintable(what));
        }
        slowest.clear();
    }

    QMap<QString, double> slowest;

private:
    int m_depth = 0;
};

struct Bench {
    TimedApplication& app;
    MainWindow window{MainWindow::Settings::Ignore};
    test::StallMonitor monitor;

    void waitUntil(const std::function<bool()>& done)
    {
        QEventLoop loop;
        QTimer poll;
        QObject::connect(&poll, &QTimer::timeout, &loop, [&] {
            if (done())
                loop.quit();
        });
        poll.start(5);
        loop.exec();
    }
    /// Starts something by an event of its own, as a click would, and waits until the window has settled.
    void phase(const char* name, const std::function<void()>& start)
    {
        monitor.reset();
        app.slowest.clear();
        bool started = false;
        QTimer::singleShot(0, &window, [&] {
            start();
            started = true;
        });
        waitUntil([&] { return started && window.isSettled(); });
        std::printf("%-30s longest turn %6.1f ms\n", name, monitor.longestMs());
        app.report();
        std::fflush(stdout);
    }
    void raise(const char* page)
    {
        window.findChild<QDockWidget*>(QLatin1String(page) + QStringLiteral("Dock"))->raise();
    }
};

void work(Bench& bench, const QString& data, int epochs, const QString& folder)
{
    MainWindow& window = bench.window;
    bench.phase("open data, calibrate", [&] { window.controller()->openData(data); });
    if (!window.document()->calibration())
        return;
    bench.phase("evaluate", [&] { window.controller()->evaluate(); });
    bench.phase("sweep, map in view", [&] {
        bench.raise("errors");
        window.page<ErrorMapsPage>()->sensitivity()->sweep()->start(SensitivityMode::EnableOne, 128);
    });
    const int worst = window.document()->worstRow();
    bench.phase("select another layer", [&] { window.selectRow(worst > 1 ? worst - 1 : worst + 1); });
    bench.phase("edit its bits", [&] {
        window.findChild<LayerModel*>()->editRows({window.selection()->currentIndex().row()},
                                                  LayerModel::WeightBits, QStringLiteral("4"));
    });
    bench.phase("undo", [&] { window.document()->undoStack()->undo(); });
    bench.phase("command palette", [&] { window.actions()->commandPalette->trigger(); });
    if (auto* palette = window.findChild<CommandPalette*>())
        palette->reject();
    bench.phase("dark theme", [&] { window.setTheme(Theme::Dark); });
    if (epochs == 0)
        return;
    bench.phase("train, curves in view", [&] {
        bench.raise("training");
        Training* training = window.page<TrainingPage>()->training();
        TrainOptions options = *training->defaults(QStringLiteral("quick"));
        options.epochs = epochs;
        options.stepsPerEpoch = 20;
        training->start(options, folder + QStringLiteral("/tuned.pt"));
    });
}

} // namespace

int main(int argc, char** argv)
{
    prepareTorchProcess();
    TimedApplication app(argc, argv);
    if (argc < 2) {
        std::fprintf(stderr, "usage: %s MODEL [DATA [EPOCHS]]\n", argv[0]);
        return 2;
    }
    startTorch(0);
    registerBackend(torchScriptBackend());
    registerBackend(onnxBackend());
    const QTemporaryDir folder;
    Bench bench{app};
    QObject::connect(bench.window.runner(), &JobRunner::failed,
                     [](const QString& title, const QString& message) {
                         std::fprintf(stderr, "%s: %s\n", qPrintable(title), qPrintable(message));
                     });
    bench.phase("show the empty window", [&] { bench.window.show(); });
    bench.phase("open the model",
                [&] { bench.window.controller()->openModel(QString::fromLocal8Bit(argv[1])); });
    if (argc > 2)
        work(bench, QString::fromLocal8Bit(argv[2]), argc > 3 ? std::atoi(argv[3]) : 2, folder.path());
    return 0;
}
