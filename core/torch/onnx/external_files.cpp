// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/torch/guard_p.h"
#include "core/torch/onnx/external_files_p.h"

#include <algorithm>
#include <filesystem>

namespace bitwright::onnxin {
namespace {

namespace fs = std::filesystem;

[[noreturn]] void refuseExternal(const onnx::TensorProto& proto, const std::string& what,
                                 Error::Code code = Error::Corrupt)
{
    throw Stop{{code, "The tensor \"" + proto.name() + "\" " + what + ".", {}}};
}

struct External {
    std::string location;
    uint64_t offset = 0;
    int64_t length = -1;
};

External externalOf(const onnx::TensorProto& proto)
{
    External found;
    try {
        for (const auto& entry : proto.external_data()) {
            if (entry.key() == "location")
                found.location = entry.value();
            else if (entry.key() == "offset")
                found.offset = std::stoull(entry.value());
            else if (entry.key() == "length")
                found.length = std::stoll(entry.value());
        }
    } catch (const std::exception&) {
        refuseExternal(proto, "has an unreadable offset or length of its external data");
    }
    return found;
}

bool isOutside(const std::string& folder, const fs::path& location)
{
    if (location.empty() || location.is_absolute() ||
        std::any_of(location.begin(), location.end(), [](const fs::path& part) { return part == ".."; }))
        return true;
    std::error_code error;
    const fs::path path = fs::path(folder) / location;
    if (!fs::exists(path, error))
        return false;
    const fs::path base = fs::canonical(folder.empty() ? fs::path(".") : fs::path(folder), error);
    const fs::path real = fs::canonical(path, error);
    const auto inside = std::mismatch(base.begin(), base.end(), real.begin(), real.end());
    return error || inside.first != base.end();
}

} // namespace

ExternalFiles::ExternalFiles(std::string folder)
    : m_folder(std::move(folder))
{
}

const MappedFile& ExternalFiles::fileOf(const onnx::TensorProto& proto, const std::string& location)
{
    std::shared_ptr<const MappedFile>& file = m_files[location];
    if (file)
        return *file;
    if (isOutside(m_folder, location))
        refuseExternal(proto,
                       "has its data in \"" + location +
                           "\", which is outside the model's folder and is not read",
                       Error::Unsupported);
    const fs::path path = fs::path(m_folder) / location;
    std::error_code error;
    if (!fs::is_regular_file(path, error))
        refuseExternal(proto, "has its data in \"" + location +
                                  "\", which is not beside the model; put the file there");
    auto opened = MappedFile::open(path.string());
    if (!opened)
        refuseExternal(proto, opened.error().code == Error::Limit
                                  ? "is in one of thousands of files with external data; save them as one"
                                  : "has external data that cannot be read",
                       opened.error().code);
    file = std::move(*opened);
    return *file;
}

TensorBytes ExternalFiles::bytesOf(const onnx::TensorProto& proto, uint64_t needed)
{
    const External external = externalOf(proto);
    const MappedFile& file = fileOf(proto, external.location);
    if (external.offset > file.size() || file.size() - external.offset < needed ||
        (external.length >= 0 && uint64_t(external.length) < needed))
        refuseExternal(proto, "needs more bytes than its external data has; the file is truncated");
    return {const_cast<char*>(file.data()) + external.offset, m_files.at(external.location)};
}

std::vector<std::shared_ptr<const MappedFile>> ExternalFiles::files() const
{
    std::vector<std::shared_ptr<const MappedFile>> all;
    for (const auto& [location, file] : m_files)
        all.push_back(file);
    return all;
}

} // namespace bitwright::onnxin
