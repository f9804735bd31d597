// SPDX-License-Identifier: GPL-3.0-or-later
// The models of make_models.py.
#pragma once

#include "core/torch/torch_backend.h"

#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

#include <filesystem>
#include <fstream>
#include <memory>
#include <string>
#include <vector>

namespace bitwright::test {

inline std::string modelPath(const std::string& name)
{
    return std::string(BITWRIGHT_TEST_MODELS) + "/" + name;
}
inline bool haveModels()
{
    return std::filesystem::exists(modelPath("cnn.script.pt"));
}
#define SKIP_WITHOUT_MODELS()                                                                                \
    if (!haveModels())                                                                                       \
    GTEST_SKIP() << "python3-torch is not installed"

/// Names of all models, without ".pt".
inline std::vector<std::string> modelNames()
{
    std::vector<std::string> names;
    if (haveModels())
        for (const auto& entry : std::filesystem::directory_iterator(BITWRIGHT_TEST_MODELS))
            if (entry.path().extension() == ".pt")
                names.push_back(entry.path().stem().string());
    std::sort(names.begin(), names.end());
    return names;
}

inline std::vector<Shape> inputShapes(const std::string& name)
{
    std::ifstream file(modelPath(name + ".inputs.json"));
    return nlohmann::json::parse(file).at("inputs").get<std::vector<Shape>>();
}

inline Result<std::unique_ptr<ModelRunner>> open(const std::string& name, bool fold, bool guess = false)
{
    OpenOptions options;
    options.foldBatchNorm = fold;
    options.keepIntegers = !fold; // the file as it is
    if (!guess)
        options.inputShapes = inputShapes(name);
    Progress progress;
    return torchScriptBackend().open(modelPath(name + ".pt"), options, progress);
}

/// Opens or fails the test with the reason.
inline std::unique_ptr<ModelRunner> opened(const std::string& name, bool fold = true)
{
    auto runner = open(name, fold);
    EXPECT_TRUE(runner.has_value()) << name << ": " << (runner ? "" : runner.error().text());
    return runner ? std::move(*runner) : nullptr;
}

inline std::vector<std::string> layerNames(const Graph& graph)
{
    std::vector<std::string> names;
    for (const Layer& layer : graph.layers)
        names.push_back(layer.name);
    return names;
}

inline std::vector<float> numbers(const Tensor& tensor)
{
    const Tensor floats = tensor.toFloat();
    return {floats.floats().begin(), floats.floats().end()};
}

} // namespace bitwright::test
