// SPDX-License-Identifier: GPL-3.0-or-later
#include "tests/torch/model_files.h"

#include <algorithm>

using namespace bitwright;
using namespace bitwright::test;
using Names = std::vector<std::string>;

namespace {

const Layer& layer(const Graph& graph, const std::string& name)
{
    static const Layer none;
    const Layer* found = graph.findLayer(name);
    EXPECT_NE(found, nullptr) << name;
    return found ? *found : none;
}

Names weightedNames(const Graph& graph)
{
    Names names;
    for (const Layer& layer : graph.layers)
        if (!layer.weights.empty())
            names.push_back(layer.name);
    return names;
}

std::string ownerOf(const std::string& parameter)
{
    const size_t dot = parameter.rfind('.');
    return dot == std::string::npos ? "" : parameter.substr(0, dot);
}

} // namespace

TEST(Layers, AreNamedByModulePathInScriptsAndTraces)
{
    SKIP_WITHOUT_MODELS();
    const Names expected{"conv1",        "layer1.0.conv1",      "layer1.0.conv2",
                         "layer1.0.add", "layer1.1.conv1",      "layer1.1.conv2",
                         "layer1.1.add", "adaptive_avg_pool2d", "fc"};
    for (const std::string name : {"residual.script", "residual.trace"})
        EXPECT_EQ(layerNames(opened(name)->graph()), expected) << name;
}

TEST(Layers, WithWeightsAreNamedByAModuleThatOwnsTheWeight)
{
    SKIP_WITHOUT_MODELS();
    for (const std::string& name : modelNames()) {
        const auto runner = opened(name);
        ASSERT_NE(runner, nullptr);
        for (const Layer& any : runner->graph().layers) {
            if (any.weights.empty())
                continue;
            const Parameter* weight = runner->graph().findParameter(any.weights[0].parameter);
            ASSERT_NE(weight, nullptr) << name;
            std::vector<std::string> owners{ownerOf(weight->name)};
            for (const std::string& alias : weight->aliases)
                owners.push_back(ownerOf(alias));
            const std::string module = any.name.substr(0, any.name.find('#'));
            const bool isRaw = owners[0].empty(); // a parameter of the root module itself
            EXPECT_TRUE(isRaw || std::count(owners.begin(), owners.end(), module))
                << name << ": " << any.name << " owns " << weight->name;
        }
    }
}

TEST(Layers, OfAttentionAreQuantizableInScriptsTracesAndFusedTraces)
{
    SKIP_WITHOUT_MODELS();
    const Names first{"enc.layers.0.self_attn",
                      "enc.layers.0.self_attn.div",
                      "enc.layers.0.self_attn.matmul",
                      "enc.layers.0.self_attn.softmax",
                      "enc.layers.0.self_attn.matmul#2",
                      "enc.layers.0.self_attn.out_proj",
                      "enc.layers.0.add",
                      "enc.layers.0.norm1",
                      "enc.layers.0.linear1",
                      "enc.layers.0.gelu",
                      "enc.layers.0.linear2",
                      "enc.layers.0.add#2",
                      "enc.layers.0.norm2"};
    for (const std::string name : {"encoder.script", "encoder.trace", "encoder.fused"}) {
        Names names = layerNames(opened(name)->graph());
        ASSERT_EQ(names.size(), 2 * first.size() + 2) << name;
        names.resize(first.size());
        EXPECT_EQ(names, first) << name;
    }
}

TEST(Layers, OfFrozenFilesAreNumberedByKind)
{
    SKIP_WITHOUT_MODELS();
    for (const std::string name : {"frozen.script", "frozen.trace"})
        EXPECT_EQ(weightedNames(opened(name)->graph()),
                  (Names{"conv2d_1", "conv2d_2", "conv2d_3", "conv2d_4", "conv2d_5", "linear_1"}))
            << name;
}

