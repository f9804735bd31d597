// SPDX-License-Identifier: GPL-3.0-or-later
// Inputs and outputs of the file, its header, and how it gets onto the disk.
#include "core/base/atomic_file.h"
#include "core/torch/guard_p.h"
#include "core/torch/onnx_write/interpreter_p.h"
#include "core/torch/onnx_write/open_sizes_p.h"
#include "core/torch/onnx_write/write_onnx_p.h"

#include <ATen/core/grad_mode.h>

#include <filesystem>
#include <fstream>
#include <memory>

namespace bitwright::onnx_write {
namespace {

constexpr size_t kMostInside = size_t(1) << 30; ///< bytes; protobuf ends at 2 GiB
constexpr size_t kLeastOutside = 1024;          ///< smaller tensors stay in the file in any case

void renameIn(onnx::GraphProto& graph, const std::map<std::string, std::string>& names)
{
    const auto rename = [&](std::string& name) {
        if (const auto known = names.find(name); known != names.end())
            name = known->second;
    };
    for (onnx::NodeProto& node : *graph.mutable_node()) {
        for (std::string& input : *node.mutable_input())
            rename(input);
        for (std::string& output : *node.mutable_output())
            rename(output);
        for (onnx::AttributeProto& attribute : *node.mutable_attribute())
            if (attribute.has_g())
                renameIn(*attribute.mutable_g(), names);
    }
}

/// Inputs and outputs keep their type, but for bfloat16: ONNX Runtime takes none on processors.
int borderType(c10::ScalarType type)
{
    return type == c10::kBFloat16 ? onnxType(type) : declaredType(type);
}

int irVersion(int opset)
{
    if (opset >= 21)
        return 10;
    return opset >= 19 ? 9 : opset >= 15 ? 8 : 7;
}

void addProperty(onnx::ModelProto& model, const std::string& key, const std::string& value)
{
    if (value.empty())
        return;
    onnx::StringStringEntryProto& entry = *model.add_metadata_props();
    entry.set_key(key);
    entry.set_value(value);
}

void finishModel(Writer& writer)
{
    onnx::ModelProto& model = writer.b.model();
    model.set_ir_version(irVersion(writer.opset));
    model.set_producer_name("Bitwright");
    model.set_producer_version(BITWRIGHT_VERSION);
    model.mutable_graph()->set_name(std::filesystem::path(writer.runner.model().path).stem().string());
    onnx::OperatorSetIdProto& own = *model.add_opset_import();
    own.set_domain("");
    own.set_version(writer.opset);
    if (writer.usesMicrosoft) {
        onnx::OperatorSetIdProto& other = *model.add_opset_import();
        other.set_domain("com.microsoft");
        other.set_version(1);
    }
    addProperty(model, "provenance", writer.request.provenance);
    for (const auto& [key, value] : writer.request.metadata)
        addProperty(model, key, value);
}

/// Takes the elements of large initializers out of the model, which names their places in `file` instead.
std::vector<std::unique_ptr<std::string>> takeOutside(onnx::ModelProto& model, const std::string& file)
{
    std::vector<std::unique_ptr<std::string>> taken;
    int64_t offset = 0;
    for (onnx::TensorProto& tensor : *model.mutable_graph()->mutable_initializer()) {
        if (tensor.raw_data().size() < kLeastOutside)
            continue;
        const auto note = [&](const char* key, const std::string& value) {
            onnx::StringStringEntryProto& entry = *tensor.add_external_data();
            entry.set_key(key);
            entry.set_value(value);
        };
        const auto length = int64_t(tensor.raw_data().size());
        note("location", file);
        note("offset", std::to_string(offset));
        note("length", std::to_string(length));
        offset += length;
        taken.emplace_back(tensor.release_raw_data());
        tensor.set_data_location(onnx::TensorProto::EXTERNAL);
    }
    return taken;
}

void writeOutside(const std::vector<std::unique_ptr<std::string>>& data, const std::string& path)
{
    std::ofstream out(path, std::ios::binary);
    for (const auto& bytes : data)
        out.write(bytes->data(), std::streamsize(bytes->size()));
    if (!out.flush())
        throw Stop{{Error::Io, "The file with the weights cannot be written; is the disk full?", path}};
}

void save(onnx::ModelProto& model, const ExportRequest& request, ExportOutcome& outcome)
{
    const std::string outsidePath = request.path + ".data";
    std::vector<std::unique_ptr<std::string>> outside;
    if (model.ByteSizeLong() > kMostInside)
        outside = takeOutside(model, std::filesystem::path(outsidePath).filename());
    std::ofstream out(request.path, std::ios::binary);
    if (!model.SerializeToOstream(&out) || !out.flush())
        throw Stop{{Error::Io, "The file cannot be written; is the disk full?", request.path}};
    if (outside.empty())
        return;
    writeOutside(outside, outsidePath);
    outcome.files.push_back(outsidePath);
}

/// "bfloat16" for a model that rounds to it after every operator; "" for float32.
std::string computedType(const Writer& writer)
{
    for (const LiftedParameter& parameter : writer.runner.model().lifted.parameters) {
        const c10::ScalarType type = parameter.tensor.scalar_type();
        if (type == c10::kBFloat16 || type == c10::kHalf || type == c10::kDouble)
            return type == c10::kBFloat16 ? "bfloat16" : type == c10::kHalf ? "float16" : "float64";
    }
    return {};
}

void noteKernels(Writer& writer)
{
    if (!writer.quantizes)
        return;
    const auto note = [&](const std::string& text) { writer.notes.push_back(text); };
    note(std::to_string(writer.integerLayers) + " of " + std::to_string(writer.weightedLayers) +
         " operators with weights have 8-bit inputs and weights, which integer kernels take.");
    if (writer.signedSites)
        note("Activations are stored as signed 8-bit integers: ONNX Runtime computes most of these layers in "
             "float on processors, nearly as slowly as the float model; the target onnxruntime stores the "
             "same "
             "numbers unsigned.");
    if (writer.wideSites)
        note("Activations of more than 8 bits have no integer kernels in ONNX Runtime: these layers compute "
             "in "
             "float.");
    if (writer.packedWeights)
        note("Weights of up to 4 bits are packed two to a byte (opset 21), and ONNX Runtime computes these "
             "layers in float; an opset below 21 stores them as 8-bit integers that integer kernels take.");
    if (writer.runner.model().sizesDecide)
        note("The model decides by the sizes of its input; the file holds the way that inputs like the "
             "example "
             "take.");
}

} // namespace

void Interpreter::write()
{
    addParameters();
    addInputs();
    reserveOutputs();
    run(m_program.code);
    addOutputs();
}

TermPtr Interpreter::addInput(const Argument& argument)
{
    if (argument.kind == Argument::Constant)
        return describe(argument.constant, argument.constant, false);
    if (argument.kind != Argument::Tensor) {
        const auto list = std::make_shared<Term>();
        list->isList = true;
        for (const Argument& child : argument.children)
            list->elements.push_back(addInput(child));
        return list;
    }
    const TensorInput& input = m_inputs.tensors[argument.tensor];
    const ValueId id = m_runner.graph().inputs.at(argument.tensor);
    const auto term = std::make_shared<Term>();
    term->data = term->isTensor = true;
    term->type = input.type;
    for (size_t k = 0; k < 2; ++k) {
        term->shape[k] = input.shape;
        term->shape[k].insert(term->shape[k].begin() + int64_t(std::min(input.batchAxis, input.shape.size())),
                              m_writer.batches[k]);
    }
    const std::string name = m_writer.b.unique(m_runner.graph().values.at(size_t(id)).name);
    const bool isFixed = m_runner.model().fixedBatch;
    const auto axis = int64_t(std::min(input.batchAxis, input.shape.size()));
    m_writer.b.addValueInfo(m_writer.b.graph().mutable_input(), name, borderType(term->type), term->shape[0],
                            isFixed ? -1 : axis);
    if (m_writer.batchInput.empty()) {
        m_writer.batchInput = name;
        m_writer.batchAxis = axis;
    }
    term->name = borderType(term->type) == onnxType(term->type)
                     ? name
                     : m_writer.b.bare("Cast", {name}, {{"to", int64_t(onnxType(term->type))}});
    if (m_writer.quantizes)
        quantizeSite(id, *term);
    return term;
}

void Interpreter::addInputs()
{
    const ImportedModel& model = m_runner.model();
    for (size_t i = 0; i < model.inputs.arguments.size(); ++i)
        m_terms[model.lifted.graph->inputs()[1 + i]] = addInput(model.inputs.arguments[i]);
}

/// Users know outputs by their names, so nothing else gets these.
void Interpreter::reserveOutputs()
{
    for (const std::string& given : m_runner.graph().outputNames) {
        const bool isNumber = !given.empty() && given[0] >= '0' && given[0] <= '9';
        m_outputNames.push_back(m_writer.b.unique(given.empty() ? "output"
                                                  : isNumber    ? "output." + given
                                                                : given));
    }
}

void Interpreter::addOutputs()
{
    m_writer.base = "output";
    m_writer.layer.clear();
    std::vector<std::string> used;
    std::map<std::string, std::string> renamed;
    for (const torch::jit::Value* output : m_program.graph->outputs())
        addOutput(*term(output), used, renamed);
    renameIn(*m_writer.b.model().mutable_graph(), renamed);
}

void Interpreter::addOutput(Term& term, std::vector<std::string>& used,
                            std::map<std::string, std::string>& renamed)
{
    for (const TermPtr& element : term.elements)
        addOutput(*element, used, renamed);
    if (!term.isTensor)
        return;
    const std::string name =
        used.size() < m_outputNames.size() ? m_outputNames[used.size()] : m_writer.b.unique("output");
    std::string value = m_writer.name(term);
    if (borderType(term.type) != onnxType(term.type))
        value = m_writer.b.bare("Cast", {value}, {{"to", int64_t(borderType(term.type))}});
    onnx::GraphProto& graph = m_writer.b.graph();
    const bool isMade = std::any_of(graph.node().begin(), graph.node().end(), [&](const auto& node) {
        return std::find(node.output().begin(), node.output().end(), value) != node.output().end();
    });
    if (isMade && !renamed.count(value)) {
        renamed[value] = name;
    } else {
        onnx::NodeProto& node = *graph.add_node();
        node.set_op_type("Identity");
        node.set_name(m_writer.b.unique(name + "/Identity"));
        node.add_input(value);
        node.add_output(name);
    }
    used.push_back(name);
    const Shape dims = term.dims();
    const auto batch = std::find(dims.begin(), dims.end(), -1);
    m_writer.b.addValueInfo(graph.mutable_output(), name, borderType(term.type), dims,
                            batch == dims.end() ? -1 : batch - dims.begin());
}

} // namespace bitwright::onnx_write

