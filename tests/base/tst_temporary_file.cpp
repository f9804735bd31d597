// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/base/temporary_file.h"

#include <fcntl.h>
#include <gtest/gtest.h>
#include <unistd.h>

#include <fstream>
#include <iterator>

namespace bitwright {
namespace {

TEST(TemporaryFile, IsReadByPathUntilTheNameGoesAndIsNotInherited)
{
    auto file = TemporaryFile::make(5, "archive.zip");
    ASSERT_TRUE(file) << file.error().text();
    ASSERT_TRUE(file->append("hel", 3));
    ASSERT_TRUE(file->append("lo", 2));
    std::ifstream read(file->path(), std::ios::binary);
    EXPECT_EQ(std::string(std::istreambuf_iterator<char>(read), {}), "hello");
    const std::string path = file->path();
    file->removeName();
    EXPECT_FALSE(std::ifstream(path)) << path;
    ASSERT_TRUE(file->append("!", 1)) << "it is there without a name";
    const int descriptor = file->release();
    EXPECT_EQ(::lseek(descriptor, 0, SEEK_CUR), 6);
    EXPECT_TRUE(::fcntl(descriptor, F_GETFD) & FD_CLOEXEC);
    ::close(descriptor);
}

TEST(TemporaryFile, LeavesNoNameBehind)
{
    std::string path;
    {
        const auto file = TemporaryFile::make(5, "archive.zip");
        ASSERT_TRUE(file);
        path = file->path();
        EXPECT_TRUE(std::ifstream(path)) << path;
    }
    EXPECT_FALSE(std::ifstream(path)) << path;
}

TEST(TemporaryFile, ThatNoDiskHoldsIsRefused)
{
    const auto file = TemporaryFile::make(int64_t(1) << 60, "archive.zip");
    ASSERT_FALSE(file);
    EXPECT_EQ(file.error().code, Error::Limit);
    EXPECT_EQ(file.error().where, "archive.zip");
}

} // namespace
} // namespace bitwright