TEST(Layers, HaveUniqueNames)
{
    SKIP_WITHOUT_MODELS();
    for (const std::string& name : modelNames()) {
        const auto runner = opened(name);
        if (!runner)
            continue;
        Names names = layerNames(runner->graph());
        std::sort(names.begin(), names.end());
        EXPECT_EQ(std::adjacent_find(names.begin(), names.end()), names.end()) << name;
    }
}

TEST(Layers, CarryTheFoldedBatchNormAndTheActivationBehindThem)
{
    SKIP_WITHOUT_MODELS();
    const auto runner = opened("cnn.script");
    const Layer& first = layer(runner->graph(), "features.0");
    EXPECT_EQ(first.activation, "relu");
    EXPECT_EQ(first.outputShape, (Shape{1, 8, 28, 28}));
    EXPECT_EQ(first.macs, 8 * 28 * 28 * 9);
    EXPECT_EQ(first.params, 8 * 9 + 8);
    const Layer& second = layer(runner->graph(), "features.4");
    EXPECT_EQ(second.activation, "relu6");
    EXPECT_EQ(second.biases, Names{"features.4.bias"}); // made by folding
    for (const Layer& any : runner->graph().layers)
        EXPECT_NE(any.op, OpKind::BatchNorm);
}

TEST(Layers, KeepBatchNormsThatCannotBeFolded)
{
    SKIP_WITHOUT_MODELS();
    const auto first = opened("bn_first.trace");
    EXPECT_EQ(layer(first->graph(), "bn").op, OpKind::BatchNorm);
    EXPECT_EQ(layer(first->graph(), "conv").op, OpKind::Conv);
    const auto transposed = opened("transposed.script");
    EXPECT_EQ(layerNames(transposed->graph()), (Names{"down", "up", "grouped", "bn2"}));
    EXPECT_EQ(layer(transposed->graph(), "up").op, OpKind::ConvTranspose);
    EXPECT_EQ(layer(transposed->graph(), "up").weights[0].channelAxis, 1);
}

TEST(Layers, OfTransposedConvolutionsAreFoundWhateverTheirOperatorIsCalled)
{
    SKIP_WITHOUT_MODELS();
    for (const std::string form : {".script", ".trace"}) {
        const auto runner = opened("general_convolution" + form);
        ASSERT_EQ(runner->graph().layers.size(), 2u) << "both batch-norms are folded";
        EXPECT_EQ(runner->graph().layers[0].op, OpKind::ConvTranspose);
        EXPECT_EQ(runner->graph().layers[0].weights.at(0).channelAxis, 1);
        EXPECT_EQ(runner->graph().layers[1].op, OpKind::Conv);
    }
}

TEST(Layers, KeepBatchNormsWhoseChannelsAreNotTheirs)
{
    SKIP_WITHOUT_MODELS();
    for (const std::string form : {".script", ".trace"})
        EXPECT_EQ(layerNames(opened("norm_over_rows" + form)->graph()),
                  (Names{"rows", "norm", "mean", "head"}));
}

TEST(Layers, WithoutFoldingKeepEveryBatchNorm)
{
    SKIP_WITHOUT_MODELS();
    const auto runner = opened("cnn.trace", false);
    EXPECT_EQ(layer(runner->graph(), "features.1").op, OpKind::BatchNorm);
    EXPECT_EQ(layer(runner->graph(), "features.1").activation, "relu");
}

TEST(Layers, OfOneModuleCalledTwiceShareItsWeight)
{
    SKIP_WITHOUT_MODELS();
    for (const std::string name : {"twice.script", "twice.trace"}) {
        const auto runner = opened(name);
        const Graph& graph = runner->graph();
        EXPECT_EQ(weightedNames(graph), (Names{"conv", "conv#2", "fc"}));
        EXPECT_EQ(layer(graph, "conv#2").weights[0].parameter, "conv.weight");
        EXPECT_EQ(layer(graph, "conv#2").params, 0);
    }
}

