// SPDX-License-Identifier: GPL-3.0-or-later
#include "widgets/pages/range_panel.h"

#include "widgets/format.h"

#include <QComboBox>
#include <QDoubleValidator>
#include <QFormLayout>
#include <QHBoxLayout>
#include <QLabel>
#include <QLineEdit>
#include <QLocale>
#include <QPushButton>
#include <QSignalBlocker>
#include <QSlider>

#include <algorithm>
#include <cmath>

namespace bitwright {

namespace {

constexpr int kPositions = 400;

QSlider* makeSlider(const QString& name, const QString& help)
{
    auto* slider = new QSlider(Qt::Horizontal);
    slider->setAccessibleName(name);
    slider->setToolTip(help);
    return slider;
}

QWidget* withText(QSlider* slider, QLabel* text)
{
    auto* pair = new QWidget;
    auto* layout = new QHBoxLayout(pair);
    layout->setContentsMargins(0, 0, 0, 0);
    layout->addWidget(slider, 1);
    text->setMinimumWidth(text->fontMetrics().horizontalAdvance(QStringLiteral("99.999 %")));
    text->setAlignment(Qt::AlignRight | Qt::AlignVCenter);
    layout->addWidget(text);
    return pair;
}

QString parameterText(Estimator estimator, double value)
{
    if (estimator == Estimator::Percentile)
        return RangePanel::tr("%1 %").arg(QLocale().toString(value, 'g', 6));
    if (estimator == Estimator::MeanSigma)
        return RangePanel::tr("%1 σ").arg(QLocale().toString(value, 'f', 2));
    return QLocale().toString(value, 'f', 2);
}

/// `spec` with the parameter in force, so that 0 and the default compare equal.
QuantSpec explicitSpec(QuantSpec spec)
{
    spec.parameter = estimatorParameter(spec);
    return spec;
}

} // namespace

bool hasSlider(Estimator estimator)
{
    return estimator == Estimator::Percentile || estimator == Estimator::Lp ||
           estimator == Estimator::MeanSigma;
}

double parameterAt(Estimator estimator, int position)
{
    const double t = double(position) / kPositions;
    switch (estimator) {
    case Estimator::Percentile: {
        const double left = std::pow(10, 1 - 4 * t), digit = std::pow(10, std::floor(std::log10(left)) - 1);
        return 100 - std::round(left / digit) * digit;
    }
    case Estimator::Lp:
        return std::round((1 + 4 * t) * 20) / 20;
    case Estimator::MeanSigma:
        return std::round((0.5 + 9.5 * t) * 20) / 20;
    default:
        return 0;
    }
}

int positionOf(Estimator estimator, double parameter)
{
    double t = 0;
    if (estimator == Estimator::Percentile)
        t = (1 - std::log10(std::max(100 - parameter, 1e-3))) / 4;
    else if (estimator == Estimator::Lp)
        t = (parameter - 1) / 4;
    else if (estimator == Estimator::MeanSigma)
        t = (parameter - 0.5) / 9.5;
    return int(std::lround(std::clamp(t, 0.0, 1.0) * kPositions));
}

RangePanel::RangePanel(QWidget* parent)
    : QWidget(parent)
{
    auto* form = new QFormLayout(this);
    form->setContentsMargins(8, 4, 8, 4);
    form->setHorizontalSpacing(12);
    form->setVerticalSpacing(3);
    form->setLabelAlignment(Qt::AlignLeft);
    auto* title = new QLabel(tr("Range"));
    QFont bold = font();
    bold.setBold(true);
    title->setFont(bold);
    form->addRow(title);
    buildNumbers(form);
    buildChoice(form);
    connectChoice();
    setPreview(false);
}

void RangePanel::buildNumbers(QFormLayout* form)
{
    const auto number = [&](const QString& name, const QString& help) {
        auto* label = new QLabel(name);
        auto* value = new QLabel;
        label->setToolTip(help);
        value->setToolTip(help);
        value->setAccessibleName(name);
        value->setTextInteractionFlags(Qt::TextSelectableByMouse);
        form->addRow(label, value);
        return value;
    };
    m_sqnr = number(tr("SQNR"), tr("Signal-to-quantization-noise ratio; in brackets against the plan"));
    m_clipped = number(tr("Clipped"), tr("Share of the values that lie outside the range"));
    m_rounding = number(tr("Rounding MSE"), tr("Mean squared error of the values inside the range"));
    m_clipping = number(tr("Clipping MSE"), tr("Mean squared error of the values outside the range"));
}

void RangePanel::buildChoice(QFormLayout* form)
{
    const std::pair<RangeEnd, QString> ends[]{{RangeEnd::Lower, tr("Lower end")},
                                              {RangeEnd::Upper, tr("Upper end")}};
    for (const auto& [end, name] : ends) {
        auto* edit = new QLineEdit;
        edit->setValidator(new QDoubleValidator(edit));
        edit->setAccessibleName(name);
        edit->setToolTip(tr("Type the exact value and press Enter: the range is set by hand"));
        form->addRow(name, edit);
        m_ends[int(end)] = edit;
        connect(edit, &QLineEdit::returnPressed, this, [this, end = end, edit] {
            bool ok = false;
            if (const double value = QLocale().toDouble(edit->text(), &ok); ok)
                Q_EMIT typed(end, value);
        });
    }
    m_estimator = new QComboBox;
    m_estimator->setAccessibleName(tr("Estimator"));
    m_estimator->setToolTip(tr("How the range is found from the statistics"));
    for (int i = 0; i <= int(Estimator::Fixed); ++i)
        m_estimator->addItem(QString::fromLatin1(estimatorName(Estimator(i))), i);
    form->addRow(tr("Estimator"), m_estimator);
    m_parameter =
        makeSlider(tr("Parameter"), tr("The estimator's parameter: the range follows as you move it"));
    m_parameter->setRange(0, kPositions);
    m_parameterText = new QLabel;
    form->addRow(tr("Parameter"), withText(m_parameter, m_parameterText));
    m_samples = makeSlider(tr("Samples"), tr("The range that a smaller calibration set would have given"));
    m_samplesText = new QLabel;
    form->addRow(tr("Samples"), withText(m_samples, m_samplesText));
    m_apply = new QPushButton(tr("Apply"));
    m_apply->setToolTip(tr("Put this range into the plan (can be undone)"));
    m_revert = new QPushButton(tr("Revert"));
    m_revert->setToolTip(tr("Back to the plan's range"));
    auto* buttons = new QHBoxLayout;
    buttons->addWidget(m_apply);
    buttons->addWidget(m_revert);
    form->addRow(buttons);
}

void RangePanel::connectChoice()
{
    connect(m_estimator, &QComboBox::activated, this, [this] {
        m_spec.estimator = Estimator(m_estimator->currentData().toInt());
        m_spec.parameter = 0;
        showParameter();
        emitWish();
    });
    connect(m_parameter, &QSlider::valueChanged, this, [this](int position) {
        m_spec.parameter = parameterAt(m_spec.estimator, position);
        m_parameterText->setText(parameterText(m_spec.estimator, m_spec.parameter));
        emitWish();
    });
    connect(m_samples, &QSlider::valueChanged, this, [this](int index) {
        m_samplesText->setText(countText(m_counts[size_t(index)]));
        emitWish();
    });
    connect(m_apply, &QPushButton::clicked, this, &RangePanel::applied);
    connect(m_revert, &QPushButton::clicked, this, &RangePanel::reverted);
}

void RangePanel::showParameter()
{
    const QSignalBlocker blocker(m_parameter);
    const bool on = hasSlider(m_spec.estimator);
    m_parameter->setEnabled(on);
    m_parameter->setValue(on ? positionOf(m_spec.estimator, estimatorParameter(m_spec)) : 0);
    m_parameterText->setText(on ? parameterText(m_spec.estimator, estimatorParameter(m_spec))
                                : QStringLiteral("–"));
}

void RangePanel::setSpec(const QuantSpec& spec, const std::vector<qint64>& samples)
{
    const QSignalBlocker blockers[]{QSignalBlocker(m_samples), QSignalBlocker(m_estimator)};
    m_spec = explicitSpec(spec);
    m_estimator->setEnabled(spec.hasRange());
    m_estimator->setCurrentIndex(m_estimator->findData(int(spec.estimator)));
    showParameter();
    m_parameter->setEnabled(m_parameter->isEnabled() && spec.hasRange());
    m_counts = samples;
    m_samples->setEnabled(samples.size() > 1 && spec.hasRange());
    m_samples->setRange(0, std::max(0, int(samples.size()) - 1));
    m_samples->setValue(m_samples->maximum());
    m_samplesText->setText(samples.empty() ? QStringLiteral("–") : countText(samples.back()));
}

void RangePanel::emitWish()
{
    const bool all = m_counts.empty() || m_samples->value() == m_samples->maximum();
    Q_EMIT wished({m_spec, all ? 0 : m_counts[size_t(m_samples->value())]});
}

void RangePanel::setError(const std::optional<ThresholdError>& error, double sqnrDb, double clippedShare)
{
    if (!m_isPreview)
        m_planDb = sqnrDb;
    QString text = decibelText(sqnrDb);
    if (m_isPreview && std::isfinite(sqnrDb - m_planDb)) {
        const double change = sqnrDb - m_planDb;
        const QString sign = change < 0 ? QStringLiteral("−") : QStringLiteral("+");
        text = tr("%1 (%2%3)").arg(text, sign, QLocale().toString(std::abs(change), 'f', 1));
    }
    m_sqnr->setText(text);
    m_clipped->setText(percentText(clippedShare, 3));
    m_rounding->setText(error ? numberText(error->roundingMse, 3) : QStringLiteral("–"));
    m_clipping->setText(error ? numberText(error->clippingMse, 3) : QStringLiteral("–"));
}

void RangePanel::setRange(Range range, bool editable)
{
    const double values[]{range.lo, range.hi};
    for (int i = 0; i < 2; ++i) {
        m_ends[i]->setEnabled(editable);
        m_ends[i]->setText(editable ? QLocale().toString(values[i], 'g', 7) : QString());
        m_ends[i]->setCursorPosition(0);
    }
}

void RangePanel::setPreview(bool on)
{
    m_isPreview = on;
    m_apply->setEnabled(on);
    m_revert->setEnabled(on);
}

} // namespace bitwright
