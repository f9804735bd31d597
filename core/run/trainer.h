// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/base/progress.h"
#include "core/base/result.h"
#include "core/graph/graph.h"
#include "core/quant/quant_params.h"
#include "core/quant/quant_plan.h"
#include "core/run/dataset.h"
#include "core/run/pruning.h"

#include <nlohmann/json_fwd.hpp>

#include <atomic>
#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <vector>

namespace bitwright {

class ModelRunner;

/// What is done with batch-norm that the reader folded into the layer before it.
enum class NormMode {
    Train,  ///< unfolded for training, on batch statistics; folded again at the end
    Frozen, ///< unfolded, but on the stored statistics; gain and shift are trained
    Fold    ///< the folded weights are trained; no batch-norm is left
};

enum class TrainLoss {
    CrossEntropy, ///< of the first output against the labels
    MeanSquared,  ///< of the first output against one-hot labels, or against the label as a number (one
                  ///< column)
    None          ///< distillation alone; needs no labels
};

/// The float model as the teacher (Hinton et al. 2015): weight T^2 KL(softmax(teacher/T) ||
/// softmax(student/T)) for outputs that are class scores, the mean squared error over the teacher's variance
/// for others.
struct Distillation {
    double weight = 1;               ///< 0 = off
    double temperature = 2;          ///< T
    std::vector<std::string> layers; ///< outputs of these layers shall be like the teacher's as well
    double layerWeight = 1; ///< of the mean squared error over the teacher's variance, summed over `layers`

    bool operator==(const Distillation&) const = default;
};

/// Everything that decides a training run; the same options, data, seed and thread count give the same bits.
struct TrainOptions {
    std::string preset = "quick"; ///< where the defaults came from; see presetOptions
    std::string method = "lsq";   ///< one of trainMethods()
    int epochs = 1;
    int64_t batch = 64;
    int64_t stepsPerEpoch = 0; ///< 0 = all training samples
    uint64_t seed = 0;

    std::string optimizer = "adamw"; ///< sgd (momentum), adam, adamw
    double lr = 1e-3;                ///< of weights, biases and batch-norm, at its highest
    double scaleLr = 1e-3;     ///< of learned ranges, relative to their first value (they always use Adam)
    double momentum = 0.9;     ///< of sgd
    double weightDecay = 1e-4; ///< of weights; biases, batch-norm and ranges have none
    double clip = 0;           ///< largest norm of all gradients; 0 = no limit
    std::string schedule = "cosine"; ///< constant, step, cosine
    double warmup = 0.05;            ///< share of the steps in which the rate rises from 0
    double stepFactor = 0.1;         ///< step: the rate is multiplied by it at 1/2 and 3/4 of the run

    TrainLoss loss = TrainLoss::CrossEntropy;
    double lossWeight = 1; ///< of the loss against the labels
    double labelSmoothing = 0;
    Distillation distill;

    NormMode norm = NormMode::Train;
    bool equalize = true;    ///< give the channels that depthwise filters read one range first
    int freezeNormAfter = 0; ///< epochs; from then on stored statistics are used; 0 = never
    int normBatches = 0;     ///< batches that re-estimate the statistics after every epoch; 0 = none

    PruneOptions prune; ///< weights that become and stay exactly 0

    bool flip = false;       ///< mirror half of the images
    int64_t cropPadding = 0; ///< pixels around the image before a random crop of the old size; 0 = none
    int patience = 0;        ///< epochs without improvement after which it stops; 0 = never

    std::string checkpoint;      ///< file, written after every epoch; "" = none
    int64_t checkpointEvery = 0; ///< also every so many steps
    std::string resume;          ///< checkpoint to go on from; "" = from the start

    bool operator==(const TrainOptions&) const = default;
};

/// What the defaults depend on.
struct TrainFacts {
    int64_t macs = 0, params = 0;
    int64_t samples = 0; ///< for training; 0 = random data
    int lowestBits = 32; ///< of any integer site of the plan
    bool labels = false, images = false, hasNorm = false;
    int64_t height = 0; ///< of images, pixels
};
/// `samples` of `data` (null = random data) will be trained on.
TrainFacts trainFacts(const Graph& graph, const QuantPlan& plan, const Dataset* data, int64_t samples);

struct TrainChoice {
    std::string name, description; ///< one sentence
};
/// quick, thorough, low-bit.
const std::vector<TrainChoice>& trainPresets();
/// ste, ste-moving, lsq, lsq+, pact, dorefa, gradual-bits, gradual-layers, soft, codebook.
const std::vector<TrainChoice>& trainMethods();
/// InvalidArgument names the presets.
Result<TrainOptions> presetOptions(const std::string& preset, const TrainFacts& facts);
/// InvalidArgument names the key and what it may be.
Result<void> validate(const TrainOptions& options);
/// Every field under its name in snake case; checkpoint files are left out.
nlohmann::ordered_json trainOptionsToJson(const TrainOptions& options);

/// Samples to train on or to validate with; no dataset = random inputs of the model's example shapes.
struct TrainData {
    std::shared_ptr<const Dataset> dataset;
    std::vector<int64_t> indices;
    int64_t randomSamples = 0;

