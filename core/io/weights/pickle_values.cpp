// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/io/weights/pickle_machine.h"

#include <charconv>
#include <cstring>
#include <limits>

namespace bitwright::pickle {

Result<void> Machine::number(char code)
{
    switch (code) {
    case 'J': {
        BITWRIGHT_TRY(const auto value, fixed<int32_t>());
        push(make(Object::Int))->number = value;
        return {};
    }
    case 'K': {
        BITWRIGHT_TRY(const auto value, fixed<uint8_t>());
        push(make(Object::Int))->number = value;
        return {};
    }
    case 'M': {
        BITWRIGHT_TRY(const auto value, fixed<uint16_t>());
        push(make(Object::Int))->number = value;
        return {};
    }
    case '\x8a': {
        BITWRIGHT_TRY(const auto bytes, fixed<uint8_t>());
        return longNumber(bytes);
    }
    case '\x8b': {
        BITWRIGHT_TRY(const auto bytes, fixed<uint32_t>());
        return longNumber(bytes);
    }
    case 'G': {
        BITWRIGHT_TRY(const auto big, fixed<uint64_t>());
        const uint64_t bits = __builtin_bswap64(big);
        std::memcpy(&push(make(Object::Float))->real, &bits, sizeof bits);
        return {};
    }
    default:
        break;
    }
    BITWRIGHT_TRY(const std::string digits, line());
    Object* object = push(make(code == 'F' ? Object::Float : Object::Int));
    const char* end = digits.data() + digits.size();
    const auto read = code == 'F' ? std::from_chars(digits.data(), end, object->real)
                                  : std::from_chars(digits.data(), end, object->number);
    if (read.ec != std::errc() && read.ec != std::errc::result_out_of_range)
        return damaged();
    return {};
}

/// Two's complement, little endian; what does not fit into 64 bits saturates.
Result<void> Machine::longNumber(uint64_t bytes)
{
    BITWRIGHT_TRY(const std::string digits, text(bytes));
    const bool negative = !digits.empty() && (digits.back() & '\x80');
    uint64_t value = 0;
    unsigned shift = 0;
    for (const char c : digits.substr(0, 8)) {
        value |= uint64_t(uint8_t(c)) << shift;
        shift += 8;
    }
    if (negative && shift < 64)
        value |= ~uint64_t(0) << shift;
    const auto number = int64_t(value);
    const char fill = negative ? '\xff' : '\0';
    const bool fits = digits.size() <= 8 ||
                      (std::all_of(digits.begin() + 8, digits.end(), [&](char c) { return c == fill; }) &&
                       (number < 0) == negative);
    const int64_t saturated =
        negative ? std::numeric_limits<int64_t>::min() : std::numeric_limits<int64_t>::max();
    push(make(Object::Int))->number = fits ? number : saturated;
    return {};
}

Result<void> Machine::string(char code)
{
    uint64_t bytes = 0;
    if (code == 'S' || code == 'V') {
        BITWRIGHT_TRY(std::string quoted, line());
        const bool quotes = code == 'S' && quoted.size() >= 2;
        push(make(Object::Text))->text = quotes ? quoted.substr(1, quoted.size() - 2) : std::move(quoted);
        return {};
    }
    if (code == 'U' || code == '\x8c' || code == 'C') {
        BITWRIGHT_TRY(bytes, fixed<uint8_t>());
    } else if (code == 'T' || code == 'X' || code == 'B') {
        BITWRIGHT_TRY(bytes, fixed<uint32_t>());
    } else {
        BITWRIGHT_TRY(bytes, fixed<uint64_t>());
    }
    BITWRIGHT_TRY(std::string value, text(bytes));
    push(make(Object::Text))->text = std::move(value);
    return {};
}

} // namespace bitwright::pickle
