// SPDX-License-Identifier: GPL-3.0-or-later
// What is known of a value while its graph is written as ONNX.
#pragma once

#include "core/tensor/tensor.h"

#include <ATen/core/ivalue.h>

#include <array>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <vector>

namespace bitwright::onnx_write {

/// The grid of 8-bit codes that a value of the file lies on.
struct Grid {
    float scale = 1;
    int32_t zeroPoint = 0;
    bool isSigned = false; ///< int8, else uint8
};

struct Term;
using TermPtr = std::shared_ptr<Term>;
using Terms = std::vector<TermPtr>;

/// A value of the JIT graph. The graph runs on two example batches of different size while it is written;
/// what came out of them is the value of everything that does not depend on the inputs' elements (sizes,
/// constants, masks made from sizes). A term that does depend on them (`data`) lives in the file only.
struct Term {
    std::string name;  ///< in the ONNX graph; "" = not there (yet)
    bool data = false; ///< computed from the elements of inputs (or from a quantized weight)
    bool isTensor = false;
    c10::ScalarType type = c10::kFloat; ///< of the elements; of numbers too
    std::array<Shape, 2> shape;         ///< by example batch; tensors
    std::array<c10::IValue, 2> at;      ///< by example batch; the value itself, unless `data`
    bool isList = false;                ///< list, tuple or dict of tensors
    Terms elements;
    std::vector<std::string> keys; ///< of a dict
    std::string parameter;         ///< the parameter of this name, unchanged
    std::optional<Grid> grid;      ///< every element is on it

    size_t rank() const { return shape[0].size(); }
    /// Sizes, -1 where they follow the batch.
    Shape dims() const;
    bool isNone() const { return !data && !isTensor && !isList && at[0].isNone(); }
    /// Depends on the inputs' elements anywhere inside.
    bool anyData() const;
    /// The same in both runs.
    bool isConstant() const;
};

/// The term of a value that came out as `a` and `b`.
TermPtr describe(const c10::IValue& a, const c10::IValue& b, bool data);

} // namespace bitwright::onnx_write
