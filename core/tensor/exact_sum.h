// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <array>
#include <cstdint>
#include <vector>

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

    /// For files: sign and magnitude, in digits of 32 bits from the one of weight 2^(32 first - 1074) on,
    /// without zeros at either end. Unique; zero has no digits.
    struct Parts {
        bool negative = false;
        int first = 0;
        std::vector<uint32_t> digits;
    };
    static constexpr int kDigits = 68;
    Parts parts() const;
    /// first >= 0 and first + digits.size() <= kDigits.
    static ExactSum fromParts(const Parts& parts);

private:
    // 2^-1074 ... 2^1024 and room for 2^60 additions, 32 bits a digit with the carries deferred.
    using Digits = std::array<int64_t, kDigits>;
    void normalise();
    bool makeMagnitude();
    Digits m_digits{};
    int64_t m_pending = 0; ///< every |digit| is at most (m_pending + 1) * 2^33
};

} // namespace bitwright
