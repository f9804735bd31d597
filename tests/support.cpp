// SPDX-License-Identifier: GPL-3.0-or-later
#include "tests/support.h"

#include "core/calib/activation_sites.h"

#include <algorithm>
#include <cmath>
#include <iterator>
#include <random>
#include <sstream>

namespace bitwright::test {

Tensor normalTensor(Shape shape, uint64_t seed, float sigma)
{
    std::mt19937_64 random(seed);
    Tensor tensor = Tensor::empty(DType::F32, std::move(shape));
    for (float& x : tensor.mutableFloats()) {
        // Irwin-Hall: std::normal_distribution differs between libraries.
        double sum = -6;
        for (int i = 0; i < 12; ++i)
            sum += double(random() >> 11) * 0x1p-53;
        x = float(sum) * sigma;
    }
    return tensor;
}

/// Reads the text of FakeRunner::fromText, which is part of the test: it may fail loudly.
class FakeParser {
public:
    FakeParser(FakeRunner& runner, uint64_t seed)
        : m_runner(runner)
        , m_graph(runner.m_graph)
        , m_seed(seed)
    {
    }

    void parse(const std::string& text)
    {
        std::istringstream lines(text);
        for (std::string line; std::getline(lines, line);) {
            std::istringstream words(line);
            std::vector<std::string> parts{std::istream_iterator<std::string>(words), {}};
            if (!parts.empty())
                addLine(parts);
        }
        m_runner.m_output = m_names.at(m_last);
        m_graph.outputNames = {m_last};
    }

private:
    ValueId addValue(const std::string& name, Shape shape, NodeId producer)
    {
        const auto id = ValueId(m_graph.values.size());
        m_graph.values.push_back({id, name, true, DType::F32, std::move(shape), true, producer});
        return id;
    }

    ValueId addNode(const std::string& kind, const std::string& scope, std::vector<ValueId> inputs,
                    Shape shape, std::vector<std::string> parameters = {})
    {
        const auto id = NodeId(m_graph.nodes.size());
        const ValueId out = addValue(scope + "." + kind, std::move(shape), id);
        m_graph.nodes.push_back(
            {id, "aten::" + kind, scope, std::move(inputs), {out}, std::move(parameters)});
        return out;
    }

    static Shape inputShape(const std::string& text)
    {
        Shape shape{1};
        std::istringstream parts(text);
        for (std::string part; std::getline(parts, part, 'x');)
            shape.push_back(std::stoll(part));
        return shape;
    }

    void addLine(const std::vector<std::string>& parts)
    {
        m_last = parts.at(0);
        const std::string& op = parts.at(2);
        if (op == "input") {
            m_graph.inputs.push_back(addValue(m_last, inputShape(parts.at(3)), kNone));
            m_names[m_last] = m_graph.inputs.back();
        } else if (op == "view") {
            const ValueId from = m_names.at(parts.at(3));
            m_names[m_last] = addNode("view", m_last, {from}, m_graph.values[size_t(from)].shape);
        } else {
            addLayer(op, parts);
        }
    }

    void addLayer(const std::string& op, const std::vector<std::string>& parts)
    {
        Layer layer;
        layer.id = LayerId(m_graph.layers.size());
        layer.name = m_last;
        layer.label = op;
        layer.op = op == "linear" ? OpKind::Linear
                   : op == "add"  ? OpKind::Add
                   : op == "mul"  ? OpKind::Mul
                                  : OpKind::Activation;
        layer.inputs.push_back(m_names.at(parts.at(3)));
        if (op == "add" || op == "mul")
            layer.inputs.push_back(m_names.at(parts.at(4)));
        Shape shape = m_graph.values[size_t(layer.inputs[0])].shape;
        std::vector<std::string> parameters;
        if (op == "linear")
            parameters = addLinear(layer, parts, shape);
        layer.node = NodeId(m_graph.nodes.size());
        layer.output = addNode(op, m_last, layer.inputs, shape, parameters);
        if (op != "relu" && parts.back() == "relu") {
            layer.activation = "relu";
            layer.fused = {NodeId(m_graph.nodes.size())};
            layer.output = addNode("relu", m_last, {layer.output}, shape);
        }
        for (const ValueId input : layer.inputs)
            layer.inputShapes.push_back(m_graph.values[size_t(input)].shape);
        layer.outputShape = shape;
        m_names[m_last] = layer.output;
        m_graph.layers.push_back(std::move(layer));
    }

    std::vector<std::string> addLinear(Layer& layer, const std::vector<std::string>& parts, Shape& shape)
    {
        const int64_t in = shape.back(), out = std::stoll(parts.at(4));
        const auto shares = std::find(parts.begin(), parts.end(), "shares");
        const std::string owner = shares == parts.end() ? m_last : *(shares + 1);
        shape.back() = out;
        layer.weights = {{owner + ".weight", {out, in}, 0, 1}};
        layer.biases = {owner + ".bias"};
        layer.macs = elementCount(shape) * in;
        if (owner == m_last) {
            layer.params = out * in + out;
            addParameter(owner + ".weight", {out, in}, 1 / std::sqrt(float(in)));
            addParameter(owner + ".bias", {out}, 0.1f);
        }
        return {owner + ".weight", owner + ".bias"};
    }

