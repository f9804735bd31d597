// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QString>
#include <QStringList>

namespace bitwright {

class MainWindow;

/// What the command line asks the window to do.
struct WindowRequest {
    QString model, data, plan;
    QString grabFolder; ///< not empty: render every page to PNG there and quit
};

/// Starts what was asked for. With a grab folder the application quits with 0 when all pages were written,
/// 1 when something failed (one sentence on standard error).
void startRequest(MainWindow& window, const WindowRequest& request);

/// Renders every page as it is, light and dark, and returns the files; empty when one could not be written.
QStringList grabPages(MainWindow& window, const QString& folder);

} // namespace bitwright
