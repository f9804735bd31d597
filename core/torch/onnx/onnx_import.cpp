// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/torch/execute_p.h"
#include "core/torch/memory_guard_p.h"
#include "core/torch/onnx/fuse_patterns_p.h"
#include "core/torch/onnx/inputs_p.h"
#include "core/torch/onnx/model_file_p.h"
#include "core/torch/onnx/onnx_import_p.h"
#include "core/torch/onnx/reader_p.h"
#include "core/torch/onnx/tensor_proto_p.h"

#include <ATen/core/grad_mode.h>

#include <filesystem>
#include <functional>
#include <optional>
#include <set>
#include <unordered_set>

namespace bitwright {
namespace jit = torch::jit;
namespace {

using namespace onnxin;

/// One model read with one choice of sizes.
struct Reading {
    LiftedGraph lifted;
    InputPlan inputs;
    ValueNames valueNames;
    std::vector<std::string> outputNames;
    std::vector<FileEncoding> encodings;
};

jit::Module emptyModule()
{
    return jit::Module(c10::QualifiedName("__torch__.bitwright.Onnx"),
                       std::make_shared<jit::CompilationUnit>(), true);
}

void checkOperators(const onnx::ModelProto& model)
{
    std::set<std::pair<std::string, std::string>> functions;
    for (const auto& function : model.functions())
        functions.insert({function.domain(), function.name()});
    const std::function<void(const onnx::GraphProto&, int)> visit = [&](const onnx::GraphProto& graph,
                                                                        int depth) {
        for (const auto& node : graph.node()) {
            const std::string domain = node.domain() == "ai.onnx" ? "" : node.domain();
            if (!functions.count({node.domain(), node.op_type()}) && !converterOf(domain, node.op_type()))
                throw Stop{{Error::Unsupported,
                            "The operator " + node.op_type() +
                                (domain.empty() ? "" : " of the domain " + domain) + " (node \"" +
                                node.name() + "\") is not supported.",
                            {}}};
            for (const auto& attribute : node.attribute())
                if (attribute.has_g() && depth < 50)
                    visit(attribute.g(), depth + 1);
        }
    };
    visit(model.graph(), 0);
}

TensorInput tensorInput(const DeclaredInput& declared, std::vector<int64_t> sizes)
{
    TensorInput input;
    input.name = declared.name;
    input.type = scalarTypeOf(declared.elemType);
    input.indexFirst = declared.indexFirst;
    input.indexLimit = declared.indexLimit;
    input.isBatched = declared.batchAxis >= 0;
    if (input.isBatched) {
        input.batchAxis = size_t(declared.batchAxis);
        sizes.erase(sizes.begin() + declared.batchAxis);
    }
    input.shape = std::move(sizes);
    return input;
}

/// An input without dimensions becomes part of the model.
bool isFixed(const DeclaredInput& input)
{
    return input.hasShape && input.dims.empty();
}

InputPlan planOf(const std::vector<DeclaredInput>& inputs, const std::vector<std::vector<int64_t>>& sizes)
{
    InputPlan plan;
    for (size_t i = 0; i < inputs.size(); ++i) {
        if (isFixed(inputs[i]))
            continue;
        plan.arguments.push_back({Argument::Tensor, plan.tensors.size(), {}, {}});
        plan.tensors.push_back(tensorInput(inputs[i], sizes[i]));
    }
    return plan;
}

class OnnxImporter {
public:
    OnnxImporter(const std::string& path, const OpenOptions& options, const StopCheck& stop)
        : m_options(options)
        , m_stop(stop)
        , m_model(std::make_shared<ImportedModel>())
        , m_files(std::filesystem::path(path).parent_path().string())
    {
        m_model->path = path;
        m_model->module = emptyModule();
    }

    std::shared_ptr<ImportedModel> import(Progress& progress)
    {
        guardMemory();
        progress.begin("Reading the model", 4);
        auto loaded = loadModel(m_model->path);
        if (!loaded)
            throw Stop{loaded.error()};
        m_proto = std::move(*loaded);
        checkOperators(*m_proto);
        m_model->sizesOnly = isTooLargeToRun(*m_proto);
        m_inputs = declaredInputs(*m_proto, m_options.inputShapes);
        step(progress);
        Reading reading = read(progress);
        noteInputs(progress);
        step(progress);
        finish(std::move(reading));
        step(progress);
        m_model->program = compile(m_model->lifted, m_model->module._ivalue(), m_stop);
        m_model->fixedBatch = m_model->fixedBatch || !takesTwo();
        step(progress);
        return m_model;
    }

private:
    void step(Progress& progress) const
    {
        m_stop.check();
        progress.advance();
    }

