// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/quant/entry_layout.h"

#include "core/base/parallel.h"

#include <cmath>
#include <limits>

namespace bitwright {

EntryLayout entryLayout(const Shape& shape, int axis, int64_t group)
{
    EntryLayout layout;
    layout.inner = elementCount(shape);
    if (axis >= 0 && axis < int(shape.size())) {
        layout.inner = 1;
        for (int i = 0; i < axis; ++i)
            layout.outer *= shape[size_t(i)];
        for (size_t i = size_t(axis) + 1; i < shape.size(); ++i)
            layout.inner *= shape[i];
        layout.channels = shape[size_t(axis)];
    }
    const int64_t length = layout.channelLength();
    layout.group = group > 0 ? std::min(group, std::max<int64_t>(length, 1)) : std::max<int64_t>(length, 1);
    layout.groups = std::max<int64_t>((length + layout.group - 1) / layout.group, 1);
    return layout;
}

std::vector<Range> entryRanges(const Tensor& tensor, int axis, int64_t group)
{
    const EntryLayout layout = entryLayout(tensor.shape(), axis, group);
    const float* data = tensor.floats().data();
    std::vector<Range> ranges(size_t(layout.entries()));
    const auto rangeOf = [&](int64_t entry) {
        float lo = std::numeric_limits<float>::infinity(), hi = -lo;
        forEachPiece(layout, entry, [&](int64_t, int64_t offset, int64_t length) {
            for (int64_t i = offset; i < offset + length; ++i)
                if (std::isfinite(data[i])) {
                    lo = std::min(lo, data[i]);
                    hi = std::max(hi, data[i]);
                }
        });
        return lo <= hi ? Range{lo, hi} : Range{};
    };
    constexpr int64_t perTask = 64;
    parallelFor((layout.entries() + perTask - 1) / perTask, [&](int64_t task) {
        for (int64_t e = task * perTask; e < std::min(layout.entries(), (task + 1) * perTask); ++e)
            ranges[size_t(e)] = rangeOf(e);
    });
    return ranges;
}

std::vector<float> entryValues(const Tensor& tensor, const EntryLayout& layout, int64_t entry)
{
    const float* data = tensor.floats().data();
    std::vector<float> values;
    values.reserve(size_t(layout.group));
    forEachPiece(layout, entry, [&](int64_t, int64_t offset, int64_t length) {
        values.insert(values.end(), data + offset, data + offset + length);
    });
    return values;
}

} // namespace bitwright
