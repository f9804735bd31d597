// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QString>

namespace bitwright::test {

/// What "tst_widgets --recovery-child MODEL [DATA]" runs: a window that is going to be killed. With data it
/// sweeps.
int runRecoveryChild(const QString& model, const QString& data);

} // namespace bitwright::test
