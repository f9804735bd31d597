// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/base/atomic_file.h"
#include "core/base/hdf5_file.h"
#include "tests/temporary_folder.h"

#include <gtest/gtest.h>

#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <numeric>
#include <random>
#include <thread>

namespace bitwright {
namespace {

namespace fs = std::filesystem;

struct Hdf5 : testing::Test {
    test::TemporaryFolder temporary;
    const fs::path& folder = temporary.path();
    std::string path = folder / "a.h5";
    void put(const std::string& contents) const { std::ofstream(path, std::ios::binary) << contents; }

    std::vector<int16_t> values = std::vector<int16_t>(100 * 7 * 5);
    void writeExample(int deflate) const
    {
        auto file = Hdf5File::create(path);
        ASSERT_TRUE(file);
        ASSERT_TRUE(file->write("train/images", H5Type::I16, {100, 7, 5}, values.data(), deflate));
        ASSERT_TRUE(file->write("b", H5Type::F32, {3}, std::vector<float>{1.5f, -2, 3}.data()));
        ASSERT_TRUE(file->writeAttribute("train/images", "what", std::string("Füße")));
        ASSERT_TRUE(file->writeAttribute("", "count", int64_t(7)));
        ASSERT_TRUE(file->writeAttribute("train", "real", 0.25));
        ASSERT_TRUE(file->close());
    }
    Hdf5() { std::iota(values.begin(), values.end(), int16_t(-1000)); }

    static std::string typeKey(int type) { return std::string(1, char('a' + type)); }

