// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/torch/train/optimizer_p.h"
#include "core/torch/workers_p.h"

#include <ATen/ATen.h>
#include <ATen/core/grad_mode.h>
#include <torch/optim/adam.h>
#include <torch/optim/adamw.h>
#include <torch/optim/sgd.h>
#include <torch/serialize/input-archive.h>
#include <torch/serialize/output-archive.h>

#include <cmath>

namespace bitwright {
namespace {

namespace optim = torch::optim;

constexpr double kPi = 3.14159265358979323846;

template<typename Optimizer, typename Options>
std::unique_ptr<optim::Optimizer> make(const std::vector<at::Tensor>& decaying,
                                       const std::vector<at::Tensor>& others, Options options, double decay)
{
    std::vector<optim::OptimizerParamGroup> groups;
    Options first = options, second = options;
    first.weight_decay(decay);
    second.weight_decay(0);
    groups.emplace_back(decaying, std::make_unique<Options>(first));
    groups.emplace_back(others, std::make_unique<Options>(second));
    return std::make_unique<Optimizer>(groups, second);
}

void setRate(optim::Optimizer& optimizer, double rate)
{
    for (optim::OptimizerParamGroup& group : optimizer.param_groups())
        group.options().set_lr(rate);
}

} // namespace

double rateFactor(const TrainOptions& options, int64_t step, int64_t steps)
{
    const double total = double(std::max<int64_t>(steps, 1)), warm = options.warmup * total;
    const double at = double(step);
    if (at < warm)
        return (at + 1) / (warm + 1);
    if (options.schedule == "cosine")
        return 0.5 * (1 + std::cos(kPi * (at - warm) / std::max(total - warm, 1.0)));
    if (options.schedule == "step")
        return at >= 0.75 * total  ? options.stepFactor * options.stepFactor
               : at >= 0.5 * total ? options.stepFactor
                                   : 1;
    return 1;
}

TrainOptimizer::TrainOptimizer(const std::map<std::string, at::Tensor>& leaves,
                               const std::vector<at::Tensor>& ranges, const TrainOptions& options)
    : m_options(options)
{
    std::vector<at::Tensor> decaying, others;
    for (const auto& [name, leaf] : leaves) {
        (leaf.dim() >= 2 ? decaying : others).push_back(leaf);
        m_all.push_back(leaf);
    }
    const double decay = options.weightDecay;
    if (options.optimizer == "sgd")
        m_model = make<optim::SGD>(decaying, others, optim::SGDOptions(options.lr).momentum(options.momentum),
                                   decay);
    else if (options.optimizer == "adam")
        m_model = make<optim::Adam>(decaying, others, optim::AdamOptions(options.lr), decay);
    else
        m_model = make<optim::AdamW>(decaying, others, optim::AdamWOptions(options.lr), decay);
    if (!ranges.empty())
        m_ranges = std::make_unique<optim::Adam>(ranges, optim::AdamOptions(options.scaleLr).eps(1e-12));
    m_all.insert(m_all.end(), ranges.begin(), ranges.end());
}

TrainOptimizer::~TrainOptimizer() = default;

void TrainOptimizer::clearGradients()
{
    for (at::Tensor& tensor : m_all)
        tensor.mutable_grad().reset();
}

void TrainOptimizer::shareGradients()
{
    if (workers().isAlone())
        return;
    const at::NoGradGuard none;
    int64_t size = 0;
    for (const at::Tensor& tensor : m_all)
        size += tensor.numel() + 1;
    // Behind the gradients of a tensor stands whether there are any: a worker may not have reached it.
    at::Tensor flat = at::zeros({size}, c10::kFloat);
    int64_t at = 0;
    for (const at::Tensor& tensor : m_all) {
        if (tensor.grad().defined()) {
            flat.slice(0, at, at + tensor.numel()).copy_(tensor.grad().reshape({-1}));
            flat[at + tensor.numel()] = 1;
        }
        at += tensor.numel() + 1;
    }
    sumOverWorkers(flat);
    at = 0;
    for (at::Tensor& tensor : m_all) {
        if (flat[at + tensor.numel()].item<float>() > 0)
            tensor.mutable_grad() = (flat.slice(0, at, at + tensor.numel()) / double(workers().size()))
                                        .view(tensor.sizes())
                                        .to(tensor.scalar_type());
        at += tensor.numel() + 1;
    }
}

void TrainOptimizer::step(double factor)
{
    const at::NoGradGuard none;
    if (m_options.clip > 0) {
        double sum = 0;
        for (const at::Tensor& tensor : m_all)
            if (tensor.grad().defined())
                sum += std::pow(tensor.grad().norm().item<double>(), 2);
        if (const double norm = std::sqrt(sum); norm > m_options.clip)
            for (at::Tensor& tensor : m_all)
                if (tensor.grad().defined())
                    tensor.mutable_grad().mul_(m_options.clip / norm);
    }
    setRate(*m_model, m_options.lr * factor);
    m_model->step();
    if (m_ranges) {
        setRate(*m_ranges, m_options.scaleLr * factor);
        m_ranges->step();
    }
}

void TrainOptimizer::save(torch::serialize::OutputArchive& archive) const
{
    torch::serialize::OutputArchive model(archive.compilation_unit());
    m_model->save(model);
    archive.write("model_optimizer", model);
    if (!m_ranges)
        return;
    torch::serialize::OutputArchive ranges(archive.compilation_unit());
    m_ranges->save(ranges);
    archive.write("range_optimizer", ranges);
}

void TrainOptimizer::load(torch::serialize::InputArchive& archive)
{
    torch::serialize::InputArchive model;
    archive.read("model_optimizer", model);
    m_model->load(model);
    if (!m_ranges)
        return;
    torch::serialize::InputArchive ranges;
    archive.read("range_optimizer", ranges);
    m_ranges->load(ranges);
}

} // namespace bitwright
