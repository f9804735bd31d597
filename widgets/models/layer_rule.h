// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/base/result.h"

#include <QList>
#include <QString>

#include <memory>

namespace bitwright {

class Document;

/// A condition on layers, as the user writes it:
///
///     weight SQNR < 20 dB and op = conv2d
///     name ~ layer[12] or not (locked or params > 1M)
///
/// Numbers: every key of layerMetrics() ("weight sqnr", "w-sqnr", "macs", ...; spaces and case do not matter)
/// with < <= > >= = !=; a value may have a unit (dB, %, k, M, G, kB, MB, GB). Texts: name, op, note with = !=
/// and the regular expression ~ !~, without regard to case; a value with spaces stands in double quotes.
/// Flags: locked, exception, weights. An unknown number (no report yet) satisfies no comparison.
class LayerRule {
public:
    /// InvalidArgument says what is wrong and what was expected.
    static Result<LayerRule> parse(const QString& text);

    bool matches(const Document& document, int row) const;
    QList<int> matchingRows(const Document& document) const;

    struct Node;

private:
    std::shared_ptr<const Node> m_root;
};

} // namespace bitwright
