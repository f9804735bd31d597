// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/base/progress.h"
#include "core/run/dataset.h"
#include "tests/temporary_folder.h"

#include <gtest/gtest.h>
#include <zlib.h>

#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <numeric>
#include <string>

namespace bitwright {

namespace fs = std::filesystem;

/// A test with a folder of its own and writers of small files in the formats under test.
struct FilesTest : testing::Test {
    test::TemporaryFolder temporary;
    const fs::path& folder = temporary.path();
    Progress progress;

    std::string put(const std::string& name, const std::string& contents) const
    {
        fs::create_directories((folder / name).parent_path());
        std::ofstream(folder / name, std::ios::binary) << contents;
        return folder / name;
    }
    std::string get(const std::string& name) const
    {
        std::ifstream file(folder / name, std::ios::binary);
        return {std::istreambuf_iterator<char>(file), {}};
    }
    std::string putGzip(const std::string& name, const std::string& contents) const
    {
        gzFile file = gzopen((folder / name).c_str(), "wb");
        gzwrite(file, contents.data(), unsigned(contents.size()));
        gzclose(file);
        return folder / name;
    }

    Result<std::shared_ptr<Dataset>> open(const fs::path& path, const std::string& split = {},
                                          const Preprocess& preprocess = {}, const Sidecar& model = {})
    {
        DataOptions options;
        options.split = split;
        options.preprocess = preprocess;
        return openDataset(path, options, model, progress);
    }
    /// Every sample; fails the test on errors.
    static std::vector<float> all(const Dataset& data)
    {
        const auto images = data.images(evaluationSubset(data.size(), -1));
        EXPECT_TRUE(images) << (images ? "" : images.error().text());
        if (!images)
            return {};
        const Tensor floats = images->toFloat();
        return {floats.floats().begin(), floats.floats().end()};
    }
    static std::vector<int64_t> allLabels(const Dataset& data)
    {
        return *data.labels(evaluationSubset(data.size(), -1));
    }
    /// Opens and reads all; for files that may be damaged.
    void tryAll(const fs::path& path)
    {
        if (const auto data = open(path))
            (void)(*data)->images(evaluationSubset((*data)->size(), 8));
    }
    /// The file cut at every `step` bytes, and with single bytes changed, never crashes.
    void tryDamaged(const std::string& name, size_t step)
    {
        const std::string whole = get(name);
        for (size_t size = 0; size < whole.size(); size += step) {
            put(name, whole.substr(0, size));
            tryAll(folder / name);
        }
        for (size_t at = 0; at < whole.size(); at += step) {
            std::string damaged = whole;
            damaged[at] = char(damaged[at] ^ (at % 2 ? 0xff : 0x80));
            put(name, damaged);
            tryAll(folder / name);
        }
        put(name, whole);
    }
    static bool python(const std::string& modules)
    {
        return std::system(("/usr/bin/python3 -c 'import " + modules + "' 2>/dev/null").c_str()) == 0;
    }
    bool runPython(const std::string& script) const
    {
        put("script.py", script);
        return std::system(("cd " + folder.string() + " && /usr/bin/python3 script.py").c_str()) == 0;
    }
};

inline std::string big32(uint32_t value)
{
    return {char(value >> 24), char(value >> 16), char(value >> 8), char(value)};
}

/// 0, 1, 2, ... as bytes.
inline std::string counting(size_t count)
{
    std::string bytes(count, '\0');
    std::iota(bytes.begin(), bytes.end(), char(0));
    return bytes;
}

inline std::string idx(char type, const std::vector<uint32_t>& shape, const std::string& elements)
{
    std::string bytes = {0, 0, type, char(shape.size())};
    for (const uint32_t size : shape)
        bytes += big32(size);
    return bytes + elements;
}

inline std::string npy(const std::string& dict, const std::string& elements, int version = 1)
{
    std::string bytes = "\x93NUMPY";
    bytes += {char(version), 0, char(dict.size()), char(dict.size() >> 8)};
    if (version > 1)
        bytes += std::string(2, '\0');
    return bytes + dict + elements;
}

} // namespace bitwright
