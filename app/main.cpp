// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/torch/torch_backend.h"
#include "widgets/grab.h"
#include "widgets/main_window.h"

#include <QApplication>
#include <QCommandLineParser>
#include <QFileInfo>
#include <QIcon>
#include <QLocale>
#include <QTranslator>

using namespace bitwright;

int main(int argc, char** argv)
{
    prepareTorchProcess(argv);
    QApplication app(argc, argv);
    QApplication::setOrganizationName(QStringLiteral("bitwright"));
    QApplication::setApplicationName(QStringLiteral("bitwright"));
    QApplication::setApplicationDisplayName(QStringLiteral("Bitwright"));
    QApplication::setApplicationVersion(QStringLiteral(BITWRIGHT_VERSION));
    QApplication::setDesktopFileName(QStringLiteral("bitwright"));
    QTranslator translator;
    if (translator.load(QLocale(), QStringLiteral("bitwright"), QStringLiteral("_"),
                        QStringLiteral(":/i18n")))
        QApplication::installTranslator(&translator);
    startTorch(0);
    registerBackend(torchScriptBackend());

    QCommandLineParser parser;
    parser.setApplicationDescription(
        QCoreApplication::translate("main", "Workbench for neural-network quantization."));
    parser.addHelpOption();
    parser.addVersionOption();
    parser.addPositionalArgument(QStringLiteral("model"),
                                 QCoreApplication::translate("main", "Model file to open."),
                                 QStringLiteral("[MODEL]"));
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
    parser.addOptions({data, plan, grab});
    parser.process(app);
    const WindowRequest request{parser.positionalArguments().value(0), parser.value(data), parser.value(plan),
                                parser.value(grab)};
    const bool grabbing = !request.grabFolder.isEmpty();

    MainWindow window(grabbing ? MainWindow::Settings::Ignore : MainWindow::Settings::Use);
    QApplication::setWindowIcon(QIcon(QStringLiteral(":/bitwright/bitwright.svg")));
    window.show();
    startRequest(window, request);
    return QApplication::exec();
}
