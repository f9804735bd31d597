// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/run/backend.h"
#include "core/run/dataset.h"

#include <atomic>
#include <functional>
#include <memory>
#include <string>
#include <vector>

namespace bitwright::test {

/// A small model in plain loops, so that tests need no LibTorch. Made from text, one line a layer:
///
///     x = input 8               an input of [n, 8] ("4x8": [n, 4, 8])
///     h = linear x 16 relu      dense layer over the last axis with h.weight [16, 8] and h.bias, fused relu
///     g = linear h 16 shares h  the same parameters once more (needs the same shape)
///     v = view h                moves values only; not a layer
///     s = add h g               elementwise; also: mul, relu
///
/// The last line is the output. Parameters are seeded normal numbers / sqrt(inputs). Runs count the nodes
/// they execute.
class FakeRunner : public ModelRunner {
public:
    static std::shared_ptr<FakeRunner> fromText(const std::string& text, uint64_t seed = 1);

    const Graph& graph() const override { return m_graph; }
    Result<Tensor> parameter(const std::string& name) const override;
    Result<std::shared_ptr<const ModelRunner>>
    withParameters(const std::map<std::string, Tensor>& changed) const override;
    Result<Batch> exampleBatch(int64_t batch, uint64_t seed) const override;
    Result<std::vector<Tensor>> run(const Batch& batch, const RunConfig& config,
                                    const std::set<ValueId>& observed, const Observer& observer,
                                    Progress& progress) const override;
    Result<std::array<std::vector<Tensor>, 2>>
    runPaired(const Batch& batch, const RunConfig& a, const RunConfig& b, const std::set<ValueId>& observed,
              const PairSink& sink, Progress& progress) const override;
    Result<std::vector<Tensor>> runVariants(const Batch& batch, const RunConfig& base,
                                            std::span<const Variant> variants, const VariantSink& sink,
                                            Progress& progress) const override;

    /// Replaces a parameter by one of the same shape.
    void setParameter(const std::string& name, Tensor tensor) { m_parameters[name] = std::move(tensor); }
    /// Called before every node; may cancel the progress it knows.
    std::function<void()> beforeNode;
    mutable std::atomic<int64_t> nodesRun{0};

private:
    struct Frame; ///< values of a run, before and after their quantizers
    friend class FakeParser;
    Result<void> execute(Frame& frame, size_t firstNode, const RunConfig& config, Progress& progress) const;
    Result<void> finishNode(Frame& frame, const Node& node, const RunConfig& config) const;
    void put(Frame& frame, ValueId value, Tensor tensor, const RunConfig& config) const;
    Frame start(const Batch& batch, const RunConfig& config) const;
    size_t firstChange(const Variant& variant) const;
    const Tensor& weight(const RunConfig& config, const std::string& name) const;

    Graph m_graph;
    ValueId m_output = kNone;
    std::map<std::string, Tensor> m_parameters;
};

/// Samples in memory. `images` is F32 [n, ...]; `labels` n entries or empty.
class FakeDataset : public Dataset {
public:
    FakeDataset(Tensor images, std::vector<int64_t> labels)
        : m_images(std::move(images))
        , m_labels(std::move(labels))
    {
    }
    int64_t size() const override { return m_images.shape()[0]; }
    Shape sampleShape() const override { return {m_images.shape().begin() + 1, m_images.shape().end()}; }
    bool hasLabels() const override { return !m_labels.empty(); }
    std::vector<std::string> classes() const override { return {}; }
    const Preprocess& preprocess() const override { return m_preprocess; }
    std::string describe() const override { return "samples of a test"; }
    Result<Tensor> images(std::span<const int64_t> indices) const override;
    Result<std::vector<int64_t>> labels(std::span<const int64_t> indices) const override;

private:
    Tensor m_images;
    std::vector<int64_t> m_labels;
    Preprocess m_preprocess;
};

/// Seeded normal numbers, the same on every platform.
Tensor normalTensor(Shape shape, uint64_t seed, float sigma = 1);
/// `samples` seeded samples of `sample` shape, labels i * 7 % classes (none if classes is 0).
std::shared_ptr<FakeDataset> normalDataset(const Shape& sample, int64_t samples, int64_t classes,
                                           uint64_t seed);

} // namespace bitwright::test
