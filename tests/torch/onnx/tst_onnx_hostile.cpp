// SPDX-License-Identifier: GPL-3.0-or-later
#include "tests/torch/onnx/onnx_case.h"

#include <ctime>
#include <fstream>
#include <random>

using namespace bitwright;
using namespace bitwright::test;

namespace {

class OnnxHostile : public testing::Test {
protected:
    Error errorOf(const onnx::ModelProto& model)
    {
        save(model, m_folder.file("model.onnx"));
        return errorOfFile(m_folder.file("model.onnx"));
    }

    Error errorOfBytes(const std::string& bytes)
    {
        std::ofstream(m_folder.file("bytes.onnx"), std::ios::binary) << bytes;
        return errorOfFile(m_folder.file("bytes.onnx"));
    }

    static Error errorOfFile(const std::string& path)
    {
        OpenOptions options;
        options.timeLimitSeconds = 20;
        const auto runner = openOnnx(path, options);
        return runner ? Error{Error::Internal, "it opened", path} : runner.error();
    }

    static void expectSentence(const Error& error, const std::string& part)
    {
        EXPECT_NE(error.message.find(part), std::string::npos) << error.message;
        EXPECT_EQ(error.message.find('\n'), std::string::npos) << error.message;
        EXPECT_LE(error.message.size(), 700u);
        EXPECT_FALSE(error.where.empty());
    }

    /// A small network that has a bit of everything.
    static onnx::ModelProto network()
    {
        ModelBuilder b;
        b.input("x", {-1, 3, 8, 8}).weight("c.weight", {4, 3, 3, 3}).weight("c.bias", {4});
        b.weight("f.weight", {5, 4}).integers("shape", {2}, {0, -1});
        ModelBuilder::set(b.node("Conv", {"x", "c.weight", "c.bias"}, {"a"}, "conv"), "pads",
                          std::vector<int64_t>{1, 1, 1, 1});
        b.node("Relu", {"a"}, {"r"}, "relu");
        b.node("GlobalAveragePool", {"r"}, {"p"}, "pool");
        b.node("Reshape", {"p", "shape"}, {"q"}, "reshape");
        ModelBuilder::set(b.node("Gemm", {"q", "f.weight"}, {"y"}, "gemm"), "transB", int64_t(1));
        b.output("y");
        return b.model;
    }

    TemporaryFolder m_folder;
};

} // namespace

TEST_F(OnnxHostile, TheNetworkItselfOpens)
{
    EXPECT_EQ(errorOf(network()).message, "it opened");
}

TEST_F(OnnxHostile, FilesThatAreNoModelsSayWhatIsWrong)
{
    expectSentence(errorOfFile("/no/such/model.onnx"), "cannot be read");
    expectSentence(errorOfBytes(""), "empty");
    expectSentence(errorOfBytes("what is this"), "truncated or damaged");
    expectSentence(errorOfBytes(std::string(5000, '\xff')), "truncated or damaged");
    onnx::ModelProto bare;
    bare.set_ir_version(8);
    expectSentence(errorOf(bare), "no graph");
}

TEST_F(OnnxHostile, FilesCutAnywhereGiveOneSentence)
{
    const std::string whole = network().SerializeAsString();
    for (int i = 0; i < 50; ++i)
        expectSentence(errorOfBytes(whole.substr(0, whole.size() * size_t(i) / 50)), "");
}

TEST_F(OnnxHostile, FilesWithFlippedBytesNeverCrash)
{
    const std::string whole = network().SerializeAsString();
    std::mt19937 random(7);
    for (int i = 0; i < 300; ++i) {
        std::string damaged = whole;
        for (int k = 0; k < 1 + i % 4; ++k)
            damaged[random() % damaged.size()] ^= char(1 << (random() % 8));
        expectSentence(errorOfBytes(damaged), "");
    }
}

TEST_F(OnnxHostile, CyclesAndMissingValuesAreNamed)
{
    ModelBuilder cycle;
    cycle.input("x", {1, 4}).output("b");
    cycle.node("Add", {"x", "b"}, {"a"}, "first");
    cycle.node("Relu", {"a"}, {"b"}, "second");
    expectSentence(errorOf(cycle.model), "\"first\"");
    expectSentence(errorOf(cycle.model), "cycle or is out of order");

    ModelBuilder twice;
    twice.input("x", {1, 4}).output("a");
    twice.node("Relu", {"x"}, {"a"}, "first");
    twice.node("Neg", {"x"}, {"a"}, "second");
    expectSentence(errorOf(twice.model), "Two nodes make the value \"a\"");

    ModelBuilder nothing;
    nothing.input("x", {1, 4}).output("missing");
    nothing.node("Relu", {"x"}, {"a"});
    expectSentence(errorOf(nothing.model), "No node makes the output \"missing\"");
}