    void noteInputs(Progress& progress) const
    {
        for (const DeclaredInput& input : m_inputs)
            if (input.elemType == kFloat16 || input.elemType == kBFloat16)
                progress.note("The input \"" + input.name + "\" takes " + elemTypeName(input.elemType) +
                              "; here, and in files that are written, it takes float32.");
        for (const DeclaredInput& input : m_inputs)
            if (isFixed(input))
                progress.note("The input \"" + input.name + "\" is fixed at " +
                              std::to_string(fixedValue(input).item<double>()) + ".");
    }

    /// The first choice of sizes that the model accepts; with two examples where it can, with one otherwise.
    Reading read(Progress& progress)
    {
        std::optional<Error> first, withTwo;
        const bool hasBatch = std::any_of(m_inputs.begin(), m_inputs.end(),
                                          [](const DeclaredInput& input) { return input.batchAxis >= 0; });
        for (const SizeChoice& choice : sizeChoices(*m_proto, m_inputs, m_options.inputShapes)) {
            std::vector<std::vector<std::vector<int64_t>>> attempts;
            if (choice.variants != choice.batches)
                attempts.push_back(choice.variants);
            if (hasBatch)
                attempts.push_back(choice.batches);
            attempts.emplace_back();
            for (const auto& other : attempts) {
                try {
                    Reading reading = readWith(choice.sizes, other);
                    if (!other.empty() && other == choice.variants && choice.variants != choice.batches)
                        noteOpenSizes(reading.inputs, other);
                    m_model->fixedBatch = other.empty();
                    if (hasBatch && other.empty() && withTwo)
                        progress.note("The batch is fixed at one sample: " + withTwo->message);
                    return reading;
                } catch (const Stop& stop) {
                    if (stop.error.code != Error::Unsupported)
                        throw;
                    auto& kept = other.empty() ? first : withTwo;
                    if (!kept)
                        kept = stop.error;
                }
            }
        }
        throw Stop{*first};
    }

    /// The model was read with two sizes of every axis that the file leaves open.
    void noteOpenSizes(InputPlan& plan, const std::vector<std::vector<int64_t>>& others) const
    {
        const InputPlan other = planOf(m_inputs, others);
        size_t next = 0;
        for (const DeclaredInput& input : m_inputs) {
            if (isFixed(input))
                continue;
            TensorInput& tensor = plan.tensors.at(next);
            tensor.variant = other.tensors.at(next).shape;
            for (size_t axis = 0; axis < input.dims.size(); ++axis)
                if (int(axis) != input.batchAxis)
                    tensor.symbols.push_back(input.dims[axis].symbol);
            ++next;
        }
    }

    Reading readWith(const std::vector<std::vector<int64_t>>& sizes,
                     const std::vector<std::vector<int64_t>>& others)
    {
        at::NoGradGuard noGradients;
        Reading reading;
        reading.inputs = planOf(m_inputs, sizes);
        reading.lifted.graph = std::make_shared<jit::Graph>();
        reading.lifted.graph->addInput("self")->setType(m_model->module.type());
        reading.lifted.userInputs = reading.inputs.arguments.size();
        const size_t examples = others.empty() ? 1 : 2;
        Trace trace(reading.lifted, examples, m_model->sizesOnly, m_stop);
        std::vector<std::vector<c10::IValue>> packed = {reading.inputs.pack(reading.inputs.example(1, 0))};
        if (examples == 2) {
            const InputPlan other = planOf(m_inputs, others);
            packed.push_back(other.pack(other.example(2, 0)));
        }
        std::unordered_map<std::string, Operand> values;
        size_t next = 0;
        for (const DeclaredInput& input : m_inputs) {
            Operand operand;
            if (isFixed(input)) {
                operand = constant(fixedValue(input));
            } else {
                std::vector<c10::IValue> samples;
                for (const auto& example : packed)
                    samples.push_back(example[next]);
                ++next;
                operand = trace.declare(reading.lifted.graph->addInput()->setType(c10::TensorType::get()),
                                        samples, false);
            }
            operand.elemType = input.elemType;
            values[input.name] = operand;
        }
        Reader reader(m_proto, m_files, trace);
        setOutputs(reading, trace, reader.readModel(values));
        reading.valueNames = reader.valueNames();
        reading.encodings = reader.encodings();
        return reading;
    }

