// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QString>

#include <span>
#include <string>

namespace bitwright {

/// A sentence of the core (Error::message, a note) in the user's language. The core writes plain English and
/// knows no translator: the sentence is found among the known ones, whose changing parts are %1, %2, ..., and
/// what stands there is put into the translation. Sentences that are not among them stay as they are.
QString coreText(const std::string& message);
/// The known ones.
std::span<const char* const> coreMessages();

} // namespace bitwright
