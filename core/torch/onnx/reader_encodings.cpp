// SPDX-License-Identifier: GPL-3.0-or-later
// How the file rounds values and constants.
#include "core/torch/onnx/reader_p.h"

#include <ATen/ATen.h>

namespace bitwright::onnxin {
namespace jit = torch::jit;
namespace {

/// Scales (or zero points) of an encoding as a tensor of the size of what they scale.
at::Tensor spread(const FileEncoding& encoding, const at::Tensor& factors)
{
    if (encoding.block > 0)
        return at::repeat_interleave(factors, encoding.block, encoding.axis)
            .narrow(encoding.axis, 0, encoding.sizes.at(size_t(encoding.axis)));
    std::vector<int64_t> along(encoding.sizes.size(), 1);
    along.at(size_t(encoding.axis)) = -1;
    return factors.reshape(along).expand(encoding.sizes);
}

/// What `spread` made, of a part; nothing when the part cuts through a block.
at::Tensor gathered(const at::Tensor& part, int axis, int64_t block)
{
    if (block == 0)
        return part.movedim(axis, 0).flatten(1).select(1, 0).contiguous();
    const at::Tensor factors = part.slice(axis, 0, c10::nullopt, block).contiguous();
    const at::Tensor again = at::repeat_interleave(factors, block, axis).narrow(axis, 0, part.size(axis));
    return at::equal(again, part) ? factors : at::Tensor();
}

bool isSpread(const at::Tensor& factors)
{
    return factors.defined() && factors.numel() > 1;
}

/// The encoding of a matrix becomes that of the transposed one.
void turn(FileEncoding& encoding)
{
    std::swap(encoding.sizes.at(0), encoding.sizes.at(1));
    if (encoding.axis >= 0)
        encoding.axis = 1 - encoding.axis;
    for (at::Tensor* factors : {&encoding.scale, &encoding.zeroPoint})
        if (factors->defined() && factors->dim() == 2)
            *factors = factors->t().contiguous();
}

} // namespace

Operand Reader::transposed(const Operand& matrix)
{
    const bool staysThere = m_trace.sizesOnly() && matrix.rounded < 0; // as large weights do
    if (m_trace.isParameter(matrix) || staysThere)
        return m_trace.emit("aten::t", {m_trace.asGraph(matrix)});
    auto& [original, made] = m_transposed[matrix.tensor.unsafeGetTensorImpl()];
    if (!made) {
        original = matrix; // or another tensor might get its address
        made = m_trace.emit("aten::contiguous", {m_trace.emit("aten::t", {matrix})});
        if (matrix.rounded >= 0)
            turn(m_encodings.at(size_t(matrix.rounded)));
    }
    return made;
}

int Reader::noteEncoding(const Operand& real, const Encoding& encoding, const IntegerRange& range,
                         int64_t block)
{
    FileEncoding made;
    made.scale = encoding.scale;
    made.zeroPoint = encoding.zeroPoint;
    made.axis = encoding.axis;
    made.block = block;
    made.low = range.low;
    made.high = range.high;
    if (real.isGraph()) {
        made.value = real.value;
    } else {
        made.initializer = real.name;
        made.sizes = real.tensor.sizes().vec();
    }
    if (!made.value && made.initializer.empty())
        return -1;
    m_encodings.push_back(std::move(made));
    return int(m_encodings.size()) - 1;
}

void Reader::moveEncodings(const jit::Value* from, const jit::Value* to)
{
    for (FileEncoding& encoding : m_encodings)
        if (encoding.value == from)
            encoding.value = to;
}

/// Parts of a constant are rounded as the whole is: the projections of attention lie in one weight.
void Reader::noteParts(Call& call, Convert converter, Operands& made)
{
    const std::string& op = call.node.op_type();
    if (op != "Split" && op != "Slice")
        return;
    noteMoved(call.in(0), made, [&](const Operand& factors) {
        Call other = call;
        other.inputs[0] = factors;
        return converter(other);
    });
}

void Reader::noteMoved(const Operand& from, Operands& made,
                       const std::function<Operands(const Operand&)>& move)
{
    if (!from.isConstant() || from.rounded < 0)
        return;
    const FileEncoding whole = m_encodings.at(size_t(from.rounded));
    if (whole.sizes != from.tensor.sizes())
        return;
    const auto moved = [&](const at::Tensor& factors) {
        return isSpread(factors) ? move(constant(spread(whole, factors))) : Operands();
    };
    const Operands scales = moved(whole.scale), zeros = moved(whole.zeroPoint);
    for (size_t i = 0; i < made.size(); ++i) {
        FileEncoding part = whole;
        part.sizes = made[i].tensor.sizes().vec();
        if (part.axis >= 0)
            part.axis -= int(whole.sizes.size() - part.sizes.size()); // axes in front that fell away
        if (!scales.empty())
            part.scale = gathered(scales.at(i).tensor, part.axis, part.block);
        if (!zeros.empty())
            part.zeroPoint = gathered(zeros.at(i).tensor, part.axis, part.block);
        if (!part.scale.defined() || part.scale.numel() == 0)
            continue;
        if (const int number = ++m_parts[made[i].name]; number > 1)
            made[i].name += "#" + std::to_string(number);
        part.initializer = made[i].name;
        made[i].rounded = int(m_encodings.size());
        m_encodings.push_back(std::move(part));
    }
}

} // namespace bitwright::onnxin
