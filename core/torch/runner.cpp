// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/torch/runner_p.h"
#include "core/torch/tensor_bridge_p.h"

#include <ATen/ATen.h>
#include <ATen/core/grad_mode.h>

#include <algorithm>

namespace bitwright {
namespace {

/// Index of the first top-level instruction that reads each slot, blocks included.
void noteReads(const Code& code, int32_t top, std::vector<int32_t>& first)
{
    for (size_t i = 0; i < code.instructions.size(); ++i) {
        const int32_t stage = top >= 0 ? top : int32_t(i);
        const auto note = [&](int32_t slot) {
            if (slot >= 0 && first[size_t(slot)] < 0)
                first[size_t(slot)] = stage;
        };
        for (const Instruction::Input& input : code.instructions[i].inputs)
            note(input.slot);
        for (const Code& block : code.instructions[i].blocks) {
            noteReads(block, stage, first);
            for (const int32_t slot : block.outputs)
                note(slot);
        }
    }
}

Stop invalid(const std::string& message)
{
    return Stop{{Error::InvalidArgument, message, {}}};
}

/// Input and model do not belong together.
Stop unfit(const std::string& message)
{
    return Stop{{Error::Unsupported, message, {}}};
}

} // namespace

TorchRunner::TorchRunner(std::shared_ptr<const ImportedModel> model, Description description)
    : m_model(std::move(model))
    , m_description(std::move(description))
{
    const Program& program = *m_model->program;
    std::vector<int32_t> first(size_t(program.slots), -1);
    noteReads(program.code, -1, first);
    for (size_t i = 0; i < program.parameterSlots.size(); ++i) {
        const int32_t reader = first[size_t(program.parameterSlots[i])];
        m_firstReader.push_back(reader < 0 ? lastStage() + 1 : reader);
        m_parameterIndex[m_model->lifted.parameters[i].name] = i;
    }
    m_valuesOfStage.resize(size_t(lastStage() + 2));
    for (const Value& value : graph().values)
        m_valuesOfStage[size_t(m_description.stageOfValue[size_t(value.id)] + 1)].push_back(value.id);
}

int32_t TorchRunner::lastStage() const
{
    return int32_t(m_model->program->code.instructions.size()) - 1;
}

Result<Tensor> TorchRunner::parameter(const std::string& name) const
{
    return guarded(name, [&]() -> Result<Tensor> {
        const auto it = m_parameterIndex.find(name);
        if (it == m_parameterIndex.end())
            return Error{Error::NotFound, "The model has no parameter of this name.", name};
        checkFiles();
        return fromTorch(m_model->lifted.parameters[it->second].tensor);
    });
}

Result<Batch> TorchRunner::exampleBatch(int64_t batch, uint64_t seed) const
{
    return guarded(m_model->path, [&]() -> Result<Batch> {
        if (batch < 1 || (batch > 1 && m_model->fixedBatch))
            return Error{
                Error::InvalidArgument, "The model accepts one sample at a time; use batch size 1.", {}};
        Batch made;
        for (const at::Tensor& tensor : m_model->inputs.example(batch, seed))
            made.push_back(fromTorch(tensor));
        return made;
    });
}

std::vector<at::Tensor> TorchRunner::convert(const Batch& batch) const
{
    const std::vector<TensorInput>& expected = m_model->inputs.tensors;
    if (batch.size() != expected.size())
        throw invalid("The model takes " + std::to_string(expected.size()) + " input tensors, but " +
                      std::to_string(batch.size()) + " were given.");
    std::vector<at::Tensor> inputs;
    for (size_t i = 0; i < batch.size(); ++i) {
        const size_t rank = expected[i].shape.size() + expected[i].isBatched;
        Shape asOne = expected[i].shape; // a batch of one sample
        asOne.insert(asOne.begin(), 1);
        if (!expected[i].isBatched && batch[i].shape() == asOne) {
            inputs.push_back(toTorch(batch[i].reshaped(expected[i].shape)).to(expected[i].type));
            continue;
        }
        if (!expected[i].isBatched && batch[i].shape() != expected[i].shape)
            throw unfit("The input \"" + expected[i].name + "\" has no batch and must be of the shape " +
                        shapeText(expected[i].shape) + ", not " + shapeText(batch[i].shape()) + ".");
        if (size_t(batch[i].dim()) != rank)
            throw unfit("The input \"" + expected[i].name + "\" must have " + std::to_string(rank) +
                        " dimensions with the batch, as in the example [N, " +
                        shapeText(expected[i].shape).substr(1) + ", but its shape is " +
                        shapeText(batch[i].shape()) + ".");
        if (m_model->fixedBatch && expected[i].isBatched && batch[i].shape()[expected[i].batchAxis] != 1)
            throw unfit("The model accepts one sample at a time; use batch size 1.");
        inputs.push_back(toTorch(batch[i]).to(expected[i].type));
    }
    return inputs;
}

void TorchRunner::checkBranches(const std::vector<at::Tensor>& inputs, const StopCheck& stop) const
{
    if (!m_model->originalProgram)
        return;
    std::vector<Shape> shapes;
    for (const at::Tensor& input : inputs)
        shapes.push_back(input.sizes().vec());
    {
        const std::lock_guard lock(m_mutex);
        if (m_checkedShapes.count(shapes))
            return;
    }
    BranchRecord branches;
    {
        at::AutoGradMode gradients(true); // as in the example run: fused attention would hide decisions
        Executor executor(*m_model->originalProgram, stop);
        executor.branches = &branches;
        Frame frame = executor.start(m_model->inputs.pack(inputs));
        executor.run(m_model->originalProgram->code, frame);
    }
    for (const auto& [node, value] : branches.taken) {
        const auto example = m_model->branches.taken.find(node);
        bool dependsOnSizes = false;
        const bool differs = example == m_model->branches.taken.end() || example->second != value;
        if (differs && isMetadataCondition(node->input(0), dependsOnSizes) && dependsOnSizes)
            throw unfit(
                "The model takes another way for inputs of this size than for the example; open it with the "
                "input shape " +
                shapeText(Shape(shapes[0].begin() + 1, shapes[0].end())) + ".");
    }
    const std::lock_guard lock(m_mutex);
    m_checkedShapes.insert(shapes);
}

void TorchRunner::checkFiles() const
{
    for (const auto& file : m_model->files)
        if (const auto same = file->check(); !same)
            throw Stop{same.error()};
}

void TorchRunner::checkConfig(const RunConfig& config) const
{
    checkFiles();
    for (const auto& [name, tensor] : config.weights) {
        const auto it = m_parameterIndex.find(name);
        if (it == m_parameterIndex.end())
            throw Stop{{Error::NotFound, "The model has no parameter of this name.", name}};
        if (m_model->lifted.parameters[it->second].tensor.sizes() != at::IntArrayRef(tensor.shape()))
            throw Stop{
                {Error::InvalidArgument, "The replacement has another shape than the parameter.", name}};
    }
    for (const auto& [id, quantizer] : config.activations)
        if (id < 0 || size_t(id) >= graph().values.size())
            throw invalid("The plan names a value that the model does not have.");
}

int32_t TorchRunner::stageBefore(NodeId node) const
{
    const ValueId made = graph().nodes.at(size_t(node)).outputs.at(0);
    return std::max(m_description.stageOfValue[size_t(made)] - 1, -1);
}

int32_t TorchRunner::firstDifference(const RunConfig& a, const RunConfig& b) const
{
    int32_t first = lastStage();
    const auto weight = [&](const std::string& name) {
        first = std::min(first, std::max(m_firstReader[m_parameterIndex.at(name)] - 1, -1));
    };
    const auto differs = [](const auto& map, const auto& entry, auto&& same) {
        const auto other = map.find(entry.first);
        return other == map.end() || !same(other->second, entry.second);
    };
    const auto sameTensor = [](const Tensor& x, const Tensor& y) { return x.data() == y.data(); };
    const auto sameQuantizer = [](const ActivationQuantizer& x, const ActivationQuantizer& y) {
        return x == y;
    };
    for (const auto& [one, other] : {std::pair(&a, &b), std::pair(&b, &a)}) {
        for (const auto& entry : one->weights)
            if (differs(other->weights, entry, sameTensor))
                weight(entry.first);
        for (const auto& entry : one->activations)
            if (differs(other->activations, entry, sameQuantizer))
                first = std::min(first, m_description.stageOfValue[size_t(entry.first)]);
        for (const auto& [node, product] : one->saturating) {
            const auto same = other->saturating.find(node);
            if (same == other->saturating.end() || same->second != product)
                first = std::min(first, stageBefore(node));
        }
    }
    return first;
}

Result<std::vector<Tensor>> TorchRunner::run(const Batch& batch, const RunConfig& config,
                                             const std::set<ValueId>& observed, const Observer& observer,
                                             Progress& progress) const
{
    return guarded(m_model->path, [&]() -> Result<std::vector<Tensor>> {
        const StopCheck stop(progress);
        at::NoGradGuard noGradients;
        checkConfig(config);
        std::vector<at::Tensor> inputs = convert(batch);
        checkBranches(inputs, stop);
        Path path(*this, config, stop);
        path.start(std::move(inputs));
        for (;;) {
            for (const auto& [id, value] : path.made(observed))
                observer(id, fromTorch(value));
            path.finishStage();
            if (path.atEnd())
                return path.outputs();
            path.step();
        }
    });
}

} // namespace bitwright