TEST(Layers, OfTiedWeightsNameOneParameterWithAliases)
{
    SKIP_WITHOUT_MODELS();
    for (const std::string name : {"tied.script", "tied.trace"}) {
        const auto runner = opened(name);
        const Graph& graph = runner->graph();
        EXPECT_EQ(weightedNames(graph), (Names{"embed", "hidden", "decoder"})) << name;
        EXPECT_EQ(layer(graph, "decoder").weights[0].parameter, "embed.weight");
        const Parameter* tied = graph.findParameter("embed.weight");
        ASSERT_NE(tied, nullptr);
        EXPECT_EQ(tied->aliases, Names{"decoder.weight"});
    }
}

TEST(Layers, OfRawMatricesKnowTheirChannelAxis)
{
    SKIP_WITHOUT_MODELS();
    for (const std::string name : {"addmm.script", "addmm.trace"}) {
        const auto runner = opened(name);
        std::map<std::string, int> axes;
        for (const Layer& any : runner->graph().layers)
            for (const WeightRef& weight : any.weights)
                axes[weight.parameter] = weight.channelAxis;
        EXPECT_EQ(axes, (std::map<std::string, int>{{"w1", 0}, {"w2", 1}, {"plain.weight", 0}, {"w3", 0}}))
            << name;
    }
}

TEST(Layers, OfRecurrentNetworksListEveryMatrix)
{
    SKIP_WITHOUT_MODELS();
    const auto lstm = opened("lstm.script");
    EXPECT_EQ(layer(lstm->graph(), "lstm").weights.size(), 8u);
    EXPECT_EQ(layer(lstm->graph(), "lstm").biases.size(), 8u);
    const auto last = opened("last_state.trace");
    const Layer& rnn = layer(last->graph(), "rnn");
    EXPECT_EQ(rnn.outputShape, (Shape{1, 1, 12})); // the state is read, the sequence is not
    const auto loop = opened("cell_loop.script");
    EXPECT_EQ(layer(loop->graph(), "cell").weights.size(), 2u);
    EXPECT_EQ(layer(loop->graph(), "cell").output, kNone); // inside a loop
}

TEST(Layers, OfComputedWeightsQuantizeWhatTheConvolutionSees)
{
    SKIP_WITHOUT_MODELS();
    const auto runner = opened("weight_norm.trace");
    EXPECT_EQ(layer(runner->graph(), "conv").weights[0].parameter, "conv.weight");
    const auto spectral = opened("spectral_norm.trace"); // weight / (u . W v), with W reshaped by a list
    ASSERT_EQ(spectral->graph().layers.at(0).weights.size(), 1u);
    EXPECT_EQ(spectral->graph().layers.at(0).weights[0].parameter, "weight");
}

TEST(Graphs, OfModelsWithoutLayersAreEmptyButRun)
{
    SKIP_WITHOUT_MODELS();
    const auto runner = opened("plain.script");
    EXPECT_TRUE(runner->graph().layers.empty());
    EXPECT_TRUE(weightedNames(opened("weightless.trace")->graph()).empty());
}

TEST(Graphs, NameInputsAndOutputs)
{
    SKIP_WITHOUT_MODELS();
    const auto two = opened("two_inputs.script");
    ASSERT_EQ(two->graph().inputs.size(), 2u); // scale and mask are fixed at their defaults
    EXPECT_EQ(two->graph().values[size_t(two->graph().inputs[1])].name, "y");
    EXPECT_EQ(opened("dict_out.script")->graph().outputNames, (Names{"logits", "probabilities"}));
    const auto filled = opened("dict_filled.script");
    EXPECT_EQ(filled->graph().outputNames, (Names{"sum", "high"}));
    for (const Node& node : filled->graph().nodes)
        EXPECT_NE(node.kind, "aten::_set_item");
    EXPECT_EQ(opened("tuple_out.script")->graph().outputNames, (Names{"0", "1.0", "1.1"}));
    EXPECT_EQ(opened("states.script")->graph().inputs.size(), 3u);
}

