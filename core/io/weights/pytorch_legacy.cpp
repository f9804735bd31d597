// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/io/weights/pytorch_storage.h"
#include "core/run/byte_source.h"

#include <algorithm>
#include <cstring>
#include <map>
#include <vector>

namespace bitwright::pytorch {
namespace {

/// Protocol 2, LONG1 of 10 bytes, and the magic number of torch/serialization.py.
constexpr unsigned char kMagic[] = {0x80, 0x02, 0x8a, 0x0a, 0x6c, 0xfc, 0x9c,
                                    0x46, 0xf9, 0x20, 0x6a, 0xa8, 0x50, 0x19};

/// One byte behind the other, from a buffer.
class Stream {
public:
    explicit Stream(std::shared_ptr<const ByteSource> bytes)
        : m_bytes(std::move(bytes))
    {
    }
    int64_t position() const { return m_position; }
    Result<void> read(void* out, size_t count)
    {
        char* to = static_cast<char*>(out);
        while (count > 0) {
            const int64_t at = m_position - m_begin;
            if (at >= int64_t(m_buffer.size())) {
                BITWRIGHT_CHECK(fill());
                continue;
            }
            const size_t piece = std::min(count, m_buffer.size() - size_t(at));
            std::memcpy(to, m_buffer.data() + at, piece);
            to += piece;
            count -= piece;
            m_position += int64_t(piece);
        }
        return {};
    }

private:
    Result<void> fill()
    {
        const int64_t left = m_bytes->size() - m_position;
        if (left <= 0)
            return Error{Error::Corrupt, "The file ends too early; it is truncated.", {}};
        m_begin = m_position;
        m_buffer.resize(size_t(std::min<int64_t>(left, 1 << 16)));
        return m_bytes->read(m_begin, int64_t(m_buffer.size()), m_buffer.data());
    }

    std::shared_ptr<const ByteSource> m_bytes;
    std::vector<char> m_buffer;
    int64_t m_position = 0, m_begin = 0;
};

struct Place {
    int64_t offset = 0, bytes = 0;
};

class LegacyStorages : public Storages {
public:
    LegacyStorages(std::shared_ptr<const ByteSource> bytes, std::map<std::string, Place> places)
        : m_bytes(std::move(bytes))
        , m_places(std::move(places))
    {
    }
    Result<int64_t> bytes(const std::string& key) const override
    {
        const auto place = m_places.find(key);
        if (place == m_places.end())
            return Error{Error::NotFound, "The file has no such storage; it is damaged.", key};
        return place->second.bytes;
    }
    Result<void> read(const std::string& key, int64_t begin, int64_t count, void* out) const override
    {
        BITWRIGHT_TRY(const int64_t whole, bytes(key));
        if (begin < 0 || count < 0 || begin > whole || count > whole - begin)
            return Error{Error::Corrupt, "The storage is shorter than its tensor.", key};
        return m_bytes->read(m_places.at(key).offset + begin, count, out);
    }

private:
    std::shared_ptr<const ByteSource> m_bytes;
    std::map<std::string, Place> m_places;
};

/// Bytes of one element of every storage that the object names; 0 for types that are not known.
std::map<std::string, int> elementBytes(const pickle::Unpickler& objects)
{
    std::map<std::string, int> bytes;
    for (const pickle::Object& object : objects.objects()) {
        std::string type;
        if (object.kind != pickle::Object::Persistent)
            continue;
        if (const auto ref = storageRef(object, type))
            bytes.emplace(ref->key, ref->type ? storedBytes(*ref->type) : 1);
    }
    return bytes;
}

/// Where the storages lie: for each key its number of elements, then these.
Result<std::map<std::string, Place>> places(const ByteSource& bytes, int64_t begin, const pickle::Object& keys,
                                            const std::map<std::string, int>& widths, const std::string& path)
{
    std::map<std::string, Place> all;
    for (const pickle::Object* key : keys.items) {
        int64_t count = 0, size = 0;
        const auto width = widths.find(key->text);
        if (width == widths.end())
            return Error{Error::Unsupported,
                         "The file holds a storage of a type that is not read (complex or quantized numbers).",
                         path};
        BITWRIGHT_CHECK(bytes.read(begin, 8, &count));
        if (count < 0 || __builtin_mul_overflow(count, int64_t(width->second), &size) ||
            size > bytes.size() - begin - 8)
            return Error{Error::Corrupt, "A storage ends behind the file; it is damaged or truncated.", path};
        all[key->text] = {begin + 8, size};
        begin += 8 + size;
    }
    return all;
}

} // namespace

bool isSavedLegacy(const std::string& path)
{
    const auto begin = firstBytes(path, sizeof kMagic);
    return begin && begin->size() == sizeof kMagic && std::memcmp(begin->data(), kMagic, sizeof kMagic) == 0;
}

Result<Saved> openSavedLegacy(const std::string& path)
{
    BITWRIGHT_TRY(const auto bytes, openBytes(path));
    Stream stream(bytes);
    const pickle::Read read = [&](void* out, size_t count) {
        const Result<void> done = stream.read(out, count);
        return done || !done.error().where.empty()
                   ? done
                   : Result<void>(Error{done.error().code, done.error().message, path});
    };
    Saved saved;
    saved.objects = std::make_shared<pickle::Unpickler>(path);
    for (int header = 0; header < 3; ++header) // magic number, protocol, about the machine
        BITWRIGHT_CHECK(saved.objects->load(read));
    BITWRIGHT_TRY(saved.root, saved.objects->load(read));
    const std::map<std::string, int> widths = elementBytes(*saved.objects);
    BITWRIGHT_TRY(const pickle::Object* keys, saved.objects->load(read));
    BITWRIGHT_TRY(auto found, places(*bytes, stream.position(), *keys, widths, path));
    saved.storages = std::make_shared<LegacyStorages>(bytes, std::move(found));
    return saved;
}

} // namespace bitwright::pytorch
