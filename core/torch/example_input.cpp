// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/torch/example_input_p.h"
#include "core/torch/input_hints_p.h"

#include <ATen/ATen.h>
#include <ATen/core/List.h>
#include <torch/csrc/jit/api/function_impl.h>

#include <algorithm>
#include <cmath>
#include <numbers>
#include <optional>
#include <random>

namespace bitwright {
namespace jit = torch::jit;
namespace {

constexpr size_t kMostTensors = 64;

/// Box-Muller on mt19937_64, so that every platform makes the same numbers.
void fillNormal(float* values, int64_t count, std::mt19937_64& random)
{
    const auto uniform = [&] { return (double(random() >> 11) + 0.5) * 0x1p-53; };
    for (int64_t i = 0; i < count; i += 2) {
        const double radius = std::sqrt(-2 * std::log(uniform())), angle = 2 * std::numbers::pi * uniform();
        values[i] = float(radius * std::cos(angle));
        if (i + 1 < count)
            values[i + 1] = float(radius * std::sin(angle));
    }
}

at::Tensor makeExample(const TensorInput& input, int64_t batch, std::mt19937_64& random)
{
    Shape shape = input.shape;
    if (input.isBatched)
        shape.insert(shape.begin() + int64_t(std::min(input.batchAxis, shape.size())), batch);
    if (c10::isFloatingType(input.type)) {
        at::Tensor values = at::empty(shape, at::kFloat);
        fillNormal(values.data_ptr<float>(), values.numel(), random);
        return values.to(input.type);
    }
    at::Tensor values = at::empty(shape, at::kLong);
    const uint64_t count = uint64_t(std::max<int64_t>(input.indexLimit - input.indexFirst, 1));
    for (int64_t i = 0; i < values.numel(); ++i)
        values.data_ptr<int64_t>()[i] = input.indexFirst + int64_t(random() % count);
    return values.to(input.type);
}

c10::IValue pack(const Argument& argument, const std::vector<at::Tensor>& tensors)
{
    if (argument.kind == Argument::Tensor)
        return tensors.at(argument.tensor);
    if (argument.kind == Argument::Constant)
        return argument.constant;
    if (argument.kind == Argument::List) {
        c10::List<at::Tensor> list;
        for (const Argument& child : argument.children)
            list.push_back(tensors.at(child.tensor));
        return list;
    }
    std::vector<c10::IValue> elements;
    for (const Argument& child : argument.children)
        elements.push_back(pack(child, tensors));
    return c10::ivalue::Tuple::create(std::move(elements));
}

/// Builds the plan of a signature; `number` is the value for integers without a default.
class Signature {
public:
    Signature(InputPlan& plan, int64_t number)
        : m_plan(plan)
        , m_number(number)
    {
    }

    Argument argument(const c10::Argument& declared)
    {
        if (declared.default_value() && !holdsRequiredTensor(declared.type()))
            return {Argument::Constant, 0, *declared.default_value(), {}};
        return argument(declared.type(), declared.name());
    }

private:
    static bool holdsRequiredTensor(const c10::TypePtr& type)
    {
        return type->kind() == c10::TypeKind::TensorType;
    }

    Argument argument(const c10::TypePtr& type, const std::string& name)
    {
        switch (type->kind()) {
        case c10::TypeKind::TensorType:
            return tensor(name);
        case c10::TypeKind::ListType:
            if (type->expectRef<c10::ListType>().getElementType()->kind() == c10::TypeKind::TensorType)
                return {Argument::List, 0, {}, {tensor(name)}};
            break;
        case c10::TypeKind::TupleType: {
            Argument made{Argument::Tuple, 0, {}, {}};
            for (const c10::TypePtr& element : type->expectRef<c10::TupleType>().elements())
                made.children.push_back(argument(element, name + "." + std::to_string(made.children.size())));
            return made;
        }
        case c10::TypeKind::OptionalType:
        case c10::TypeKind::NoneType:
            return {};
        case c10::TypeKind::BoolType:
            return {Argument::Constant, 0, false, {}};
        case c10::TypeKind::FloatType:
            return {Argument::Constant, 0, 1.0, {}};
        case c10::TypeKind::NumberType:
        case c10::TypeKind::IntType:
            return {Argument::Constant, 0, integer(name), {}};
        case c10::TypeKind::StringType:
            return {Argument::Constant, 0, std::string(), {}};
        default:
            break;
        }
        throw Stop{{Error::Unsupported,
                    "The input \"" + name + "\" has the type " + type->annotation_str() +
                        ", for which Bitwright cannot make an example; wrap the model in a module that takes "
                        "tensors.",
                    {}}};
    }

    Argument tensor(const std::string& name)
    {
        if (m_plan.tensors.size() >= kMostTensors)
            throw Stop{{Error::Unsupported, "The model takes more than 64 tensors.", {}}};
        TensorInput input;
        input.name = name;
        m_plan.tensors.push_back(input);
        return {Argument::Tensor, m_plan.tensors.size() - 1, {}, {}};
    }

    int64_t integer(const std::string& name) const
    {
        const bool isRate = name == "sr" || name.find("rate") != std::string::npos;
        return isRate ? 16000 : m_number;
    }

