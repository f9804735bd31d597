// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/tensor/exact_sum.h"

#include <algorithm>
#include <bit>
#include <cmath>

namespace bitwright {
namespace {

constexpr int64_t kMaxPending = int64_t(1) << 29;
constexpr uint64_t kLow32 = 0xffffffffu;
constexpr int kLeastExponent = -1074;

// The 64 bits of a non-negative digit string that begin at bit `from`, everything below OR-ed into the
// lowest bit, so that one conversion to double rounds the whole string correctly.
uint64_t window(const std::array<int64_t, 68>& digits, int from)
{
    const size_t digit = size_t(from) / 32;
    const int shift = from % 32;
    uint64_t sticky = uint64_t(digits[digit]) & ((uint64_t(1) << shift) - 1);
    for (size_t i = 0; i < digit; ++i)
        sticky |= uint64_t(digits[i]);
    unsigned __int128 bits = 0;
    for (size_t i = 0; i < 3 && digit + i < digits.size(); ++i)
        bits |= (unsigned __int128)(uint64_t(digits[digit + i])) << (32 * i);
    return uint64_t(bits >> shift) | uint64_t(sticky != 0);
}

} // namespace

void ExactSum::add(double value)
{
    const uint64_t bits = std::bit_cast<uint64_t>(value);
    const int exponent = int(bits >> 52) & 0x7ff;
    uint64_t mantissa = bits & ((uint64_t(1) << 52) - 1);
    if (exponent == 0x7ff || (bits << 1) == 0)
        return;
    if (exponent)
        mantissa |= uint64_t(1) << 52;
    const int position = exponent ? exponent - 1 : 0;
    int64_t* digit = m_digits.data() + position / 32;
    const int shift = position % 32;
    const uint64_t low = (mantissa & kLow32) << shift, high = (mantissa >> 32) << shift;
    const int64_t sign = value < 0 ? -1 : 1;
    digit[0] += sign * int64_t(low & kLow32);
    digit[1] += sign * int64_t((low >> 32) + (high & kLow32));
    digit[2] += sign * int64_t(high >> 32);
    if (++m_pending >= kMaxPending)
        normalise();
}

void ExactSum::add(const ExactSum& other)
{
    for (size_t i = 0; i < m_digits.size(); ++i)
        m_digits[i] += other.m_digits[i];
    m_pending += other.m_pending + 1;
    if (m_pending >= kMaxPending)
        normalise();
}

// Afterwards every digit but the topmost, which holds the sign, is in [0, 2^32): the form is unique.
void ExactSum::normalise()
{
    int64_t carry = 0;
    for (size_t i = 0; i + 1 < m_digits.size(); ++i) {
        const int64_t digit = m_digits[i] + carry;
        m_digits[i] = digit & int64_t(kLow32);
        carry = digit >> 32;
    }
    m_digits.back() += carry;
    m_pending = 0;
}

// The digits of |sum|, and whether it was negative.
bool ExactSum::makeMagnitude()
{
    normalise();
    const bool negative = m_digits.back() < 0;
    if (negative) {
        for (int64_t& digit : m_digits)
            digit = -digit;
        normalise();
    }
    return negative;
}

ExactSum::Parts ExactSum::parts() const
{
    ExactSum sum = *this;
    Parts parts;
    parts.negative = sum.makeMagnitude();
    const auto used = [](int64_t digit) { return digit != 0; };
    const auto begin = std::find_if(sum.m_digits.begin(), sum.m_digits.end(), used);
    if (begin == sum.m_digits.end())
        return {};
    const auto end = std::find_if(sum.m_digits.rbegin(), sum.m_digits.rend(), used).base();
    parts.first = int(begin - sum.m_digits.begin());
    parts.digits.assign(begin, end);
    return parts;
}

ExactSum ExactSum::fromParts(const Parts& parts)
{
    ExactSum sum;
    for (size_t i = 0; i < parts.digits.size(); ++i)
        sum.m_digits[size_t(parts.first) + i] = parts.negative ? -int64_t(parts.digits[i]) : parts.digits[i];
    sum.normalise();
    return sum;
}

double ExactSum::value() const
{
    ExactSum sum = *this;
    const bool negative = sum.makeMagnitude();
    int top = int(sum.m_digits.size()) - 1;
    while (top >= 0 && sum.m_digits[size_t(top)] == 0)
        --top;
    if (top < 0)
        return 0;
    const int bits = 32 * top + int(std::bit_width(uint64_t(sum.m_digits[size_t(top)])));
    const int from = bits > 64 ? bits - 64 : 0;
    const double magnitude = std::ldexp(double(window(sum.m_digits, from)), from + kLeastExponent);
    return negative ? -magnitude : magnitude;
}

bool ExactSum::operator==(const ExactSum& other) const
{
    ExactSum a = *this, b = other;
    a.normalise();
    b.normalise();
    return a.m_digits == b.m_digits;
}

} // namespace bitwright
