// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/io/weights/stored_type.h"
#include "core/io/weights/weights_file.h"
#include "core/run/byte_source.h"

#include <nlohmann/json.hpp>

#include <algorithm>
#include <cstring>
#include <limits>
#include <map>
#include <string_view>

namespace bitwright {
namespace {

/// The limit of the reference implementation.
constexpr int64_t kMaxHeader = 100'000'000;
constexpr size_t kMaxDimensions = 32;

const std::map<std::string_view, StoredType>& types()
{
    static const std::map<std::string_view, StoredType> all = {
        {"F64", StoredType::F64},   {"F32", StoredType::F32},        {"F16", StoredType::F16},
        {"BF16", StoredType::BF16}, {"F8_E4M3", StoredType::F8E4M3}, {"F8_E5M2", StoredType::F8E5M2},
        {"I64", StoredType::I64},   {"I32", StoredType::I32},        {"I16", StoredType::I16},
        {"I8", StoredType::I8},     {"U32", StoredType::U32},        {"U16", StoredType::U16},
        {"U8", StoredType::U8},     {"BOOL", StoredType::Bool}};
    return all;
}

struct Entry {
    std::string name, type;
    Shape shape;
    std::vector<int64_t> offsets; ///< begin and end behind the header
};

/// Takes the header as it is parsed: no document is built, so that a header of 100 MB costs little more.
class HeaderReader : public nlohmann::json_sax<nlohmann::json> {
public:
    std::vector<Entry> entries;
    std::string problem; ///< why parsing stopped; empty when it was no JSON

    bool null() override { return scalar(); }
    bool boolean(bool) override { return scalar(); }
    bool number_float(double, const std::string&) override { return scalar(); }
    bool binary(nlohmann::json::binary_t&) override { return false; }
    bool number_integer(int64_t) override { return scalar(); }
    bool number_unsigned(uint64_t value) override
    {
        std::vector<int64_t>* list = numbers();
        if (!list)
            return scalar();
        if (value > uint64_t(std::numeric_limits<int64_t>::max()) || list->size() >= kMaxDimensions)
            return stop("has a size or an offset out of range");
        list->push_back(int64_t(value));
        return true;
    }
    bool string(std::string& value) override
    {
        if (m_depth == 2 && m_isTensor && m_field == "dtype")
            entries.back().type = value;
        return m_depth >= 2 || stop("is no object of tensors");
    }
    bool start_object(size_t) override
    {
        if (++m_depth > 2)
            return stop("is nested too deeply");
        if (m_depth == 2 && m_isTensor)
            entries.push_back({m_name, {}, {}, {}});
        return true;
    }
    bool end_object() override
    {
        --m_depth;
        return true;
    }
    bool key(std::string& name) override
    {
        if (m_depth != 1) {
            m_field = name;
            return true;
        }
        m_name = name;
        m_isTensor = name != "__metadata__";
        return true;
    }
    bool start_array(size_t) override
    {
        if (m_depth != 2 || m_inArray)
            return stop("is nested too deeply");
        m_inArray = true;
        return true;
    }
    bool end_array() override
    {
        m_inArray = false;
        return true;
    }
    bool parse_error(size_t, const std::string&, const nlohmann::detail::exception&) override { return false; }

private:
    bool stop(const char* why)
    {
        problem = why;
        return false;
    }
    bool scalar() { return numbers() ? stop("has a size or an offset out of range") : m_depth >= 2; }
    std::vector<int64_t>* numbers()
    {
        if (!m_inArray || !m_isTensor || entries.empty())
            return nullptr;
        return m_field == "shape"          ? &entries.back().shape
               : m_field == "data_offsets" ? &entries.back().offsets
                                           : nullptr;
    }

