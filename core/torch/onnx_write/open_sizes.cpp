// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/torch/guard_p.h"
#include "core/torch/onnx_write/interpreter_p.h"
#include "core/torch/onnx_write/open_sizes_p.h"

#include <algorithm>

namespace bitwright::onnx_write {
namespace {

bool isOpen(const TensorInput& input, size_t axis)
{
    return !input.variant.empty() && input.variant[axis] != input.shape[axis];
}

/// The same model at the `n`-th choice of other sizes (0 or 1), the sizes of no two symbols alike, so that
/// none is taken for another. `more`: 1 makes them odd, so that what rounds shows itself.
InputPlan atOtherSizes(InputPlan inputs, int64_t n, int64_t more)
{
    std::map<std::string, int64_t> symbols;
    const auto visit = [&](auto&& take) {
        for (TensorInput& input : inputs.tensors)
            for (size_t axis = 0; axis < input.shape.size(); ++axis)
                if (isOpen(input, axis))
                    take(input, axis, input.symbols.at(axis));
    };
    visit([&](TensorInput&, size_t, const std::string& symbol) {
        symbols.emplace(symbol, int64_t(symbols.size()));
    });
    const auto count = int64_t(symbols.size());
    visit([&](TensorInput& input, size_t axis, const std::string& symbol) {
        const int64_t step = input.variant[axis] - input.shape[axis];
        input.shape[axis] += (symbols.at(symbol) + 1 + n * count) * step + more;
        input.variant[axis] = input.shape[axis] + step;
    });
    return inputs;
}

/// Null when the model cannot be written so, or does not run at these sizes.
std::unique_ptr<Writer> attempt(const TorchRunner& runner, const ExportRequest& request,
                                const InputPlan& inputs, const StopCheck& stop)
{
    auto writer = std::make_unique<Writer>(runner, request, true);
    try {
        Interpreter(*writer, inputs, stop).write();
        return writer;
    } catch (const Stop& stopped) {
        if (stopped.error.code == Error::Cancelled || stopped.error.code == Error::Limit)
            throw;
    } catch (const std::exception&) { // an operator of LibTorch does not take these sizes
    }
    return nullptr;
}

template<typename Message>
bool same(const google::protobuf::RepeatedPtrField<Message>& a,
          const google::protobuf::RepeatedPtrField<Message>& b)
{
    return std::equal(a.begin(), a.end(), b.begin(), b.end(), [](const Message& one, const Message& other) {
        return one.ByteSizeLong() == other.ByteSizeLong() &&
               one.SerializeAsString() == other.SerializeAsString();
    });
}

bool same(const Writer& a, const Writer& b)
{
    const onnx::GraphProto &one = a.b.model().graph(), &other = b.b.model().graph();
    return same(one.node(), other.node()) && same(one.initializer(), other.initializer());
}

using Infos = google::protobuf::RepeatedPtrField<onnx::ValueInfoProto>;

auto& dimsOf(onnx::ValueInfoProto& info)
{
    return *info.mutable_type()->mutable_tensor_type()->mutable_shape()->mutable_dim();
}

/// Sizes that differ from those of the other attempt become names: the file's own, or ones like "output_2".
void open(Infos& infos, Infos& others, const std::vector<std::map<int64_t, std::string>>& known)
{
    for (int i = 0; i < infos.size() && i < others.size(); ++i) {
        auto &dims = dimsOf(infos[i]), &other = dimsOf(others[i]);
        for (int axis = 0; axis < dims.size() && axis < other.size(); ++axis) {
            if (!dims[axis].has_dim_value() || dims[axis].dim_value() == other[axis].dim_value())
                continue;
            const bool hasName = size_t(i) < known.size() && known[size_t(i)].count(axis);
            dims[axis].set_dim_param(hasName ? known[size_t(i)].at(axis)
                                             : infos[i].name() + "_" + std::to_string(axis));
        }
    }
}

/// Names of the open axes of each input, counted with the batch.
std::vector<std::map<int64_t, std::string>> namesOf(const InputPlan& inputs)
{
    std::vector<std::map<int64_t, std::string>> names;
    for (const TensorInput& input : inputs.tensors) {
        auto& own = names.emplace_back();
        for (size_t axis = 0; axis < input.shape.size() && axis < input.symbols.size(); ++axis)
            if (isOpen(input, axis) && input.symbols[axis].find('#') == std::string::npos) // made up
                own[int64_t(axis + (input.isBatched && axis >= input.batchAxis))] = input.symbols[axis];
    }
    return names;
}

} // namespace

bool hasOpenSizes(const InputPlan& inputs)
{
    return std::any_of(inputs.tensors.begin(), inputs.tensors.end(), [](const TensorInput& input) {
        for (size_t axis = 0; axis < input.shape.size(); ++axis)
            if (isOpen(input, axis))
                return true;
        return false;
    });
}

std::unique_ptr<Writer> writtenWithOpenSizes(const TorchRunner& runner, const ExportRequest& request,
                                             const StopCheck& stop)
{
    const InputPlan& inputs = runner.model().inputs;
    if (!hasOpenSizes(inputs))
        return nullptr;
    auto made = attempt(runner, request, atOtherSizes(inputs, 0, 0), stop);
    if (!made)
        return nullptr;
    const auto other = attempt(runner, request, atOtherSizes(inputs, 1, 0), stop);
    if (!other || !same(*made, *other))
        return nullptr;
    // Models that take multiples only do not run at odd sizes.
    if (const auto odd = attempt(runner, request, atOtherSizes(inputs, 0, 1), stop);
        odd && !same(*made, *odd))
        return nullptr;
    onnx::GraphProto &graph = *made->b.model().mutable_graph(), &others = *other->b.model().mutable_graph();
    open(*graph.mutable_input(), *others.mutable_input(), namesOf(inputs));
    open(*graph.mutable_output(), *others.mutable_output(), {});
    return made;
}

} // namespace bitwright::onnx_write
