// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/run/stored_samples.h"

#include <zip.h>

#include <algorithm>
#include <charconv>
#include <filesystem>
#include <map>
#include <optional>

// NPY: "\x93NUMPY", version, length of the header, a Python dict as text, the elements.
// https://numpy.org/doc/stable/reference/generated/numpy.lib.format.html. NPZ is a zip archive of them.

namespace bitwright {
namespace {

namespace fs = std::filesystem;

constexpr size_t kMaxHeader = 1 << 16;
constexpr std::string_view kMagic("\x93NUMPY", 6);

/// The text behind 'key': in the header's dict, without blanks before it; empty when there is no such key.
std::string_view valueOf(std::string_view header, std::string_view key)
{
    const size_t at = header.find(std::string("'") + std::string(key) + "'");
    if (at == std::string_view::npos)
        return {};
    header.remove_prefix(at + key.size() + 2);
    header.remove_prefix(std::min(header.find_first_not_of(" :"), header.size()));
    return header;
}

std::optional<RawElements> numpyType(std::string_view code)
{
    static const std::map<std::string_view, RawElements> types = {{"u1", {DType::U8}},
                                                                  {"i1", {DType::I8}},
                                                                  {"b1", {DType::Bool}},
                                                                  {"i2", {DType::I16}},
                                                                  {"i4", {DType::I32}},
                                                                  {"i8", {DType::I64}},
                                                                  {"f2", {DType::F16}},
                                                                  {"f4", {DType::F32}},
                                                                  {"f8", {DType::F64}},
                                                                  {"u2", {DType::I32, false, 2}},
                                                                  {"u4", {DType::I64, false, 4}},
                                                                  {"u8", {DType::I64, false, 8}}};
    const auto found = types.find(code);
    return found == types.end() ? std::nullopt : std::optional(found->second);
}

/// "(60000, 28, 28)" and "(5,)".
bool parseShape(std::string_view text, Shape& shape)
{
    if (text.empty() || text[0] != '(')
        return false;
    text.remove_prefix(1);
    while (true) {
        text.remove_prefix(std::min(text.find_first_not_of(" ,L"), text.size()));
        if (text.empty() || text[0] == ')')
            return !text.empty() && shape.size() <= 16;
        int64_t size = 0;
        const auto [end, failure] = std::from_chars(text.data(), text.data() + text.size(), size);
        if (failure != std::errc() || size < 0)
            return false;
        shape.push_back(size);
        text.remove_prefix(size_t(end - text.data()));
    }
}

/// Length of everything before the elements; 0 when `begin` is no beginning of an NPY file.
size_t headerEnd(std::string_view begin)
{
    if (begin.size() < 12 || !begin.starts_with(kMagic))
        return 0;
    const auto byte = [&](size_t i) { return size_t(static_cast<unsigned char>(begin[i])); };
    if (begin[6] == 1)
        return 10 + (byte(8) | byte(9) << 8);
    return begin[6] <= 3 ? 12 + (byte(8) | byte(9) << 8 | byte(10) << 16 | byte(11) << 24) : 0;
}

Result<RawArray> parseHeader(std::string_view begin, const std::string& where)
{
    const size_t end = headerEnd(begin);
    if (end == 0 || end > kMaxHeader || end > begin.size())
        return Error{Error::Corrupt, "This is not an NPY array, or its header is damaged.", where};
    const std::string_view header = begin.substr(0, end);
    const std::string_view descr = valueOf(header, "descr"), order = valueOf(header, "fortran_order");
    RawArray array;
    array.offset = int64_t(end);
    if (descr.size() < 5 || descr[0] != '\'' || !parseShape(valueOf(header, "shape"), array.shape) ||
        order.empty())
        return Error{descr.starts_with("[") ? Error::Unsupported : Error::Corrupt,
                     "The NPY header is damaged, or the array has named fields.", where};
    const auto type = numpyType(descr.substr(2, 2));
    if (!type || descr[4] != '\'')
        return Error{Error::Unsupported,
                     "Elements of the type " + std::string(descr.substr(0, 6)) +
                         " are not read; save numbers.",
                     where};
    if (order.starts_with("True") && array.shape.size() > 1)
        return Error{Error::Unsupported,
                     "The array is stored in Fortran order; save numpy.ascontiguousarray(a) instead.", where};
    array.elements = *type;
    array.elements.bigEndian = descr[1] == '>';
    return array;
}

struct NumpyArray {
    RawArray array;
    std::shared_ptr<const ByteSource> bytes;
};

Result<NumpyArray> openNpy(const std::string& path)
{
    BITWRIGHT_TRY(const std::string begin, firstBytes(path, int64_t(kMaxHeader)));
    BITWRIGHT_TRY(const RawArray array, parseHeader(begin, path));
    BITWRIGHT_TRY(auto bytes, openBytes(path));
    return NumpyArray{array, bytes};
}

/// A zip archive that stays open while it is read.
using Zip = std::unique_ptr<zip_t, void (*)(zip_t*)>;
using ZipEntry = std::unique_ptr<zip_file_t, int (*)(zip_file_t*)>;

Zip openZip(const std::string& path)
{
    int failure = 0;
    return {zip_open(path.c_str(), ZIP_RDONLY, &failure), [](zip_t* zip) {
                if (zip)
                    zip_discard(zip);
            }};
}

/// Arrays of the archive without their ".npy".
std::set<std::string> arrayNames(zip_t* zip)
{
    std::set<std::string> names;
    for (zip_int64_t i = 0, count = zip_get_num_entries(zip, 0); i < count && i < 100000; ++i)
        if (const char* name = zip_get_name(zip, zip_uint64_t(i), 0))
            if (const std::string_view text = name; text.ends_with(".npy"))
                names.emplace(text.substr(0, text.size() - 4));
    return names;
}

/// Archive members are unpacked once by spool(): compressed ones cannot be entered in the middle.
Result<NumpyArray> openMember(zip_t* zip, const std::string& name, const std::string& path,
                              Progress& progress)
{
    const std::string where = path + ":" + name;
    const ZipEntry entry(zip_fopen(zip, (name + ".npy").c_str(), 0),
                         [](zip_file_t* file) { return file ? zip_fclose(file) : 0; });
    if (!entry)
        return Error{Error::Corrupt, "This array of the archive is damaged.", where};
    const Pull pull = [&](void* out, int64_t bytes) -> Result<int64_t> {
        const zip_int64_t got = zip_fread(entry.get(), out, zip_uint64_t(std::min<int64_t>(bytes, 1 << 20)));
        if (got < 0)
            return Error{Error::Corrupt, "This array of the archive is damaged or truncated.", where};
        return int64_t(got);
    };
    std::string begin(12, '\0');
    size_t have = 0, wanted = 12;
    while (have < wanted) {
        BITWRIGHT_TRY(const int64_t got, pull(begin.data() + have, int64_t(wanted - have)));
        have += size_t(got);
        if (have == 12 && wanted == 12)
            begin.resize(wanted = std::clamp<size_t>(headerEnd(begin), 12, kMaxHeader));
        if (got == 0)
            break;
    }
    BITWRIGHT_TRY(RawArray array, parseHeader(begin, where));
    BITWRIGHT_TRY(const int64_t bytes, checkedBytes(array, where));
    array.offset = 0;
    BITWRIGHT_TRY(auto spooled, spool(pull, bytes, where, progress));
    return NumpyArray{array, spooled};
}

Result<StoredSamplesPtr> assemble(const NumpyArray& images, const std::optional<NumpyArray>& labels,
                                  const std::string& split, const std::string& kind, const std::string& path)
{
    BITWRIGHT_TRY(auto samples, makeRawSamples(images.array, images.bytes, kind, path));
    if (labels) {
        BITWRIGHT_TRY(samples->labels, readLabels(labels->array, *labels->bytes, path));
    }
    samples->split = split;
    return StoredSamplesPtr(samples);
}

Result<StoredSamplesPtr> openArchive(const std::string& path, const std::string& split, Progress& progress)
{
    const Zip zip = openZip(path);
    if (!zip)
        return Error{Error::Corrupt, "The archive is damaged or truncated.", path};
    BITWRIGHT_TRY(const DataKeys keys, findDataKeys(arrayNames(zip.get()), split, path));
    BITWRIGHT_TRY(const NumpyArray images, openMember(zip.get(), keys.images, path, progress));
    std::optional<NumpyArray> labels;
    if (!keys.labels.empty()) {
        BITWRIGHT_TRY(labels, openMember(zip.get(), keys.labels, path, progress));
    }
    return assemble(images, labels, keys.split, "NPZ", path);
}

std::set<std::string> stems(const fs::path& folder)
{
    std::set<std::string> names;
    std::error_code failure;
    for (const auto& entry : fs::directory_iterator(folder, failure))
        if (entry.path().extension() == ".npy")
            names.insert(entry.path().stem());
    return names;
}

/// The labels that belong to images called `stem` beside it.
std::string labelsBeside(const std::set<std::string>& names, const std::string& stem)
{
    for (const std::string split : {"", "test", "train", "val"})
        if (const auto keys = findDataKeys(names, split, {});
            keys && keys->images == stem && !keys->labels.empty())
            return keys->labels;
    return names.count(stem + "_labels") ? stem + "_labels" : "";
}

} // namespace

bool recognisesNumpy(const std::string& path)
{
    std::error_code failure;
    if (fs::is_directory(path, failure))
        return !stems(path).empty();
    const auto begin = firstBytes(path, 6);
    if (begin && *begin == kMagic)
        return true;
    if (!begin || !begin->starts_with("PK"))
        return false;
    const Zip zip = openZip(path);
    return fs::path(path).extension() == ".npz" || (zip && !arrayNames(zip.get()).empty());
}

Result<StoredSamplesPtr> openNumpySamples(const std::string& path, const std::string& split,
                                          Progress& progress)
{
    const bool isFolder = fs::is_directory(path);
    const fs::path folder = isFolder ? fs::path(path) : fs::path(path).parent_path();
    if (!isFolder && firstBytes(path, 2) && firstBytes(path, 2)->starts_with("PK"))
        return openArchive(path, split, progress);
    const auto names = stems(folder.empty() ? "." : folder);
    DataKeys keys{fs::path(path).stem(), {}, {}};
    if (isFolder) {
        BITWRIGHT_TRY(keys, findDataKeys(names, split, path));
    } else {
        keys.labels = labelsBeside(names, keys.images);
    }
    const std::string file = isFolder ? (folder / (keys.images + ".npy")).string() : path;
    BITWRIGHT_TRY(const NumpyArray images, openNpy(file));
    std::optional<NumpyArray> labels;
    if (!keys.labels.empty()) {
        BITWRIGHT_TRY(labels, openNpy(folder / (keys.labels + ".npy")));
    }
    return assemble(images, labels, keys.split, "NPY", file);
}

} // namespace bitwright
