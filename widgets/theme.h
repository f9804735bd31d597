// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QColor>
#include <QIcon>
#include <QPalette>
#include <QString>

namespace bitwright {

enum class Theme { System, Light, Dark };

/// Name in the settings: "system", "light", "dark". Unknown names give System.
QString themeName(Theme theme);
Theme themeFromName(const QString& name);

/// Sets the Fusion style and the palette of the whole application; every open window follows at once.
void applyTheme(Theme theme);
bool isDark(const QPalette& palette);

/// Sequential colour-blind-safe maps; t in [0, 1], clamped.
QColor viridis(double t);
QColor cividis(double t);
QColor greys(double t);
/// The sequential map that the user chose; views take it from here and repaint on PaletteChange.
enum class ColorMap { Viridis, Cividis, Grey };
QString colorMapName(ColorMap map); ///< in the settings: "viridis", "cividis", "grey"
ColorMap colorMapFromName(const QString& name);
/// Every window gets a PaletteChange event.
void setColorMap(ColorMap map);
QColor sequential(double t);
/// Blue, white, orange; t in [-1, 1], clamped; 0 is white (dark grey on dark bases).
QColor diverging(double t, const QPalette& palette);

/// The categories of Okabe and Ito, chosen per theme for contrast with the base colour.
enum class Role { Float, Quantized, Clipped, Good, Bad };
QColor roleColor(Role role, const QPalette& palette);

/// Black or white, whichever reads better on `background` (WCAG contrast).
QColor textOn(const QColor& background);
/// Text of lesser importance: between the text and the base colour, still above 4.5:1.
QColor dimmedText(const QPalette& palette);

/// A drawn icon of the resources (":/bitwright/icons/NAME.svg") in the text colour of `palette`.
QIcon themedIcon(const QString& name, const QPalette& palette);

} // namespace bitwright
