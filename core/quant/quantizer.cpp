// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/quant/quantizer.h"

#include "core/quant/element_ops_p.h"
#include "core/tensor/quant_kernels.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <cstring>

namespace bitwright {

namespace {

/// Runs shorter than this go through the kernel that has a scale for every element.
constexpr int64_t kShortRun = 32;
/// Elements that intermediate results on the stack have room for.
constexpr int64_t kBlock = 1024;

std::vector<float> log2Table(int bits)
{
    const int32_t exponents = (int32_t(1) << (bits - 1)) - 1;
    std::vector<float> table(size_t(exponents + 1) * 2);
    for (int32_t k = 1; k <= exponents; ++k) {
        table[size_t(k)] = std::ldexp(1.0f, k - exponents);
        table[size_t(exponents + 1 + k)] = -table[size_t(k)];
    }
    return table;
}

std::vector<float> minifloatTable(Minifloat format)
{
    std::vector<float> table(size_t(format.signBit()) * 2);
    for (size_t i = 0; i < table.size(); ++i)
        table[i] = float(format.value(int32_t(i)));
    return table;
}

std::vector<float> midpointsOf(const std::vector<float>& codebook, size_t levels)
{
    std::vector<float> midpoints;
    for (size_t list = 0; list + levels <= codebook.size(); list += levels)
        for (size_t i = list; i + 1 < list + levels; ++i)
            midpoints.push_back(float((double(codebook[i]) + double(codebook[i + 1])) / 2));
    return midpoints;
}

kernels::IntGrid gridOf(const QuantParams& params, size_t entry)
{
    return {params.scale[entry], params.zeroPoint[entry], params.qmin, params.qmax};
}

} // namespace

Quantizer::Quantizer(const QuantParams& params, const Shape& shape)
    : m_params(params)
    , m_layout(entryLayout(shape, params.axis, params.group))
{
    if (m_params.scale.empty())
        m_params.scale.assign(1, 1.0f);
    if (int64_t(m_params.scale.size()) < m_layout.entries())
        m_layout = entryLayout(shape, -1, 0);
    m_params.zeroPoint.resize(m_params.scale.size());
    m_zeroPoints.assign(m_params.zeroPoint.begin(), m_params.zeroPoint.end());
    if (params.format == Format::Log2)
        m_table = log2Table(params.bits);
    if (params.format == Format::Minifloat)
        m_table = minifloatTable({params.exponentBits, params.mantissaBits});
    if (params.format == Format::Codebook) {
        m_params.codebook.resize(m_params.scale.size() << params.bits);
        m_midpoints = midpointsOf(m_params.codebook, size_t(1) << params.bits);
    }
}

template<typename Visit>
void Quantizer::visitFormat(Visit&& visit) const
{
    const QuantParams& p = m_params;
    const auto scale = [&](int64_t entry) { return p.scale[size_t(entry)]; };
    switch (p.format) {
    case Format::Float32:
        return visit([](int64_t) { return ops::Float32{}; });
    case Format::Float16:
        return visit([](int64_t) { return ops::Float16{}; });
    case Format::BFloat16:
        return visit([](int64_t) { return ops::BFloat16{}; });
    case Format::Int:
        return visit([&](int64_t e) {
            return ops::Int{scale(e), p.zeroPoint[size_t(e)], p.qmin, p.qmax, p.rounding};
        });
    case Format::Binary:
        return visit([&](int64_t e) { return ops::Binary{scale(e)}; });
    case Format::Ternary:
        return visit([&](int64_t e) {
            const bool known = p.codebook.size() == p.scale.size();
            return ops::Ternary{scale(e), known ? p.codebook[size_t(e)] : scale(e) / 2};
        });
    case Format::Codebook:
        return visit([&](int64_t e) {
            const size_t levels = size_t(1) << p.bits;
            return ops::Codebook{{p.codebook.data() + size_t(e) * levels, levels},
                                 {m_midpoints.data() + size_t(e) * (levels - 1), levels - 1}};
        });
    case Format::Log2:
        return visit([&](int64_t e) { return ops::Log2{scale(e), p.bits, m_table}; });
    case Format::Minifloat:
        return visit([&](int64_t e) {
            return ops::Mini{scale(e), {p.exponentBits, p.mantissaBits}, p.rounding, m_table};
        });
    }
}

void Quantizer::apply(const float* in, float* out, int64_t begin, int64_t count) const
{
    if (m_params.format == Format::Float32) {
        if (in != out)
            std::memcpy(out, in, size_t(count) * sizeof(float));
        return;
    }
    if (isPlainInt()) {
        if (m_layout.entries() > 1 && std::min(m_layout.inner, m_layout.group) < kShortRun)
            return applyEach(in, out, begin, count);
        forEachRun(m_layout, begin, begin + count, [&](int64_t entry, int64_t offset, int64_t length) {
            kernels::fakeQuantizeInt(in + (offset - begin), out + (offset - begin), size_t(length),
                                     gridOf(m_params, size_t(entry)));
        });
        return;
    }
    visitFormat([&](auto makeOp) {
        forEachRun(m_layout, begin, begin + count, [&](int64_t entry, int64_t offset, int64_t length) {
            const auto op = makeOp(entry);
            std::array<int32_t, size_t(kBlock)> codes;
            for (int64_t first = offset; first < offset + length; first += kBlock) {
                const int64_t n = std::min(kBlock, offset + length - first);
                ops::codesOf(op, in + (first - begin), codes.data(), n, first);
                for (int64_t i = 0; i < n; ++i)
                    out[first - begin + i] = op.value(codes[size_t(i)]);
            }
        });
    });
}

void Quantizer::applyEach(const float* in, float* out, int64_t begin, int64_t count) const
{
    std::array<float, size_t(kBlock)> scale, zeroPoint;
    const int64_t end = begin + count;
    for (int64_t first = begin; first < end; first += kBlock) {
        const int64_t last = std::min(first + kBlock, end);
        forEachRun(m_layout, first, last, [&](int64_t entry, int64_t offset, int64_t length) {
            std::fill_n(scale.data() + (offset - first), length, m_params.scale[size_t(entry)]);
            std::fill_n(zeroPoint.data() + (offset - first), length, m_zeroPoints[size_t(entry)]);
        });
        kernels::fakeQuantizeIntEach(in + (first - begin), out + (first - begin), size_t(last - first),
                                     scale.data(), zeroPoint.data(), m_params.qmin, m_params.qmax);
    }
}

void Quantizer::codes(const float* in, int32_t* out, int64_t begin, int64_t count) const
{
    if (isPlainInt()) {
        forEachRun(m_layout, begin, begin + count, [&](int64_t entry, int64_t offset, int64_t length) {
            kernels::quantizeInt(in + (offset - begin), out + (offset - begin), size_t(length),
                                 gridOf(m_params, size_t(entry)));
        });
        return;
    }
    visitFormat([&](auto makeOp) {
        forEachRun(m_layout, begin, begin + count, [&](int64_t entry, int64_t offset, int64_t length) {
            ops::codesOf(makeOp(entry), in + (offset - begin), out + (offset - begin), length, offset);
        });
    });
}

void Quantizer::values(const int32_t* codes, float* out, int64_t begin, int64_t count) const
{
    visitFormat([&](auto makeOp) {
        forEachRun(m_layout, begin, begin + count, [&](int64_t entry, int64_t offset, int64_t length) {
            const auto op = makeOp(entry);
            for (int64_t i = offset; i < offset + length; ++i)
                out[i - begin] = op.value(codes[i - begin]);
        });
    });
}

int64_t Quantizer::clipped(const float* in, int64_t begin, int64_t count) const
{
    const Format format = m_params.format;
    if (format == Format::Binary || format == Format::Ternary || format == Format::Codebook)
        return 0;
    int64_t total = 0;
    forEachRun(m_layout, begin, begin + count, [&](int64_t entry, int64_t offset, int64_t length) {
        const float* piece = in + (offset - begin);
        if (format == Format::Int) {
            total += kernels::countClamped(piece, size_t(length), gridOf(m_params, size_t(entry)));
            return;
        }
        const Range range = m_params.range(size_t(entry));
        total += std::count_if(piece, piece + length,
                               [&](float x) { return std::isfinite(x) && (x < range.lo || x > range.hi); });
    });
    return total;
}

} // namespace bitwright
