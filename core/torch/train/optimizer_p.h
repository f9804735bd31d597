// SPDX-License-Identifier: GPL-3.0-or-later
// LibTorch's optimizers under one schedule: one for the model, Adam for learned ranges.
#pragma once

#include "core/run/trainer.h"

#include <ATen/core/Tensor.h>

#include <map>
#include <memory>
#include <string>
#include <vector>

namespace torch::optim {
class Optimizer;
}
namespace torch::serialize {
class InputArchive;
class OutputArchive;
} // namespace torch::serialize

namespace bitwright {

/// Share of the highest rate at `step` of `steps`.
double rateFactor(const TrainOptions& options, int64_t step, int64_t steps);

class TrainOptimizer {
public:
    /// Only leaves with two and more dimensions decay.
    TrainOptimizer(const std::map<std::string, at::Tensor>& leaves, const std::vector<at::Tensor>& ranges,
                   const TrainOptions& options);
    ~TrainOptimizer();

    void clearGradients();
    /// The mean over all workers takes the place of what each has computed.
    void shareGradients();
    /// Clips and steps; `factor` of rateFactor.
    void step(double factor);
    void save(torch::serialize::OutputArchive& archive) const;
    void load(torch::serialize::InputArchive& archive);

private:
    std::unique_ptr<torch::optim::Optimizer> m_model, m_ranges; ///< the latter may be null
    std::vector<at::Tensor> m_all;
    TrainOptions m_options;
};

} // namespace bitwright
