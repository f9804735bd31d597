// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/base/result.h"
#include "core/quant/quant_spec.h"
#include "core/tensor/tensor.h"

#include <QString>

#include <optional>

namespace bitwright {

/// Numbers for people, in the user's locale and with their unit.
QString bytesText(qint64 bytes);               ///< "4.8 MB"
QString countText(qint64 count);               ///< "1,204,224"
QString shortCountText(double count);          ///< "1.2 M"
QString decibelText(double db);                ///< "32.1 dB", "exact"
QString percentText(double share, int digits); ///< "91.3 %"
QString numberText(double value, int digits = 4);
QString secondsText(double seconds);    ///< "3 s", "2 min 05 s"
QString shapeLabel(const Shape& shape); ///< "64×3×7×7"

/// The token of a bits cell: "8", "float32", "float16", "binary", "codebook4", "e4m3". parseSpec reads it.
QString bitsToken(const QuantSpec& spec);
QString schemeText(Scheme scheme);
QString granularityText(const QuantSpec& spec);
QString estimatorText(const QuantSpec& spec);
/// The whole of a number format: "8-bit symmetric", "E4M3", "float32".
QString specText(const QuantSpec& spec);

/// One sentence of a failed verb.
QString errorText(const Error& error);

} // namespace bitwright
