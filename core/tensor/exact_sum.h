// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <array>
#include <cstdint>

namespace bitwright {

/// A sum of doubles without rounding (a Kulisch accumulator): adding in any order, in any grouping, gives
/// the same bits. That is what makes means independent of batch size and order. Safe to read from several
/// threads at once.
class ExactSum {
public:
    /// Adds a finite value; NaN and infinities are ignored (statistics count them apart).
    void add(double value);
    void add(const ExactSum& other);
    /// The sum rounded once to the nearest double.
    double value() const;

    bool operator==(const ExactSum& other) const;

private:
    // 2^-1074 ... 2^1024 and room for 2^60 additions, 32 bits a digit with the carries deferred.
    using Digits = std::array<int64_t, 68>;
    void normalise();
    Digits m_digits{};
    int64_t m_pending = 0; ///< every |digit| is at most (m_pending + 1) * 2^33
};

} // namespace bitwright
