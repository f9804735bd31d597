// SPDX-License-Identifier: GPL-3.0-or-later
#include "tests/temporary_folder.h"
#include "tests/torch/model_files.h"
#include "tests/zip_bomb.h"

#include <cstdlib>
#include <iterator>
#include <random>

using namespace bitwright;
using namespace bitwright::test;

namespace {

class HostileFiles : public testing::Test {
protected:
    std::string write(const std::string& bytes) { return m_folder.write("file.pt", bytes); }

    static Error openError(const std::string& path)
    {
        Progress progress;
        OpenOptions options;
        options.timeLimitSeconds = 20;
        const auto runner = torchScriptBackend().open(path, options, progress);
        return runner ? Error{Error::Internal, "it opened", {}} : runner.error();
    }

    static std::string contents(const std::string& path)
    {
        std::ifstream file(path, std::ios::binary);
        return {std::istreambuf_iterator<char>(file), {}};
    }

    TemporaryFolder m_folder;
};

void expectSentence(const Error& error, const std::string& part)
{
    EXPECT_NE(error.message.find(part), std::string::npos) << error.message;
    EXPECT_EQ(error.message.find('\n'), std::string::npos) << error.message;
    EXPECT_FALSE(error.where.empty());
}

} // namespace

TEST_F(HostileFiles, ThatAreNoModelsSayWhatTheyAre)
{
    expectSentence(openError("/no/such/file.pt"), "cannot be read");
    expectSentence(openError(m_folder.path()), "cannot be read");
    expectSentence(openError(write("")), "empty");
    expectSentence(openError(write("hello")), "not a TorchScript archive");
    expectSentence(openError(write("<!DOCTYPE html><html>")), "web page");
    expectSentence(openError(write("version https://git-lfs.github.com/spec/v1\n")), "Git LFS pointer");
    expectSentence(openError(write("PK\3\4 and nothing more")), "truncated");
    expectSentence(openError(write(std::string("\x18\0\0\0PTMF", 8) + std::string(60, '\0'))), "mobile");
    expectSentence(openError(write(std::string("PK\5\6", 4) + std::string(18, '\0'))),
                   "not a TorchScript archive");
}

TEST_F(HostileFiles, OfOtherPyTorchKindsSayHowToMakeAModel)
{
    SKIP_WITHOUT_MODELS();
    expectSentence(openError(modelPath("state_dict.bad")), "torch.jit.script");
    expectSentence(openError(modelPath("legacy.bad")), "torch.jit.script");
    expectSentence(openError(modelPath("mobile.bad")), "mobile");
}

TEST_F(HostileFiles, TruncatedAnywhereAreRefused)
{
    SKIP_WITHOUT_MODELS();
    const std::string whole = contents(modelPath("residual.script.pt"));
    for (size_t i = 0; i < 60; ++i) {
        const Error error = openError(write(whole.substr(0, whole.size() * i / 60)));
        EXPECT_EQ(error.code, Error::Corrupt) << i << ": " << error.message;
    }
}

TEST_F(HostileFiles, WithFlippedBytesOpenOrGiveOneSentence)
{
    SKIP_WITHOUT_MODELS();
    const std::string whole = contents(modelPath("branches.script.pt"));
    std::mt19937 random(1);
    for (int i = 0; i < 60; ++i) {
        std::string damaged = whole;
        for (int k = 0; k < 4; ++k)
            damaged[random() % damaged.size()] ^= char(1 << random() % 8);
        const Error error = openError(write(damaged));
        EXPECT_EQ(error.message.find('\n'), std::string::npos) << error.message;
        EXPECT_FALSE(error.message.empty());
    }
}

TEST_F(HostileFiles, ThatPromiseFarMoreThanTheyHoldAreNotUnpacked)
{
    const Error error = openError(write(test::zipBomb("a/code/x")));
    EXPECT_EQ(error.code, Error::Limit) << error.message;
}

TEST_F(HostileFiles, WithEndlessLoopsAreStopped)
{
    SKIP_WITHOUT_MODELS();
    Progress progress;
    OpenOptions options;
    options.timeLimitSeconds = 1;
    const auto runner = torchScriptBackend().open(modelPath("endless.bad"), options, progress);
    ASSERT_FALSE(runner.has_value());
    EXPECT_EQ(runner.error().code, Error::Limit) << runner.error().text();
}
