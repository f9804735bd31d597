// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "widgets/preferences.h"

#include <QDialog>

class QComboBox;
class QSpinBox;

namespace bitwright {

/// Edits a copy of the preferences; the caller applies and stores what was accepted.
class PreferencesDialog : public QDialog {
    Q_OBJECT
public:
    PreferencesDialog(const Preferences& preferences, QWidget* parent);

    Preferences preferences() const;

private:
    void fill(const Preferences& preferences);
    QWidget* buildLooks();
    QWidget* buildMeasuring();

    QComboBox *m_theme, *m_colors, *m_language;
    QSpinBox *m_samples, *m_batch, *m_threads;
};

} // namespace bitwright
