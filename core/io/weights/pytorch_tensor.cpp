// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/io/weights/pytorch_tensor.h"

#include <algorithm>
#include <cstring>
#include <limits>
#include <map>
#include <string_view>

namespace bitwright::pytorch {
namespace {

using pickle::Object;

constexpr int64_t kAlwaysFine = int64_t(64) << 20;
constexpr int kMostWrappers = 8;

/// "FloatStorage" and "float32" under their names without the module.
const std::map<std::string_view, StoredType>& types()
{
    static const std::map<std::string_view, StoredType> all = {
        {"DoubleStorage", StoredType::F64},  {"float64", StoredType::F64},
        {"FloatStorage", StoredType::F32},   {"float32", StoredType::F32},
        {"HalfStorage", StoredType::F16},    {"float16", StoredType::F16},
        {"BFloat16Storage", StoredType::BF16}, {"bfloat16", StoredType::BF16},
        {"LongStorage", StoredType::I64},    {"int64", StoredType::I64},
        {"IntStorage", StoredType::I32},     {"int32", StoredType::I32},
        {"ShortStorage", StoredType::I16},   {"int16", StoredType::I16},
        {"CharStorage", StoredType::I8},     {"int8", StoredType::I8},
        {"ByteStorage", StoredType::U8},     {"uint8", StoredType::U8},
        {"BoolStorage", StoredType::Bool},   {"bool", StoredType::Bool},
        {"float8_e4m3fn", StoredType::F8E4M3}, {"float8_e5m2", StoredType::F8E5M2},
        {"QInt8Storage", StoredType::I8},    {"QUInt8Storage", StoredType::U8},
        {"QInt32Storage", StoredType::I32},
        {"uint16", StoredType::U16},         {"uint32", StoredType::U32}};
    return all;
}

std::optional<StoredType> typeOf(const std::string& global)
{
    if (!global.starts_with("torch."))
        return std::nullopt;
    const auto found = types().find(std::string_view(global).substr(global.rfind('.') + 1));
    return found == types().end() ? std::nullopt : std::optional(found->second);
}

const Object* item(const Object& object, size_t index)
{
    return index < object.items.size() ? object.items[index] : nullptr;
}

/// Elements from the first to the last one that the tensor touches; empty when that leaves 63 bits.
std::optional<int64_t> extent(const TensorRef& tensor)
{
    int64_t last = 0;
    for (size_t i = 0; i < tensor.shape.size(); ++i) {
        int64_t steps = 0;
        if (tensor.shape[i] == 0)
            return 0;
        if (tensor.strides[i] < 0 ||
            __builtin_mul_overflow(tensor.shape[i] - 1, tensor.strides[i], &steps) ||
            __builtin_add_overflow(last, steps, &last))
            return std::nullopt;
    }
    return last == std::numeric_limits<int64_t>::max() ? std::nullopt : std::optional(last + 1);
}

bool isContiguous(const TensorRef& tensor)
{
    int64_t step = 1;
    for (size_t i = tensor.shape.size(); i-- > 0; step *= tensor.shape[i])
        if (tensor.shape[i] != 1 && tensor.strides[i] != step)
            return false;
    return true;
}

/// Copies strided elements of `width` bytes into row-major order.
void gather(const char* from, char* to, const TensorRef& tensor, size_t width)
{
    const size_t rank = tensor.shape.size();
    std::vector<int64_t> index(rank, 0);
    for (int64_t left = elementCount(tensor.shape); left > 0; --left) {
        int64_t at = 0;
        for (size_t i = 0; i < rank; ++i)
            at += index[i] * tensor.strides[i];
        std::memcpy(to, from + at * int64_t(width), width);
        to += width;
        for (size_t i = rank; i-- > 0 && ++index[i] == tensor.shape[i];)
            index[i] = 0;
    }
}

Result<void> readElements(const TensorRef& tensor, const Storages& storages, int64_t span, void* out,
                          int64_t bytes)
{
    const int64_t width = storedBytes(tensor.type);
    if (bytes == 0) // its offset was not checked
        return {};
    const int64_t begin = (tensor.storage.first + tensor.offset) * width;
    if (isContiguous(tensor))
        return storages.read(tensor.storage.key, begin, bytes, out);
    std::vector<char> raw(static_cast<size_t>(span * width));
    BITWRIGHT_CHECK(storages.read(tensor.storage.key, begin, span * width, raw.data()));
    gather(raw.data(), static_cast<char*>(out), tensor, size_t(width));
    return {};
}

} // namespace

bool readSizes(const Object* object, Shape& sizes)
{
    if (object && object->kind == Object::Call && calleeOf(*object) == "torch.Size")
        object = object->items.size() > 1 ? item(*object->items[1], 0) : nullptr;
    if (!object || (object->kind != Object::Tuple && object->kind != Object::List))
        return false;
    for (const Object* size : object->items) {
        if (size->kind != Object::Int || sizes.size() >= 32)
            return false;
        sizes.push_back(size->number);
    }
    return true;
}

Rebuild innermost(const Object& object)
{
    Rebuild call{calleeOf(object), item(object, 1)};
    for (int i = 0; i < kMostWrappers && call.arguments && call.arguments->kind == Object::Tuple; ++i) {
        const Object* first = item(*call.arguments, 0);
        if (call.function == "torch._tensor._rebuild_from_type_v2" && first && first->kind == Object::Global)
            call = {first->text, item(*call.arguments, 2)};
        else if (call.function.starts_with("torch._utils._rebuild_parameter") && first &&
                 first->kind == Object::Call)
            call = {calleeOf(*first), item(*first, 1)};
        else
            return call;
    }
    return {};
}

std::optional<StorageRef> storageRef(const Object& persistent, std::string& type)
{
    const Object* id = item(persistent, 0);
    if (persistent.kind != Object::Persistent || !id || id->kind != Object::Tuple || id->items.size() < 5 ||
        id->items[0]->text != "storage" || id->items[1]->kind != Object::Global ||
        id->items[2]->kind != Object::Text || id->items[4]->kind != Object::Int)
        return std::nullopt;
    StorageRef ref{id->items[2]->text, typeOf(id->items[1]->text), 0, id->items[4]->number};
    type = id->items[1]->text;
    if (!ref.type && !type.ends_with(".UntypedStorage"))
        return std::nullopt;
    if (const Object* view = item(*id, 5); view && view->kind == Object::Tuple && view->items.size() == 3) {
        ref.first = view->items[1]->number;
        ref.count = view->items[2]->number;
    }
    return ref;
}

std::string calleeOf(const Object& object)
{
    const Object* callable = object.kind == Object::Call ? item(object, 0) : nullptr;
    return callable && callable->kind == Object::Global ? callable->text : std::string();
}

std::optional<TensorRef> tensorRef(const Object& object, std::string& unread)
{
    const Rebuild call = innermost(object);
    const bool v3 = call.function == "torch._utils._rebuild_tensor_v3";
    if (call.function != "torch._utils._rebuild_tensor" && call.function != "torch._utils._rebuild_tensor_v2" && !v3)
        return std::nullopt;
    if (!call.arguments || call.arguments->kind != Object::Tuple)
        return std::nullopt;
    return stridedRef(*call.arguments, unread, v3 ? item(*call.arguments, 6) : nullptr);
}

std::optional<TensorRef> stridedRef(const Object& arguments, std::string& unread, const Object* dtype)
{
    if (arguments.items.size() < 4 || arguments.items[1]->kind != Object::Int)
        return std::nullopt;
    const auto storage = storageRef(*arguments.items[0], unread);
    TensorRef tensor;
    tensor.offset = arguments.items[1]->number;
    if (!storage || !readSizes(arguments.items[2], tensor.shape) ||
        !readSizes(arguments.items[3], tensor.strides) || tensor.shape.size() != tensor.strides.size())
        return std::nullopt;
    tensor.storage = *storage;
    std::optional<StoredType> type = storage->type;
    if (dtype) {
        unread = dtype->text;
        type = typeOf(dtype->text);
    }
    if (!type)
        return std::nullopt;
    tensor.type = *type;
    if (!storage->type) // counted in bytes
        tensor.storage.count /= storedBytes(*type);
    return tensor;
}

Result<StoredTensor> storedTensor(const std::string& name, const TensorRef& tensor,
                                  const std::shared_ptr<const Storages>& storages, const std::string& path)
{
    const std::string where = path + ":" + name;
    const Error outside{Error::Corrupt, "The tensor lies outside of its storage; the file is damaged or truncated.",
                        where};
    const int64_t width = storedBytes(tensor.type);
    const auto bytes = bytesOfShape(tensor.shape, int(width));
    const auto span = bytes ? extent(tensor) : std::nullopt;
    const StorageRef& storage = tensor.storage;
    if (!span || tensor.offset < 0 || storage.first < 0 || tensor.offset > storage.count ||
        *span > storage.count - tensor.offset)
        return outside;
    if (*bytes > 0) {
        BITWRIGHT_TRY(const int64_t stored, storages->bytes(storage.key));
        if (storage.first > stored / width || storage.count > stored / width - storage.first)
            return outside;
    }
    if (*bytes > kAlwaysFine && *bytes / width > *span)
        return Error{Error::Limit, "A few stored values are repeated into a far larger tensor; it is not read.",
                     where};
    StoredTensor out{name, readAs(tensor.type), tensor.shape, {}, {}};
    out.read = [tensor, storages, span = *span] {
        return readStored(tensor.type, tensor.shape, [&](void* to, int64_t count) {
            return readElements(tensor, *storages, span, to, count);
        });
    };
    return out;
}

} // namespace bitwright::pytorch
