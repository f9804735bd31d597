// SPDX-License-Identifier: GPL-3.0-or-later
// What a model's forward takes, and an example that it accepts.
#pragma once

#include "core/run/backend.h"
#include "core/torch/passes_p.h"

#include <ATen/core/ivalue.h>
#include <c10/core/ScalarType.h>
#include <torch/csrc/jit/api/module.h>

#include <functional>
#include <string>
#include <vector>

namespace bitwright {

struct TensorInput {
    std::string name;
    c10::ScalarType type = c10::kFloat;
    Shape shape; ///< without batch
    size_t batchAxis = 0;
    Shape variant; ///< other sizes that the file and the model allow, without batch; empty = `shape` is fixed
    std::vector<std::string> symbols; ///< what the file calls the axes of `shape`; empty = none has a name
    bool isBatched = true;            ///< false: `shape` is the whole tensor, for any batch
    int64_t indexFirst = 0;           ///< integer inputs hold numbers in [indexFirst, indexLimit)
    int64_t indexLimit = 0;           ///< 0 = unknown: all are indexFirst
};

/// One argument of forward: a tensor, a fixed value, or a tuple or list of such.
struct Argument {
    enum Kind { Tensor, Constant, Tuple, List };
    Kind kind = Constant;
    size_t tensor = 0; ///< index into InputPlan::tensors
    c10::IValue constant;
    std::vector<Argument> children;
};

struct InputPlan {
    std::vector<TensorInput> tensors;
    std::vector<Argument> arguments;

    /// Seeded example with `batch` samples.
    std::vector<at::Tensor> example(int64_t batch, uint64_t seed) const;
    std::vector<c10::IValue> pack(const std::vector<at::Tensor>& tensors) const;
};

/// Reads the signature, guesses sizes from the first operator that has a weight, and tries them with
/// `accepts` (which throws when forward fails) until it succeeds at batch sizes 1 and 2, or at 1 alone.
/// Throws Stop with the reason of the first failure when nothing fits.
struct ExampleSearch {
    const LiftedGraph& lifted;
    const torch::jit::Module& module;
    const std::vector<Shape>& givenShapes;
    const StopCheck& stop;
    std::function<void(const InputPlan&, int64_t batch)> accepts;
};
InputPlan findExample(const ExampleSearch& search);

} // namespace bitwright
