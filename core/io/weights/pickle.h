// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/base/result.h"

#include <cstdint>
#include <deque>
#include <functional>
#include <string>
#include <vector>

namespace bitwright::pickle {

/// An object of a pickle. Nothing is ever executed: what a pickle wants to call or build stays a description.
/// Objects point at one another freely (cycles included) and are owned by the Unpickler.
struct Object {
    enum Kind {
        None,
        Bool,
        Int,
        Float,
        Text,       ///< str or bytes
        Tuple,
        List,       ///< list, set or frozenset
        Dict,       ///< items: key, value, key, value, ...
        Global,     ///< text: "torch._utils._rebuild_tensor_v2"
        Call,       ///< items: the callable, its arguments (a tuple)
        Persistent, ///< items: the id
        Mark        ///< of the machine
    };
    Kind kind = None;
    int64_t number = 0; ///< Bool, Int (larger ones saturate)
    double real = 0;    ///< Float
    std::string text;
    std::vector<Object*> items;
    Object* contents = nullptr; ///< of a Call: the Dict or List that was put into it (OrderedDict)
    Object* state = nullptr;    ///< of a Call: what would have been given to __setstate__
};

/// Gives the next `bytes` bytes; Corrupt at the end of the file.
using Read = std::function<Result<void>(void* out, size_t bytes)>;

/// Reads one pickle (protocols 0 to 5) up to its STOP, byte by byte from `read`. Time and memory grow with its
/// bytes; both are limited (64 MiB), and nothing recurses.
class Unpickler {
public:
    explicit Unpickler(std::string where)
        : m_where(std::move(where))
    {
    }
    Result<const Object*> load(const Read& read);
    /// All objects of everything that was loaded.
    const std::deque<Object>& objects() const { return m_objects; }

private:
    std::string m_where;
    std::deque<Object> m_objects;
};

} // namespace bitwright::pickle
