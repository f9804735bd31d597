// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/base/sha256.h"
#include "core/calib/calibrate.h"
#include "core/io/weights/weights_file.h"
#include "core/io/weights/weights_runner.h"
#include "core/io/weights_hdf5.h"
#include "tests/damaged_bytes.h"
#include "tests/io/fake_model.h"
#include "tests/temporary_folder.h"

#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>
#include <iterator>
#include <random>

namespace bitwright::test {

inline std::string contentsOf(const std::string& path)
{
    std::ifstream file(path, std::ios::binary);
    return {std::istreambuf_iterator<char>(file), {}};
}

/// What make_weights.py has made, sorted; empty without PyTorch's Python.
inline std::vector<std::string> weightsCases()
{
    std::vector<std::string> files;
    std::error_code ignored;
    for (const auto& entry : std::filesystem::directory_iterator(BITWRIGHT_WEIGHTS_CASES, ignored))
        files.push_back(entry.path());
    std::sort(files.begin(), files.end());
    return files;
}

#define SKIP_WITHOUT_CASES()                                                                                 \
    if (!std::filesystem::exists(std::string(BITWRIGHT_WEIGHTS_CASES) + "/stored.keras"))                    \
    GTEST_SKIP() << "python3 has no PyTorch or h5py"

/// Writes one parameter in every format to a file of packed weights; the plan is that of the file.
inline ResolvedPlan exportWeights(const Tensor& weight, const std::string& path)
{
    StubRunner model;
    ResolvedPlan plan;
    for (const char* text :
         {"8:symmetric:tensor", "8:symmetric:channel", "4:asymmetric:channel", "3:narrow:group=7",
          "2:unsigned:tensor", "16:symmetric:channel", "binary", "ternary", "codebook4", "log4", "e4m3",
          "e2m1", "float16", "bfloat16", "float"}) {
        const QuantSpec spec = *parseSpec(text, QuantSpec::defaultWeights());
        const auto params = resolveWeight(weight, {text, weight.shape(), 0, 1}, spec);
        EXPECT_TRUE(params) << text;
        model.graphValue.parameters.push_back({text, DType::F32, weight.shape(), false, {}});
        model.parameters[text] = weight;
        plan.weights[text] = *params;
    }
    Progress progress;
    const auto written = writeWeightsHdf5(model, plan, "x", "y", path, progress);
    EXPECT_TRUE(written) << written.error().text();
    return plan;
}

/// Opens with the first reader that recognises the file; `format` says which.
inline Result<std::unique_ptr<ModelRunner>> openWeights(const std::string& path,
                                                        std::string* format = nullptr)
{
    Progress progress;
    for (const Backend& backend : weightsBackends())
        if (backend.recognises(path)) {
            if (format)
                *format = backend.name;
            return backend.open(path, {}, progress);
        }
    return Error{Error::Unsupported, "No reader recognises the file.", path};
}

inline void expectSentence(const Error& error, const std::string& part)
{
    EXPECT_NE(error.message.find(part), std::string::npos) << error.text();
    EXPECT_EQ(error.message.find('\n'), std::string::npos) << error.message;
    EXPECT_LE(error.message.size(), 1500u);
    EXPECT_FALSE(error.where.empty());
}

/// Opens the file and reads every tensor: each step gives something or one sentence. True when it opened.
inline bool survives(const std::string& path)
{
    const auto runner = openWeights(path);
    if (!runner) {
        expectSentence(runner.error(), "");
        return false;
    }
    for (const Parameter& parameter : (*runner)->graph().parameters) {
        const auto tensor = (*runner)->parameter(parameter.name);
        if (!tensor)
            EXPECT_EQ(tensor.error().message.find('\n'), std::string::npos) << tensor.error().message;
        else
            EXPECT_EQ(tensor->shape(), parameter.shape);
    }
    return true;
}

} // namespace bitwright::test