    InputPlan& m_plan;
    int64_t m_number;
};

InputPlan planOf(const jit::Module& module, size_t userInputs, int64_t number)
{
    InputPlan plan;
    const auto method = module.find_method("forward");
    const std::vector<c10::Argument>& declared = method->function().getSchema().arguments();
    Signature signature(plan, number);
    for (size_t i = 0; i < userInputs; ++i)
        plan.arguments.push_back(signature.argument(declared.at(1 + i)));
    return plan;
}

/// The graph value behind each tensor of the plan (the tuple or list, for elements of such).
void collectValues(const Argument& argument, const jit::Value* value, std::vector<const jit::Value*>& values)
{
    if (argument.kind == Argument::Tensor)
        values[argument.tensor] = value;
    for (const Argument& child : argument.children)
        collectValues(child, value, values);
}

class Search {
public:
    explicit Search(const ExampleSearch& search)
        : m_search(search)
    {
    }

    InputPlan find()
    {
        for (const int64_t number : {1, 2, 0}) {
            m_plan = planOf(m_search.module, m_search.lifted.userInputs, number);
            hint();
            const size_t candidates = tries();
            for (size_t k = 0; k < 2 * candidates; ++k) {
                if (!choose(k / 2, k % 2 == 0))
                    continue;
                if (accepted(1) && accepted(2))
                    return m_plan;
                if (m_fitsOne && !m_one)
                    m_one = m_plan;
                m_fitsOne = false;
            }
            if (m_one || !hasInteger())
                break;
        }
        if (m_one)
            return *m_one;
        if (takesWhole())
            return m_plan;
        throw Stop{
            {Error::Unsupported,
             "No example input was found that the model accepts; give the input shape without batch, as in "
             "C,H,W (first failure: " +
                 m_failure + ")",
             {}}};
    }

private:
    /// The candidate `k` of every input; the batch where the hint says, or in front of all. False when that is
    /// the same.
    bool choose(size_t k, bool asHinted)
    {
        bool differs = asHinted;
        for (size_t i = 0; i < m_plan.tensors.size(); ++i) {
            m_plan.tensors[i].shape = m_hints[i].shapes[std::min(k, m_hints[i].shapes.size() - 1)];
            m_plan.tensors[i].batchAxis = asHinted ? m_hints[i].batchAxis : 0;
            differs |= m_hints[i].batchAxis != 0;
        }
        return differs;
    }

    /// The shapes that were given are those of inputs without a batch.
    bool takesWhole()
    {
        if (m_search.givenShapes.size() < m_plan.tensors.size())
            return false;
        for (size_t i = 0; i < m_plan.tensors.size(); ++i) {
            m_plan.tensors[i].shape = m_search.givenShapes[i];
            m_plan.tensors[i].isBatched = false;
        }
        return accepted(1);
    }

    void hint()
    {
        std::vector<const jit::Value*> values(m_plan.tensors.size());
        for (size_t i = 0; i < m_plan.arguments.size(); ++i)
            collectValues(m_plan.arguments[i], m_search.lifted.graph->inputs()[1 + i], values);
        m_hints.clear();
        for (size_t i = 0; i < values.size(); ++i) {
            InputHint hint = hintFor(m_search.lifted, values[i]);
            if (i < m_search.givenShapes.size())
                hint.shapes = {m_search.givenShapes[i]};
            m_plan.tensors[i].type = hint.type;
            m_plan.tensors[i].batchAxis = hint.batchAxis;
            m_plan.tensors[i].indexLimit = hint.indexLimit;
            m_hints.push_back(std::move(hint));
        }
    }

    size_t tries() const
    {
        size_t most = 1;
        for (const InputHint& hint : m_hints)
            most = std::max(most, hint.shapes.size());
        return most;
    }

    bool hasInteger() const
    {
        return std::any_of(m_plan.arguments.begin(), m_plan.arguments.end(), [](const Argument& argument) {
            return argument.kind == Argument::Constant && argument.constant.isInt();
        });
    }

    bool accepted(int64_t batch)
    {
        m_search.stop.check();
        try {
            m_search.accepts(m_plan, batch);
            m_fitsOne |= batch == 1;
            return true;
        } catch (const Stop&) {
            throw;
        } catch (...) {
            if (m_failure.empty())
                m_failure = currentError({}).message;
            return false;
        }
    }

    const ExampleSearch& m_search;
    InputPlan m_plan;
    std::vector<InputHint> m_hints;
    std::optional<InputPlan> m_one;
    bool m_fitsOne = false;
    std::string m_failure;
};

} // namespace

std::vector<at::Tensor> InputPlan::example(int64_t batch, uint64_t seed) const
{
    std::mt19937_64 random(seed);
    std::vector<at::Tensor> made;
    for (const TensorInput& input : tensors)
        made.push_back(makeExample(input, batch, random));
    return made;
}

std::vector<c10::IValue> InputPlan::pack(const std::vector<at::Tensor>& given) const
{
    std::vector<c10::IValue> packed;
    for (const Argument& argument : arguments)
        packed.push_back(bitwright::pack(argument, given));
    return packed;
}

InputPlan findExample(const ExampleSearch& search)
{
    return Search(search).find();
}

} // namespace bitwright
