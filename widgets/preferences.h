// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "widgets/theme.h"

#include <QString>

namespace bitwright {

/// What the user chose once for all work; kept in the settings, never in a session.
struct Preferences {
    Theme theme = Theme::System;
    ColorMap colors = ColorMap::Viridis;
    QString language;             ///< "en", "zh_CN"; empty = that of the system
    int calibrationSamples = 512; ///< at most, of the training split
    int batch = 32;               ///< samples that run together
    int threads = 0;              ///< of the kernels; 0 = all cores

    static Preferences load();
    void store() const;
    bool operator==(const Preferences&) const = default;
};

/// Languages there are translations for, each in its own words.
QList<std::pair<QString, QString>> languages();

} // namespace bitwright