    int m_depth = 0;
    bool m_isTensor = false, m_inArray = false;
    std::string m_name, m_field;
};

Error corrupt(const std::string& path, const std::string& what)
{
    return {Error::Corrupt, what + "; the file is damaged or truncated.", path};
}

Result<std::vector<Entry>> readHeader(const ByteSource& bytes, int64_t length, const std::string& path)
{
    std::string text(static_cast<size_t>(length), '\0');
    BITWRIGHT_CHECK(bytes.read(8, length, text.data()));
    HeaderReader reader;
    if (!nlohmann::json::sax_parse(text, &reader))
        return corrupt(path, reader.problem.empty() ? "The header is no JSON" : "The header " + reader.problem);
    return std::move(reader.entries);
}

/// Whether the entry's bytes are those of its shape and lie inside the data.
Result<void> check(const Entry& entry, int64_t dataBytes, const std::string& path)
{
    const std::string where = path + ":" + entry.name;
    if (entry.offsets.size() != 2 || entry.offsets[0] > entry.offsets[1] || entry.offsets[1] > dataBytes)
        return corrupt(where, "The tensor lies outside of the file");
    const auto type = types().find(entry.type);
    if (type == types().end())
        return {};
    const auto bytes = bytesOfShape(entry.shape, storedBytes(type->second));
    if (!bytes || *bytes != entry.offsets[1] - entry.offsets[0])
        return corrupt(where, "The tensor's shape does not fit to its bytes");
    return {};
}

Result<void> checkOverlaps(const std::vector<Entry>& entries, const std::string& path)
{
    std::vector<const Entry*> order, names;
    for (const Entry& entry : entries)
        order.push_back(&entry);
    names = order;
    std::sort(names.begin(), names.end(), [](const Entry* a, const Entry* b) { return a->name < b->name; });
    std::stable_sort(order.begin(), order.end(),
                     [](const Entry* a, const Entry* b) { return a->offsets < b->offsets; });
    for (size_t i = 1; i < order.size(); ++i) {
        if (names[i]->name == names[i - 1]->name)
            return corrupt(path + ":" + names[i]->name, "There are two tensors of this name");
        if (order[i]->offsets[0] < order[i - 1]->offsets[1])
            return corrupt(path + ":" + order[i]->name,
                           "The tensor overlaps \"" + order[i - 1]->name + "\"");
    }
    return {};
}

StoredTensor tensorOf(Entry entry, StoredType type, int64_t dataBegin,
                      const std::shared_ptr<const ByteSource>& bytes)
{
    StoredTensor tensor{std::move(entry.name), readAs(type), entry.shape, {}, {}};
    tensor.read = [bytes, type, shape = entry.shape, begin = dataBegin + entry.offsets[0]] {
        return readStored(type, shape,
                          [&](void* out, int64_t count) { return bytes->read(begin, count, out); });
    };
    return tensor;
}

int64_t headerLength(const ByteSource& bytes)
{
    uint64_t length = 0;
    if (bytes.size() < 8 || !bytes.read(0, 8, &length))
        return -1;
    return length > uint64_t(std::numeric_limits<int64_t>::max()) ? std::numeric_limits<int64_t>::max()
                                                                  : int64_t(length);
}

} // namespace

bool looksLikeSafetensors(const std::string& path)
{
    const auto begin = firstBytes(path, 10);
    if (!begin || begin->size() < 10 || (*begin)[8] != '{')
        return false;
    const char next = (*begin)[9];
    return next == '"' || next == '}' || next == ' ' || next == '\n' || next == '\t' || next == '\r';
}

Result<WeightsFile> openSafetensors(const std::string& path, Progress& progress)
{
    BITWRIGHT_TRY(const auto bytes, openBytes(path));
    const int64_t length = headerLength(*bytes);
    if (length > kMaxHeader)
        return Error{Error::Corrupt, "The header claims to be longer than the 100 MB that the format allows.",
                     path};
    if (length < 2 || length > bytes->size() - 8)
        return corrupt(path, "The header ends behind the file");
    BITWRIGHT_TRY(std::vector<Entry> entries, readHeader(*bytes, length, path));
    for (const Entry& entry : entries)
        BITWRIGHT_CHECK(check(entry, bytes->size() - 8 - length, path));
    BITWRIGHT_CHECK(checkOverlaps(entries, path));
    if (progress.cancelled())
        return cancelledError();
    std::stable_sort(entries.begin(), entries.end(),
                     [](const Entry& a, const Entry& b) { return a.offsets < b.offsets; });
    WeightsFile file;
    for (Entry& entry : entries) {
        if (const auto type = types().find(entry.type); type != types().end())
            file.tensors.push_back(tensorOf(std::move(entry), type->second, 8 + length, bytes));
        else
            file.notes.push_back("\"" + entry.name + "\" holds " + entry.type +
                                 " elements, which are not read; it was left out.");
    }
    return file;
}

} // namespace bitwright