    int64_t size() const { return dataset ? int64_t(indices.size()) : randomSamples; }
};
/// Takes a seeded part out of `all` for validation: a tenth, at most 2000 and at least one batch where there
/// are several.
struct TrainSplit {
    TrainData train, validation;
};
TrainSplit splitForValidation(const TrainData& all, int64_t batch, uint64_t seed);

/// A learned range while it is learned.
struct SiteScale {
    std::string layer;    ///< or inputLayerName(i)
    bool weight = false;  ///< of the weight, else of the output
    double scale = 0;     ///< mean over channels
    double zeroPoint = 0; ///< mean over channels

    bool operator==(const SiteScale&) const = default;
};

struct EpochRecord {
    int epoch = 0;                   ///< from 1; 0 = before training
    double loss = 0;                 ///< mean over the steps of the epoch; of epoch 0 that of validation
    std::optional<double> trainTop1; ///< over the training samples as they were seen
    double validationLoss = 0;       ///< of the quantized model as it would be exported
    std::optional<double> top1;      ///< the same on validation labels
    double lr = 0;                   ///< after the epoch
    double seconds = 0;
    std::vector<SiteScale> scales;

    bool operator==(const EpochRecord&) const = default;
};

struct StepRecord {
    int64_t step = 0, steps = 0; ///< finished and planned
    int epoch = 1, epochs = 1;
    double loss = 0, lr = 0;
    std::optional<double> top1; ///< of the running epoch
    double seconds = 0, secondsLeft = 0;
};

/// Called on the thread that trains.
struct TrainListener {
    std::function<void(const StepRecord&)> step;
    std::function<void(const EpochRecord&)> epoch; ///< epoch 0 first
};

/// How others steer a run; any thread. Asked between steps.
class TrainControl {
public:
    void pause(bool on) { m_paused.store(on, std::memory_order_relaxed); }
    /// Ends after the running step; the best epoch so far is the result.
    void stop() { m_stopped.store(true, std::memory_order_relaxed); }
    bool paused() const { return m_paused.load(std::memory_order_relaxed); }
    bool stopped() const { return m_stopped.load(std::memory_order_relaxed); }

private:
    std::atomic<bool> m_paused{false}, m_stopped{false};
};

struct TrainJob {
    QuantPlan plan;        ///< what precision
    ResolvedPlan resolved; ///< `plan` with the ranges to start from
    TrainData train, validation;
    TrainOptions options;
};

struct TrainResult {
    std::vector<EpochRecord> epochs; ///< [0] is before training
    int bestEpoch = 0;      ///< 0 = the start was better than every epoch, beyond what chance explains
    bool stopped = false;   ///< early, by patience or TrainControl
    bool cancelled = false; ///< after `bestEpoch`, by Progress
    /// The plan with the learned ranges as fixed ones.
    QuantPlan plan;
    /// The model with the tuned weights, in float; the same graph, layers and value ids. Without channels
    /// that were removed: the same layers in the same order, perhaps under other names.
    std::shared_ptr<const ModelRunner> runner;
    std::vector<std::string> notes; ///< which channels were removed, one sentence a layer
    double seconds = 0;
    int64_t steps = 0;
};

/// Trains one model under a plan. Made by a backend; call train() once.
class Trainer {
public:
    virtual ~Trainer() = default;

    /// Estimate of the bytes that training takes beside the opened model: leaves, gradients, the optimizer's
    /// state, and the activations of a batch.
    virtual int64_t memoryBytes() const = 0;
    /// Cancelled within half a second, in the middle of a backward pass too: with the best epoch when one has
    /// ended (TrainResult::cancelled), else Error::Cancelled. A step whose loss is not finite
    /// ends the run with the best epoch, or with an error when there is none.
    virtual Result<TrainResult> train(const TrainListener& listener, const TrainControl& control,
                                      Progress& progress) = 0;
};

} // namespace bitwright
