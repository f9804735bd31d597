// SPDX-License-Identifier: GPL-3.0-or-later
// The window against its criteria, as a table (docs/interactions.md has one):
//   QT_QPA_PLATFORM=offscreen bench_window SAMPLE_MODELS [--large FILE.onnx] [PART...]
// PART: edits, plots, layers, jobs, tuning, recovery, file; all of them without. make_large_onnx.py makes the file.
#include "core/torch/torch_backend.h"
#include "tests/bench/window_bench.h"

#include <QApplication>
#include <QDir>
#include <QSettings>
#include <QTemporaryDir>

#include <cstdio>

using namespace bitwright;
using namespace bitwright::bench;

int main(int argc, char** argv)
{
    prepareTorchProcess();
    QApplication app(argc, argv);
    QApplication::setOrganizationName(QStringLiteral("bitwright-bench"));
    QApplication::setApplicationName(QStringLiteral("bench_window"));
    QStringList arguments = QApplication::arguments().mid(1);
    const bool child = arguments.value(0) == QLatin1String("--recovery-child");
    // The user's own data and settings are not touched; a child shares its parent's.
    const QTemporaryDir data, settings;
    if (!child)
        qputenv("XDG_DATA_HOME", QFile::encodeName(data.path()));
    QSettings::setDefaultFormat(QSettings::IniFormat);
    QSettings::setPath(QSettings::IniFormat, QSettings::UserScope, settings.path());
    startTorch(0);
    registerBackend(torchScriptBackend());
    registerBackend(onnxBackend());
    if (child)
        return runRecoveryChild(arguments.value(1), arguments.value(2));
    if (arguments.isEmpty()) {
        std::fprintf(stderr, "usage: %s SAMPLE_MODELS [--large FILE.onnx] [PART...]\n", argv[0]);
        return 2;
    }
    Samples samples{QDir(arguments.takeFirst()).absolutePath(), {}};
    if (const qsizetype at = arguments.indexOf(QLatin1String("--large")); at >= 0) {
        samples.large = arguments.value(at + 1);
        arguments.remove(at, 2);
    }
    const auto asked = [&](const char* part) {
        return arguments.isEmpty() || arguments.contains(QLatin1String(part));
    };
    Sheet sheet;
    if (asked("edits"))
        measureEdits(sheet, samples);
    if (asked("plots"))
        measurePlots(sheet, samples);
    if (asked("layers"))
        measureManyLayers(sheet);
    if (asked("jobs"))
        measureJobs(sheet, samples);
    if (asked("tuning"))
        measureTuning(sheet, samples);
    if (asked("recovery"))
        measureRecovery(sheet, samples);
    if (asked("file"))
        measureLargeFile(sheet, samples);
    return sheet.print() > 0 ? 3 : 0;
}
