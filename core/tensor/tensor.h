// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstdint>
#include <memory>
#include <span>
#include <string>
#include <vector>

namespace bitwright {

enum class DType { F32, F64, F16, BF16, I8, U8, I16, I32, I64, Bool };

/// Bytes of one element.
int dtypeBytes(DType dtype);
/// "float32", "int64", ... as PyTorch and NumPy call them.
const char* dtypeName(DType dtype);

using Shape = std::vector<int64_t>;

/// Product of the sizes; 1 for a scalar. Throws nothing; the caller guarantees that it fits (checked by readers).
int64_t elementCount(const Shape& shape);
/// "[64, 3, 7, 7]"
std::string shapeText(const Shape& shape);

/// A dense row-major tensor on the host. Copying shares the elements, which are immutable once the tensor
/// has been handed to somebody else; safe to read from any thread.
class Tensor {
public:
    Tensor() = default;
    /// Uninitialised elements, 64-byte aligned.
    static Tensor empty(DType dtype, Shape shape);
    /// Copies `values`; their number must be elementCount(shape).
    static Tensor fromFloats(Shape shape, std::span<const float> values);
    /// Wraps foreign memory that `owner` keeps alive.
    static Tensor wrap(DType dtype, Shape shape, const void* data, std::shared_ptr<const void> owner);

    bool isNull() const { return !m_owner && !m_data; }
    DType dtype() const { return m_dtype; }
    const Shape& shape() const { return m_shape; }
    int64_t dim() const { return int64_t(m_shape.size()); }
    int64_t size() const { return elementCount(m_shape); }
    int64_t bytes() const { return size() * dtypeBytes(m_dtype); }
    const void* data() const { return m_data; }
    /// Only for whoever made the tensor, before anybody else has it.
    void* mutableData() { return const_cast<void*>(m_data); }

    /// The elements as they are; only for dtype F32.
    std::span<const float> floats() const;
    std::span<float> mutableFloats();
    /// This tensor converted to F32 (itself if it is already).
    Tensor toFloat() const;
    /// The same elements under another shape of the same size.
    Tensor reshaped(Shape shape) const;

private:
    DType m_dtype = DType::F32;
    Shape m_shape{0};
    const void* m_data = nullptr;
    std::shared_ptr<const void> m_owner;
};

/// A float tensor seen as [outer, channels, inner] around one axis: element (o, c, i) is at
/// data[(o * channels + c) * inner + i]. axis < 0: one channel holding everything.
struct ChannelView {
    const float* data = nullptr;
    int64_t outer = 1, channels = 1, inner = 0;

    int64_t size() const { return outer * channels * inner; }
};

/// `tensor` must be F32; a negative axis gives one channel.
ChannelView channelView(const Tensor& tensor, int axis);
ChannelView channelView(std::span<const float> data, const Shape& shape, int axis);

} // namespace bitwright
