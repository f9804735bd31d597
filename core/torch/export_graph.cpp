// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/quant/quantize.h"
#include "core/torch/export_graph_p.h"
#include "core/torch/guard_p.h"
#include "core/torch/runner_p.h"
#include "core/torch/tensor_bridge_p.h"

#include <ATen/ATen.h>
#include <torch/csrc/jit/passes/dead_code_elimination.h>

namespace bitwright {

namespace jit = torch::jit;
namespace aten = c10::aten;
namespace prim = c10::prim;

namespace {

jit::Value* fakeQuantizeInteger(jit::Graph& graph, ModuleBuilder& builder, jit::Value* value,
                                const QuantParams& params, ValueId id)
{
    const int64_t qmin = params.qmin, qmax = params.qmax;
    if (params.scale.size() == 1)
        return graph.insert(c10::Symbol::fromQualString("aten::fake_quantize_per_tensor_affine"),
                            {value, double(params.scale[0]), int64_t(params.zeroPoint.at(0)), qmin, qmax});
    const std::string name = "activation_grids.value" + std::to_string(id);
    const at::Tensor scale = at::tensor(c10::ArrayRef<float>(params.scale));
    const at::Tensor zero = at::tensor(c10::ArrayRef<int32_t>(params.zeroPoint));
    jit::Value* scaleValue = builder.add(name + "_scale", scale, ModuleBuilder::Kind::Buffer);
    jit::Value* zeroValue = builder.add(name + "_zero_point", zero, ModuleBuilder::Kind::Buffer);
    return graph.insert(c10::Symbol::fromQualString("aten::fake_quantize_per_channel_affine"),
                        {value, scaleValue, zeroValue, int64_t(params.axis), qmin, qmax});
}

jit::Value* castTo(jit::Graph& graph, jit::Value* value, at::ScalarType type)
{
    jit::Value* none = graph.insertConstant(at::IValue());
    return graph.insert(aten::to, {value, int64_t(type), false, false, none});
}

/// Rounds to a 16-bit float type and back.
jit::Value* roundTrip(jit::Graph& graph, jit::Value* value, at::ScalarType narrow)
{
    return castTo(graph, castTo(graph, value, narrow), at::kFloat);
}

} // namespace

ExportGraph copyForExport(const TorchRunner& runner)
{
    const LiftedGraph& lifted = runner.model().lifted;
    const Description& description = runner.description();
    ExportGraph target;
    target.graph = lifted.graph->copy();
    if (runner.model().sizesDecide)
        target.notes.push_back("The model decides by the sizes of its input; the file holds the way that "
                               "inputs like the example take.");
    const auto note = [&](const jit::Value* original, jit::Value* copied) {
        const auto ids = description.valueIds.find(original);
        const bool isList = original->type()->kind() == c10::TypeKind::ListType;
        if (ids == description.valueIds.end() || ids->second.size() != 1 || isList)
            return;
        const ValueId id = ids->second[0];
        target.values[id] = copied;
        if (const DType type = description.graph.values.at(size_t(id)).dtype; type != DType::F32)
            target.types[id] = type;
    };
    for (size_t i = 0; i <= lifted.userInputs; ++i)
        note(lifted.graph->inputs()[i], target.graph->inputs()[i]);
    for (size_t i = 0; i < lifted.parameters.size(); ++i)
        target.parameters[lifted.parameters[i].name] = target.graph->inputs()[1 + lifted.userInputs + i];
    auto copied = target.graph->nodes().begin();
    for (const jit::Node* node : lifted.graph->nodes()) {
        if (const auto id = description.nodeIds.find(node); id != description.nodeIds.end())
            target.nodes[id->second] = *copied;
        for (size_t i = 0; i < node->outputs().size(); ++i)
            note(node->outputs()[i], copied->outputs()[i]);
        ++copied;
    }
    return target;
}

void ExportGraph::bind(const std::string& parameter, jit::Value* attribute)
{
    jit::Value* input = parameters.at(parameter);
    input->replaceAllUsesWith(attribute);
    graph->eraseInput(input->offset());
    parameters.erase(parameter);
}

void ExportGraph::dropUnread()
{
    jit::EliminateDeadCode(graph);
    for (const auto& [name, input] : std::map(parameters)) {
        if (input->hasUses())
            continue;
        graph->eraseInput(input->offset());
        parameters.erase(name);
    }
}

void ExportGraph::bindFloatParameters(ModuleBuilder& builder, const TorchRunner& runner,
                                      const ResolvedPlan& plan, Progress& progress)
{
    dropUnread();
    std::map<std::string, at::Tensor> originals;
    for (const LiftedParameter& parameter : runner.model().lifted.parameters)
        originals[parameter.name] = parameter.tensor.detach();
    for (const auto& [name, input] : std::map(parameters)) {
        if (progress.cancelled())
            throw Stop{cancelledError()};
        at::Tensor tensor = originals.at(name);
        const auto params = plan.weights.find(name);
        if (params != plan.weights.end() && params->second.format != Format::Float32)
            tensor = toTorch(bitwright::fakeQuantize(floatFromTorch(tensor), params->second))
                         .to(tensor.scalar_type());
        const Parameter* described = runner.graph().findParameter(name);
        const bool buffer = !tensor.is_floating_point() || (described && described->isBuffer);
        bind(name, builder.add(name, tensor,
                               buffer ? ModuleBuilder::Kind::Buffer : ModuleBuilder::Kind::Parameter));
    }
}

void ExportGraph::fakeQuantize(ModuleBuilder& builder, ValueId id, const ActivationQuantizer& quantizer,
                               const std::string& site)
{
    const QuantParams& params = quantizer.params;
    if (!quantizer.dynamic && params.format == Format::Float32)
        return;
    const bool integer =
        params.format == Format::Int && params.rounding == Rounding::HalfEven && params.group == 0;
    const bool half = params.format == Format::Float16 || params.format == Format::BFloat16;
    if (quantizer.dynamic || (!integer && !half)) {
        notes.push_back("The output of " + site + " stays float: LibTorch has no operator for " +
                        (quantizer.dynamic ? "a range found in every run." : "its format or rounding."));
        return;
    }
    const auto found = values.find(id);
    if (found == values.end()) {
        notes.push_back(site + " stays float: it is an element of a tuple input.");
        return;
    }
    jit::Value* value = found->second;
    const bool isInput = value->node()->kind() == prim::Param;
    const jit::WithInsertPoint here(isInput ? builder.start() : value->node()->next());
    // LibTorch's fake-quantize operators take 32-bit floats only; the simulation computes in them too.
    const auto type = types.find(id);
    const bool isOther = type != types.end() && (type->second == DType::BF16 || type->second == DType::F16);
    jit::Value* wide = isOther ? castTo(*graph, value, at::kFloat) : value;
    jit::Value* result =
        integer ? fakeQuantizeInteger(*graph, builder, wide, params, id)
                : roundTrip(*graph, wide, params.format == Format::Float16 ? at::kHalf : at::kBFloat16);
    if (isOther)
        result = castTo(*graph, result, dtypeToTorch(type->second));
    value->replaceAllUsesAfterNodeWith(result->node(), result);
}

} // namespace bitwright