TEST_F(OnnxHostile, UnknownOperatorsAreNamedWithDomainAndNode)
{
    ModelBuilder b;
    b.input("x", {1, 4}).output("y");
    b.node("Foo", {"x"}, {"y"}, "here").set_domain("bar");
    expectSentence(errorOf(b.model), "The operator Foo of the domain bar (node \"here\") is not supported.");
}

TEST_F(OnnxHostile, ShapesThatDoNotFitAreNamedWithTheirNode)
{
    ModelBuilder b;
    b.input("x", {1, 4}).weight("w", {5, 6}).output("y");
    b.node("MatMul", {"x", "w"}, {"y"}, "product");
    expectSentence(errorOf(b.model), "The node \"product\" (operator MatMul)");
}

TEST_F(OnnxHostile, AbsurdSizesAreRefusedAtOnce)
{
    const std::clock_t start = std::clock(); // of the processor: others may take the machine
    ModelBuilder overflow;
    overflow.input("x", {1, 4}).output("y");
    overflow.integers("w", {int64_t(1) << 40, int64_t(1) << 40}, {});
    overflow.node("Add", {"x", "w"}, {"y"});
    expectSentence(errorOf(overflow.model), "\"w\" has an impossible shape");

    ModelBuilder lacking;
    lacking.input("x", {1, 4}).weight("w", {1000, 1000}, {1, 2, 3}).output("y");
    lacking.node("Add", {"x", "w"}, {"y"});
    expectSentence(errorOf(lacking.model), "less data than its shape needs");

    for (const char* op : {"ConstantOfShape", "Expand", "Tile"}) {
        ModelBuilder huge;
        huge.input("x", {1, 4}).output("y");
        const int64_t many = int64_t(1) << 24;
        huge.integers("size", {2}, {many, many});
        const bool isMade = std::string(op) == "ConstantOfShape";
        huge.node(op, isMade ? std::vector<std::string>{"size"} : std::vector<std::string>{"x", "size"},
                  {"z"}, "big");
        huge.node("Exp", {"z"}, {"y"});
        expectSentence(errorOf(huge.model), "");
    }
    ModelBuilder input;
    input.input("x", {1, 3, int64_t(1) << 30, int64_t(1) << 30}).output("y");
    input.node("Relu", {"x"}, {"y"});
    expectSentence(errorOf(input.model), "");
    EXPECT_LT(std::clock() - start, 10 * CLOCKS_PER_SEC);
}

TEST_F(OnnxHostile, ExternalDataStaysInTheFolder)
{
    std::filesystem::create_directory(m_folder.path() / "inner");
    std::ofstream(m_folder.file("secret.bin")) << std::string(64, 'a');
    std::filesystem::create_symlink(m_folder.file("secret.bin"), m_folder.file("inner/link.bin"));
    for (const std::string location :
         {"../secret.bin", "/etc/hostname", "inner/../../secret.bin", "link.bin", ""}) {
        ModelBuilder b;
        b.input("x", {1, 4}).output("y");
        b.external("w", {4}, {{"location", location}});
        b.node("Add", {"x", "w"}, {"y"});
        save(b.model, m_folder.file("inner/model.onnx"));
        expectSentence(errorOfFile(m_folder.file("inner/model.onnx")), "outside the model's folder");
    }
}

TEST_F(OnnxHostile, GraphsNestedWithoutEndAreRefused)
{
    ModelBuilder b;
    b.input("x", {1, 4}).output("y");
    auto* graph = b.model.mutable_graph();
    for (int i = 0; i < 45; ++i) {
        auto* node = graph->add_node();
        node->set_op_type("If");
        node->add_input("x");
        node->add_output("y");
        auto* attribute = node->add_attribute();
        attribute->set_name("then_branch");
        graph = attribute->mutable_g();
        graph->add_output()->set_name("y");
    }
    expectSentence(errorOf(b.model), "");
}