    /// Reads everything there is; only for files that may be damaged.
    static void readAll(const std::string& path)
    {
        const auto file = Hdf5File::open(path);
        if (!file)
            return;
        const auto keys = file->datasets();
        if (!keys)
            return;
        for (const std::string& key : *keys) {
            const auto info = file->info(key);
            if (!info || info->shape.empty() || info->shape[0] == 0)
                continue;
            int64_t row = 8;
            for (size_t i = 1; i < info->shape.size(); ++i)
                row *= info->shape[i];
            if (row > (1 << 20))
                continue;
            std::vector<char> out(static_cast<size_t>(row));
            (void)file->readRows(key, info->shape[0] - 1, 1, out.data());
            (void)file->readAttribute(key, "what");
        }
    }
};

TEST_F(Hdf5, RefusesWhatIsNotHdf5)
{
    EXPECT_EQ(Hdf5File::open(path).error().code, Error::NotFound);
    EXPECT_EQ(Hdf5File::open(folder).error().code, Error::Unsupported);
    put("");
    EXPECT_EQ(Hdf5File::open(path).error().code, Error::Corrupt);
    put(std::string(5000, 'x'));
    EXPECT_EQ(Hdf5File::open(path).error().code, Error::Corrupt);
    put(std::string("\x89HDF\r\n\x1a\n", 8) + std::string(500, '\xff'));
    EXPECT_EQ(Hdf5File::open(path).error().code, Error::Corrupt);
    EXPECT_EQ(Hdf5File::open(path).error().where, path);
}

TEST_F(Hdf5, RefusesAFileThatEndsTooEarly)
{
    writeExample(0);
    const std::string whole = *readFile(path);
    for (size_t size = 0; size < whole.size(); size += 97) {
        put(whole.substr(0, size));
        EXPECT_EQ(Hdf5File::open(path).error().code, Error::Corrupt) << size;
    }
}

TEST_F(Hdf5, SurvivesAFileWithDamagedBytes)
{
    writeExample(4);
    const std::string whole = *readFile(path);
    std::mt19937 random(1);
    for (int i = 0; i < 300; ++i) {
        std::string damaged = whole;
        for (int flips = 0; flips < 4; ++flips)
            damaged[random() % damaged.size()] = char(random());
        put(damaged);
        readAll(path);
    }
}

TEST_F(Hdf5, ReadsBackWhatItWrote)
{
    for (const int deflate : {0, 4}) {
        writeExample(deflate);
        const auto file = Hdf5File::open(path);
        ASSERT_TRUE(file) << file.error().text();
        EXPECT_EQ(*file->datasets(), (std::vector<std::string>{"b", "train/images"}));
        EXPECT_EQ(*file->datasets("train"), (std::vector<std::string>{"train/images"}));
        EXPECT_TRUE(file->has("train"));
        EXPECT_FALSE(file->has("test/images"));
        const auto info = file->info("train/images");
        EXPECT_EQ(info->type, H5Type::I16);
        EXPECT_EQ(info->shape, (std::vector<int64_t>{100, 7, 5}));
        std::vector<int16_t> rows(3 * 35);
        ASSERT_TRUE(file->readRows("train/images", 97, 3, rows.data()));
        EXPECT_TRUE(std::equal(rows.begin(), rows.end(), values.end() - 3 * 35));
        std::vector<double> reals(35);
        ASSERT_TRUE(file->readRowsAs("train/images", H5Type::F64, 1, 1, reals.data()));
        EXPECT_EQ(reals[2], -963.0);
        EXPECT_EQ(*file->readAttribute("train/images", "what"), "Füße");
    }
}

TEST_F(Hdf5, KeepsEveryElementType)
{
    {
        auto file = Hdf5File::create(path);
        const uint8_t bytes[16] = {0, 0x3c, 0, 0xc0, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16};
        for (int type = 0; type <= int(H5Type::F64); ++type)
            ASSERT_TRUE(file->write(typeKey(type), H5Type(type), {2}, bytes));
        ASSERT_TRUE(file->close());
    }
    const auto file = Hdf5File::open(path);
    for (int type = 0; type <= int(H5Type::F64); ++type)
        EXPECT_EQ(int(file->info(typeKey(type))->type), type);
    float halves[2];
    ASSERT_TRUE(file->readRowsAs(typeKey(int(H5Type::F16)), H5Type::F32, 0, 2, halves));
    EXPECT_EQ(halves[0], 1.f);
    EXPECT_EQ(halves[1], -2.f);
}

TEST_F(Hdf5, NamesFileAndKeyInErrors)
{
    writeExample(4);
    const auto file = Hdf5File::open(path);
    char out[64];
    EXPECT_EQ(file->info("train/none").error().where, path + ":train/none");
    EXPECT_EQ(file->info("train/none").error().code, Error::NotFound);
    EXPECT_EQ(file->info("none/none").error().code, Error::NotFound);
    EXPECT_FALSE(file->info("train"));
    EXPECT_EQ(file->readRows("b", 2, 2, out).error().code, Error::InvalidArgument);
    EXPECT_EQ(file->readRows("b", -1, 1, out).error().code, Error::InvalidArgument);
    EXPECT_EQ(file->readRows("b", INT64_MAX, INT64_MAX, out).error().code, Error::InvalidArgument);
    EXPECT_EQ(file->readAttribute("b", "what").error().code, Error::NotFound);
    EXPECT_EQ(file->readAttribute("", "count").error().code, Error::Unsupported);
    EXPECT_EQ(file->datasets("none").error().code, Error::NotFound);
    EXPECT_EQ(Hdf5File::create(folder / "no" / "a.h5").error().code, Error::Io);
}

TEST_F(Hdf5, RefusesToWriteAKeyTwice)
{
    auto file = Hdf5File::create(path);
    const int32_t one = 1;
    ASSERT_TRUE(file->write("a", H5Type::I32, {}, &one));
    EXPECT_EQ(file->write("a", H5Type::I32, {}, &one).error().code, Error::Io);
    EXPECT_EQ(file->write("b", H5Type::I32, {-1}, &one).error().code, Error::InvalidArgument);
    ASSERT_TRUE(file->write("empty", H5Type::I32, {0, 3}, nullptr, 4));
}

TEST_F(Hdf5, WritesTheSameBytesForTheSameContents)
{
    writeExample(4);
    const std::string first = *readFile(path);
    writeExample(4);
    EXPECT_EQ(*readFile(path), first);
}

TEST_F(Hdf5, ServesSeveralThreadsWithFilesOfTheirOwn)
{
    writeExample(4);
    std::vector<int> good(4, 0);
    std::vector<std::thread> threads;
    for (int t = 0; t < 4; ++t)
        threads.emplace_back([&, t] {
            const auto file = Hdf5File::open(path);
            std::vector<int16_t> row(35);
            for (int i = 0; i < 100; ++i)
                good[size_t(t)] +=
                    file->readRows("train/images", i, 1, row.data()) && row[0] == values[size_t(i) * 35];
        });
    for (auto& thread : threads)
        thread.join();
    EXPECT_EQ(good, std::vector<int>(4, 100));
}

TEST_F(Hdf5, AgreesWithH5py)
{
    if (std::system("/usr/bin/python3 -c 'import h5py, numpy' 2>/dev/null") != 0)
        GTEST_SKIP() << "h5py is not installed";
    writeExample(4);
    std::ofstream(folder / "check.py") << R"(
import h5py, numpy as np, sys
f = h5py.File(sys.argv[1])
d = f['train/images']
assert d.dtype == np.int16 and d.shape == (100, 7, 5) and d.compression == 'gzip'
assert (d[...].ravel() == np.arange(3500) - 1000).all()
assert d.attrs['what'] == 'F\u00fc\u00dfe' and f.attrs['count'] == 7 and f['train'].attrs['real'] == 0.25
g = h5py.File(sys.argv[2], 'w')
g['big'] = np.arange(6, dtype='>f4').reshape(2, 3)
g['half'] = np.array([0.5], np.float16)
g['text'] = 'x'
g['bool'] = np.array([True])
g['complex'] = np.array([1j])
g.create_dataset('outside', (4,), 'u1', external='/etc/passwd')
g.create_dataset('huge', (2**62,), 'u1', chunks=(1024,))
g['big'].attrs['fixed'] = np.bytes_('abc')
)";
    const std::string other = folder / "b.h5";
    ASSERT_EQ(std::system(
                  ("/usr/bin/python3 " + (folder / "check.py").string() + " " + path + " " + other).c_str()),
              0);
    const auto file = Hdf5File::open(other);
    float big[6], half;
    EXPECT_EQ(file->info("big")->type, H5Type::F32);
    ASSERT_TRUE(file->readRows("big", 0, 2, big));
    EXPECT_EQ(big[4], 4.f);
    ASSERT_TRUE(file->readRowsAs("half", H5Type::F32, 0, 1, &half));
    EXPECT_EQ(half, 0.5f);
    EXPECT_EQ(*file->readAttribute("big", "fixed"), "abc");
    for (const char* key : {"text", "bool", "complex", "outside"})
        EXPECT_EQ(file->info(key).error().code, Error::Unsupported) << key;
    EXPECT_EQ(file->info("huge")->shape[0], int64_t(1) << 62);
}

} // namespace
} // namespace bitwright
