// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/run/trainer.h"

#include <nlohmann/json.hpp>

#include <algorithm>
#include <cmath>

namespace bitwright {
namespace {

std::string namesOf(const std::vector<TrainChoice>& choices)
{
    std::string names;
    for (const TrainChoice& choice : choices)
        names += (names.empty() ? "" : ", ") + choice.name;
    return names;
}

bool has(const std::vector<TrainChoice>& choices, const std::string& name)
{
    return std::any_of(choices.begin(), choices.end(), [&](const TrainChoice& c) { return c.name == name; });
}

Error bad(const std::string& key, const std::string& rule)
{
    return {Error::InvalidArgument, "It must be " + rule + ".", key};
}

const char* normName(NormMode mode)
{
    return mode == NormMode::Train ? "train" : mode == NormMode::Frozen ? "frozen" : "fold";
}

const char* lossName(TrainLoss loss)
{
    return loss == TrainLoss::CrossEntropy  ? "cross-entropy"
           : loss == TrainLoss::MeanSquared ? "mse"
                                            : "none";
}

void noteBits(const QuantSpec& spec, int& lowest)
{
    if (spec.format == Format::Int || spec.format == Format::Codebook)
        lowest = std::min(lowest, spec.bits);
    else if (spec.format != Format::Float32)
        lowest = std::min(lowest, spec.storedBits());
}

/// Samples that a preset wants to see, by the cost of one.
int64_t visits(double budgetMacs, int64_t macs, int64_t least, int64_t most)
{
    return std::clamp(int64_t(budgetMacs / double(std::max<int64_t>(macs, 1))), least, most);
}

/// As many epochs as give `wanted` sample visits, at most `most`; a part of one where the data is large.
void spread(int64_t wanted, int most, const TrainFacts& facts, TrainOptions& options)
{
    const int64_t samples = std::max<int64_t>(facts.samples, 1);
    options.epochs = int(std::clamp<int64_t>((wanted + samples / 2) / samples, 1, most));
    if (wanted < samples)
        options.stepsPerEpoch = std::max<int64_t>(1, wanted / options.batch);
}

} // namespace

const std::vector<TrainChoice>& trainPresets()
{
    static const std::vector<TrainChoice> all = {
        {"quick", "About a minute on a small model: learned ranges, distillation from the float model."},
        {"thorough", "Ten times the steps of quick, with random crops of images."},
        {"low-bit", "For 4 bits and fewer: longer, harder distillation, random crops of images."}};
    return all;
}

const std::vector<TrainChoice>& trainMethods()
{
    static const std::vector<TrainChoice> all = {
        {"ste", "Straight-through estimator on the ranges of the plan (Bengio et al. 2013)."},
        {"ste-moving", "Straight-through estimator; the ranges follow the mean magnitude of the values."},
        {"lsq", "Learned step sizes (Esser et al. 2020)."},
        {"lsq+", "Learned step sizes, and learned offsets of asymmetric activations (Bhalgat et al. 2020)."},
        {"pact",
         "Learned clipping of activations, weights by the straight-through estimator (Choi et al. 2018)."},
        {"dorefa", "Weights through a normalised tanh, activations clipped (Zhou et al. 2016)."},
        {"gradual-bits", "Learned step sizes; the bits step down from 8 over the first half of the run."},
        {"gradual-layers", "Learned step sizes; layer after layer joins over the first half of the run."},
        {"soft", "Soft steps that harden over the run (Gong et al. 2019)."},
        {"codebook", "Shared values of codebook weights learn, gradients summed per value (Han et al. 2016); "
                     "other sites as with lsq."}};
    return all;
}

TrainFacts trainFacts(const Graph& graph, const QuantPlan& plan, const Dataset* data, int64_t samples)
{
    TrainFacts facts;
    for (const Layer& layer : graph.layers) {
        facts.macs += layer.macs;
        facts.params += layer.params;
        if (!layer.weights.empty()) {
            noteBits(plan.weights(layer.name), facts.lowestBits);
            noteBits(plan.activations(layer.name), facts.lowestBits);
        }
    }
    facts.samples = samples;
    if (!data)
        return facts;
    facts.labels = data->hasLabels();
    const Shape shape = data->sampleShape();
    facts.images = shape.size() == 3 && (shape[0] == 1 || shape[0] == 3) && shape[1] >= 8 && shape[2] >= 8;
    facts.height = facts.images ? shape[1] : 0;
    return facts;
}

Result<TrainOptions> presetOptions(const std::string& preset, const TrainFacts& facts)
{
    if (!has(trainPresets(), preset))
        return Error{Error::InvalidArgument,
                     "There is no preset \"" + preset + "\"; known are " + namesOf(trainPresets()) + ".",
                     {}};
    TrainOptions options;
    options.preset = preset;
    const bool low = facts.lowestBits <= 3;
    options.lr = low ? 2e-3 : 1e-3;
    options.scaleLr = low ? 2e-3 : 1e-3;
    options.loss = facts.labels ? TrainLoss::CrossEntropy : TrainLoss::None;
    const bool crops = facts.images && preset != "quick";
    // Half of what whole trainings take: a few epochs do not learn what large shifts show.
    options.cropPadding = crops ? std::max<int64_t>(1, facts.height / 16) : 0;
    if (preset == "quick")
        spread(visits(5e11, facts.macs, 4096, 60000), 10, facts, options);
    else if (preset == "thorough")
        spread(visits(5e12, facts.macs, 40960, 600000), 60, facts, options);
    else
        spread(visits(2.5e12, facts.macs, 20480, 300000), 40, facts, options);
    return options;
}

Result<void> validate(const TrainOptions& o)
{
    const auto within = [](double value, double low, double high) { return value >= low && value <= high; };
    if (!has(trainMethods(), o.method))
        return Error{Error::InvalidArgument,
                     "There is no method \"" + o.method + "\"; known are " + namesOf(trainMethods()) + ".",
                     "method"};
    if (o.epochs < 1 || o.epochs > 100000)
        return bad("epochs", "a whole number from 1 to 100000");
    if (o.batch < 1 || o.stepsPerEpoch < 0 || o.checkpointEvery < 0)
        return bad("batch", "at least 1, and numbers of steps must not be negative");
    if (o.optimizer != "sgd" && o.optimizer != "adam" && o.optimizer != "adamw")
        return bad("optimizer", "sgd, adam or adamw");
    if (o.schedule != "constant" && o.schedule != "step" && o.schedule != "cosine")
        return bad("schedule", "constant, step or cosine");
    if (!within(o.lr, 0, 100) || !within(o.scaleLr, 0, 1))
        return bad("lr", "from 0 to 100, and that of the ranges from 0 to 1");
    if (!within(o.momentum, 0, 0.9999) || !within(o.weightDecay, 0, 10) || !within(o.clip, 0, 1e9))
        return bad("momentum", "from 0 to 0.9999, weight decay from 0 to 10, and clipping not negative");
    if (!within(o.warmup, 0, 1) || !within(o.stepFactor, 0, 1))
        return bad("warmup", "a share from 0 to 1");
    if (!within(o.labelSmoothing, 0, 0.99) || !within(o.lossWeight, 0, 1e6))
        return bad("label_smoothing", "from 0 to 0.99");
    if (!within(o.distill.weight, 0, 1e6) || !within(o.distill.layerWeight, 0, 1e6))
        return bad("distill", "a weight that is not negative");
    if (!within(o.distill.temperature, 0.01, 1000))
        return bad("temperature", "from 0.01 to 1000");
    if (o.cropPadding < 0 || o.cropPadding > 4096 || o.patience < 0 || o.normBatches < 0 ||
        o.freezeNormAfter < 0)
        return bad("crop_padding",
                   "from 0 to 4096 pixels, and numbers of epochs and batches must not be negative");
    if (o.prune.kind != PruneOptions::None && !within(o.prune.share, 1e-6, 1 - 1e-6))
        return bad("prune", "a share above 0 and below 1");
    if (o.prune.kind == PruneOptions::Channels && o.prune.gradual)
        return bad("prune_gradual", "off for channels, which are removed before the first step");
    const bool learns = (o.loss != TrainLoss::None && o.lossWeight > 0) || o.distill.weight > 0 ||
                        (!o.distill.layers.empty() && o.distill.layerWeight > 0);
    if (!learns)
        return Error{Error::InvalidArgument,
                     "Without labels and without distillation there is nothing to learn from.", "loss"};
    return {};
}

nlohmann::ordered_json trainOptionsToJson(const TrainOptions& o)
{
    return {{"preset", o.preset},
            {"method", o.method},
            {"epochs", o.epochs},
            {"batch", o.batch},
            {"steps_per_epoch", o.stepsPerEpoch},
            {"seed", o.seed},
            {"optimizer", o.optimizer},
            {"lr", o.lr},
            {"scale_lr", o.scaleLr},
            {"momentum", o.momentum},
            {"weight_decay", o.weightDecay},
            {"clip", o.clip},
            {"schedule", o.schedule},
            {"warmup", o.warmup},
            {"step_factor", o.stepFactor},
            {"loss", lossName(o.loss)},
            {"loss_weight", o.lossWeight},
            {"label_smoothing", o.labelSmoothing},
            {"distill", o.distill.weight},
            {"temperature", o.distill.temperature},
            {"distill_layers", o.distill.layers},
            {"distill_layer_weight", o.distill.layerWeight},
            {"norm", normName(o.norm)},
            {"equalize", o.equalize},
            {"freeze_norm_after", o.freezeNormAfter},
            {"norm_batches", o.normBatches},
            {"prune", pruneText(o.prune)},
            {"prune_gradual", o.prune.gradual},
            {"flip", o.flip},
            {"crop_padding", o.cropPadding},
            {"patience", o.patience},
            {"checkpoint_every", o.checkpointEvery}};
}

TrainSplit splitForValidation(const TrainData& all, int64_t batch, uint64_t seed)
{
    TrainSplit split{all, all};
    const int64_t size = all.size();
    const int64_t held = std::min<int64_t>(std::max(size / 10, std::min(batch, size / 3)), 2000);
    if (!all.dataset) {
        split.validation.randomSamples = std::max<int64_t>(held, 1);
        return split;
    }
    if (size < 4)
        return split;
    const std::vector<int64_t> order = calibrationSubset(size, -1, seed);
    split.train.indices.clear();
    split.validation.indices.clear();
    for (int64_t i = 0; i < size; ++i)
        (i < held ? split.validation : split.train).indices.push_back(all.indices[size_t(order[size_t(i)])]);
    std::sort(split.validation.indices.begin(), split.validation.indices.end());
    std::sort(split.train.indices.begin(), split.train.indices.end());
    return split;
}

} // namespace bitwright
