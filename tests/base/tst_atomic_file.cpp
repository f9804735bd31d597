// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/base/atomic_file.h"
#include "core/base/sha256.h"
#include "tests/temporary_folder.h"

#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>

namespace bitwright {
namespace {

namespace fs = std::filesystem;

struct AtomicFile : testing::Test {
    test::TemporaryFolder temporary;
    const fs::path& folder = temporary.path();
    size_t files() const
    {
        return size_t(std::distance(fs::directory_iterator(folder), fs::directory_iterator{}));
    }
};

TEST_F(AtomicFile, WritesTheWholeContents)
{
    const std::string path = folder / "a.txt";
    ASSERT_TRUE(writeFileAtomically(path, "hello"));
    EXPECT_EQ(*readFile(path), "hello");
    EXPECT_EQ(files(), 1u);
}

TEST_F(AtomicFile, KeepsTheEarlierFileWhenWritingFails)
{
    const std::string path = folder / "a.txt";
    ASSERT_TRUE(writeFileAtomically(path, "old"));
    const auto failed = writeAtomically(path, [](const std::string& temporary) -> Result<void> {
        std::ofstream(temporary) << "half";
        return Error{Error::Io, "disk full", {}};
    });
    EXPECT_EQ(failed.error().message, "disk full");
    EXPECT_EQ(*readFile(path), "old");
    EXPECT_EQ(files(), 1u);
}

TEST_F(AtomicFile, MovesCompanionsAlongAndKeepsThemWhenWritingFails)
{
    const std::string path = folder / "a.txt";
    for (const char* text : {"one", "two"}) {
        ASSERT_TRUE(writeAtomically(path, [&](const std::string& temporary) -> Result<void> {
            EXPECT_EQ(fs::path(temporary).filename(), "a.txt") << "for names inside the file";
            std::ofstream(temporary) << text;
            std::ofstream(temporary + ".data") << text << text;
            return {};
        }));
        EXPECT_EQ(*readFile(path), text);
        EXPECT_EQ(*readFile(path + ".data"), std::string(text) + text);
    }
    ASSERT_FALSE(writeAtomically(path, [](const std::string& temporary) -> Result<void> {
        std::ofstream(temporary + ".data") << "other";
        return Error{Error::Cancelled, "cancelled", {}};
    }));
    EXPECT_EQ(*readFile(path + ".data"), "twotwo");
    EXPECT_EQ(files(), 2u);
}

TEST_F(AtomicFile, WritersOfOnePathDoNotDisturbEachOther)
{
    const std::string path = folder / "a.txt";
    const auto outer = writeAtomically(path, [&](const std::string& temporary) -> Result<void> {
        std::ofstream(temporary) << "outer";
        EXPECT_TRUE(writeFileAtomically(path, "inner"));
        EXPECT_EQ(*readFile(path), "inner");
        return {};
    });
    ASSERT_TRUE(outer) << outer.error().text();
    EXPECT_EQ(*readFile(path), "outer");
    EXPECT_EQ(files(), 1u);
}

TEST_F(AtomicFile, SaysWhenTheDiskIsFull)
{
    if (!fs::exists("/dev/full"))
        GTEST_SKIP();
    fs::create_symlink("/dev/full", folder / "full");
    const auto failed = writeAtomically(folder / "b.txt", [&](const std::string&) -> Result<void> {
        std::ofstream file(folder / "full");
        file << std::string(100000, 'x');
        file.close();
        return file ? Result<void>() : Error{Error::Io, "full", {}};
    });
    EXPECT_FALSE(failed);
    EXPECT_FALSE(fs::exists(folder / "b.txt"));
}

TEST_F(AtomicFile, RefusesAFolderThatDoesNotExist)
{
    EXPECT_EQ(writeFileAtomically(folder / "no" / "a.txt", "x").error().code, Error::Io);
}

TEST_F(AtomicFile, Sha256MatchesThePublishedVectors)
{
    EXPECT_EQ(sha256("abc", 3), "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
    EXPECT_EQ(sha256("", 0), "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855");
    ASSERT_TRUE(writeFileAtomically(folder / "abc", "abc"));
    EXPECT_EQ(*sha256File(folder / "abc"), sha256("abc", 3));
    EXPECT_EQ(sha256File(folder / "none").error().code, Error::NotFound);
}

} // namespace
} // namespace bitwright
