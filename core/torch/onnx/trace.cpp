// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/torch/onnx/trace_p.h"

#include <ATen/ATen.h>
#include <torch/csrc/jit/ir/constants.h>

#include <algorithm>

namespace bitwright::onnxin {
namespace jit = torch::jit;
namespace prim = c10::prim;
namespace {

bool sameNumber(const c10::IValue& a, const c10::IValue& b)
{
    if (a.isInt() && b.isInt())
        return a.toInt() == b.toInt();
    if (a.isBool() && b.isBool())
        return a.toBool() == b.toBool();
    return a.isDouble() && b.isDouble() && a.toDouble() == b.toDouble();
}

/// Results whose sizes or value follow from the data of the inputs.
bool dependsOnData(const jit::Node* node)
{
    static const std::set<std::string> kinds = {
        "aten::nonzero",      "aten::masked_select", "aten::item",  "aten::unique",
        "aten::unique_dim",   "aten::_unique2",      "aten::where", "aten::nonzero_numpy",
        "aten::IntImplicit",  "aten::Int",           "aten::Float", "aten::Bool",
        "aten::FloatImplicit"};
    if (!kinds.count(node->kind().toQualString()))
        return false;
    const bool readsTensor = node->input(0)->type()->kind() == c10::TypeKind::TensorType;
    return readsTensor && (node->kind() != c10::aten::where || node->inputs().size() == 1);
}

bool isLooseNode(const jit::Node* node, const std::unordered_set<const jit::Value*>& loose)
{
    if (dependsOnData(node))
        return true;
    for (const jit::Value* input : node->inputs())
        if (loose.count(input))
            return true;
    for (const jit::Block* block : node->blocks())
        for (const jit::Node* inner : block->nodes())
            if (isLooseNode(inner, loose))
                return true;
    return false;
}

} // namespace

Trace::Trace(LiftedGraph& lifted, size_t examples, bool sizesOnly, const StopCheck& stop)
    : m_lifted(lifted)
    , m_examples(examples)
    , m_sizesOnly(sizesOnly)
    , m_stop(stop)
{
}

bool Trace::isKnown(const Arg& arg) const
{
    const auto known = [](const Operand& operand) { return !operand || operand.isConstant(); };
    if (const auto* operand = std::get_if<Operand>(&arg.value))
        return known(*operand);
    if (const auto* number = std::get_if<Number>(&arg.value))
        return number->isKnown();
    if (const auto* numbers = std::get_if<Numbers>(&arg.value))
        return std::all_of(numbers->begin(), numbers->end(), [](const Number& n) { return n.isKnown(); });
    if (const auto* operands = std::get_if<Operands>(&arg.value))
        return std::all_of(operands->begin(), operands->end(), known);
    return true;
}

jit::Value* Trace::listOf(jit::Graph& graph, const Numbers& numbers)
{
    const bool isFloat =
        !numbers.empty() && (numbers[0].value ? numbers[0].value->type()->kind() == c10::TypeKind::FloatType
                                              : numbers[0].known.isDouble());
    std::vector<jit::Value*> elements;
    for (const Number& number : numbers)
        elements.push_back(number.isKnown() ? graph.insertConstant(number.known) : number.value);
    const c10::TypePtr type =
        isFloat ? c10::TypePtr(c10::FloatType::get()) : c10::TypePtr(c10::IntType::get());
    return graph.insertNode(graph.createList(type, elements))->output();
}

jit::Value* Trace::insertArg(jit::Graph& graph, const Arg& arg, bool folding)
{
    const auto tensor = [&](const Operand& operand) {
        if (!operand)
            return graph.insertConstant(c10::IValue());
        return folding ? graph.insertConstant(operand.tensor) : valueOf(operand);
    };
    if (const auto* operand = std::get_if<Operand>(&arg.value))
        return tensor(*operand);
    if (const auto* number = std::get_if<Number>(&arg.value))
        return number->isKnown() ? graph.insertConstant(number->known) : number->value;
    if (const auto* numbers = std::get_if<Numbers>(&arg.value)) {
        if (!isKnown(arg) || numbers->empty())
            return listOf(graph, *numbers);
        if (numbers->front().known.isDouble()) {
            c10::List<double> list;
            for (const Number& number : *numbers)
                list.push_back(number.toDouble());
            return graph.insertConstant(list);
        }
        c10::List<int64_t> list;
        for (const Number& number : *numbers)
            list.push_back(number.toInt());
        return graph.insertConstant(list);
    }
    if (const auto* operands = std::get_if<Operands>(&arg.value)) {
        std::vector<jit::Value*> elements;
        for (const Operand& operand : *operands)
            elements.push_back(tensor(operand));
        return graph.insertNode(graph.createList(c10::TensorType::get(), elements))->output();
    }
    return graph.insertConstant(std::get<c10::IValue>(arg.value));
}

std::vector<jit::Value*> Trace::insertOperator(jit::Graph& graph, const char* kind, const Args& args,
                                               const std::vector<std::pair<std::string, Arg>>& named,
                                               bool folding)
{
    std::vector<jit::NamedValue> values, keywords;
    for (const Arg& arg : args)
        values.emplace_back(insertArg(graph, arg, folding));
    for (const auto& [name, arg] : named)
        keywords.emplace_back(name, insertArg(graph, arg, folding));
    jit::Value* result = graph.insert(c10::Symbol::fromQualString(kind), values, keywords);
    if (result->node()->kind() != prim::TupleConstruct)
        return {result};
    jit::Node* tuple = result->node();
    const std::vector<jit::Value*> results(tuple->inputs().begin(), tuple->inputs().end());
    tuple->destroy();
    return results;
}

std::vector<c10::IValue> Trace::fold(const Insert& insert) const
{
    const auto scratch = std::make_shared<jit::Graph>();
    const std::vector<jit::Value*> results = insert(*scratch);
    Samples samples;
    for (const jit::Node* node : scratch->nodes())
        runNode(node, samples, m_stop);
    std::vector<c10::IValue> values;
    for (const jit::Value* result : results) {
        const auto known = samples.find(result);
        values.push_back(known != samples.end() ? known->second : *jit::toIValue(result));
    }
    return values;
}

std::vector<jit::Value*> Trace::insertAndRun(const Insert& insert)
{
    jit::Node* before = graph().insertPoint()->prev();
    const std::vector<jit::Value*> results = insert(graph());
    for (jit::Node* node = before->next(); node != graph().insertPoint(); node = node->next())
        runNew(node);
    return results;
}

void Trace::runNew(jit::Node* node)
{
    if (node->kind() == prim::Constant)
        return;
    for (size_t i = 0; i < m_examples; ++i)
        runNode(node, m_samples[i], m_stop, m_sizesOnly);
    const bool loose = isLooseNode(node, m_loose);
    for (jit::Value* output : node->outputs()) {
        if (loose)
            m_loose.insert(output);
        note(output);
        if (m_facts.at(output).isTensor)
            output->setType(typeOf(output));
    }
}

c10::TypePtr Trace::typeOf(const jit::Value* value) const
{
    const Facts& known = m_facts.at(value);
    const std::vector<int64_t>&first = known.sizes[0], &last = known.sizes[m_examples - 1];
    if (first.size() != last.size())
        return c10::TensorType::get();
    std::vector<c10::optional<int64_t>> sizes(first.begin(), first.end());
    for (size_t i = 0; i < sizes.size(); ++i)
        if (m_loose.count(value) || first[i] != last[i])
            sizes[i] = c10::nullopt;
    return c10::TensorType::get()->withSymbolicShapes(c10::SymbolicShape(sizes));
}

void Trace::note(const jit::Value* value)
{
    Facts facts;
    for (size_t i = 0; i < m_examples; ++i) {
        const c10::IValue& sample = m_samples[i].at(value);
        if (!sample.isTensor() || !sample.toTensor().defined())
            continue;
        facts.isTensor = true;
        facts.type = sample.toTensor().scalar_type();
        facts.sizes[i] = sample.toTensor().sizes().vec();
    }
    m_facts[value] = facts;
    m_made.push_back(value);
}

Operand Trace::operandOf(jit::Value* value)
{
    Operand made;
    made.kind = Operand::Kind::Graph;
    made.value = value;
    return made;
}

Number Trace::numberOf(jit::Value* value)
{
    if (const auto constant = jit::toIValue(value))
        return Number(*constant);
    const c10::IValue& first = m_samples[0].at(value);
    if (!m_loose.count(value) && (m_examples == 1 || sameNumber(first, m_samples[1].at(value))))
        return Number(first);
    Number made;
    made.value = value;
    return made;
}

namespace {

/// The initializer that a folded constant stems from: the first argument that has a name.
std::string sourceName(const Args& args)
{
    for (const Arg& arg : args) {
        if (const auto* operand = std::get_if<Operand>(&arg.value); operand && !operand->name.empty())
            return operand->name;
        if (const auto* operands = std::get_if<Operands>(&arg.value))
            for (const Operand& operand : *operands)
                if (!operand.name.empty())
                    return operand.name;
    }
    return {};
}

} // namespace

Operands Trace::constants(const std::vector<c10::IValue>& values, const Args& args)
{
    const std::string name = sourceName(args);
    Operands made;
    const std::function<void(const c10::IValue&)> add = [&](const c10::IValue& value) {
        if (value.isTensorList()) {
            for (const at::Tensor& tensor : value.toTensorVector())
                made.push_back(constant(tensor, name));
        } else if (value.isTuple()) {
            const std::vector<c10::IValue> elements = value.toTupleRef().elements();
            for (const c10::IValue& element : elements)
                add(element);
        } else {
            made.push_back(constant(value.toTensor(), name));
        }
    };
    for (const c10::IValue& value : values)
        add(value);
    return made;
}

Operands Trace::emitAll(const char* kind, const Args& args,
                        const std::vector<std::pair<std::string, Arg>>& named)
{
    const bool folds =
        std::all_of(args.begin(), args.end(), [&](const Arg& arg) { return isKnown(arg); }) &&
        std::all_of(named.begin(), named.end(), [&](const auto& arg) { return isKnown(arg.second); });
    if (folds)
        return constants(
            fold([&](jit::Graph& graph) { return insertOperator(graph, kind, args, named, true); }), args);
    auto results =
        insertAndRun([&](jit::Graph& graph) { return insertOperator(graph, kind, args, named, false); });
    if (results.size() == 1 && results[0]->type()->kind() == c10::TypeKind::ListType) {
        const size_t count = m_samples[0].at(results[0]).toListRef().size(); // as in every example
        results = insertAndRun([&](jit::Graph& graph) {
            const auto parts = graph.insertNode(graph.createListUnpack(results[0], count))->outputs();
            return std::vector<jit::Value*>(parts.begin(), parts.end());
        });
    }
    Operands made;
    for (jit::Value* result : results)
        made.push_back(operandOf(result));
    return made;
}

Operand Trace::emit(const char* kind, const Args& args, const std::vector<std::pair<std::string, Arg>>& named)
{
    return emitAll(kind, args, named).at(0);
}

Number Trace::number(const char* kind, const Args& args)
{
    if (std::all_of(args.begin(), args.end(), [&](const Arg& arg) { return isKnown(arg); }))
        return Number(
            fold([&](jit::Graph& graph) { return insertOperator(graph, kind, args, {}, true); }).at(0));
    return numberOf(
        insertAndRun([&](jit::Graph& graph) { return insertOperator(graph, kind, args, {}, false); }).at(0));
}

Operand Trace::declare(jit::Value* value, const std::vector<c10::IValue>& samples, bool loose)
{
    setSamples(value, samples);
    if (loose)
        m_loose.insert(value);
    return operandOf(value);
}

Number Trace::declareNumber(jit::Value* value, const std::vector<c10::IValue>& samples, bool loose)
{
    declare(value, samples, loose);
    return numberOf(value);
}

Operands Trace::run(jit::Node* node, bool loose)
{
    runNew(node);
    Operands made;
    for (jit::Value* output : node->outputs()) {
        if (loose)
            m_loose.insert(output);
        made.push_back(operandOf(output));
    }
    return made;
}

std::vector<c10::IValue> Trace::samplesOf(const jit::Value* value)
{
    std::vector<c10::IValue> samples;
    for (size_t i = 0; i < m_examples; ++i) {
        const auto known = m_samples[i].find(value);
        samples.push_back(known != m_samples[i].end() ? known->second : *jit::toIValue(value));
    }
    return samples;
}

void Trace::setSamples(const jit::Value* value, std::vector<c10::IValue> samples)
{
    for (size_t i = 0; i < m_examples; ++i)
        m_samples[i][value] = samples.at(i);
    note(value);
}

void Trace::release(const jit::Value* value)
{
    const auto known = m_facts.find(value);
    if (known == m_facts.end())
        return;
    for (size_t i = 0; i < m_examples; ++i) {
        const auto sample = m_samples[i].find(value);
        if (sample != m_samples[i].end() && (sample->second.isTensor() || sample->second.isTensorList()))
            m_samples[i].erase(sample);
    }
}

void Trace::releaseMade(const std::vector<const jit::Value*>& kept)
{
    const std::unordered_set<const jit::Value*> keep(kept.begin(), kept.end());
    for (const jit::Value* value : m_made)
        if (!keep.count(value) && value->node()->kind() != prim::Param)
            release(value);
    m_made.clear();
}

} // namespace bitwright::onnxin
