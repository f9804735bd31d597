// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/base/progress.h"
#include "core/base/result.h"
#include "core/graph/graph.h"
#include "core/quant/quant_params.h"
#include "core/quant/quant_plan.h"
#include "core/tensor/tensor.h"

#include <array>
#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <set>
#include <span>
#include <string>
#include <vector>

namespace bitwright {

/// One input tensor per tensor input of the model, batch first.
using Batch = std::vector<Tensor>;

struct SaturatingProduct;

/// What to replace in a run. Empty = the float model.
struct RunConfig {
    std::map<std::string, Tensor> weights;              ///< by parameter name, same shape, F32
    std::map<ValueId, ActivationQuantizer> activations; ///< applied as soon as the value is made
    /// Layers whose products are added in 16 bits (core/run/saturation.h); their input and weight have to be
    /// quantized in the same run.
    std::map<NodeId, std::shared_ptr<const SaturatingProduct>> saturating;

    bool isFloat() const { return weights.empty() && activations.empty(); }
};

/// Called for each observed value of a run, in execution order, on the thread that runs. The tensor is
/// valid after the call as well (it shares memory). With quantized activations the value *before* its
/// quantizer is given.
using Observer = std::function<void(ValueId, const Tensor&)>;

/// A run that differs from a base in a few sites; the runner re-executes only what lies behind them.
struct Variant {
    RunConfig changes;                   ///< entries replace those of the base
    std::set<ValueId> removeActivations; ///< quantizers of the base that are off in this variant
    std::set<std::string> removeWeights; ///< weight replacements of the base that are off
    ValueId stopAt = kNone;              ///< give this value (before its quantizer) instead of the outputs
};

/// `base` changed as `variant` says: what a whole run of it takes.
RunConfig withVariant(RunConfig base, const Variant& variant);

/// How a model that is quantized already is quantized: the plan, and for every site that keeps the plan's
/// spec the grid of the file, to the last bit. The model itself runs in float, with dequantized weights.
struct FileQuantization {
    QuantPlan plan;
    ResolvedPlan exact;
};

/// Executes one model. The only way to do so. Const calls are thread-safe; LibTorch's own workers are used
/// inside one call. Every call asks Progress::cancelled() between nodes.
class ModelRunner {
public:
    virtual ~ModelRunner() = default;

    virtual const Graph& graph() const = 0;
    /// A parameter or buffer as the graph uses it (batch-norm folded), in its own dtype.
    virtual Result<Tensor> parameter(const std::string& name) const = 0;
    /// Null when the file holds a float model.
    virtual const FileQuantization* fileQuantization() const { return nullptr; }
    /// The same model with other numbers in some of its parameters, given as parameter() gives them (same
    /// shapes, F32). The graph and all ids stay. Unsupported where a backend cannot.
    virtual Result<std::shared_ptr<const ModelRunner>>
    withParameters(const std::map<std::string, Tensor>& changed) const;
    /// A batch that the model accepts: the example shapes with `batch` samples; seeded normal values
    /// (indices 0..n for integer inputs).
    virtual Result<Batch> exampleBatch(int64_t batch, uint64_t seed) const = 0;

    /// Runs a batch; returns the output tensors, flattened out of tuples, lists and dicts, as F32.
    /// `observed`: values that `observer` wants to see.
    virtual Result<std::vector<Tensor>> run(const Batch& batch, const RunConfig& config,
                                            const std::set<ValueId>& observed, const Observer& observer,
                                            Progress& progress) const = 0;

    /// Runs two configurations in lockstep and hands each value of `observed` of both to `sink` (before
    /// their quantizers); the value of a node that only one path executed is skipped.
    using PairSink = std::function<void(ValueId, const Tensor& a, const Tensor& b)>;
    virtual Result<std::array<std::vector<Tensor>, 2>>
    runPaired(const Batch& batch, const RunConfig& a, const RunConfig& b, const std::set<ValueId>& observed,
              const PairSink& sink, Progress& progress) const = 0;

    /// Runs `base` once and, forking where a variant first differs, the rest of every variant. Bit-identical
    /// to running each variant whole. `sink(i, outputs)` is called once per variant, in any order, with the
    /// outputs (or the one value of stopAt). Returns the outputs of the base.
    using VariantSink = std::function<void(size_t variant, const std::vector<Tensor>& outputs)>;
    virtual Result<std::vector<Tensor>> runVariants(const Batch& batch, const RunConfig& base,
                                                    std::span<const Variant> variants,
                                                    const VariantSink& sink, Progress& progress) const = 0;
};

struct OpenOptions {
    bool foldBatchNorm = true;
    /// Quantized operators of a file stay what they are and run as such, instead of becoming the float ones
    /// that they stand for.
    bool keepIntegers = false;
    std::vector<Shape> inputShapes; ///< without batch; empty = from the file or guessed
    double timeLimitSeconds = 120;  ///< for the import
};

/// The runtime that an ONNX file is for.
enum class ExportTarget {
    OnnxRuntime, ///< unsigned activations, the only ones with integer kernels on x86
    TensorRt,    ///< the plan's signs, float biases
    OpenVino,    ///< the plan's signs
    Generic      ///< the plan's signs
};
/// "onnxruntime", "tensorrt", "openvino", "generic", by value.
const std::vector<std::string>& exportTargetNames();

/// A model to be written by a backend, with what belongs to it beside it; not atomically (see
/// writeAtomically).
struct ExportRequest {
    std::string format; ///< one of Backend::exportFormats
    std::string path;
    ResolvedPlan plan;
    std::string provenance; ///< one line for the file's metadata
    int opset = 0;          ///< ONNX: version of the operators; 0 = the lowest that holds the plan
    ExportTarget target = ExportTarget::OnnxRuntime; ///< ONNX
    std::map<std::string, std::string> metadata{};   ///< ONNX: further entries of the file's metadata
};
struct ExportOutcome {
    std::vector<std::string> files;
    std::string engine;             ///< name of the integer engine that packed the weights, or ""
    std::vector<std::string> notes; ///< layers that had to stay float, and why; one sentence each
};

class Trainer;
struct TrainJob;

/// A kind of model file: how to recognise, open and write it. Registered by the programs.
struct Backend {
    std::string name;                                        ///< "torchscript"
    std::function<bool(const std::string& path)> recognises; ///< by content
    std::function<Result<std::unique_ptr<ModelRunner>>(const std::string& path, const OpenOptions&,
                                                       Progress&)>
        open;
    std::vector<std::string> exportFormats; ///< "torchscript-fakequant", ...
    std::function<Result<ExportOutcome>(const ModelRunner&, const ExportRequest&, Progress&)> write;
    /// See core/run/trainer.h. Null when the backend cannot train. The runner must outlive the trainer.
    std::function<Result<std::unique_ptr<Trainer>>(const ModelRunner&, TrainJob)> trainer;
    /// Writes the float model itself, as tuned (TrainResult::runner); null when the backend cannot.
    std::function<Result<void>(const ModelRunner&, const std::string& path, const std::string& provenance,
                               Progress&)>
        save;
};

void registerBackend(Backend backend);
const std::vector<Backend>& backends();

/// Weights fake-quantized once, ready for many runs. Fails when a parameter is missing or not floating.
Result<RunConfig> makeRunConfig(const ModelRunner& runner, const ResolvedPlan& plan, Progress& progress);

} // namespace bitwright