    void addParameter(const std::string& name, const Shape& shape, float sigma)
    {
        m_runner.m_parameters[name] = normalTensor(shape, m_seed++, sigma);
        m_graph.parameters.push_back({name, DType::F32, shape, false, {}});
    }

    FakeRunner& m_runner;
    Graph& m_graph;
    uint64_t m_seed;
    std::map<std::string, ValueId> m_names;
    std::string m_last;
};

std::shared_ptr<FakeRunner> FakeRunner::fromText(const std::string& text, uint64_t seed)
{
    auto runner = std::make_shared<FakeRunner>();
    FakeParser(*runner, seed * 1000).parse(text);
    return runner;
}

struct FakeRunner::Frame {
    std::vector<Tensor> raw, quantized;
};

Result<Tensor> FakeRunner::parameter(const std::string& name) const
{
    const auto it = m_parameters.find(name);
    if (it == m_parameters.end())
        return Error{Error::NotFound, "There is no such parameter.", name};
    return it->second;
}

Result<std::shared_ptr<const ModelRunner>>
FakeRunner::withParameters(const std::map<std::string, Tensor>& changed) const
{
    auto made = std::make_shared<FakeRunner>();
    made->m_graph = m_graph;
    made->m_output = m_output;
    made->m_parameters = m_parameters;
    for (const auto& [name, tensor] : changed)
        made->setParameter(name, tensor);
    return std::shared_ptr<const ModelRunner>(std::move(made));
}

Result<Batch> FakeRunner::exampleBatch(int64_t batch, uint64_t seed) const
{
    Batch inputs;
    for (const ValueId input : m_graph.inputs) {
        Shape shape = m_graph.values[size_t(input)].shape;
        shape[0] = batch;
        inputs.push_back(normalTensor(shape, seed++));
    }
    return inputs;
}

const Tensor& FakeRunner::weight(const RunConfig& config, const std::string& name) const
{
    const auto it = config.weights.find(name);
    return it == config.weights.end() ? m_parameters.at(name) : it->second;
}

void FakeRunner::put(Frame& frame, ValueId value, Tensor tensor, const RunConfig& config) const
{
    const auto quantizer = config.activations.find(value);
    frame.quantized[size_t(value)] =
        quantizer == config.activations.end() ? tensor : quantizeActivation(tensor, quantizer->second);
    frame.raw[size_t(value)] = std::move(tensor);
}

FakeRunner::Frame FakeRunner::start(const Batch& batch, const RunConfig& config) const
{
    Frame frame;
    frame.raw.resize(m_graph.values.size());
    frame.quantized.resize(m_graph.values.size());
    for (size_t i = 0; i < m_graph.inputs.size(); ++i)
        put(frame, m_graph.inputs[i], batch[i], config);
    return frame;
}

namespace {

Tensor dense(const Tensor& x, const Tensor& weight, const Tensor& bias)
{
    const int64_t in = weight.shape()[1], out = weight.shape()[0], rows = x.size() / in;
    Shape shape = x.shape();
    shape.back() = out;
    Tensor y = Tensor::empty(DType::F32, shape);
    for (int64_t r = 0; r < rows; ++r)
        for (int64_t o = 0; o < out; ++o) {
            float sum = bias.floats()[size_t(o)];
            for (int64_t i = 0; i < in; ++i)
                sum += x.floats()[size_t(r * in + i)] * weight.floats()[size_t(o * in + i)];
            y.mutableFloats()[size_t(r * out + o)] = sum;
        }
    return y;
}

template<typename Op>
Tensor elementwise(const Tensor& a, const Tensor& b, Op op)
{
    Tensor y = Tensor::empty(DType::F32, a.shape());
    for (size_t i = 0; i < a.floats().size(); ++i)
        y.mutableFloats()[i] = op(a.floats()[i], b.floats()[i]);
    return y;
}

} // namespace

Result<void> FakeRunner::finishNode(Frame& frame, const Node& node, const RunConfig& config) const
{
    const Tensor& a = frame.quantized[size_t(node.inputs[0])];
    const Tensor& b = frame.quantized[size_t(node.inputs.back())];
    const std::string op = node.kind.substr(6);
    const int64_t width = op == "linear" ? weight(config, node.parameters[0]).shape()[1] : a.shape().back();
    if (a.shape().back() != width)
        return Error{Error::InvalidArgument, "The input does not fit the weight.", node.scope};
    Tensor y = a;
    if (op == "linear")
        y = dense(a, weight(config, node.parameters[0]), weight(config, node.parameters[1]));
    else if (op == "relu")
        y = elementwise(a, a, [](float v, float) { return v > 0 ? v : 0; });
    else if (op == "add")
        y = elementwise(a, b, [](float v, float w) { return v + w; });
    else if (op == "mul")
        y = elementwise(a, b, [](float v, float w) { return v * w; });
    put(frame, node.outputs[0], std::move(y), config);
    return {};
}

Result<void> FakeRunner::execute(Frame& frame, size_t firstNode, const RunConfig& config,
                                 Progress& progress) const
{
    for (size_t i = firstNode; i < m_graph.nodes.size(); ++i) {
        if (beforeNode)
            beforeNode();
        if (progress.cancelled())
            return cancelledError();
        BITWRIGHT_CHECK(finishNode(frame, m_graph.nodes[i], config));
        ++nodesRun;
    }
    return {};
}

Result<std::vector<Tensor>> FakeRunner::run(const Batch& batch, const RunConfig& config,
                                            const std::set<ValueId>& observed, const Observer& observer,
                                            Progress& progress) const
{
    Frame frame = start(batch, config);
    BITWRIGHT_CHECK(execute(frame, 0, config, progress));
    for (const ValueId value : observed)
        observer(value, frame.raw[size_t(value)]);
    return std::vector<Tensor>{frame.quantized[size_t(m_output)]};
}

Result<std::array<std::vector<Tensor>, 2>>
FakeRunner::runPaired(const Batch& batch, const RunConfig& a, const RunConfig& b,
                      const std::set<ValueId>& observed, const PairSink& sink, Progress& progress) const
{
    Frame first = start(batch, a), second = start(batch, b);
    BITWRIGHT_CHECK(execute(first, 0, a, progress));
    BITWRIGHT_CHECK(execute(second, 0, b, progress));
    for (const ValueId value : observed)
        sink(value, first.raw[size_t(value)], second.raw[size_t(value)]);
    const auto output = size_t(m_output);
    return std::array<std::vector<Tensor>, 2>{std::vector{first.quantized[output]},
                                              std::vector{second.quantized[output]}};
}

size_t FakeRunner::firstChange(const Variant& variant) const
{
    std::set<ValueId> values = variant.removeActivations;
    for (const auto& [value, quantizer] : variant.changes.activations)
        values.insert(value);
    std::set<std::string> names = variant.removeWeights;
    for (const auto& [name, tensor] : variant.changes.weights)
        names.insert(name);
    for (const ValueId input : m_graph.inputs)
        if (values.count(input))
            return 0;
    const auto touched = [&](const Node& node) {
        return values.count(node.outputs[0]) ||
               std::any_of(node.parameters.begin(), node.parameters.end(),
                           [&](const auto& name) { return names.count(name); });
    };
    return size_t(std::find_if(m_graph.nodes.begin(), m_graph.nodes.end(), touched) - m_graph.nodes.begin());
}

Result<std::vector<Tensor>> FakeRunner::runVariants(const Batch& batch, const RunConfig& base,
                                                    std::span<const Variant> variants,
                                                    const VariantSink& sink, Progress& progress) const
{
    Frame whole = start(batch, base);
    BITWRIGHT_CHECK(execute(whole, 0, base, progress));
    for (size_t i = 0; i < variants.size(); ++i) {
        RunConfig config = base;
        for (const std::string& name : variants[i].removeWeights)
            config.weights.erase(name);
        for (const ValueId value : variants[i].removeActivations)
            config.activations.erase(value);
        for (const auto& [name, tensor] : variants[i].changes.weights)
            config.weights[name] = tensor;
        for (const auto& [value, quantizer] : variants[i].changes.activations)
            config.activations[value] = quantizer;
        const size_t first = firstChange(variants[i]);
        Frame frame = first == 0 ? start(batch, config) : whole;
        BITWRIGHT_CHECK(execute(frame, first, config, progress));
        const ValueId stop = variants[i].stopAt;
        sink(i, {stop == kNone ? frame.quantized[size_t(m_output)] : frame.raw[size_t(stop)]});
    }
    return std::vector<Tensor>{whole.quantized[size_t(m_output)]};
}

Result<Tensor> FakeDataset::images(std::span<const int64_t> indices) const
{
    Shape shape = m_images.shape();
    const int64_t size = elementCount(sampleShape());
    shape[0] = int64_t(indices.size());
    Tensor batch = Tensor::empty(DType::F32, shape);
    for (size_t i = 0; i < indices.size(); ++i)
        std::copy_n(m_images.floats().data() + indices[i] * size, size,
                    batch.mutableFloats().data() + int64_t(i) * size);
    return batch;
}

Result<std::vector<int64_t>> FakeDataset::labels(std::span<const int64_t> indices) const
{
    std::vector<int64_t> labels;
    for (const int64_t index : indices)
        if (hasLabels())
            labels.push_back(m_labels[size_t(index)]);
    return labels;
}

std::shared_ptr<FakeDataset> normalDataset(const Shape& sample, int64_t samples, int64_t classes,
                                           uint64_t seed)
{
    Shape shape = sample;
    shape.insert(shape.begin(), samples);
    std::vector<int64_t> labels;
    for (int64_t i = 0; i < samples && classes > 0; ++i)
        labels.push_back(i * 7 % classes);
    return std::make_shared<FakeDataset>(normalTensor(shape, seed), std::move(labels));
}

} // namespace bitwright::test
