// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/io/weights/pytorch_packed.h"

#include "core/io/weights/pytorch_tensor.h"

#include <algorithm>
#include <cmath>

namespace bitwright::pytorch {
namespace {

using pickle::Object;

constexpr int64_t kAlwaysFine = int64_t(16) << 20; ///< elements
constexpr int64_t kMostGrowth = 1000;              ///< dense elements for every stored one

const Object* at(const Object* object, size_t index)
{
    return object && index < object->items.size() ? object->items[index] : nullptr;
}

Error corrupt(const std::string& what, const std::string& path, const std::string& name)
{
    return {Error::Corrupt, what + "; the file is damaged.", path + ":" + name};
}

/// A dense tensor inside of a packed one.
Result<StoredTensor> part(const Object* object, const std::string& name,
                          const std::shared_ptr<const Storages>& storages, const std::string& path)
{
    std::string unread;
    const auto tensor = object ? tensorRef(*object, unread) : std::nullopt;
    if (!tensor)
        return corrupt("A part of the tensor is missing", path, name);
    return storedTensor(name, *tensor, storages, path);
}

/// The values of a small part as doubles.
Result<std::vector<double>> numbers(const Object* object, const std::string& name,
                                    const std::shared_ptr<const Storages>& storages, const std::string& path)
{
    BITWRIGHT_TRY(const StoredTensor stored, part(object, name, storages, path));
    BITWRIGHT_TRY(const Tensor tensor, stored.read());
    std::vector<double> values(size_t(tensor.size()));
    const auto copy = [&](const auto* from) { std::copy(from, from + tensor.size(), values.begin()); };
    if (tensor.dtype() == DType::F64)
        copy(static_cast<const double*>(tensor.data()));
    else if (tensor.dtype() == DType::I64)
        copy(static_cast<const int64_t*>(tensor.data()));
    else {
        const Tensor floats = tensor.toFloat();
        copy(floats.floats().data());
    }
    return values;
}

// --- quantized ---------------------------------------------------------------------------------------------

struct Grid {
    std::vector<double> scale, zero;
    int axis = -1;
    bool hasIntegerZeros = true;
};

Result<Grid> gridOf(const Object* quantizer, const std::string& name,
                    const std::shared_ptr<const Storages>& storages, const std::string& path)
{
    const Object* scheme = at(quantizer, 0);
    const std::string kind = scheme && scheme->kind == Object::Global ? scheme->text : std::string();
    Grid grid;
    if (kind == "torch.per_tensor_affine" && quantizer->items.size() >= 3) {
        grid.scale = {quantizer->items[1]->real};
        grid.zero = {double(quantizer->items[2]->number)};
    } else if (kind.starts_with("torch.per_channel_affine") && quantizer->items.size() >= 4) {
        BITWRIGHT_TRY(grid.scale, numbers(quantizer->items[1], name, storages, path));
        BITWRIGHT_TRY(grid.zero, numbers(quantizer->items[2], name, storages, path));
        grid.axis = int(quantizer->items[3]->number);
        grid.hasIntegerZeros = std::all_of(grid.zero.begin(), grid.zero.end(),
                                           [](double z) { return z == std::trunc(z); });
    }
    const bool isPositive = std::all_of(grid.scale.begin(), grid.scale.end(),
                                        [](double s) { return std::isfinite(s) && float(s) > 0; });
    const bool fits =
        std::all_of(grid.zero.begin(), grid.zero.end(), [](double z) { return std::fabs(z) <= 0x1p31; });
    if (grid.scale.empty() || grid.scale.size() != grid.zero.size() || !isPositive || !fits)
        return corrupt("A quantized tensor has no usable scales and zero points", path, name);
    return grid;
}

template<typename Code>
Tensor dequantized(const Tensor& codes, const Grid& grid)
{
    Tensor values = Tensor::empty(DType::F32, codes.shape());
    const auto* from = static_cast<const Code*>(codes.data());
    float* to = values.mutableFloats().data();
    int64_t inner = 1;
    for (int64_t i = grid.axis + 1; grid.axis >= 0 && i < codes.dim(); ++i)
        inner *= codes.shape()[size_t(i)];
    for (int64_t i = 0; i < codes.size(); ++i) {
        const size_t entry = grid.axis < 0 ? 0 : size_t(i / inner) % grid.scale.size();
        const float scale = float(grid.scale[entry]);
        to[i] = grid.hasIntegerZeros ? float(int64_t(from[i]) - int64_t(grid.zero[entry])) * scale
                                     : (float(from[i]) - float(grid.zero[entry])) * scale;
    }
    return values;
}

Result<Tensor> readQuantized(const StoredTensor& codes, const Grid& grid)
{
    BITWRIGHT_TRY(const Tensor raw, codes.read());
    if (raw.dtype() == DType::I8)
        return dequantized<int8_t>(raw, grid);
    return raw.dtype() == DType::U8 ? dequantized<uint8_t>(raw, grid) : dequantized<int32_t>(raw, grid);
}

QuantParams paramsOf(const Grid& grid, DType type)
{
    QuantParams params;
    params.format = Format::Int;
    params.bits = 8;
    params.qmin = type == DType::I8 ? -128 : 0;
    params.qmax = type == DType::I8 ? 127 : 255;
    params.axis = grid.axis;
    params.scale.assign(grid.scale.begin(), grid.scale.end());
    params.zeroPoint.assign(grid.zero.begin(), grid.zero.end());
    return params;
}

/// (storage, offset, size, stride, quantizer, ...)
Result<std::optional<PackedTensor>> quantized(const Object& arguments, const std::string& name,
                                              const std::shared_ptr<const Storages>& storages,
                                              const std::string& path, std::string& unread)
{
    const auto ref = stridedRef(arguments, unread);
    const bool isRead =
        ref && (ref->type == StoredType::I8 || ref->type == StoredType::U8 || ref->type == StoredType::I32);
    if (!isRead) {
        unread = unread.empty() ? "quantized elements" : unread;
        return std::optional<PackedTensor>();
    }
    BITWRIGHT_TRY(const Grid grid, gridOf(at(&arguments, 4), name, storages, path));
    BITWRIGHT_TRY(StoredTensor codes, storedTensor(name, *ref, storages, path));
    const bool hasAxis = grid.axis >= 0 && grid.axis < int(codes.shape.size());
    if (grid.axis != -1 && (!hasAxis || codes.shape[size_t(grid.axis)] != int64_t(grid.scale.size())))
        return corrupt("A quantized tensor has scales for other channels than it has", path, name);
    PackedTensor made{{name, DType::F32, codes.shape, {}, {}}, {}};
    if (grid.hasIntegerZeros && codes.dtype != DType::I32)
        made.grid = paramsOf(grid, codes.dtype);
    made.tensor.read = [codes = std::move(codes), grid] { return readQuantized(codes, grid); };
    return std::optional(std::move(made));
}

// --- sparse ------------------------------------------------------------------------------------------------

/// Positions of the stored elements (or blocks of them) in the dense tensor.
struct SparseParts {
    Shape shape;
    StoredTensor indices, columns, values; ///< COO: [dimensions, stored]; CSR: row ends, columns
    bool isRows = false;                   ///< CSR
};

Result<std::vector<int64_t>> integers(const StoredTensor& stored)
{
    BITWRIGHT_TRY(const Tensor tensor, stored.read());
    std::vector<int64_t> values(size_t(tensor.size()));
    const auto copy = [&](const auto* from) { std::copy(from, from + tensor.size(), values.begin()); };
    if (tensor.dtype() == DType::I64)
        copy(static_cast<const int64_t*>(tensor.data()));
    else if (tensor.dtype() == DType::I32)
        copy(static_cast<const int32_t*>(tensor.data()));
    else
        return Error{Error::Corrupt, "A sparse tensor has indices that are no integers; the file is damaged.",
                     stored.name};
    return values;
}

/// Where every stored block begins, in blocks; empty where an index leaves the tensor.
Result<std::vector<int64_t>> places(const SparseParts& parts, int64_t count)
{
    BITWRIGHT_TRY(const std::vector<int64_t> indices, integers(parts.indices));
    std::vector<int64_t> made(size_t(count), 0);
    if (parts.isRows) {
        BITWRIGHT_TRY(const std::vector<int64_t> columns, integers(parts.columns));
        for (int64_t row = 0; row < parts.shape[0]; ++row) {
            const int64_t begin = indices[size_t(row)], end = indices[size_t(row) + 1];
            if (begin < 0 || begin > end || end > count)
                return std::vector<int64_t>();
            for (int64_t i = begin; i < end; ++i) {
                if (columns[size_t(i)] < 0 || columns[size_t(i)] >= parts.shape[1])
                    return std::vector<int64_t>();
                made[size_t(i)] = row * parts.shape[1] + columns[size_t(i)];
            }
        }
        return made;
    }
    for (int64_t axis = 0; axis < parts.indices.shape[0]; ++axis)
        for (int64_t i = 0; i < count; ++i) {
            const int64_t index = indices[size_t(axis * count + i)], size = parts.shape[size_t(axis)];
            if (index < 0 || index >= size)
                return std::vector<int64_t>();
            made[size_t(i)] = made[size_t(i)] * size + index;
        }
    return made;
}

Result<Tensor> readSparse(const SparseParts& parts, const std::string& name, const std::string& path)
{
    const int64_t count = parts.values.shape[0];
    BITWRIGHT_TRY(const std::vector<int64_t> begins, places(parts, count));
    BITWRIGHT_TRY(const Tensor stored, parts.values.read());
    if (int64_t(begins.size()) != count)
        return corrupt("A sparse tensor has elements outside of its shape", path, name);
    const Tensor values = stored.toFloat();
    Tensor dense = Tensor::empty(DType::F32, parts.shape);
    const auto to = dense.mutableFloats();
    std::fill(to.begin(), to.end(), 0.0f);
    const int64_t block = count > 0 ? values.size() / count : 0;
    for (int64_t i = 0; i < count; ++i)
        for (int64_t k = 0; k < block; ++k)
            to[size_t(begins[size_t(i)] * block + k)] += values.floats()[size_t(i * block + k)];
    return dense;
}

/// The parts fit the shape: what places() and readSparse() take for granted.
bool fit(const SparseParts& parts)
{
    const Shape &shape = parts.shape, &values = parts.values.shape, &indices = parts.indices.shape;
    if (values.empty())
        return false;
    if (parts.isRows)
        return shape.size() == 2 && indices == Shape{shape[0] + 1} && parts.columns.shape == values &&
               values.size() == 1;
    if (indices.size() != 2 || indices[1] != values[0] || indices[0] < 1 || size_t(indices[0]) > shape.size())
        return false;
    return Shape(shape.begin() + indices[0], shape.end()) == Shape(values.begin() + 1, values.end());
}

/// (layout, (indices, values, size)) or, by rows, (layout, (row ends, columns, values, size))
Result<std::optional<PackedTensor>> sparse(const Object& arguments, const std::string& name,
                                           const std::shared_ptr<const Storages>& storages,
                                           const std::string& path, std::string& unread)
{
    const Object *layout = at(&arguments, 0), *data = at(&arguments, 1);
    const Object* kind = at(at(layout, 1), 0);
    SparseParts parts;
    parts.isRows = kind && kind->text == "torch.sparse_csr";
    if (!data || !kind || (!parts.isRows && kind->text != "torch.sparse_coo")) {
        unread = "layout " + (kind ? kind->text : std::string("unknown"));
        return std::optional<PackedTensor>();
    }
    const size_t valueIndex = parts.isRows ? 2 : 1;
    BITWRIGHT_TRY(parts.indices, part(at(data, 0), name, storages, path));
    BITWRIGHT_TRY(parts.values, part(at(data, valueIndex), name, storages, path));
    if (parts.isRows) {
        BITWRIGHT_TRY(parts.columns, part(at(data, 1), name, storages, path));
    }
    const auto bytes =
        readSizes(at(data, valueIndex + 1), parts.shape) ? bytesOfShape(parts.shape, 4) : std::nullopt;
    if (!bytes || !fit(parts))
        return corrupt("A sparse tensor has parts that do not fit its shape", path, name);
    if (*bytes / 4 > kAlwaysFine && *bytes / 4 / kMostGrowth > elementCount(parts.values.shape)) {
        unread = "sparse elements, more than a thousand times as large when dense";
        return std::optional<PackedTensor>();
    }
    PackedTensor made{{name, DType::F32, parts.shape, {}, {}}, {}};
    made.tensor.read = [parts, name, path] { return readSparse(parts, name, path); };
    return std::optional(std::move(made));
}

} // namespace

Result<std::optional<PackedTensor>> packedTensor(const Object& object, const std::string& name,
                                                 const std::shared_ptr<const Storages>& storages,
                                                 const std::string& path, std::string& unread)
{
    const auto [function, arguments] = innermost(object);
    if (!arguments || arguments->kind != Object::Tuple)
        return std::optional<PackedTensor>();
    if (function == "torch._utils._rebuild_qtensor")
        return quantized(*arguments, name, storages, path, unread);
    if (function == "torch._utils._rebuild_sparse_tensor" ||
        function == "torch._utils._rebuild_sparse_csr_tensor")
        return sparse(*arguments, name, storages, path, unread);
    return std::optional<PackedTensor>();
}

} // namespace bitwright::pytorch
