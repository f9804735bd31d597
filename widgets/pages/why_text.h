// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/analysis/diagnose.h"

#include <QString>

namespace bitwright {

/// A diagnosis in words, with its numbers.
QString causeHeadline(const Cause& cause);
/// For the layer's note: "dead channels: 3, 17".
QString deadChannelsNote(const Cause& cause);
QString causeText(const Cause& cause, const Diagnosis& diagnosis);
/// "One scale per channel": what the edit does.
QString remedyText(const Remedy& remedy);
/// "42.1 dB (+23.9)"; `nowDb` is the SQNR before.
QString remedyEffect(const Remedy& remedy, double nowDb);

} // namespace bitwright
