// SPDX-License-Identifier: GPL-3.0-or-later
// Borders.
#include "core/torch/onnx_write/writer_p.h"

namespace bitwright::onnx_write {
namespace {

/// PyTorch counts pairs from the last axis, ONNX all begins and then all ends.
std::vector<int64_t> onnxPads(const std::vector<int64_t>& pads, size_t rank)
{
    std::vector<int64_t> made(2 * rank, 0);
    for (size_t i = 0; 2 * i + 1 < pads.size(); ++i) {
        made[rank - 1 - i] = pads[2 * i];
        made[2 * rank - 1 - i] = pads[2 * i + 1];
    }
    return made;
}

/// The last rows of an axis in front of it, the first ones behind it.
void circular(Op& op, const std::vector<int64_t>& pads)
{
    std::string value = op.x(0);
    const size_t rank = op.in[0]->rank();
    for (size_t i = 0; 2 * i + 1 < pads.size(); ++i) {
        const auto axis = int64_t(rank - 1 - i);
        const int64_t size = op.in[0]->dims()[size_t(axis)], before = pads[2 * i], behind = pads[2 * i + 1];
        std::vector<std::string> parts{value};
        const auto part = [&](int64_t begin, int64_t end) {
            return op.help("Slice", {value, op.w.b.ints({begin}), op.w.b.ints({end}), op.w.b.ints({axis})});
        };
        if (before > 0)
            parts.insert(parts.begin(), part(size - before, size));
        if (behind > 0)
            parts.push_back(part(0, behind));
        if (parts.size() > 1)
            value = op.help("Concat", parts, {{"axis", axis}});
    }
    op.give(value);
}

void padded(Op& op, const std::string& mode, const std::string& fill)
{
    const auto pads = op.integers("pad");
    if (mode == "circular")
        return circular(op, pads);
    op.give(
        op.main("Pad", {op.like(0), op.w.b.ints(onnxPads(pads, op.in[0]->rank())), fill}, {{"mode", mode}}));
}

void pad(Op& op, const char*)
{
    const std::string wanted = op.has("mode") ? op.constant(op.index("mode")).toStringRef() : "constant";
    const std::string mode = wanted == "replicate" ? "edge" : wanted == "reflect" ? "reflect" : wanted;
    const bool fills = mode == "constant" && op.has("value");
    padded(op, mode, fills ? op.scalar(op.number("value")) : std::string());
}

void constantPad(Op& op, const char*)
{
    padded(op, "constant", op.scalar(op.number("value")));
}

void borderPad(Op& op, const char* mode)
{
    const auto pads = onnxPads(op.integers("padding"), op.in[0]->rank());
    op.give(op.main("Pad", {op.like(0), op.w.b.ints(pads)}, {{"mode", std::string(mode)}}));
}

} // namespace

Rows padRows()
{
    return {{"aten::pad", pad},
            {"aten::constant_pad_nd", constantPad},
            {"aten::reflection_pad1d", borderPad, "reflect", true},
            {"aten::reflection_pad2d", borderPad, "reflect", true},
            {"aten::reflection_pad3d", borderPad, "reflect", true},
            {"aten::replication_pad1d", borderPad, "edge", true},
            {"aten::replication_pad2d", borderPad, "edge", true},
            {"aten::replication_pad3d", borderPad, "edge", true}};
}

} // namespace bitwright::onnx_write