    void setOutputs(Reading& reading, Trace& trace, const Operands& outputs)
    {
        jit::Graph& graph = *reading.lifted.graph;
        std::vector<jit::Value*> values;
        for (const Operand& output : outputs)
            values.push_back(trace.valueOf(output));
        for (const auto& output : m_proto->graph().output())
            reading.outputNames.push_back(output.name());
        if (values.size() == 1)
            graph.registerOutput(values[0]);
        else
            graph.registerOutput(graph.insertNode(graph.createTuple(values))->output());
    }

    void finish(Reading reading)
    {
        LiftedGraph& lifted = m_model->lifted;
        lifted = std::move(reading.lifted);
        m_model->inputs = std::move(reading.inputs);
        m_model->outputNames = std::move(reading.outputNames);
        m_model->encodings = std::move(reading.encodings);
        m_model->files = m_files.files();
        m_model->scopesNameOperators = true;
        m_model->moduleIsCurrent = false;
        m_model->valueNames = std::move(reading.valueNames);
        cleanUp(lifted.graph, m_stop);
        liftConstants(lifted, m_stop);
        normalize(lifted, m_stop);
        fusePatterns(lifted, m_model->valueNames, m_model->encodings, m_stop);
        keepLiveEncodings({});
        const auto behindNorms = encodedNorms();
        if (m_options.foldBatchNorm)
            foldBatchNorm(lifted, m_stop);
        cleanUp(lifted.graph, m_stop);
        lifted.removeUnusedParameters();
        keepLiveEncodings(behindNorms);
        m_model->original = lifted;
    }

    using Values = std::unordered_map<const jit::Value*, const jit::Value*>;

    /// Rounded outputs of batch-norms, which become those of the layers in front when they are folded.
    Values encodedNorms() const
    {
        Values values;
        for (const FileEncoding& encoding : m_model->encodings)
            if (encoding.value && encoding.value->node()->kind() == c10::aten::batch_norm)
                values[encoding.value] = encoding.value->node()->input(0);
        return values;
    }

    /// Encodings of values that the passes removed go to what `behind` says, or away.
    void keepLiveEncodings(const Values& behind) const
    {
        std::unordered_set<const jit::Value*> alive;
        const std::function<void(const jit::Block*)> visit = [&](const jit::Block* block) {
            alive.insert(block->inputs().begin(), block->inputs().end());
            for (const jit::Node* node : block->nodes()) {
                alive.insert(node->outputs().begin(), node->outputs().end());
                for (const jit::Block* inner : node->blocks())
                    visit(inner);
            }
        };
        visit(m_model->lifted.graph->block());
        for (FileEncoding& encoding : m_model->encodings)
            if (const auto layer = behind.find(encoding.value);
                layer != behind.end() && !alive.count(layer->first))
                encoding.value = layer->second;
        std::erase_if(m_model->encodings, [&](const FileEncoding& encoding) {
            return encoding.value && !alive.count(encoding.value);
        });
    }

    bool takesTwo() const
    {
        if (std::none_of(m_model->inputs.tensors.begin(), m_model->inputs.tensors.end(),
                         [](const TensorInput& input) { return input.isBatched; }))
            return false;
        try {
            at::NoGradGuard noGradients;
            Executor executor(*m_model->program, m_stop);
            executor.sizesOnly = m_model->sizesOnly;
            Frame frame = executor.start(m_model->inputs.pack(m_model->inputs.example(2, 0)));
            executor.run(m_model->program->code, frame);
            return true;
        } catch (const Stop&) {
            throw;
        } catch (...) {
            return false;
        }
    }

    const OpenOptions& m_options;
    const StopCheck& m_stop;
    std::shared_ptr<ImportedModel> m_model;
    std::shared_ptr<const onnx::ModelProto> m_proto;
    ExternalFiles m_files;
    std::vector<DeclaredInput> m_inputs;
};

} // namespace

std::shared_ptr<ImportedModel> importOnnx(const std::string& path, const OpenOptions& options,
                                          Progress& progress, const StopCheck& stop)
{
    return OnnxImporter(path, options, stop).import(progress);
}

} // namespace bitwright
