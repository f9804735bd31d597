// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/quant/quant_params.h"
#include "core/tensor/tensor.h"

#include <algorithm>
#include <cstdint>
#include <vector>

namespace bitwright {

/// Which elements of a tensor share one scale: the one definition of "entry" for params, ranges and kernels.
///
/// A tensor is seen as [outer, channels, inner] around `axis` (axis < 0: one channel, everything inner). The
/// elements of channel c in row-major order of the remaining axes, j = o * inner + i, are its sequence of
/// outer * inner elements. Without groups a channel is one entry. With groups the sequence is cut into runs
/// of `group`, the last of them possibly shorter, and entry c * groups + j / group is such a run. For a
/// weight [out, in, kh, kw] with axis 0 (or [in, out, kh, kw] with axis 1) a group is thus `group`
/// consecutive elements of [in, kh, kw], cut along the input axis.
struct EntryLayout {
    int64_t outer = 1, channels = 1, inner = 0;
    int64_t group = 0;  ///< elements of an entry; outer * inner without groups
    int64_t groups = 1; ///< entries of a channel

    int64_t size() const { return outer * channels * inner; }
    int64_t entries() const { return channels * groups; }
    int64_t channelLength() const { return outer * inner; }
};
/// An axis that the shape does not have counts as none. `group` 0 = no groups.
EntryLayout entryLayout(const Shape& shape, int axis, int64_t group);

/// Calls body(entry, offset, length) for the pieces of one entry that are contiguous in memory, in order of
/// the entry's sequence; offsets are indices into the flat tensor.
template<typename Body>
void forEachPiece(const EntryLayout& layout, int64_t entry, Body&& body)
{
    const int64_t channel = entry / layout.groups;
    int64_t begin = entry % layout.groups * layout.group;
    const int64_t end = std::min(begin + layout.group, layout.channelLength());
    while (begin < end) {
        const int64_t o = begin / layout.inner, i = begin % layout.inner;
        const int64_t length = std::min(end - begin, layout.inner - i);
        body(entry, (o * layout.channels + channel) * layout.inner + i, length);
        begin += length;
    }
}

/// Calls body(entry, offset, length) for the pieces of equal entry in the flat interval [begin, end), in
/// order of memory.
template<typename Body>
void forEachRun(const EntryLayout& layout, int64_t begin, int64_t end, Body&& body)
{
    while (begin < end) {
        const int64_t row = begin / layout.inner, i = begin % layout.inner;
        const int64_t j = row / layout.channels * layout.inner + i;
        const int64_t toGroupEnd = layout.group - j % layout.group;
        const int64_t length = std::min({end - begin, layout.inner - i, toGroupEnd});
        body(row % layout.channels * layout.groups + j / layout.group, begin, length);
        begin += length;
    }
}

/// Minimum and maximum of the finite elements of every entry, in the order of QuantParams::scale; [0, 0]
/// where there is none. `tensor` is F32. Multi-threaded.
std::vector<Range> entryRanges(const Tensor& tensor, int axis, int64_t group);
/// The elements of one entry in order of its sequence. `tensor` is F32.
std::vector<float> entryValues(const Tensor& tensor, const EntryLayout& layout, int64_t entry);

} // namespace bitwright
