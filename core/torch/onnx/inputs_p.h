// SPDX-License-Identifier: GPL-3.0-or-later
// What an ONNX model takes, and the example sizes to read it with.
#pragma once

#include "core/torch/example_input_p.h"

#include <onnx/onnx_pb.h>

#include <map>
#include <string>
#include <vector>

namespace bitwright::onnxin {

struct DeclaredInput {
    struct Dim {
        int64_t size = -1;  ///< -1: any
        std::string symbol; ///< of a size that may be any; sizes of one symbol are equal
    };
    std::string name;
    int elemType = 0;
    bool hasShape = false;
    std::vector<Dim> dims;
    int batchAxis = -1;                     ///< -1: none
    int64_t indexFirst = 0, indexLimit = 0; ///< as in TensorInput
};

/// The inputs of the graph that are no initializers; one without a declared shape gets the rank of what the
/// user gives, or of what reads it. Throws Stop for sequences, maps and strings.
std::vector<DeclaredInput> declaredInputs(const onnx::ModelProto& model, const std::vector<Shape>& given);

/// One way to fill in the sizes that may be any.
struct SizeChoice {
    std::vector<std::vector<int64_t>> sizes;    ///< of each input, batch of one
    std::vector<std::vector<int64_t>> variants; ///< as different as the declaration allows, batch of two
    std::vector<std::vector<int64_t>> batches;  ///< as `sizes`, batch of two
};
/// Choices to try in turn. `given`: shapes without batch, from the user.
std::vector<SizeChoice> sizeChoices(const onnx::ModelProto& model, const std::vector<DeclaredInput>& inputs,
                                    const std::vector<Shape>& given);

/// The value of an input without dimensions, which becomes part of the model.
at::Tensor fixedValue(const DeclaredInput& input);

} // namespace bitwright::onnxin
