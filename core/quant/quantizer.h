// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/quant/entry_layout.h"
#include "core/quant/quant_params.h"

#include <cstdint>
#include <vector>

namespace bitwright {

/// Params bound to a shape, ready to quantize any piece of the tensor: what fakeQuantize() and the error
/// metrics run in parallel over pieces. Immutable; any number of threads may use one object. Params with
/// fewer scales than the shape has entries are used as if they were per tensor.
class Quantizer {
public:
    Quantizer(const QuantParams& params, const Shape& shape);

    int64_t size() const { return m_layout.size(); }
    const EntryLayout& layout() const { return m_layout; }
    /// Fake-quantizes the elements [begin, begin + count) of the flat tensor; `in` and `out` point at the
    /// first of them and may be the same.
    void apply(const float* in, float* out, int64_t begin, int64_t count) const;
    /// Codes as quantizeToCodes() describes them, and back.
    void codes(const float* in, int32_t* out, int64_t begin, int64_t count) const;
    void values(const int32_t* codes, float* out, int64_t begin, int64_t count) const;
    /// Finite elements outside the grid: for Int those whose code has to be clamped, for the other formats
    /// those beyond QuantParams::range() (none for Binary, Ternary and Codebook, which have no range).
    int64_t clipped(const float* in, int64_t begin, int64_t count) const;

private:
    void applyEach(const float* in, float* out, int64_t begin, int64_t count) const;
    /// visit(makeOp), makeOp(entry) being the format's element operation of core/quant/element_ops_p.h.
    template<typename Visit>
    void visitFormat(Visit&& visit) const;
    bool isPlainInt() const
    {
        return m_params.format == Format::Int && m_params.rounding == Rounding::HalfEven;
    }

    QuantParams m_params;
    EntryLayout m_layout;
    std::vector<float> m_zeroPoints; ///< as floats, for the kernels
    std::vector<float> m_midpoints;  ///< Codebook: 2^bits - 1 thresholds a list
    std::vector<float> m_table;      ///< Log2, Minifloat: value of every code at scale 1
};

} // namespace bitwright
