// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/io/weights/weights_runner.h"
#include "core/torch/torch_backend.h"
#include "widgets/grab.h"
#include "widgets/main_window.h"
#include "widgets/preferences.h"
#include "widgets/single_instance.h"

#include <QApplication>
#include <QCommandLineParser>
#include <QFileInfo>
#include <QIcon>
#include <QLibraryInfo>
#include <QLocale>
#include <QTranslator>

#include <algorithm>

using namespace bitwright;

namespace {

bool isGrabbing()
{
    const QStringList arguments = QCoreApplication::arguments();
    return std::any_of(arguments.begin(), arguments.end(),
                       [](const QString& argument) { return argument.startsWith(QLatin1String("--grab")); });
}

/// Read before the parser, whose own texts are translated.
QString languageOption()
{
    const QStringList arguments = QCoreApplication::arguments();
    const QString name = QStringLiteral("--language");
    for (qsizetype i = 1; i < arguments.size(); ++i) {
        if (arguments[i] == name)
            return arguments.value(i + 1);
        if (arguments[i].startsWith(name + u'='))
            return arguments[i].mid(name.size() + 1);
    }
    return {};
}

/// Ours, and those of Qt's dialogs and buttons where they are installed.
void installTranslations(const QLocale& locale, QTranslator& own, QTranslator& toolkit)
{
    const QString folder = QLibraryInfo::path(QLibraryInfo::TranslationsPath);
    if (toolkit.load(locale, QStringLiteral("qtbase"), QStringLiteral("_"), folder))
        QApplication::installTranslator(&toolkit);
    // The English file has the plurals, so every other language falls back to it.
    if (own.load(locale, QStringLiteral("bitwright"), QStringLiteral("_"), QStringLiteral(":/i18n")) ||
        own.load(QStringLiteral(":/i18n/bitwright_en")))
        QApplication::installTranslator(&own);
}

/// What another start was given; the window may hold work that is not saved and asks first.
void takeFile(MainWindow& window, const QString& path)
{
    window.setWindowState(window.windowState() & ~Qt::WindowMinimized);
    window.raise();
    window.activateWindow();
    window.openPath(path);
}

struct CommandLine {
    WindowRequest request;
    bool newWindow = false;
};

CommandLine parseCommandLine(const QApplication& app)
{
    QCommandLineParser parser;
    parser.setApplicationDescription(
        QCoreApplication::translate("main", "Workbench for neural-network quantization."));
    parser.addHelpOption();
    parser.addVersionOption();
    parser.addPositionalArgument(QStringLiteral("model"),
                                 QCoreApplication::translate("main", "Model or session to open."),
                                 QStringLiteral("[FILE]"));
    const QCommandLineOption data(QStringLiteral("data"),
                                  QCoreApplication::translate("main", "Data to calibrate and evaluate with."),
                                  QStringLiteral("PATH"));
    const QCommandLineOption plan(QStringLiteral("plan"),
                                  QCoreApplication::translate("main", "Plan file to apply."),
                                  QStringLiteral("FILE"));
    const QCommandLineOption grab(
        QStringLiteral("grab"),
        QCoreApplication::translate("main", "Render every page to PNG files and quit."),
        QStringLiteral("DIR"));
    const QCommandLineOption language(
        QStringLiteral("language"), QCoreApplication::translate("main", "Language of the window: en, zh_CN."),
        QStringLiteral("CODE"));
    const QCommandLineOption newWindow(
        QStringLiteral("new-window"),
        QCoreApplication::translate("main", "Open a window of its own although one is open."));
    parser.addOptions({data, plan, grab, language, newWindow});
    parser.process(app);
    return {
        {parser.positionalArguments().value(0), parser.value(data), parser.value(plan), parser.value(grab)},
        parser.isSet(newWindow)};
}

} // namespace

int main(int argc, char** argv)
{
    prepareTorchProcess();
    QApplication app(argc, argv);
    QApplication::setOrganizationName(QStringLiteral("bitwright"));
    QApplication::setApplicationName(QStringLiteral("bitwright"));
    QApplication::setApplicationDisplayName(QStringLiteral("Bitwright"));
    QApplication::setApplicationVersion(QStringLiteral(BITWRIGHT_VERSION));
    QApplication::setDesktopFileName(QStringLiteral("bitwright"));
    const Preferences preferences = isGrabbing() ? Preferences() : Preferences::load();
    const QString asked = languageOption();
    const QString code = !asked.isEmpty() ? asked
                         : isGrabbing()   ? QStringLiteral("en")
                                          : preferences.language;
    const QLocale locale = code.isEmpty() ? QLocale() : QLocale(code);
    QLocale::setDefault(locale);
    QTranslator own, toolkit;
    installTranslations(locale, own, toolkit);
    startTorch(preferences.threads);
    for (Backend& backend : weightsBackends())
        registerBackend(std::move(backend));
    registerBackend(torchScriptBackend());
    registerBackend(onnxBackend());

    const CommandLine line = parseCommandLine(app);
    const WindowRequest& request = line.request;

    SingleInstance instance;
    const bool alone = isGrabbing() || line.newWindow;
    const bool fileOnly = !request.model.isEmpty() && request.data.isEmpty() && request.plan.isEmpty();
    if (!alone && fileOnly && instance.handOver(QFileInfo(request.model).absoluteFilePath()))
        return 0;
    MainWindow window(!request.grabFolder.isEmpty() ? MainWindow::Settings::Ignore
                                                    : MainWindow::Settings::Use);
    QApplication::setWindowIcon(QIcon(QStringLiteral(":/bitwright/bitwright.svg")));
    window.show();
    startRequest(window, request);
    QObject::connect(&instance, &SingleInstance::requested, &window,
                     [&window](const QString& path) { takeFile(window, path); });
    if (!alone)
        instance.listen();
    return QApplication::exec();
}
