// SPDX-License-Identifier: GPL-3.0-or-later
#include "tests/torch/reference_forward.h"

#include <ATen/ATen.h>
#include <ATen/core/Dict.h>
#include <ATen/core/grad_mode.h>
#include <torch/csrc/jit/api/module.h>
#include <torch/csrc/jit/runtime/graph_executor.h>
#include <torch/csrc/jit/serialization/import.h>

#include <chrono>
#include <cstring>

namespace bitwright::test {
namespace {

at::Tensor toTorch(const Tensor& tensor)
{
    const auto type = tensor.dtype() == DType::I64    ? at::kLong
                      : tensor.dtype() == DType::F64  ? at::kDouble
                      : tensor.dtype() == DType::BF16 ? at::kBFloat16
                                                      : at::kFloat;
    const at::Tensor made = at::empty(tensor.shape(), type);
    std::memcpy(made.data_ptr(), tensor.data(), size_t(tensor.bytes()));
    return made;
}

c10::IValue argument(const c10::Argument& declared, const std::vector<Tensor>& inputs, size_t& next)
{
    if (declared.type()->kind() == c10::TypeKind::TensorType)
        return toTorch(inputs.at(next++));
    if (declared.type()->kind() == c10::TypeKind::ListType)
        return c10::List<at::Tensor>({toTorch(inputs.at(next++))});
    if (const auto tuple = declared.type()->cast<c10::TupleType>()) {
        std::vector<c10::IValue> elements;
        for (size_t i = 0; i < tuple->elements().size(); ++i)
            elements.emplace_back(toTorch(inputs.at(next++)));
        return c10::ivalue::Tuple::create(std::move(elements));
    }
    if (declared.default_value())
        return *declared.default_value();
    if (declared.type()->kind() == c10::TypeKind::IntType)
        return int64_t(declared.name() == "sr" ? 16000 : 1);
    return {};
}

void flatten(const c10::IValue& value, std::vector<Tensor>& outputs)
{
    if (value.isTensor()) {
        const at::Tensor dense = value.toTensor().detach().to(at::kFloat).contiguous();
        outputs.push_back(
            Tensor::fromFloats(dense.sizes().vec(), {dense.data_ptr<float>(), size_t(dense.numel())}));
    } else if (value.isTuple()) {
        for (const c10::IValue& element : value.toTupleRef().elements())
            flatten(element, outputs);
    } else if (value.isList()) {
        for (const c10::IValue& element : value.toListRef())
            flatten(element, outputs);
    } else if (value.isGenericDict()) {
        for (const auto& entry : value.toGenericDict())
            flatten(entry.value(), outputs);
    }
}

std::vector<c10::IValue> arguments(torch::jit::Module& module, const std::vector<Tensor>& inputs)
{
    const auto& declared = module.get_method("forward").function().getSchema().arguments();
    std::vector<c10::IValue> made;
    size_t next = 0;
    for (size_t i = 1; i < declared.size(); ++i)
        made.push_back(argument(declared[i], inputs, next));
    return made;
}

} // namespace

std::vector<Tensor> referenceForward(const std::string& path, const std::vector<Tensor>& inputs,
                                     Reference reference)
{
    torch::jit::Module module = torch::jit::load(path, c10::Device(c10::kCPU));
    module.eval();
    if (reference == Reference::Widened)
        module.to(at::kFloat);
    const torch::jit::GraphOptimizerEnabledGuard optimizer(reference != Reference::Unoptimized);
    at::manual_seed(0);
    std::vector<Tensor> outputs;
    flatten(module.forward(arguments(module, inputs)), outputs);
    return outputs;
}

double referenceSeconds(const std::string& path, const std::vector<Tensor>& inputs, int repeats)
{
    torch::jit::Module module = torch::jit::load(path, c10::Device(c10::kCPU));
    module.eval();
    at::NoGradGuard noGradients;
    const std::vector<c10::IValue> given = arguments(module, inputs);
    for (int i = 0; i < 5; ++i)
        module.forward(given);
    const auto begin = std::chrono::steady_clock::now();
    for (int i = 0; i < repeats; ++i)
        module.forward(given);
    return std::chrono::duration<double>(std::chrono::steady_clock::now() - begin).count() / repeats;
}

} // namespace bitwright::test
