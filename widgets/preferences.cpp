// SPDX-License-Identifier: GPL-3.0-or-later
#include "widgets/preferences.h"

#include <QList>
#include <QSettings>

namespace bitwright {

namespace {

const QString kTheme = QStringLiteral("theme");
const QString kColors = QStringLiteral("colors");
const QString kLanguage = QStringLiteral("language");
const QString kSamples = QStringLiteral("calibration/samples");
const QString kBatch = QStringLiteral("calibration/batch");
const QString kThreads = QStringLiteral("threads");

} // namespace

Preferences Preferences::load()
{
    const QSettings settings;
    const Preferences defaults;
    const auto number = [&settings](const QString& key, int least, int most, int fallback) {
        bool ok = false;
        const int value = settings.value(key, fallback).toInt(&ok);
        return ok && value >= least && value <= most ? value : fallback;
    };
    Preferences loaded;
    loaded.theme = themeFromName(settings.value(kTheme).toString());
    loaded.colors = colorMapFromName(settings.value(kColors).toString());
    loaded.language = settings.value(kLanguage).toString();
    loaded.calibrationSamples = number(kSamples, 1, 1'000'000, defaults.calibrationSamples);
    loaded.batch = number(kBatch, 1, 4096, defaults.batch);
    loaded.threads = number(kThreads, 0, 1024, defaults.threads);
    return loaded;
}

void Preferences::store() const
{
    QSettings settings;
    settings.setValue(kTheme, themeName(theme));
    settings.setValue(kColors, colorMapName(colors));
    settings.setValue(kLanguage, language);
    settings.setValue(kSamples, calibrationSamples);
    settings.setValue(kBatch, batch);
    settings.setValue(kThreads, threads);
}

QList<std::pair<QString, QString>> languages()
{
    return {{QStringLiteral("en"), QStringLiteral("English")},
            {QStringLiteral("zh_CN"), QStringLiteral("简体中文")}};
}

} // namespace bitwright