TEST(Graphs, MarkBatchedValuesAndKeepDtypes)
{
    SKIP_WITHOUT_MODELS();
    const auto runner = opened("mixed.script");
    const Graph& graph = runner->graph();
    EXPECT_TRUE(graph.values[size_t(graph.inputs[0])].batched);
    ASSERT_NE(graph.findParameter("table"), nullptr);
    EXPECT_EQ(graph.findParameter("table")->dtype, DType::I64);
    EXPECT_TRUE(graph.findParameter("table")->isBuffer);
    const auto wide = opened("double.trace");
    EXPECT_EQ(wide->graph().values[size_t(wide->graph().inputs[0])].dtype, DType::F64);
    EXPECT_EQ(wide->parameter("head.weight")->dtype(), DType::F64);
}

TEST(Graphs, AreTheSameForTheSameFile)
{
    SKIP_WITHOUT_MODELS();
    EXPECT_EQ(opened("encoder.script")->graph(), opened("encoder.script")->graph());
}

TEST(Graphs, GuessAnExampleThatTheModelAccepts)
{
    SKIP_WITHOUT_MODELS();
    for (const std::string& name : modelNames()) {
        const auto runner = open(name, true, /*guess=*/true);
        EXPECT_TRUE(runner.has_value()) << name << ": " << (runner ? "" : runner.error().text());
    }
}

TEST(Graphs, OfInputsWithoutAnExampleSayHowToWrapTheModel)
{
    SKIP_WITHOUT_MODELS();
    Progress progress;
    const auto runner = torchScriptBackend().open(modelPath("dict_input.bad"), {}, progress);
    ASSERT_FALSE(runner.has_value());
    EXPECT_EQ(runner.error().code, Error::Unsupported);
    EXPECT_NE(runner.error().message.find("wrap the model"), std::string::npos) << runner.error().message;
}

TEST(Graphs, SayWhyAModelRefusesItsInput)
{
    SKIP_WITHOUT_MODELS();
    Progress progress;
    OpenOptions options;
    options.inputShapes = {{2, 3, 4}}; // no matrix
    const auto runner = torchScriptBackend().open(modelPath("methods.script.pt"), options, progress);
    ASSERT_FALSE(runner.has_value());
    const std::string& message = runner.error().message;
    EXPECT_NE(message.find("the model refuses it: bad shape ["), std::string::npos) << message;
    EXPECT_EQ(message.find("ASSERT"), std::string::npos) << message;
}

TEST(Graphs, KeepMasksThatAreMadeFromSizesOutOfTheLayers)
{
    SKIP_WITHOUT_MODELS();
    for (const std::string name : {"masked.script", "masked.trace"}) {
        const auto runner = opened(name);
        EXPECT_EQ(layerNames(runner->graph()), (Names{"fc", "matmul", "add", "softmax"})) << name;
        EXPECT_TRUE(runner->graph().unsupported.empty()) << runner->graph().unsupported[0];
    }
}

TEST(Graphs, OfModelsThatAreQuantizedAlreadyAreThoseOfTheirFloatModels)
{
    SKIP_WITHOUT_MODELS();
    const auto runner = opened("packed.script");
    EXPECT_EQ(weightedNames(runner->graph()), (std::vector<std::string>{"0", "2"}));
    EXPECT_TRUE(runner->graph().unsupported.empty());
    EXPECT_TRUE(runner->fileQuantization());
}

TEST(OpTraits, AreFoundByKindAndAbsentForStrangers)
{
    ASSERT_NE(opTraits("aten::conv2d"), nullptr);
    EXPECT_EQ(opTraits("aten::conv2d")->op, OpKind::Conv);
    EXPECT_EQ(opTraits("aten::max_pool2d")->op, OpKind::Passthrough);
    EXPECT_TRUE(opTraits("aten::relu")->fusable);
    EXPECT_EQ(opTraits("aten::no_such_operator"), nullptr);
    EXPECT_EQ(opTraits(""), nullptr);
}
