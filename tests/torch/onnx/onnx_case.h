// SPDX-License-Identifier: GPL-3.0-or-later
// ONNX files for tests: written, read, run.
#pragma once

#include "core/torch/torch_backend.h"
#include "tests/temporary_folder.h"

#include <gtest/gtest.h>
#include <onnx/onnx_pb.h>

#include <filesystem>
#include <set>
#include <string>
#include <vector>

namespace bitwright::test {

void save(const onnx::ModelProto& model, const std::string& path);
std::string contents(const std::string& path);

/// A numeric tensor of the file; 16-bit floats as F32, wide unsigned integers as I64.
Tensor tensorOf(const onnx::TensorProto& proto);
bool isNumeric(int elemType);

Result<std::unique_ptr<ModelRunner>> openOnnx(const std::string& path, const OpenOptions& options = {});
Result<std::vector<Tensor>> runOnce(const ModelRunner& runner, const Batch& batch);

/// Builds a small model node by node.
class ModelBuilder {
public:
    explicit ModelBuilder(int opset = 17);
    onnx::ModelProto model;

    /// Sizes of -1 are called "N", of -2 "S".
    ModelBuilder& input(const std::string& name, const std::vector<int64_t>& sizes, int elemType = 1);
    ModelBuilder& output(const std::string& name);
    ModelBuilder& weight(const std::string& name, const std::vector<int64_t>& sizes,
                         const std::vector<float>& values);
    /// Values from a fixed sequence.
    ModelBuilder& weight(const std::string& name, const std::vector<int64_t>& sizes);
    ModelBuilder& integers(const std::string& name, const std::vector<int64_t>& sizes,
                           const std::vector<int64_t>& values, int elemType = 7);
    /// A float initializer whose elements lie elsewhere: `entries` as {"location", "offset", "length"}.
    onnx::TensorProto& external(const std::string& name, const std::vector<int64_t>& sizes,
                                const std::vector<std::pair<std::string, std::string>>& entries);
    onnx::NodeProto& node(const std::string& op, const std::vector<std::string>& inputs,
                          const std::vector<std::string>& outputs, const std::string& name = {});
    static void set(onnx::NodeProto& node, const std::string& name, int64_t value);
    static void set(onnx::NodeProto& node, const std::string& name, const std::vector<int64_t>& values);
    static void set(onnx::NodeProto& node, const std::string& name, const std::string& value);
};

/// For tests that build a model and open it.
class OnnxFiles : public testing::Test {
protected:
    std::unique_ptr<ModelRunner> opened(const ModelBuilder& b)
    {
        save(b.model, m_folder.file("model.onnx"));
        auto runner = openOnnx(m_folder.file("model.onnx"));
        EXPECT_TRUE(runner) << runner.error().message;
        return runner ? std::move(*runner) : nullptr;
    }

    static std::vector<float> floatsOf(const ModelRunner& runner, const Batch& batch)
    {
        const auto outputs = runOnce(runner, batch);
        EXPECT_TRUE(outputs) << outputs.error().message;
        return outputs ? std::vector<float>(outputs->at(0).floats().begin(), outputs->at(0).floats().end())
                       : std::vector<float>();
    }

    static Tensor ramp(const Shape& shape)
    {
        Tensor tensor = Tensor::empty(DType::F32, shape);
        for (int64_t i = 0; i < tensor.size(); ++i)
            tensor.mutableFloats()[size_t(i)] = float((i * 37) % 41) / 10 - 2;
        return tensor;
    }

    static std::vector<std::string> namesOf(const Graph& graph)
    {
        std::vector<std::string> names;
        for (const Layer& layer : graph.layers)
            names.push_back(layer.name);
        return names;
    }

    TemporaryFolder m_folder;
};

/// Largest |a - b| - (absolute + relative |b|); 0 when all are within. Infinite for different shapes.
double worstExcess(const Tensor& a, const Tensor& b, double absolute, double relative);

/// A model with inputs and results, in the layout of ONNX's test data.
struct Case {
    std::string name;
    onnx::ModelProto model;
    Batch batch;
    std::vector<Tensor> expected;
};
Case loadCase(const std::filesystem::path& folder);
/// Inputs named in `steering` become initializers.
void loadData(Case& made, const std::filesystem::path& folder, const std::set<std::string>& steering = {});
/// Empty when the model gives its results (or at least their shapes).
std::string failure(const Case& tried, const TemporaryFolder& folder, bool comparesValues = true,
                    double absolute = 1e-5, double relative = 1e-3);

} // namespace bitwright::test
