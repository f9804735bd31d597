// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QString>

namespace bitwright::test {

/// What "tst_widgets --recovery-child MODEL" runs: a window that is going to be killed.
int runRecoveryChild(const QString& model);

} // namespace bitwright::test
