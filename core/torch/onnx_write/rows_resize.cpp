// SPDX-License-Identifier: GPL-3.0-or-later
// Other resolutions.
#include "core/torch/onnx_write/writer_p.h"

namespace bitwright::onnx_write {
namespace {

/// How many times as large every axis becomes; empty when one becomes smaller or is no multiple.
std::vector<float> wholeFactors(const Op& op)
{
    std::vector<float> factors;
    for (size_t i = 0; i < op.in[0]->rank(); ++i) {
        const int64_t in = op.in[0]->shape[0][i], out = op.out[0]->shape[0].at(i);
        if (in <= 0 || out % in != 0)
            return {};
        factors.push_back(float(out / in));
    }
    return factors;
}

/// Linear and cubic interpolation between pixel centres or, aligned, between corners; nearest by truncation.
void resize(Op& op, const char* mode)
{
    const c10::FunctionSchema* schema = op.node->maybeSchema();
    const bool aligns = schema->argumentIndexWithName("align_corners") && op.flag("align_corners");
    const bool isNearest = std::string(mode) == "nearest";
    Attributes attributes{{"mode", std::string(mode)},
                          {"coordinate_transformation_mode", std::string(isNearest ? "asymmetric"
                                                                         : aligns  ? "align_corners"
                                                                                   : "pytorch_half_pixel")}};
    if (isNearest)
        attributes.push_back({"nearest_mode", std::string("floor")});
    if (std::string(mode) == "cubic")
        attributes.push_back({"cubic_coeff_a", -0.75f});
    const std::vector<float> factors = op.w.keepsSizes ? wholeFactors(op) : std::vector<float>();
    if (!factors.empty())
        return op.give(op.main("Resize", {op.like(0), "", op.w.b.floats(factors)}, attributes));
    op.give(op.main("Resize", {op.like(0), "", "", op.w.shapeVector(op.out[0]->shape)}, attributes));
}

void gridSample(Op& op, const char*)
{
    static const char* const modes[] = {"bilinear", "nearest", "bicubic"};
    static const char* const paddings[] = {"zeros", "border", "reflection"};
    if (op.w.opset < 16)
        op.w.refuse("A grid sampling needs opset 16 or later");
    op.give(op.main("GridSample", {op.like(0), op.like(1)},
                    {{"mode", std::string(modes[op.integer("interpolation_mode")])},
                     {"padding_mode", std::string(paddings[op.integer("padding_mode")])},
                     {"align_corners", int64_t(op.flag("align_corners"))}}));
}

} // namespace

Rows resizeRows()
{
    Rows rows;
    for (const char* kind :
         {"aten::upsample_nearest1d", "aten::upsample_nearest2d", "aten::upsample_nearest3d"})
        rows.push_back({kind, resize, "nearest", true});
    for (const char* kind :
         {"aten::upsample_linear1d", "aten::upsample_bilinear2d", "aten::upsample_trilinear3d"})
        rows.push_back({kind, resize, "linear"});
    rows.push_back({"aten::upsample_bicubic2d", resize, "cubic"});
    rows.push_back({"aten::grid_sampler", gridSample});
    return rows;
}

} // namespace bitwright::onnx_write
