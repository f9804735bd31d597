// SPDX-License-Identifier: GPL-3.0-or-later
#include "tests/widgets/fake_model.h"
#include "tests/widgets/recovery_child.h"

#include <QApplication>
#include <QDir>
#include <QSettings>
#include <QTemporaryDir>

#include <gtest/gtest.h>

int main(int argc, char** argv)
{
    testing::InitGoogleTest(&argc, argv);
    QApplication app(argc, argv);
    QApplication::setOrganizationName(QStringLiteral("bitwright-tests"));
    QApplication::setApplicationName(QStringLiteral("tst_widgets"));
    const bool child = argc >= 3 && QByteArray(argv[1]) == "--recovery-child";
    // The user's own data is not touched either; a child shares its parent's.
    const QTemporaryDir data;
    if (!child)
        qputenv("XDG_DATA_HOME", QFile::encodeName(data.path()));
    // The user's own settings are neither read nor written.
    const QTemporaryDir settings;
    QSettings::setDefaultFormat(QSettings::IniFormat);
    QSettings::setPath(QSettings::IniFormat, QSettings::UserScope, settings.path());
    bitwright::test::registerFakeBackend();
    if (!child)
        return RUN_ALL_TESTS();
    return bitwright::test::runRecoveryChild(QString::fromLocal8Bit(argv[2]),
                                             QString::fromLocal8Bit(argc > 3 ? argv[3] : ""));
}
