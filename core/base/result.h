// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <optional>
#include <string>
#include <utility>
#include <variant>

namespace bitwright {

/// Why a verb failed. `message` is one sentence for the user: what was wrong and what to do.
/// `where` names the file, layer or key it was wrong with (may be empty).
struct Error {
    enum Code {
        Cancelled,       ///< the user asked for it; never shown as a failure
        InvalidArgument, ///< the caller or user gave something impossible
        NotFound,        ///< no such file, layer, key
        Unsupported,     ///< understood, but not something Bitwright can do
        Corrupt,         ///< the file is damaged, truncated or not what it claims to be
        Io,              ///< the operating system refused to read or write
        Limit,           ///< too large, or took too long
        Internal         ///< a defect of ours
    };
    Code code = Internal;
    std::string message;
    std::string where;

    bool operator==(const Error&) const = default;
    /// "where: message", or the message alone.
    std::string text() const { return where.empty() ? message : where + ": " + message; }
};

inline Error cancelledError() { return {Error::Cancelled, "Cancelled.", {}}; }

/// A value or an Error, with the member names of std::expected (which g++ 12 has only in C++23 mode).
template <typename T>
class [[nodiscard]] Result {
public:
    Result(T value) : m_state(std::in_place_index<0>, std::move(value)) {}
    Result(Error error) : m_state(std::in_place_index<1>, std::move(error)) {}
    template <typename U>
        requires std::is_convertible_v<U, T> && (!std::is_same_v<std::decay_t<U>, T>) &&
                 (!std::is_same_v<std::decay_t<U>, Error>) && (!std::is_same_v<std::decay_t<U>, Result>)
    Result(U&& value) : m_state(std::in_place_index<0>, std::forward<U>(value)) {}

    bool has_value() const { return m_state.index() == 0; }
    explicit operator bool() const { return has_value(); }
    T& value() & { return std::get<0>(m_state); }
    const T& value() const& { return std::get<0>(m_state); }
    T&& value() && { return std::get<0>(std::move(m_state)); }
    const Error& error() const { return std::get<1>(m_state); }
    T& operator*() & { return value(); }
    const T& operator*() const& { return value(); }
    T&& operator*() && { return std::get<0>(std::move(m_state)); }
    T* operator->() { return &value(); }
    const T* operator->() const { return &value(); }

private:
    std::variant<T, Error> m_state;
};

template <>
class [[nodiscard]] Result<void> {
public:
    Result() = default;
    Result(Error error) : m_error(std::move(error)) {}
    bool has_value() const { return !m_error; }
    explicit operator bool() const { return has_value(); }
    const Error& error() const { return *m_error; }

private:
    std::optional<Error> m_error;
};

} // namespace bitwright

#define BITWRIGHT_JOIN2(a, b) a##b
#define BITWRIGHT_JOIN(a, b) BITWRIGHT_JOIN2(a, b)
/// `BITWRIGHT_TRY(auto x, verb());` declares x, or returns the error of verb() to the caller.
#define BITWRIGHT_TRY(declaration, ...)                                                                      \
    auto BITWRIGHT_JOIN(bitwrightResult, __LINE__) = __VA_ARGS__;                                            \
    if (!BITWRIGHT_JOIN(bitwrightResult, __LINE__))                                                          \
        return BITWRIGHT_JOIN(bitwrightResult, __LINE__).error();                                            \
    declaration = *std::move(BITWRIGHT_JOIN(bitwrightResult, __LINE__))
/// `BITWRIGHT_CHECK(verb());` returns the error of a Result<void> (or any Result) to the caller.
#define BITWRIGHT_CHECK(...)                                                                                 \
    do {                                                                                                     \
        auto bitwrightChecked = __VA_ARGS__;                                                                 \
        if (!bitwrightChecked)                                                                               \
            return bitwrightChecked.error();                                                                 \
    } while (false)
