// SPDX-License-Identifier: GPL-3.0-or-later
// Boxes, regions, sampling grids, sets.
#include "core/torch/onnx/simple_rows_p.h"

#include <limits>

namespace bitwright::onnxin {
namespace {

constexpr const char* kDetectionScript = R"(
def nms(boxes, scores, most: int, overlap: float, least: float, centered: bool):
    found: List[Tensor] = []
    for b in range(boxes.size(0)):
        box = boxes[b]
        if centered:
            x1 = box[:, 0] - box[:, 2] / 2
            y1 = box[:, 1] - box[:, 3] / 2
            x2 = box[:, 0] + box[:, 2] / 2
            y2 = box[:, 1] + box[:, 3] / 2
        else:
            y1 = torch.minimum(box[:, 0], box[:, 2])
            y2 = torch.maximum(box[:, 0], box[:, 2])
            x1 = torch.minimum(box[:, 1], box[:, 3])
            x2 = torch.maximum(box[:, 1], box[:, 3])
        area = (x2 - x1) * (y2 - y1)
        for c in range(scores.size(1)):
            values, order = torch.sort(scores[b, c], stable=True, dim=0, descending=True)
            order = torch.index_select(order, 0, torch.nonzero(values > least).reshape([-1]))
            kept = 0
            while order.numel() > 0 and kept < most:
                i = order[0]
                found = found + [torch.stack([torch.full_like(i, b), torch.full_like(i, c), i])]
                kept = kept + 1
                order = order[1:]
                w = torch.minimum(x2[i], x2[order]) - torch.maximum(x1[i], x1[order])
                h = torch.minimum(y2[i], y2[order]) - torch.maximum(y1[i], y1[order])
                common = torch.clamp(w, min=0.0) * torch.clamp(h, min=0.0)
                share = common / (area[i] + area[order] - common)
                order = torch.index_select(order, 0, torch.nonzero(share <= overlap).reshape([-1]))
    if len(found) == 0:
        result = torch.zeros([0, 3], dtype=4)
    else:
        result = torch.stack(found, 0)
    return result

def inside(p, size: int):
    q = torch.clamp(p, 0.0, float(size - 1))
    low = torch.floor(q).to(4)
    high = torch.clamp(low + 1, 0, size - 1)
    valid = torch.logical_and(p >= -1.0, p <= float(size)).to(p.dtype)
    return low, high, q - low.to(p.dtype), valid

def roi_align(x, rois, batch, oh: int, ow: int, ratio: int, scale: float, half: bool, largest: bool):
    results: List[Tensor] = []
    offset = 0.0
    if half:
        offset = 0.5
    for r in range(rois.size(0)):
        left = float(rois[r, 0]) * scale - offset
        top = float(rois[r, 1]) * scale - offset
        width = float(rois[r, 2]) * scale - offset - left
        height = float(rois[r, 3]) * scale - offset - top
        if not half:
            width = max(width, 1.0)
            height = max(height, 1.0)
        gh = ratio
        gw = ratio
        if ratio <= 0:
            gh = int(torch.ceil(height / oh))
            gw = int(torch.ceil(width / ow))
        ys = top + height / oh * (torch.arange(oh * gh).to(x.dtype) + 0.5) / gh
        xs = left + width / ow * (torch.arange(ow * gw).to(x.dtype) + 0.5) / gw
        y0, y1, ly, vy = inside(ys, x.size(2))
        x0, x1, lx, vx = inside(xs, x.size(3))
        f = x[int(batch[r])]
        rows = f[:, y0] * (1.0 - ly).unsqueeze(1) + f[:, y1] * ly.unsqueeze(1)
        v = rows[:, :, x0] * (1.0 - lx) + rows[:, :, x1] * lx
        v = (v * vy.unsqueeze(1) * vx).reshape([x.size(1), oh, gh, ow, gw])
        if largest:
            results = results + [torch.amax(v, [2, 4])]
        else:
            results = results + [torch.mean(v, [2, 4])]
    return torch.stack(results, 0)

def ordered(y, first, inverse, counts, axis: int, by_value: bool):
    if not by_value:
        order = torch.argsort(first)
        y = torch.index_select(y, axis, order)
        first = torch.index_select(first, 0, order)
        counts = torch.index_select(counts, 0, order)
        inverse = torch.index_select(torch.argsort(order), 0, inverse)
    return y, first, inverse, counts

def firsts(inverse, count: int):
    n = inverse.numel()
    return torch.full([count], n).scatter_reduce(0, inverse, torch.arange(n), "amin")

def unique(x, by_value: bool):
    y, inverse, counts = torch._unique2(x.reshape([-1]), True, True, True)
    return ordered(y, firsts(inverse, y.numel()), inverse, counts, 0, by_value)

def unique_along(x, axis: int, by_value: bool):
    y, inverse, counts = torch.unique_dim(x, axis, True, True, True)
    return ordered(y, firsts(inverse, y.size(axis)), inverse, counts, axis, by_value)
)";

Operands nonMaxSuppression(Call& call)
{
    const double most = call.knownNumber(2, 0, "number of boxes");
    return {call.trace.call(kDetectionScript, "nms",
                            {call.required(0), call.required(1), int64_t(most),
                             call.knownNumber(3, 0, "threshold"),
                             call.knownNumber(4, -std::numeric_limits<double>::infinity(), "threshold"),
                             call.i("center_point_box", 0) != 0})};
}

Operands roiAlign(Call& call)
{
    const bool half =
        call.version >= 16 && call.s("coordinate_transformation_mode", "half_pixel") == "half_pixel";
    return {call.trace.call(kDetectionScript, "roi_align",
                            {call.required(0), call.required(1), call.required(2), call.i("output_height", 1),
                             call.i("output_width", 1), call.i("sampling_ratio", 0),
                             call.f("spatial_scale", 1), half, call.s("mode", "avg") == "max"})};
}

Operands gridSample(Call& call)
{
    const std::string mode = call.s("mode", "bilinear"), padding = call.s("padding_mode", "zeros");
    const int64_t interpolation = mode == "nearest" ? 1 : mode.ends_with("cubic") ? 2 : 0;
    const int64_t outside = padding == "border" ? 1 : padding == "reflection" ? 2 : 0;
    return {call.trace.emit("aten::grid_sampler", {call.required(0), call.required(1), interpolation, outside,
                                                   call.i("align_corners", 0) != 0})};
}

Operands unique(Call& call)
{
    const bool byValue = call.i("sorted", 1) != 0;
    if (!call.hasAttribute("axis"))
        return call.trace.callAll(kDetectionScript, "unique", {call.required(0), byValue});
    return call.trace.callAll(kDetectionScript, "unique_along",
                              {call.required(0), call.axis("axis", 0, call.rank()), byValue});
}

constexpr Row kDetectionRows[] = {
    {"NonMaxSuppression", nonMaxSuppression},
    {"RoiAlign", roiAlign},
    {"GridSample", gridSample},
    {"Unique", unique},
};

} // namespace

std::span<const Row> detectionRows()
{
    return kDetectionRows;
}

} // namespace bitwright::onnxin
