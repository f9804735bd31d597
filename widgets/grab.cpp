// SPDX-License-Identifier: GPL-3.0-or-later
#include "widgets/grab.h"

#include "widgets/actions.h"
#include "widgets/controller.h"
#include "widgets/dialogs/command_palette.h"
#include "widgets/dialogs/export_dialog.h"
#include "widgets/dialogs/glossary_dialog.h"
#include "widgets/dialogs/plot_export_dialog.h"
#include "widgets/dialogs/preferences_dialog.h"
#include "widgets/dialogs/shortcut_dialog.h"
#include "widgets/main_window.h"
#include "widgets/pages/error_maps_page.h"
#include "widgets/pages/layer_page.h"
#include "widgets/pages/sensitivity_view.h"
#include "widgets/pages/start_page.h"
#include "widgets/session_keeper.h"
#include "widgets/sweep.h"

#include <QApplication>
#include <QDir>
#include <QDockWidget>
#include <QLocale>
#include <QTimer>

#include <cstdio>
#include <memory>

namespace bitwright {

namespace {

constexpr QSize kWindow(1400, 900);
constexpr qint64 kSweepSamples = 256;

/// Waits until no number on the screen is outdated.
void settle(MainWindow& window)
{
    QApplication::sendPostedEvents();
    QEventLoop loop;
    QTimer poll;
    poll.setInterval(20);
    QObject::connect(&poll, &QTimer::timeout, &loop, [&] {
        if (window.isSettled())
            loop.quit();
    });
    poll.start();
    loop.exec();
}

bool save(QWidget* widget, const QString& folder, const QString& name, QStringList& files)
{
    const QString path = QDir(folder).filePath(name + QStringLiteral(".png"));
    if (!widget->grab().save(path))
        return false;
    files << path;
    return true;
}

/// Every view of one page, as large as its dock; back to the first view.
bool grabPage(MainWindow& window, Page& page, const QString& folder, const QString& suffix,
              QStringList& files)
{
    // A page behind the tab of another has neither its size nor, perhaps, its content yet.
    if (auto* dock = qobject_cast<QDockWidget*>(page.parentWidget())) {
        dock->raise();
        settle(window);
    }
    const QStringList views = page.views();
    bool ok = views.isEmpty() ? save(&page, folder, page.objectName() + suffix, files) : true;
    for (const QString& view : views) {
        page.showView(view);
        settle(window);
        ok = save(&page, folder, page.objectName() + u'-' + view + suffix, files) && ok;
    }
    if (!views.isEmpty())
        page.showView(views.first());
    return ok;
}

/// What is not on the screen when a model is open: the start page and the dialogs around the pages.
bool grabDialogs(MainWindow& window, const QString& folder, const QString& suffix, QStringList& files)
{
    StartPage start(window.actions(), {});
    start.resize(kWindow.width(), kWindow.height() * 2 / 3);
    CommandPalette palette(window.actionEntries(), &window);
    ShortcutDialog shortcuts(window.shortcuts(), window.actionEntries(), &window);
    PreferencesDialog preferences(window.preferences(), &window);
    GlossaryDialog glossary(&window);
    PlotExportDialog plots(window.pages(), QDir::homePath(), &window);
    const std::pair<QWidget*, QString> all[]{
        {&start, QStringLiteral("start")},         {&palette, QStringLiteral("palette")},
        {&shortcuts, QStringLiteral("shortcuts")}, {&preferences, QStringLiteral("preferences")},
        {&glossary, QStringLiteral("glossary")},   {&plots, QStringLiteral("plots")}};
    bool ok = true;
    for (const auto& [widget, name] : all)
        ok = save(widget, folder, name + suffix, files) && ok;
    return ok;
}

bool grabTheme(MainWindow& window, const QString& folder, const QString& suffix, QStringList& files)
{
    const auto name = [&suffix](const char* part) { return QLatin1String(part) + suffix; };
    bool ok = grabDialogs(window, folder, suffix, files);
    if (window.document()->model()) {
        ExportDialog dialog(window.controller(), window.document(), &window);
        dialog.adjustSize();
        ok = save(&dialog, folder, name("export"), files) && ok;
    }
    ok = save(&window, folder, name("window"), files) && ok;
    ok = save(window.layerPage(), folder, name("layers"), files) && ok;
    const QByteArray layout = window.saveState();
    for (Page* page : window.pages())
        ok = grabPage(window, *page, folder, suffix, files) && ok;
    window.restoreState(layout);
    return ok;
}

void finish(MainWindow& window, const QString& folder, const std::shared_ptr<QString>& failure)
{
    if (failure->isEmpty() && grabPages(window, folder).isEmpty())
        *failure = QObject::tr("The pictures could not be written to %1.").arg(folder);
    if (!failure->isEmpty())
        std::fprintf(stderr, "bitwright: %s\n", qPrintable(*failure));
    QApplication::exit(failure->isEmpty() ? 0 : 1);
}

void startGrab(MainWindow& window, const WindowRequest& request)
{
    window.resize(kWindow);
    auto failure = std::make_shared<QString>();
    const auto remember = [failure](const QString& title, const QString& message) {
        *failure = QStringLiteral("%1: %2").arg(title, message);
    };
    QObject::connect(window.runner(), &JobRunner::failed, &window, remember);
    QObject::connect(window.controller(), &Controller::failed, &window, remember);
    // Evaluated once what was asked for is open and calibrated; the pages then have something to show.
    // A sweep follows, for the maps and the estimate.
    auto* poll = new QTimer(&window);
    QObject::connect(poll, &QTimer::timeout, &window,
                     [&window, poll, failure, request, evaluated = false, swept = false]() mutable {
                         if (!window.isSettled())
                             return;
                         if (failure->isEmpty() && !std::exchange(evaluated, true) &&
                             window.controller()->whyNotEvaluate().isEmpty()) {
                             window.controller()->evaluate();
                             return;
                         }
                         auto* maps = window.page<ErrorMapsPage>();
                         if (failure->isEmpty() && maps && maps->sensitivity()->sweep()->whyNot().isEmpty() &&
                             !std::exchange(swept, true)) {
                             maps->sensitivity()->sweep()->start(SensitivityMode::EnableOne, kSweepSamples);
                             return;
                         }
                         poll->stop();
                         finish(window, request.grabFolder, failure);
                     });
    poll->start(20);
}

} // namespace

QStringList grabPages(MainWindow& window, const QString& folder)
{
    QStringList files;
    if (!QDir().mkpath(folder))
        return files;
    // What is not the rule is named: the language, and the scale in per cent.
    const QString language = QLocale().language() == QLocale::Chinese ? QStringLiteral("-zh_CN") : QString();
    const int percent = qRound(window.devicePixelRatioF() * 100);
    const QString scale = percent == 100 ? QString() : QStringLiteral("-%1").arg(percent);
    bool ok = true;
    for (const auto& [theme, suffix] : {std::pair(Theme::Light, QStringLiteral("-light")),
                                        std::pair(Theme::Dark, QStringLiteral("-dark"))}) {
        window.setTheme(theme);
        settle(window);
        ok = grabTheme(window, folder, suffix + language + scale, files) && ok;
    }
    return ok ? files : QStringList();
}

void startRequest(MainWindow& window, const WindowRequest& request)
{
    if (!request.model.isEmpty())
        request.model.endsWith(QLatin1String(".bitwright")) ? window.session()->open(request.model)
                                                            : window.controller()->openModel(request.model);
    if (!request.data.isEmpty())
        window.controller()->openData(request.data);
    if (!request.plan.isEmpty())
        window.controller()->openPlan(request.plan);
    if (!request.grabFolder.isEmpty())
        startGrab(window, request);
}

} // namespace bitwright
