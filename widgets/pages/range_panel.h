// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/calib/threshold_error.h"

#include <QWidget>

#include <optional>
#include <vector>

class QComboBox;
class QFormLayout;
class QLabel;
class QLineEdit;
class QPushButton;
class QSlider;

namespace bitwright {

/// How the range of a tensor is chosen: estimator, its parameter and the number of samples to scrub, both
/// ends to type, and what the range costs. Edits are wishes; the page decides what becomes of them.
class RangePanel : public QWidget {
    Q_OBJECT
public:
    /// What a scrub asks for; `samples` 0 = all.
    struct Wish {
        QuantSpec spec;
        qint64 samples = 0;
        bool operator==(const Wish&) const = default;
    };

    explicit RangePanel(QWidget* parent = nullptr);

    /// The plan's spec, and the sample counts (ascending, the last is all) to choose from; empty for weights.
    void setSpec(const QuantSpec& spec, const std::vector<qint64>& samples);
    /// What the range costs; nullopt where it cannot be split (several scales, other formats).
    void setError(const std::optional<ThresholdError>& error, double sqnrDb, double clippedShare);
    /// Both ends as they are; `editable`: they can be typed.
    void setRange(Range range, bool editable);
    /// Whether something is shown that is not the plan.
    void setPreview(bool on);

    QComboBox* estimator() const { return m_estimator; }
    QSlider* parameter() const { return m_parameter; }
    QSlider* samples() const { return m_samples; }
    QLineEdit* end(RangeEnd end) const { return m_ends[int(end)]; }
    QPushButton* applyButton() const { return m_apply; }
    QPushButton* revertButton() const { return m_revert; }

Q_SIGNALS:
    void wished(const bitwright::RangePanel::Wish& wish);
    void typed(bitwright::RangeEnd end, double value);
    void applied();
    void reverted();

private:
    void buildChoice(QFormLayout* form);
    void connectChoice();
    void buildNumbers(QFormLayout* form);
    void showParameter();
    void emitWish();

    QComboBox* m_estimator;
    QSlider *m_parameter, *m_samples;
    QLabel *m_parameterText, *m_samplesText;
    QLineEdit* m_ends[2];
    QLabel *m_clipped, *m_rounding, *m_clipping, *m_sqnr;
    QPushButton *m_apply, *m_revert;
    QuantSpec m_spec;
    std::vector<qint64> m_counts;
    double m_planDb = 0;
    bool m_isPreview = false;
};

/// The value of an estimator's parameter at a position of its slider (0 ... 400), and back. Percentiles are
/// spaced by the logarithm of what they leave out: 90 ... 99.999.
double parameterAt(Estimator estimator, int position);
int positionOf(Estimator estimator, double parameter);
bool hasSlider(Estimator estimator);

} // namespace bitwright
