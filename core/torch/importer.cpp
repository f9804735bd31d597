// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/torch/execute_p.h"
#include "core/torch/importer_p.h"
#include "core/torch/quantized_operators_p.h"
#include "core/torch/torch_compat_p.h"

#include <ATen/core/grad_mode.h>
#include <torch/csrc/jit/api/function_impl.h>
#include <torch/csrc/jit/passes/inline_fork_wait.h>
#include <torch/csrc/jit/serialization/import.h>

#include <algorithm>
#include <functional>

namespace bitwright {
namespace jit = torch::jit;
namespace {

/// Scripted attention takes its fused path unless gradients are wanted.
void requireGradients(Program& program)
{
    for (size_t i = 0; i < program.parameters.size(); ++i)
        if (program.parameters[i].is_floating_point() && !program.isBuffer[i])
            program.parameters[i] = program.parameters[i].detach().requires_grad_(true);
}

jit::Module loadModule(const std::string& path)
{
    jit::Module module = jit::load(path, c10::Device(c10::kCPU));
    if (!module.find_method("forward"))
        throw Stop{{Error::Unsupported, "The TorchScript module has no method \"forward\".", {}}};
    module.eval();
    return module;
}

LiftedGraph inlineAndLift(const jit::Module& module, const StopCheck& stop)
{
    const auto method = module.get_method("forward");
    const auto function = jit::tryToGraphFunction(method.function());
    std::shared_ptr<jit::Graph> graph = function->graph()->copy();
    inlineWithPaths(*graph, module, stop);
    jit::InlineForkWait(graph);
    inlineWithPaths(*graph, module, stop);
    LiftedGraph lifted = liftParameters(graph, module, stop);
    cleanUp(lifted.graph, stop);
    materializeWeights(lifted, stop);
    return lifted;
}

LiftedGraph copyOf(const LiftedGraph& lifted, std::unordered_map<const jit::Node*, jit::Node*>& nodes)
{
    LiftedGraph copy = lifted;
    copy.graph = lifted.graph->copy();
    const std::function<void(const jit::Block*, jit::Block*)> pair = [&](const jit::Block* a, jit::Block* b) {
        auto it = b->nodes().begin();
        for (const jit::Node* node : a->nodes()) {
            nodes[node] = *it;
            for (size_t i = 0; i < node->blocks().size(); ++i)
                pair(node->blocks()[i], (*it)->blocks()[i]);
            ++it;
        }
    };
    pair(lifted.graph->block(), copy.graph->block());
    return copy;
}

/// Numbers and flags that forward takes are part of the model from here on.
void fixConstants(LiftedGraph& lifted, const InputPlan& inputs)
{
    jit::WithInsertPoint point(*lifted.graph->nodes().begin());
    for (size_t i = 0; i < inputs.arguments.size(); ++i) {
        jit::Value* value = lifted.graph->inputs()[1 + i];
        if (inputs.arguments[i].kind != Argument::Constant || !value->hasUses())
            continue;
        if (const auto constant = jit::tryInsertConstant(*lifted.graph, inputs.arguments[i].constant))
            value->replaceAllUsesWith(*constant);
    }
}

class Importer {
public:
    Importer(const std::string& path, const OpenOptions& options, const StopCheck& stop)
        : m_options(options)
        , m_stop(stop)
        , m_model(std::make_shared<ImportedModel>())
    {
        m_model->path = path;
    }

    std::shared_ptr<ImportedModel> import(Progress& progress)
    {
        progress.begin("Reading the model", 5);
        m_model->module = loadModule(m_model->path);
        step(progress);
        m_model->original = inlineAndLift(m_model->module, m_stop);
        dequantize();
        step(progress);
        findInputs(progress);
        step(progress);
        simplify();
        takeEncodings();
        step(progress);
        m_model->program = compile(m_model->lifted, m_model->module._ivalue(), m_stop);
        step(progress);
        return m_model;
    }

private:
    void step(Progress& progress) const
    {
        m_stop.check();
        progress.advance();
    }

