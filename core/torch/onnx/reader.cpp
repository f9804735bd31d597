// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/torch/onnx/dynamic_p.h"
#include "core/torch/onnx/reader_p.h"
#include "core/torch/onnx/tensor_proto_p.h"

#include <c10/util/Exception.h>
#include <google/protobuf/unknown_field_set.h>

namespace bitwright::onnxin {
namespace jit = torch::jit;
namespace {

constexpr int kDeepest = 40; ///< graphs inside graphs, functions inside functions

std::string withDots(const std::string& name)
{
    std::string dotted;
    for (const char c : name)
        dotted += c == '/' ? '.' : c;
    return dotted;
}

/// "/layer1/layer1.0/conv1/Conv" -> {"layer1", "layer1.0", "conv1"}; the last part only when it says more
/// than the operator does.
std::vector<std::string> partsOf(const onnx::NodeProto& node)
{
    std::vector<std::string> parts;
    std::string part;
    for (const char c : node.name() + "/") {
        if (c != '/') {
            part += c;
        } else if (!part.empty()) {
            parts.push_back(part);
            part.clear();
        }
    }
    const std::string& op = node.op_type();
    const bool isOperator = parts.size() > 1 && (parts.back() == op || parts.back().starts_with(op + "_"));
    if (isOperator)
        parts.pop_back();
    return parts;
}

/// The versions that a model or a function imports, over those that hold already.
template<typename Imports>
void importVersions(const Imports& imports, std::map<std::string, int>& versions)
{
    for (const auto& set : imports)
        versions[set.domain() == "ai.onnx" ? "" : set.domain()] =
            int(std::clamp<int64_t>(set.version(), 0, 1000));
}

/// The attributes of a call of a function by name.
using Given = std::map<std::string, onnx::AttributeProto>;

/// FunctionProto.attribute_proto, which came with ONNX 1.13: a field that older libraries keep without
/// knowing.
template<typename Function>
Given defaultsOf(const Function& function)
{
    Given defaults;
    if constexpr (requires { function.attribute_proto(); }) {
        for (const auto& attribute : function.attribute_proto())
            defaults[attribute.name()] = attribute;
    } else {
        constexpr int kAttributeProto = 11;
        const auto& fields = function.GetReflection()->GetUnknownFields(function);
        for (int i = 0; i < fields.field_count(); ++i) {
            const auto& field = fields.field(i);
            onnx::AttributeProto attribute;
            if (field.number() == kAttributeProto && field.type() == field.TYPE_LENGTH_DELIMITED &&
                attribute.ParseFromString(field.length_delimited()))
                defaults[attribute.name()] = attribute;
        }
    }
    return defaults;
}

/// Puts the given attributes where a node of a function, or of a graph inside, refers to them; one that is
/// not given is absent.
void fillIn(onnx::NodeProto& node, const Given& given)
{
    for (int i = node.attribute_size(); i-- > 0;) {
        onnx::AttributeProto& attribute = *node.mutable_attribute(i);
        if (attribute.has_g())
            for (auto& inner : *attribute.mutable_g()->mutable_node())
                fillIn(inner, given);
        if (attribute.ref_attr_name().empty())
            continue;
        const auto found = given.find(attribute.ref_attr_name());
        if (found == given.end()) {
            node.mutable_attribute()->DeleteSubrange(i, 1);
            continue;
        }
        const std::string name = attribute.name();
        attribute = found->second;
        attribute.set_name(name);
    }
}

} // namespace

const Operand* Scope::find(const std::string& name) const
{
    const auto known = values.find(name);
    if (known != values.end())
        return &known->second;
    return outer ? outer->find(name) : nullptr;
}

Reader::Reader(std::shared_ptr<const onnx::ModelProto> model, ExternalFiles& files, Trace& trace)
    : m_model(std::move(model))
    , m_files(files)
    , m_trace(trace)
{
    importVersions(m_model->opset_import(), m_versions);
    for (const auto& function : m_model->functions())
        m_functions[{function.domain(), function.name()}] = &function;
    countReads(m_model->graph());
    m_readsLeft = m_reads;
}

size_t Reader::readsOf(const jit::Value* value) const
{
    const auto name = m_valueNames.find(value);
    if (name == m_valueNames.end() || m_shared.count(value) || m_inFunction)
        return size_t(-1);
    const auto known = m_reads.find(name->second);
    return known == m_reads.end() ? 0 : known->second;
}

at::Tensor Reader::tensorOf(const onnx::TensorProto& proto) const
{
    return tensorFrom(proto, m_files);
}

void Reader::countReads(const onnx::GraphProto& graph)
{
    if (++m_depth > kDeepest)
        throw Stop{{Error::Limit, "The graphs of the model are nested more than 40 deep.", {}}};
    for (const auto& node : graph.node()) {
        m_trace.stop().check();
        for (const auto& name : node.input())
            ++m_reads[name];
        for (const auto& attribute : node.attribute())
            if (attribute.has_g())
                countReads(attribute.g());
    }
    for (const auto& output : graph.output())
        ++m_reads[output.name()];
    --m_depth;
}

void Reader::readInitializers(const onnx::GraphProto& graph, Scope& scope)
{
    // Functions are read from copies of their nodes. Weights in one piece with their file stay there when
    // they are many: everybody else gets rid of the file.
    const bool staysThere = m_trace.sizesOnly() && !m_inFunction;
    for (const auto& proto : graph.initializer()) {
        m_trace.stop().check();
        Operand operand = constant(tensorFrom(proto, m_files, staysThere ? m_model : nullptr), proto.name());
        operand.elemType = proto.data_type();
        scope.values[proto.name()] = std::move(operand);
    }
    for (const auto& sparse : graph.sparse_initializer())
        throw Stop{{Error::Unsupported,
                    "The initializer \"" + sparse.values().name() + "\" is sparse, which is not supported.",
                    {}}};
}

Operands Reader::readModel(const std::unordered_map<std::string, Operand>& inputs)
{
    Scope scope;
    scope.values = inputs;
    return readGraph(m_model->graph(), scope);
}

Operands Reader::readBody(const onnx::GraphProto& graph, const Operands& inputs)
{
    m_trace.keepMade(); // what the control operator made for its body
    Scope scope;
    scope.outer = m_scope;
    for (int i = 0; i < graph.input_size() && size_t(i) < inputs.size(); ++i)
        scope.values[graph.input(i).name()] = inputs[size_t(i)];
    return readGraph(graph, scope);
}

Operands Reader::readGraph(const onnx::GraphProto& graph, Scope& scope)
{
    if (++m_depth > kDeepest)
        throw Stop{{Error::Limit, "The graphs of the model are nested more than 40 deep.", {}}};
    readInitializers(graph, scope);
    for (const auto& node : graph.node())
        readNode(node, scope);
    Operands outputs;
    for (const auto& output : graph.output()) {
        const Operand* operand = scope.find(output.name());
        if (!operand)
            throw Stop{{Error::Corrupt, "No node makes the output \"" + output.name() + "\".", {}}};
        outputs.push_back(*operand);
    }
    --m_depth;
    return outputs;
}

void Reader::fail(const onnx::NodeProto& node, const std::string& reason) const
{
    const std::string name = node.name().empty() ? (node.output_size() ? node.output(0) : "") : node.name();
    throw Stop{{Error::Unsupported,
                "The node \"" + name + "\" (operator " + node.op_type() + ") cannot be converted: " + reason,
                {}}};
}

void Reader::readNode(const onnx::NodeProto& node, Scope& scope)
{
    m_trace.stop().check();
    Operands inputs;
    for (const auto& name : node.input()) {
        const Operand* operand = name.empty() ? nullptr : scope.find(name);
        if (!name.empty() && !operand)
            throw Stop{{Error::Corrupt,
                        "The node \"" + node.name() + "\" (operator " + node.op_type() + ") reads \"" + name +
                            "\", which no node before it makes; the graph has a cycle or is out of order.",
                        {}}};
        inputs.push_back(operand ? *operand : Operand());
    }
    Scope* const around = std::exchange(m_scope, &scope);
    jit::Node* before = m_trace.graph().insertPoint()->prev();
    Operands made;
    try {
        made = convert(node, std::move(inputs));
    } catch (const Stop&) {
        throw;
    } catch (...) {
        fail(node, currentError({}).message);
    }
    m_scope = around;
    const std::string where = scopeName(node);
    for (jit::Node* fresh = before->next(); fresh != m_trace.graph().insertPoint(); fresh = fresh->next())
        if (scopeOf(fresh).empty())
            setScope(fresh, where);
    place(node, made, scope);
    releaseInputs(node, scope);
}

Operands Reader::convert(const onnx::NodeProto& node, Operands inputs)
{
    const auto function = m_functions.find({node.domain(), node.op_type()});
    if (function != m_functions.end())
        return readFunction(*function->second, node, std::move(inputs));
    const std::string domain = node.domain() == "ai.onnx" ? "" : node.domain();
    const Convert converter = converterOf(domain, node.op_type());
    if (!converter)
        throw Stop{{Error::Unsupported,
                    "The operator " + node.op_type() + (domain.empty() ? "" : " of the domain " + domain) +
                        " (node \"" + node.name() + "\") is not supported.",
                    {}}};
    const auto version = m_versions.find(domain);
    Call call{m_trace, *this, node, version == m_versions.end() ? 21 : version->second, std::move(inputs)};
    Operands made = convertShapes(call);
    if (made.empty())
        made = converter(call);
    if (call.has(0))
        noteParts(call, converter, made);
    // What LibTorch has no type for keeps the file's type from input to output.
    for (Operand& operand : made) {
        const bool sameType = operand && !operand.isShape() && operand.elemType == 0 && call.has(0) &&
                              !call.in(0).isShape() && call.in(0).elemType != 0 &&
                              m_trace.type(call.in(0)) == m_trace.type(operand);
        if (sameType)
            operand.elemType = call.in(0).elemType;
    }
    return made;
}

void Reader::place(const onnx::NodeProto& node, const Operands& made, Scope& scope)
{
    std::vector<const jit::Value*> kept;
    for (int i = 0; i < node.output_size(); ++i) {
        const std::string& name = node.output(i);
        if (name.empty())
            continue;
        if (size_t(i) >= made.size() || !made[size_t(i)])
            fail(node, "its result " + std::to_string(i + 1) + " is not supported.");
        Operand operand = made[size_t(i)];
        if (operand.isConstant() && operand.name.empty())
            operand.name = name;
        if (operand.isGraph()) {
            if (!m_valueNames.emplace(operand.value, name).second)
                m_shared.insert(operand.value);
            kept.push_back(operand.value);
        }
        if (operand.encoding && operand.encoding->real.isGraph())
            kept.push_back(operand.encoding->real.value);
        if (isTop(scope) && m_readsLeft[name] > 0)
            for (const jit::Value* value : valuesBehind(operand))
                ++m_names[value];
        if (!scope.values.emplace(name, std::move(operand)).second)
            throw Stop{{Error::Corrupt, "Two nodes make the value \"" + name + "\".", {}}};
    }
    if (!m_inFunction)
        m_trace.releaseMade(kept);
}

std::vector<const jit::Value*> Reader::valuesBehind(const Operand& operand)
{
    std::vector<const jit::Value*> values;
    const auto add = [&](const Operand& one) {
        if (one.isGraph() && one.value->node()->kind() != c10::prim::Param)
            values.push_back(one.value);
    };
    add(operand);
    if (operand.dynamic)
        add(operand.dynamic->real);
    if (operand.encoding)
        add(operand.encoding->real);
    return values;
}

void Reader::releaseInputs(const onnx::NodeProto& node, const Scope& scope)
{
    if (!isTop(scope))
        return; // values of a body are small next to the model's, and read again by the run of the whole
    for (const auto& name : node.input()) {
        const auto left = m_readsLeft.find(name);
        if (left == m_readsLeft.end() || left->second == 0 || --left->second > 0)
            continue;
        const Operand* operand = scope.find(name);
        if (!operand)
            continue;
        for (const jit::Value* value : valuesBehind(*operand))
            if (const auto names = m_names.find(value); names != m_names.end() && --names->second == 0)
                m_trace.release(value);
    }
}

std::string Reader::scopeName(const onnx::NodeProto& node)
{
    if (node.name().empty()) {
        const int number = m_unnamed[node.op_type()]++;
        return node.op_type() + "_" + std::to_string(number);
    }
    if (node.name().find('/') == std::string::npos)
        return withDots(node.name());
    std::string path, last;
    for (const std::string& part : partsOf(node)) {
        // A container's children carry its name already: layer1, layer1.0.
        const bool repeats = !last.empty() && part.starts_with(last + ".");
        path += (path.empty() ? "" : ".") + (repeats ? part.substr(last.size() + 1) : part);
        last = part;
    }
    return withDots(path);
}

Operands Reader::readFunction(const onnx::FunctionProto& function, const onnx::NodeProto& node,
                              Operands inputs)
{
    if (++m_depth > kDeepest)
        throw Stop{{Error::Limit, "The functions of the model call each other more than 40 deep.", {}}};
    Scope scope;
    for (int i = 0; i < function.input_size(); ++i)
        scope.values[function.input(i)] = size_t(i) < inputs.size() ? inputs[size_t(i)] : Operand();
    const auto versions = m_versions;
    importVersions(function.opset_import(), m_versions);
    Given given = defaultsOf(function);
    for (const auto& attribute : node.attribute())
        given[attribute.name()] = attribute;
    const bool wasInside = std::exchange(m_inFunction, true);
    for (const auto& original : function.node()) {
        onnx::NodeProto inner = original;
        if (!node.name().empty())
            inner.set_name(node.name() + "/" + (inner.name().empty() ? inner.op_type() : inner.name()));
        fillIn(inner, given);
        readNode(inner, scope);
    }
    m_inFunction = wasInside;
    m_versions = versions;
    --m_depth;
    Operands outputs;
    for (const auto& name : function.output()) {
        const Operand* operand = scope.find(name);
        outputs.push_back(operand ? *operand : Operand());
    }
    return outputs;
}

} // namespace bitwright::onnxin
