// SPDX-License-Identifier: GPL-3.0-or-later
#include "tests/bench/window_bench.h"

#include "widgets/controller.h"

#include <QCoreApplication>
#include <QDockWidget>
#include <QEventLoop>
#include <QLocale>
#include <QTimer>

#include <algorithm>
#include <cstdio>

namespace bitwright::bench {

namespace {

QString number(double value)
{
    return QLocale::c().toString(value, value < 10 ? 'f' : 'f', value < 10 ? 1 : 0);
}

} // namespace

void Sheet::add(int criterion, const QString& what, const QString& goal, const QString& measured, bool met)
{
    m_lines.push_back({criterion, what, goal, measured, met});
    std::fprintf(stderr, "%2d %s: %s (%s)\n", criterion, qPrintable(what), qPrintable(measured),
                 met ? "met" : "missed");
}

void Sheet::addAtMost(int criterion, const QString& what, double goal, double measured, const char* unit)
{
    const QString u = QString::fromUtf8(unit);
    add(criterion, what, QStringLiteral("≤ %1 %2").arg(number(goal), u),
        QStringLiteral("%1 %2").arg(number(measured), u), measured <= goal);
}

void Sheet::addAtLeast(int criterion, const QString& what, double goal, double measured, const char* unit)
{
    const QString u = QString::fromUtf8(unit);
    add(criterion, what, QStringLiteral("≥ %1 %2").arg(number(goal), u),
        QStringLiteral("%1 %2").arg(number(measured), u), measured >= goal);
}

int Sheet::print() const
{
    std::vector<Line> lines = m_lines;
    std::stable_sort(lines.begin(), lines.end(),
                     [](const Line& a, const Line& b) { return a.criterion < b.criterion; });
    std::printf("| # | what | goal | measured | |\n|---|---|---|---|---|\n");
    int missed = 0;
    for (const Line& line : lines) {
        std::printf("| %d | %s | %s | %s | %s |\n", line.criterion, qPrintable(line.what), qPrintable(line.goal),
                    qPrintable(line.measured), line.met ? "met" : "missed");
        missed += !line.met;
    }
    return missed;
}

Stage::Stage()
{
    window.resize(1400, 900);
    window.show();
    settle();
}

bool Stage::waitUntil(const std::function<bool()>& done, int timeoutMs)
{
    QEventLoop loop;
    QTimer poll;
    QElapsedTimer clock;
    clock.start();
    bool ok = false;
    QObject::connect(&poll, &QTimer::timeout, &loop, [&] {
        ok = done();
        if (ok || clock.elapsed() > timeoutMs)
            loop.quit();
    });
    poll.start(1);
    loop.exec();
    return ok;
}

bool Stage::settle()
{
    return waitUntil([this] { return window.isSettled(); });
}

double Stage::settleMs(const std::function<void()>& start)
{
    QElapsedTimer clock;
    bool started = false;
    monitor.reset();
    QTimer::singleShot(0, &window, [&] {
        clock.start();
        start();
        started = true;
    });
    waitUntil([&] { return started && window.isSettled(); });
    QCoreApplication::processEvents();
    return double(clock.nsecsElapsed()) / 1e6;
}

double Stage::best(const std::function<double()>& measure, int times)
{
    double least = measure();
    for (int i = 1; i < times; ++i)
        least = std::min(least, measure());
    return least;
}

void Stage::open(const QString& model, const QString& data)
{
    window.controller()->openModel(model);
    waitUntil([this] { return window.document()->model() && window.isSettled(); });
    if (data.isEmpty())
        return;
    window.controller()->openData(data);
    waitUntil([this] { return window.document()->calibration() && window.isSettled(); });
}

void Stage::raise(const char* page)
{
    window.findChild<QDockWidget*>(QLatin1String(page) + QStringLiteral("Dock"))->raise();
    settle();
}

void Stage::showAllViews()
{
    raise("distribution");
    for (const char* page : {"errors", "configurations", "why"}) {
        auto* dock = window.findChild<QDockWidget*>(QLatin1String(page) + QStringLiteral("Dock"));
        dock->setFloating(true);
        dock->resize(900, 400);
        dock->show();
    }
    settle();
}

} // namespace bitwright::bench
