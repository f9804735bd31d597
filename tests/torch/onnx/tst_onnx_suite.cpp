// SPDX-License-Identifier: GPL-3.0-or-later
// ONNX's own test data (Debian: libonnx-testdata), all of it.
#include "tests/torch/onnx/onnx_case.h"

#include <algorithm>
#include <functional>
#include <map>
#include <set>

using namespace bitwright;
using namespace bitwright::test;

namespace {

const std::filesystem::path kData = "/usr/share/libonnx-testdata/data";
const char* const kFolders[] = {"node", "simple", "pytorch-converted", "pytorch-operator"};

/// What Bitwright does not read, and why. A model is out of scope when it has one of these.
struct OutOfScope {
    const char* operators; ///< of the standard domain, or "*" for a whole domain
    const char* domain;
    const char* reason;
};
constexpr OutOfScope kOutOfScope[] = {
    {"*", "ai.onnx.preview.training", "training operators"},
    {"SequenceAt SequenceConstruct SequenceEmpty SequenceErase SequenceInsert SequenceLength SequenceMap "
     "SplitToSequence ConcatFromSequence",
     "", "sequences"},
    {"OptionalHasElement OptionalGetElement Optional", "", "optionals"},
    {"StringNormalizer", "", "strings"},
};

/// Inputs that steer an operator. Exporters write them as constants, so the test does.
const std::map<std::string, std::set<int>> kSteering = {{"Reshape", {1}},
                                                        {"Expand", {1}},
                                                        {"Slice", {1, 2, 3, 4}},
                                                        {"Pad", {1, 2, 3}},
                                                        {"Resize", {1, 2, 3}},
                                                        {"Upsample", {1}},
                                                        {"Tile", {1, 2}},
                                                        {"TopK", {1}},
                                                        {"OneHot", {1, 2}},
                                                        {"Squeeze", {1}},
                                                        {"Unsqueeze", {1}},
                                                        {"Split", {1}},
                                                        {"Range", {0, 1, 2}},
                                                        {"ConstantOfShape", {0}},
                                                        {"Clip", {1, 2}},
                                                        {"CumSum", {1}},
                                                        {"Trilu", {1}},
                                                        {"Dropout", {1, 2}},
                                                        {"MaxUnpool", {2}},
                                                        {"DFT", {1}},
                                                        {"STFT", {1, 3}},
                                                        {"HannWindow", {0}},
                                                        {"HammingWindow", {0}},
                                                        {"BlackmanWindow", {0}},
                                                        {"Loop", {0, 1}},
                                                        {"ReduceSum", {1}},
                                                        {"NonMaxSuppression", {2, 3, 4}},
                                                        {"MelWeightMatrix", {0, 1, 2, 3, 4}},
                                                        {"CastLike", {1}}};

/// Their results are random: only shapes are compared.
const std::set<std::string> kRandom = {"Bernoulli", "RandomUniformLike"};

void forEachNode(const onnx::GraphProto& graph, const std::function<void(const onnx::NodeProto&)>& visit)
{
    for (const auto& node : graph.node()) {
        visit(node);
        for (const auto& attribute : node.attribute())
            if (attribute.has_g())
                forEachNode(attribute.g(), visit);
    }
}

bool listed(const std::string& list, const std::string& word)
{
    return (" " + list + " ").find(" " + word + " ") != std::string::npos;
}

std::string typeReason(const onnx::ValueInfoProto& info)
{
    if (info.type().has_sequence_type())
        return "sequences";
    if (info.type().has_optional_type())
        return "optionals";
    return info.type().tensor_type().elem_type() == onnx::TensorProto::STRING ? "strings" : "";
}

std::string outOfScope(const onnx::ModelProto& model, const std::string& name)
{
    std::string reason;
    for (const auto& info : model.graph().input())
        reason += reason.empty() ? typeReason(info) : "";
    for (const auto& info : model.graph().output())
        reason += reason.empty() ? typeReason(info) : "";
    forEachNode(model.graph(), [&](const onnx::NodeProto& node) {
        for (const OutOfScope& row : kOutOfScope)
            if (node.domain() == row.domain &&
                (std::string(row.operators) == "*" || listed(row.operators, node.op_type())))
                reason = reason.empty() ? row.reason : reason;
    });
    // The data wants pixels to be counted in fractions; ONNX Runtime and PyTorch count whole ones.
    if (name.find("resize_downsample_scales_") != std::string::npos && name.ends_with("align_corners"))
        return "runtimes disagree with the data";
    // Bits cut off instead of rounded, as no runtime does.
    if (name.find("FLOAT_to_BFLOAT16") != std::string::npos)
        return "the data truncates bfloat16";
    const bool drops =
        name.find("training_dropout") != std::string::npos && name.find("zero") == std::string::npos;
    return reason.empty() && drops ? "training operators" : reason;
}

std::set<std::string> steeringInputs(const onnx::ModelProto& model)
{
    std::set<std::string> names;
    forEachNode(model.graph(), [&](const onnx::NodeProto& node) {
        const auto row = kSteering.find(node.op_type());
        for (int i = 0; row != kSteering.end() && i < node.input_size(); ++i)
            if (row->second.count(i))
                names.insert(node.input(i));
    });
    for (const auto& info : model.graph().input())
        if (info.type().tensor_type().shape().dim_size() == 0 || info.name() == "like")
            names.insert(info.name());
    return names;
}

bool isRandom(const onnx::ModelProto& model)
{
    bool found = false;
    forEachNode(model.graph(),
                [&](const onnx::NodeProto& node) { found |= kRandom.count(node.op_type()) > 0; });
    return found;
}

} // namespace

TEST(OnnxSuite, EveryModelOfTheTestDataGivesItsResultsOrIsOutOfScopeForAReason)
{
    if (!std::filesystem::exists(kData))
        GTEST_SKIP() << "libonnx-testdata is not installed";
    const TemporaryFolder temporary;
    std::map<std::string, std::vector<std::string>> skipped, failed;
    int passed = 0;
    for (const char* folder : kFolders)
        for (const auto& entry : std::filesystem::directory_iterator(kData / folder)) {
            Case tried = loadCase(entry.path());
            const std::string reason = outOfScope(tried.model, tried.name);
            if (!reason.empty()) {
                skipped[reason].push_back(tried.name);
                continue;
            }
            loadData(tried, entry.path(), steeringInputs(tried.model));
            const std::string why = failure(tried, temporary, !isRandom(tried.model));
            passed += why.empty();
            if (!why.empty())
                failed[why].push_back(tried.name);
        }
    int outside = 0;
    for (const auto& [reason, names] : skipped) {
        std::printf("out of scope, %s: %zu\n", reason.c_str(), names.size());
        outside += int(names.size());
    }
    for (const auto& [why, names] : failed)
        for (const std::string& name : names)
            ADD_FAILURE() << name << ": " << why;
    std::printf("passed %d, out of scope %d, failed %zu\n", passed, outside, failed.size());
    EXPECT_GE(passed, 950);
    EXPECT_LE(outside, 90);
}
