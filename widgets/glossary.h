// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QList>
#include <QString>

namespace bitwright {

/// The words of the trade that the window explains.
enum class Term {
    Sqnr,
    Mse,
    MaxError,
    Cosine,
    KlDivergence,
    Bits,
    Scale,
    ZeroPoint,
    Symmetric,
    Asymmetric,
    Granularity,
    Estimator,
    Percentile,
    Clipping,
    Rounding,
    Calibration,
    Weights,
    Activations,
    Sensitivity,
    LocalError,
    EnableOne,
    DisableOne,
    Cumulative,
    Macs,
    Bops,
    Energy,
    Size,
    Top1,
    Top5,
    Loss,
    ConfidenceInterval,
    Agreement,
    Saturation,
    OutlierChannel,
    FakeQuantization,
    Exception
};

struct GlossaryEntry {
    Term term;
    QString name;     ///< "SQNR"
    QString sentence; ///< what it is, in one sentence
};

/// All of them, in the language of the window, by name.
const QList<GlossaryEntry>& glossary();

} // namespace bitwright
