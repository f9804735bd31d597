// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "tests/widgets/stall_monitor.h"
#include "widgets/main_window.h"

#include <QElapsedTimer>
#include <QString>
#include <QStringList>

#include <functional>
#include <vector>

namespace bitwright::bench {

/// What is measured, as a table: the number of the criterion, what is done, the goal, the figure.
class Sheet {
public:
    void add(int criterion, const QString& what, const QString& goal, const QString& measured, bool met);
    /// "at most `goal` `unit`".
    void addAtMost(int criterion, const QString& what, double goal, double measured, const char* unit);
    void addAtLeast(int criterion, const QString& what, double goal, double measured, const char* unit);
    /// Markdown on standard output, by number; returns how many goals were missed.
    int print() const;

private:
    struct Line {
        int criterion;
        QString what, goal, measured;
        bool met;
    };
    std::vector<Line> m_lines;
};

/// Where the models and the data of the measurements lie.
struct Samples {
    QString folder;                     ///< sample_models
    QString large;                      ///< an ONNX file for criterion 27; empty = left out
    QString model(const char* name) const { return folder + u'/' + QLatin1String(name) + QStringLiteral(".pt"); }
    QString data() const { return folder + QStringLiteral("/fashion_mnist_mini.h5"); }
};

/// A shown window that knows nothing of the user's settings.
class Stage {
public:
    Stage();

    bool waitUntil(const std::function<bool()>& done, int timeoutMs = 300000);
    bool settle();
    /// Wall-clock milliseconds from `start`, called by an event of its own as a click would be, until no number
    /// on the screen is outdated and everything is painted. Resets the monitor.
    double settleMs(const std::function<void()>& start);
    /// The least of `times` measurements: what the program needs, without what others take of the machine.
    double best(const std::function<double()>& measure, int times = 3);
    void open(const QString& model, const QString& data = {});
    void raise(const char* page);
    /// Table, graph, histogram, error map, configurations and explanation side by side, each on the screen.
    void showAllViews();
    int row(const std::string& name) { return window.document()->rowOf(name); }

    MainWindow window{MainWindow::Settings::Ignore};
    test::StallMonitor monitor;
};

void measureEdits(Sheet& sheet, const Samples& samples);
void measurePlots(Sheet& sheet, const Samples& samples);
void measureManyLayers(Sheet& sheet);
void measureJobs(Sheet& sheet, const Samples& samples);
void measureTuning(Sheet& sheet, const Samples& samples);
void measureRecovery(Sheet& sheet, const Samples& samples);
void measureLargeFile(Sheet& sheet, const Samples& samples);

/// "--recovery-child MODEL DATA": a window that edits and sweeps, and says what it did, until it is killed.
int runRecoveryChild(const QString& model, const QString& data);

} // namespace bitwright::bench
