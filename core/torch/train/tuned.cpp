// SPDX-License-Identifier: GPL-3.0-or-later
// The model with other numbers in it.
#include "core/torch/exporters_p.h"
#include "core/torch/tensor_bridge_p.h"
#include "core/torch/train/save_p.h"
#include "core/torch/train/trainer_p.h"

#include <ATen/ATen.h>
#include <ATen/core/grad_mode.h>

#include <fstream>
#include <set>
#include <sstream>

namespace bitwright {
namespace jit = torch::jit;
namespace {

/// Writes `value` over the tensor called `name`; false when there is none of that type and shape.
bool assign(jit::Module module, const std::string& name, const at::Tensor& value)
{
    size_t begin = 0;
    for (size_t dot = name.find('.'); dot != std::string::npos; dot = name.find('.', begin)) {
        const std::string part = name.substr(begin, dot - begin);
        if (!module.hasattr(part) || !module.attr(part).isModule())
            return false;
        module = module.attr(part).toModule();
        begin = dot + 1;
    }
    const std::string last = name.substr(begin);
    if (!module.hasattr(last) || !module.attr(last).isTensor())
        return false;
    at::Tensor tensor = module.attr(last).toTensor();
    if (!tensor.defined() || tensor.sizes() != value.sizes() || tensor.scalar_type() != value.scalar_type())
        return false;
    tensor.copy_(value);
    return true;
}

/// A copy of the file's module with the numbers of `own`; false where it cannot say what the graph says.
bool updateModule(jit::Module& module, const std::map<std::string, at::Tensor>& own,
                  const Variables& variables, const LiftedGraph& lifted)
{
    for (const FoldedNorm& folded : lifted.folded)
        if (!variables.normOfWeight(folded.weight))
            return false; // the file's batch-norm would be applied to the folded weight
    for (const LiftedParameter& parameter : lifted.parameters)
        if (parameter.derived && own.count(parameter.name))
            return false; // the file computes it anew
    module = module.deepcopy();
    for (const auto& [name, value] : own)
        if (!assign(module, name, value))
            return false;
    return true;
}

void updateFolded(LiftedGraph& lifted, const std::map<std::string, at::Tensor>& own)
{
    const auto update = [&](at::Tensor& tensor, const std::string& name) {
        if (const auto found = own.find(name); tensor.defined() && found != own.end())
            tensor = found->second;
    };
    for (FoldedNorm& folded : lifted.folded) {
        update(folded.tensors.weight, folded.weight);
        if (folded.hadBias)
            update(folded.tensors.bias, folded.bias);
        update(folded.tensors.gamma, folded.gamma);
        update(folded.tensors.beta, folded.beta);
        update(folded.tensors.mean, folded.mean);
        update(folded.tensors.var, folded.var);
    }
}

/// Layers that share a batch-norm cannot move it each for itself.
bool sharesNorms(const std::vector<FoldedNorm>& folded)
{
    std::set<std::string> seen;
    for (const FoldedNorm& norm : folded)
        for (const std::string& name : {norm.gamma, norm.beta, norm.mean})
            if (!name.empty() && !seen.insert(name).second)
                return true;
    return false;
}

} // namespace

std::shared_ptr<const ModelRunner>
tunedRunner(const TorchRunner& runner, const TrainGraph::Deployed& deployed, const Variables& variables)
{
    const at::NoGradGuard none;
    std::map<std::string, at::Tensor> own;
    for (const auto& [name, tensor] : deployed.own)
        own[name] = tensor.detach().clone();
    auto model = std::make_shared<ImportedModel>(runner.model());
    model->fileQuantization.reset(); // its grids belong to the old weights
    auto program = std::make_shared<Program>(*model->program);
    for (size_t i = 0; i < model->lifted.parameters.size(); ++i) {
        LiftedParameter& parameter = model->lifted.parameters[i];
        const auto found = deployed.parameters.find(parameter.name);
        if (found == deployed.parameters.end())
            continue;
        parameter.tensor = found->second.detach().clone(at::MemoryFormat::Contiguous);
        program->parameters[i] = parameter.tensor;
    }
    model->program = program;
    if (model->moduleIsCurrent) {
        try {
            model->moduleIsCurrent = updateModule(model->module, own, variables, model->lifted);
        } catch (const std::exception&) { // objects of classes that LibTorch cannot copy
            model->moduleIsCurrent = false;
        }
    }
    if (std::all_of(model->lifted.folded.begin(), model->lifted.folded.end(), [&](const FoldedNorm& folded) {
            return variables.normOfWeight(folded.weight) != nullptr;
        }))
        updateFolded(model->lifted, own);
    else
        model->lifted.folded.clear();
    return std::make_shared<TorchRunner>(std::move(model), runner.description());
}

Result<std::shared_ptr<const ModelRunner>>
TorchRunner::withParameters(const std::map<std::string, Tensor>& changed) const
{
    return guarded(m_model->path, [&]() -> Result<std::shared_ptr<const ModelRunner>> {
        const at::NoGradGuard none;
        Variables variables(*m_model, !sharesNorms(m_model->lifted.folded), {});
        TrainGraph::Deployed deployed;
        std::map<std::string, at::Tensor> others; // buffers
        for (const auto& [name, value] : changed) {
            const auto found = m_parameterIndex.find(name);
            if (found == m_parameterIndex.end() ||
                m_model->lifted.parameters[found->second].tensor.sizes().vec() != value.shape())
                return Error{Error::InvalidArgument, "The model has no parameter of this name and shape.", name};
            const at::Tensor tensor =
                toTorch(value).to(m_model->lifted.parameters[found->second].tensor.scalar_type());
            if (!variables.setDeployed(name, tensor))
                others[name] = tensor;
        }
        deployed.parameters = variables.deployed({});
        deployed.own = variables.leaves();
        deployed.own.insert(variables.statistics().begin(), variables.statistics().end());
        for (const auto& [name, tensor] : others)
            deployed.parameters[name] = deployed.own[name] = tensor;
        return tunedRunner(*this, deployed, variables);
    });
}

void saveModel(const TorchRunner& runner, const std::string& path, const std::string& provenance,
               Progress& progress)
{
    if (!runner.model().moduleIsCurrent) {
        writeFakeQuant(runner, copyForExport(runner), {"torchscript-fakequant", path, {}, provenance},
                       progress);
        return;
    }
    std::ostringstream bytes;
    runner.model().module.save(bytes, {{"bitwright.txt", provenance}});
    if (!(std::ofstream(path, std::ios::binary) << bytes.str()).flush())
        throw Stop{{Error::Io, "The file cannot be written; is the disk full?", path}};
}

} // namespace bitwright
