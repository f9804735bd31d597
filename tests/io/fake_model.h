// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/io/report_html.h"
#include "core/run/backend.h"

#include <cmath>
#include <map>
#include <string>
#include <vector>

namespace bitwright::test {

/// Enough of a model for writers: a graph and its parameters. It cannot run.
class StubRunner : public ModelRunner {
public:
    Graph graphValue;
    std::map<std::string, Tensor> parameters;

    const Graph& graph() const override { return graphValue; }
    Result<Tensor> parameter(const std::string& name) const override
    {
        const auto found = parameters.find(name);
        if (found == parameters.end())
            return Error{Error::NotFound, "No such parameter.", name};
        return found->second;
    }
    Result<Batch> exampleBatch(int64_t, uint64_t) const override { return unsupported(); }
    Result<std::vector<Tensor>> run(const Batch&, const RunConfig&, const std::set<ValueId>&, const Observer&,
                                    Progress&) const override
    {
        return unsupported();
    }
    Result<std::array<std::vector<Tensor>, 2>> runPaired(const Batch&, const RunConfig&, const RunConfig&,
                                                         const std::set<ValueId>&, const PairSink&,
                                                         Progress&) const override
    {
        return unsupported();
    }
    Result<std::vector<Tensor>> runVariants(const Batch&, const RunConfig&, std::span<const Variant>,
                                            const VariantSink&, Progress&) const override
    {
        return unsupported();
    }

private:
    static Error unsupported() { return {Error::Unsupported, "The stub does not run.", {}}; }
};

/// Values of a bell-like shape, the same every time.
inline Tensor waves(Shape shape)
{
    std::vector<float> values(size_t(elementCount(shape)));
    for (size_t i = 0; i < values.size(); ++i)
        values[i] = 0.3F * float(std::sin(double(i) * 0.7) * std::sin(double(i) * 1.9));
    return Tensor::fromFloats(std::move(shape), values);
}

/// input -> conv "features.0" -> linear with the given name.
inline StubRunner twoLayerModel(const std::string& secondName = "head")
{
    StubRunner runner;
    Graph& g = runner.graphValue;
    g.values = {{0, "x", true, DType::F32, {1, 1, 4, 4}, true, kNone},
                {1, "features.0/out", true, DType::F32, {1, 2, 4, 4}, true, 0},
                {2, secondName + "/out", true, DType::F32, {1, 3}, true, 1}};
    g.nodes = {{0, "aten::conv2d", "features", {0}, {1}, {"features.0.weight"}},
               {1, "aten::linear", "", {1}, {2}, {secondName + ".weight"}}};
    g.inputs = {0};
    g.outputNames = {""};
    const auto add = [&](const std::string& name, Shape shape) {
        runner.parameters[name] = waves(shape);
        g.parameters.push_back({name, DType::F32, std::move(shape), false, {}});
    };
    add("features.0.weight", {2, 1, 3, 3});
    add(secondName + ".weight", {3, 32});
    Layer conv;
    conv.id = conv.node = 0;
    conv.name = "features.0";
    conv.op = OpKind::Conv;
    conv.label = "conv2d";
    conv.activation = "relu";
    conv.weights = {{"features.0.weight", {2, 1, 3, 3}, 0, 1}};
    conv.inputs = {0};
    conv.output = 1;
    conv.inputShapes = {{1, 1, 4, 4}};
    conv.outputShape = {1, 2, 4, 4};
    conv.params = 18;
    conv.macs = 288;
    Layer head;
    head.id = head.node = 1;
    head.name = secondName;
    head.op = OpKind::Linear;
    head.label = "linear";
    head.weights = {{secondName + ".weight", {3, 32}, 0, 1}};
    head.inputs = {1};
    head.output = 2;
    head.inputShapes = {{1, 2, 4, 4}};
    head.outputShape = {1, 3};
    head.params = head.macs = 96;
    g.layers = {conv, head};
    return runner;
}

/// Params of an integer grid.
inline QuantParams integerParams(int bits, int32_t qmin, int32_t qmax, std::vector<float> scale,
                                 std::vector<int32_t> zeroPoint, int axis = -1, int64_t group = 0)
{
    QuantParams params;
    params.format = Format::Int;
    params.bits = bits;
    params.qmin = qmin;
    params.qmax = qmax;
    params.scale = std::move(scale);
    params.zeroPoint = std::move(zeroPoint);
    params.axis = axis;
    params.group = group;
    return params;
}

} // namespace bitwright::test
