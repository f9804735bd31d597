// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/base/mapped_file.h"
#include "tests/temporary_folder.h"

#include <gtest/gtest.h>

#include <csignal>
#include <filesystem>
#include <fstream>
#include <numeric>
#include <thread>

namespace bitwright {
namespace {

namespace fs = std::filesystem;

struct Mapped : testing::Test {
    test::TemporaryFolder temporary;
    const fs::path& folder = temporary.path();
    fs::path path = folder / "data.bin";
    void SetUp() override { write(path, std::string(100'000, 'a')); }
    static void write(const fs::path& to, const std::string& contents)
    {
        std::ofstream(to, std::ios::binary) << contents;
    }
    /// Past the time in which the disk is not asked again.
    static void wait() { std::this_thread::sleep_for(std::chrono::milliseconds(250)); }
    static int64_t sum(const MappedFile& file)
    {
        return std::accumulate(file.data(), file.data() + file.size(), int64_t(0));
    }
};

TEST_F(Mapped, HoldsWhatTheFileHolds)
{
    const auto file = MappedFile::open(path);
    ASSERT_TRUE(file) << file.error().text();
    EXPECT_EQ((*file)->size(), 100'000u);
    EXPECT_EQ(sum(**file), 100'000 * int64_t('a'));
    EXPECT_TRUE((*file)->check());
}

TEST_F(Mapped, AnEmptyFileIsEmpty)
{
    write(path, "");
    const auto file = MappedFile::open(path);
    ASSERT_TRUE(file);
    EXPECT_EQ((*file)->size(), 0u);
    EXPECT_TRUE((*file)->check());
}

TEST_F(Mapped, FoldersAndMissingFilesAreRefused)
{
    EXPECT_EQ(MappedFile::open(folder).error().code, Error::Io);
    EXPECT_EQ(MappedFile::open(folder / "none").error().code, Error::Io);
}

TEST_F(Mapped, WritingToTheMemoryLeavesTheFile)
{
    {
        const auto file = MappedFile::open(path);
        const_cast<char*>((*file)->data())[7] = 'z';
    }
    std::ifstream in(path);
    std::string contents(8, ' ');
    in.read(contents.data(), 8);
    EXPECT_EQ(contents, "aaaaaaaa");
}

TEST_F(Mapped, AFileThatIsCutReadsAsZerosAndSaysSo)
{
    const auto file = MappedFile::open(path);
    fs::resize_file(path, 5000);
    EXPECT_GE(sum(**file), 5000 * int64_t('a')); // to the end of its page
    EXPECT_LT(sum(**file), 10'000 * int64_t('a'));
    const auto checked = (*file)->check();
    ASSERT_FALSE(checked);
    EXPECT_NE(checked.error().message.find("open the model again"), std::string::npos);
}

TEST_F(Mapped, AFileThatIsWrittenToSaysSoBeforeItIsRead)
{
    const auto file = MappedFile::open(path);
    wait();
    write(path, std::string(100'000, 'b'));
    EXPECT_FALSE((*file)->check());
}

TEST_F(Mapped, AFileWhosePlaceAnotherOneTookIsStillThere)
{
    const auto file = MappedFile::open(path);
    write(folder / "other", "b");
    fs::rename(folder / "other", path);
    EXPECT_TRUE((*file)->check());
    EXPECT_EQ(sum(**file), 100'000 * int64_t('a'));
}

TEST_F(Mapped, OtherBusErrorsStillEndTheProcess)
{
    testing::FLAGS_gtest_death_test_style = "threadsafe";
    const auto file = MappedFile::open(path);
    EXPECT_EXIT(raise(SIGBUS), testing::KilledBySignal(SIGBUS), "");
}

} // namespace
} // namespace bitwright
