// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/quant/quant_plan.h"

#include <QString>
#include <QStringList>

namespace bitwright {

/// Something the window has done, with everything that decided its outcome.
struct DoneVerb {
    enum Verb { Calibrate, Evaluate, Export };
    Verb verb = Evaluate;
    QString model, data;
    QuantPlan plan;
    int samples = 512, batch = 32; ///< of the calibration
    QString format, out;           ///< Export
    QStringList further = {};      ///< options beyond those, as typed
};

/// The arguments that make bitwright-cli do the same; its numbers are the same bit for bit. Locks and notes
/// of the plan decide nothing and are left out.
QStringList commandArguments(const DoneVerb& done);
/// For a POSIX shell, quoted where that is needed.
QString commandLine(const DoneVerb& done);

} // namespace bitwright
