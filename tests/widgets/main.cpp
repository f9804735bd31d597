// SPDX-License-Identifier: GPL-3.0-or-later
#include "tests/widgets/fake_model.h"

#include <QApplication>
#include <QSettings>
#include <QTemporaryDir>

#include <gtest/gtest.h>

int main(int argc, char** argv)
{
    testing::InitGoogleTest(&argc, argv);
    QApplication app(argc, argv);
    QApplication::setOrganizationName(QStringLiteral("bitwright-tests"));
    QApplication::setApplicationName(QStringLiteral("tst_widgets"));
    // The user's own settings are neither read nor written.
    const QTemporaryDir settings;
    QSettings::setDefaultFormat(QSettings::IniFormat);
    QSettings::setPath(QSettings::IniFormat, QSettings::UserScope, settings.path());
    bitwright::test::registerFakeBackend();
    return RUN_ALL_TESTS();
}
