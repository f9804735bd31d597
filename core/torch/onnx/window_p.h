// SPDX-License-Identifier: GPL-3.0-or-later
// Windows of convolutions and pools: kernel, strides, dilations, padding.
#pragma once

#include "core/torch/onnx/call_p.h"

namespace bitwright::onnxin {

struct Window {
    std::vector<int64_t> kernel, strides, dilations;
    Numbers begins, ends; ///< padding of each spatial axis; dynamic for SAME of a dynamic size

    /// Both sides are padded alike, by a known amount.
    bool isSymmetric() const;
    /// There is nothing to pad.
    bool isUnpadded() const;
    std::vector<int64_t> padding() const; ///< of a symmetric window
};

/// Reads the attributes; `kernel` is what the weight says, or empty.
Window windowOf(Call& call, const Operand& x, std::vector<int64_t> kernel);
/// `x` with the window's padding around it, filled with `value`.
Operand padded(Call& call, const Operand& x, const Window& window, double value);
/// "aten::conv" -> "aten::conv2d"; fails for more than three spatial axes.
std::string spatialKind(Call& call, const char* kind, int64_t spatial);

} // namespace bitwright::onnxin