namespace bitwright {

ExportOutcome writeOnnx(const TorchRunner& runner, const ExportRequest& request, Progress& progress)
{
    progress.begin("Writing ONNX", 0);
    at::NoGradGuard noGradients;
    const StopCheck stop(progress);
    std::unique_ptr<onnx_write::Writer> writer = onnx_write::writtenWithOpenSizes(runner, request, stop);
    const bool isOpen = writer != nullptr;
    if (!isOpen) {
        writer = std::make_unique<onnx_write::Writer>(runner, request, false);
        onnx_write::Interpreter(*writer, runner.model().inputs, stop).write();
    }
    onnx_write::finishModel(*writer);
    onnx_write::noteKernels(*writer);
    if (!isOpen && onnx_write::hasOpenSizes(runner.model().inputs))
        writer->notes.push_back(
            "Sizes that the model leaves open are fixed in this file, except the batch: the "
            "model computes with them in a way that is written for one size only.");
    if (const std::string type = onnx_write::computedType(*writer); !type.empty())
        writer->notes.push_back("The model computes in " + type +
                                ", the file in float32: the outputs differ by the rounding of the shorter "
                                "type, after every operator.");
    ExportOutcome outcome;
    outcome.files.push_back(request.path);
    onnx_write::save(writer->b.model(), request, outcome);
    outcome.notes = std::move(writer->notes);
    return outcome;
}

} // namespace bitwright
