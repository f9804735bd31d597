// SPDX-License-Identifier: GPL-3.0-or-later
// Converters that need no code of their own.
#pragma once

#include "core/torch/onnx/call_p.h"

#include <algorithm>
#include <cstddef>

namespace bitwright::onnxin {

/// The name of an operator as a template argument.
template<size_t N>
struct Name {
    char text[N];
    constexpr Name(const char (&name)[N]) { std::copy_n(name, N, text); }
};

template<Name kind>
Operands unary(Call& call)
{
    return {call.trace.emit(kind.text, {call.required(0)})};
}

/// Aligned as operator sets before 7 want it (`axis`); newer ones broadcast as LibTorch does.
Operand secondFactor(Call& call);

template<Name kind>
Operands binary(Call& call)
{
    return {call.trace.emit(kind.text, {call.required(0), secondFactor(call)})};
}

/// Any number of inputs, two by two.
template<Name kind>
Operands variadic(Call& call)
{
    Operand sum = call.required(0);
    for (size_t i = 1; i < call.inputs.size(); ++i)
        sum = call.trace.emit(kind.text, {sum, call.required(i)});
    return {sum};
}

} // namespace bitwright::onnxin
