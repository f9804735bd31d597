// SPDX-License-Identifier: GPL-3.0-or-later
#include "widgets/dialogs/preferences_dialog.h"

#include <QComboBox>
#include <QDialogButtonBox>
#include <QFormLayout>
#include <QGroupBox>
#include <QLabel>
#include <QPainter>
#include <QPushButton>
#include <QSpinBox>
#include <QVBoxLayout>

namespace bitwright {

namespace {

/// A strip of the map from its least to its greatest value.
QIcon stripOf(QColor (*map)(double))
{
    constexpr int width = 64, height = 16;
    QPixmap strip(width, height);
    QPainter painter(&strip);
    for (int x = 0; x < width; ++x)
        painter.fillRect(x, 0, 1, height, map(double(x) / (width - 1)));
    return strip;
}

QSpinBox* spin(int least, int most, const QString& name, const QString& help)
{
    auto* box = new QSpinBox;
    box->setRange(least, most);
    box->setGroupSeparatorShown(true);
    box->setAccessibleName(name);
    box->setToolTip(help);
    return box;
}

QComboBox* combo(const QString& name, const QString& help)
{
    auto* box = new QComboBox;
    box->setAccessibleName(name);
    box->setToolTip(help);
    return box;
}

} // namespace

PreferencesDialog::PreferencesDialog(const Preferences& preferences, QWidget* parent)
    : QDialog(parent)
    , m_theme(combo(tr("Theme"), tr("Colours of the window; System follows the desktop")))
    , m_colors(combo(tr("Colour map"),
                     tr("Colours of heat maps and of shaded cells, all fit for colour-blind eyes")))
    , m_language(combo(tr("Language"), tr("Language of the window, from the next start on")))
    , m_samples(spin(1, 1'000'000, tr("Calibration samples"),
                     tr("How many samples the ranges of activations are measured on, at most")))
    , m_batch(
          spin(1, 4096, tr("Batch"), tr("How many samples run together; larger batches take more memory")))
    , m_threads(spin(0, 1024, tr("Threads"), tr("Cores that computations use, from the next start on")))
{
    setWindowTitle(tr("Preferences"));
    m_threads->setSpecialValueText(tr("All cores"));
    m_samples->setSingleStep(64);
    auto* buttons = new QDialogButtonBox(QDialogButtonBox::Ok | QDialogButtonBox::Cancel |
                                         QDialogButtonBox::RestoreDefaults);
    auto* layout = new QVBoxLayout(this);
    layout->setSpacing(12);
    layout->addWidget(buildLooks());
    layout->addWidget(buildMeasuring());
    auto* note = new QLabel(tr("Language and threads take effect when Bitwright is started again."));
    note->setWordWrap(true);
    layout->addWidget(note);
    layout->addStretch(1);
    layout->addWidget(buttons);
    connect(buttons, &QDialogButtonBox::accepted, this, &QDialog::accept);
    connect(buttons, &QDialogButtonBox::rejected, this, &QDialog::reject);
    connect(buttons->button(QDialogButtonBox::RestoreDefaults), &QPushButton::clicked, this,
            [this] { fill(Preferences()); });
    fill(preferences);
}

QWidget* PreferencesDialog::buildLooks()
{
    m_theme->addItem(tr("System"), int(Theme::System));
    m_theme->addItem(tr("Light"), int(Theme::Light));
    m_theme->addItem(tr("Dark"), int(Theme::Dark));
    m_colors->setIconSize({64, 16});
    m_colors->addItem(stripOf(viridis), tr("Viridis"), int(ColorMap::Viridis));
    m_colors->addItem(stripOf(cividis), tr("Cividis"), int(ColorMap::Cividis));
    m_colors->addItem(stripOf(greys), tr("Grey"), int(ColorMap::Grey));
    m_language->addItem(tr("As the system"), QString());
    for (const auto& [code, name] : languages())
        m_language->addItem(name, code);
    auto* group = new QGroupBox(tr("Looks"));
    auto* form = new QFormLayout(group);
    form->addRow(tr("&Theme:"), m_theme);
    form->addRow(tr("&Colour map:"), m_colors);
    form->addRow(tr("&Language:"), m_language);
    return group;
}

QWidget* PreferencesDialog::buildMeasuring()
{
    auto* group = new QGroupBox(tr("Measuring"));
    auto* form = new QFormLayout(group);
    form->addRow(tr("Calibration &samples:"), m_samples);
    form->addRow(tr("&Batch:"), m_batch);
    form->addRow(tr("T&hreads:"), m_threads);
    return group;
}

void PreferencesDialog::fill(const Preferences& p)
{
    m_theme->setCurrentIndex(m_theme->findData(int(p.theme)));
    m_colors->setCurrentIndex(m_colors->findData(int(p.colors)));
    m_language->setCurrentIndex(qMax(0, m_language->findData(p.language)));
    m_samples->setValue(p.calibrationSamples);
    m_batch->setValue(p.batch);
    m_threads->setValue(p.threads);
}

Preferences PreferencesDialog::preferences() const
{
    Preferences p;
    p.theme = Theme(m_theme->currentData().toInt());
    p.colors = ColorMap(m_colors->currentData().toInt());
    p.language = m_language->currentData().toString();
    p.calibrationSamples = m_samples->value();
    p.batch = m_batch->value();
    p.threads = m_threads->value();
    return p;
}

} // namespace bitwright