    /// An integer file opens as the float model that it was made from. Not where the graph is wanted as it is
    /// in the file, whose own kernels then run.
    void dequantize()
    {
        if (m_options.keepIntegers)
            return;
        auto weights = replaceQuantizedOperators(m_model->original, m_model->module, m_stop);
        m_isInteger = weights.has_value();
        m_model->moduleIsCurrent = !m_isInteger;
        m_model->encodings = std::move(weights).value_or(std::vector<FileEncoding>());
    }

    void takeEncodings()
    {
        if (!m_isInteger)
            return;
        const auto taken = takeActivationEncodings(m_model->lifted);
        m_model->encodings.insert(m_model->encodings.end(), taken.begin(), taken.end());
        m_model->lifted.removeUnusedParameters();
    }

    bool hasHalf() const
    {
        const auto& parameters = m_model->original.parameters;
        return std::any_of(parameters.begin(), parameters.end(),
                           [](const LiftedParameter& p) { return p.tensor.scalar_type() == c10::kHalf; });
    }

    void findInputs(Progress& progress)
    {
        if (!hasHalf())
            return searchInputs();
        try {
            searchInputs();
        } catch (const Stop& stop) {
            if (stop.error.code != Error::Unsupported)
                throw;
            widenHalf(m_model->original);
            searchInputs();
            progress.note(
                "The model's float16 weights are computed in float32, because LibTorch has no float16 "
                "kernels for this processor.");
        }
    }

    void searchInputs()
    {
        const auto program =
            std::make_shared<Program>(*compile(m_model->original, m_model->module._ivalue(), m_stop));
        requireGradients(*program);
        at::AutoGradMode gradients(true);
        const auto accepts = [&](const InputPlan& plan, int64_t batch) {
            BranchRecord branches;
            Executor executor(*program, m_stop);
            executor.branches = &branches;
            Frame frame = executor.start(plan.pack(plan.example(batch, 0)));
            executor.run(program->code, frame);
            if (batch == 1)
                m_model->branches = {};
            m_model->fixedBatch = batch == 1;
            for (const auto& [node, value] : branches.taken)
                m_model->branches.record(node, value);
            for (const auto& [node, value] : branches.contradictory)
                m_model->branches.contradictory[node] = value;
            m_model->branches.normRanks = branches.normRanks;
        };
        m_model->inputs =
            findExample({m_model->original, m_model->module, m_options.inputShapes, m_stop, accepts});
        if (m_model->fixedBatch)
            accepts(m_model->inputs, 1); // the record is that of the last candidate
        m_model->originalProgram = program;
    }

    void simplify()
    {
        std::unordered_map<const jit::Node*, jit::Node*> nodes;
        LiftedGraph& lifted = m_model->lifted;
        lifted = copyOf(m_model->original, nodes);
        BranchRecord branches;
        for (const auto& [node, value] : m_model->branches.taken)
            branches.taken[nodes.at(node)] = value;
        for (const auto& [node, value] : m_model->branches.contradictory)
            branches.contradictory[nodes.at(node)] = value;
        for (const auto& [node, rank] : m_model->branches.normRanks)
            nodes.at(node)->output()->setType(c10::TensorType::get()->withDim(rank));
        const SpliceOutcome outcome = spliceBranches(lifted, branches, m_stop);
        m_model->sizesDecide = outcome.dependsOnSizes;
        fixConstants(lifted, m_model->inputs);
        decomposeFusedAttention(lifted, m_stop);
        cleanUp(lifted.graph, m_stop);
        liftConstants(lifted, m_stop);
        normalize(lifted, m_stop);
        if (m_options.foldBatchNorm)
            foldBatchNorm(lifted, m_stop);
        cleanUp(lifted.graph, m_stop);
        lifted.removeUnusedParameters();
        if (!m_model->sizesDecide)
            m_model->originalProgram.reset();
    }

    const OpenOptions& m_options;
    const StopCheck& m_stop;
    std::shared_ptr<ImportedModel> m_model;
    bool m_isInteger = false; ///< the file has integer operators
};

} // namespace

std::shared_ptr<ImportedModel> importTorchScript(const std::string& path, const OpenOptions& options,
                                                 Progress& progress, const StopCheck& stop)
{
    return Importer(path, options, stop).import(progress);
}

} // namespace bitwright
