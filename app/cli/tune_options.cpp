// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/cli/tune_options.h"

#include <CLI/CLI.hpp>

#include <algorithm>

namespace bitwright::cli {
namespace {

std::vector<std::string> namesOf(const std::vector<TrainChoice>& choices)
{
    std::vector<std::string> names;
    for (const TrainChoice& choice : choices)
        names.push_back(choice.name);
    return names;
}

std::string helpOf(const std::string& what, const std::vector<TrainChoice>& choices)
{
    std::string help = what;
    for (const TrainChoice& choice : choices)
        help += "\n  " + choice.name + ": " + choice.description;
    return help;
}

/// One method of training, or repairs joined by commas.
std::string checkMethod(const std::string& text)
{
    const std::vector<std::string> training = namesOf(trainMethods());
    if (std::count(training.begin(), training.end(), text) > 0)
        return {};
    for (const std::string& name : CLI::detail::split(text, ','))
        if (!findRepair(name))
            return name + " is neither a method of training nor a repair; " +
                   (text == name ? "see --help" : "only repairs can be combined");
    return {};
}

std::string methodHelp()
{
    std::vector<TrainChoice> repairs;
    for (const RepairMethod& method : repairMethods())
        repairs.push_back({method.name, method.description});
    return helpOf(helpOf("How gradients pass the quantizers; default: lsq", trainMethods()) +
                      "\nWithout training, joined by commas (A,B):",
                  repairs);
}

template<typename T>
void take(const std::optional<T>& given, T& value)
{
    if (given)
        value = *given;
}

void addRates(CLI::App& verb, TuneOptions& o, const std::string& group)
{
    verb.add_option("--lr", o.lr, "Highest learning rate of weights")
        ->check(numberFrom(0, 100))
        ->type_name("F")
        ->group(group);
    verb.add_option("--scale-lr", o.scaleLr, "The same of learned ranges, relative to their size")
        ->check(numberFrom(0, 1))
        ->type_name("F")
        ->group(group);
    verb.add_option("--optimizer", o.optimizer, "sgd, adam or adamw")
        ->check(CLI::IsMember({"sgd", "adam", "adamw"}))
        ->type_name("NAME")
        ->group(group);
    verb.add_option("--momentum", o.momentum, "Of sgd")
        ->check(numberFrom(0, 0.9999))
        ->type_name("F")
        ->group(group);
    verb.add_option("--weight-decay", o.weightDecay, "Of weights; biases and batch-norm have none")
        ->check(numberFrom(0, 10))
        ->type_name("F")
        ->group(group);
    verb.add_option("--clip", o.clip, "Largest norm of the gradients; 0 = any")
        ->check(numberFrom(0))
        ->type_name("F")
        ->group(group);
    verb.add_option("--schedule", o.schedule, "constant, step or cosine")
        ->check(CLI::IsMember({"constant", "step", "cosine"}))
        ->type_name("NAME")
        ->group(group);
    verb.add_option("--warmup", o.warmup, "Share of the run in which the rate rises")
        ->check(numberFrom(0, 1))
        ->type_name("F")
        ->group(group);
}

void addNormalization(CLI::App& verb, TuneOptions& o, const std::string& group)
{
    verb.add_option("--norm", o.norm, "Batch-norm: train (on batch statistics), frozen, fold")
        ->check(CLI::IsMember({"train", "frozen", "fold"}))
        ->type_name("MODE")
        ->group(group);
    verb.add_flag("--no-equalize", o.noEqualize,
                  "Leave the channel ranges in front of depthwise filters as they are")
        ->group(group);
    verb.add_option("--freeze-norm-after", o.freezeNormAfter,
                    "Use stored statistics after N epochs; 0 = never")
        ->check(CLI::NonNegativeNumber)
        ->type_name("N")
        ->group(group);
    verb.add_option("--norm-batches", o.normBatches, "Batches that re-estimate the statistics after an epoch")
        ->check(CLI::NonNegativeNumber)
        ->type_name("N")
        ->group(group);
}

void addTraining(CLI::App& verb, TuneOptions& o)
{
    const std::string group = "Training (what is not given is the preset's)";
    verb.add_option("--preset", o.preset, helpOf("Where defaults come from:", trainPresets()))
        ->check(CLI::IsMember(namesOf(trainPresets())))
        ->type_name("NAME")
        ->capture_default_str()
        ->group(group);
    verb.add_option("--method", o.method, methodHelp())
        ->check(CLI::Validator(checkMethod, ""))
        ->type_name("NAME")
        ->group(group);
    verb.add_option("--epochs", o.epochs, "Passes over the training samples")
        ->check(CLI::Range(1, 100000))
        ->type_name("N")
        ->group(group);
    verb.add_option("--steps", o.steps, "Steps of an epoch; 0 = all samples")
        ->check(CLI::NonNegativeNumber)
        ->type_name("N")
        ->group(group);
    verb.add_option("--train-limit", o.trainLimit,
                    "First N training samples after the seeded shuffle; default: all")
        ->check(CLI::PositiveNumber)
        ->type_name("N")
        ->group(group);
    verb.add_option("--patience", o.patience, "Stop after N epochs without improvement; 0 = never")
        ->check(CLI::NonNegativeNumber)
        ->type_name("N")
        ->group(group);
    addRates(verb, o, group);
    addNormalization(verb, o, group);
}

void addLosses(CLI::App& verb, TuneOptions& o)
{
    const std::string group = "Loss and data";
    verb.add_option("--loss", o.loss, "Against the labels: cross-entropy, mse or none")
        ->check(CLI::IsMember({"cross-entropy", "mse", "none"}))
        ->type_name("NAME")
        ->group(group);
    verb.add_option("--label-smoothing", o.labelSmoothing, "0 to 0.99")
        ->check(numberFrom(0, 0.99))
        ->type_name("F")
        ->group(group);
    verb.add_flag("--distill{1}", o.distillWeight,
                  "Learn from the float model's outputs, with this weight (--distill=F)")
        ->group(group);
    verb.add_flag("--no-distill", o.noDistill, "Learn from the labels alone")->group(group);
    verb.add_option("--temperature", o.temperature, "Of the distillation")
        ->check(numberFrom(0.01, 1000))
        ->type_name("F")
        ->group(group);
    verb.add_option("--distill-layers", o.distillLayers,
                    "Layers whose outputs shall be like the float model's")
        ->delimiter(',')
        ->allow_extra_args(false)
        ->type_name("A,B")
        ->group(group);
    verb.add_option("--distill-layer-weight", o.distillLayerWeight, "Weight of these")
        ->check(numberFrom(0))
        ->type_name("F")
        ->group(group);
    verb.add_flag("--flip", o.flip, "Mirror half of the images")->group(group);
    verb.add_option("--crop-padding", o.cropPadding, "Random crops after a border of N pixels; 0 = none")
        ->check(CLI::Range(int64_t(0), int64_t(4096)))
        ->type_name("N")
        ->group(group);
}

void addPruning(CLI::App& verb, TuneOptions& o)
{
    const std::string group = "Pruning (what is left is trained)";
    const auto check = [](const std::string& text) {
        const auto parsed = parsePrune(text);
        return parsed ? std::string() : parsed.error().message;
    };
    verb.add_option("--prune", o.prune,
                    "magnitude=SHARE: the smallest of every layer, depthwise filters apart\n"
                    "2:4: two of every four neighbours along the input channels\n"
                    "channels=SHARE: whole channels, removed from the graph before the first step")
        ->check(CLI::Validator(check, ""))
        ->type_name("HOW")
        ->group(group);
    verb.add_option("--prune-schedule", o.pruneSchedule,
                    "one-shot: before the first step; gradual: over the first three quarters of the training")
        ->check(CLI::IsMember({"one-shot", "gradual"}))
        ->type_name("NAME")
        ->capture_default_str()
        ->group(group);
}

} // namespace

void addTuneOptions(CLI::App& verb, TuneOptions& o)
{
    addTraining(verb, o);
    addPruning(verb, o);
    addLosses(verb, o);
    const std::string group = "Files";
    verb.add_option("--out", o.out,
                    "Tuned model to write; its plan with the learned ranges goes beside it (.plan.json)")
        ->type_name("MODEL")
        ->group(group);
    verb.add_option("--checkpoint", o.checkpoint,
                    "Where the run stands, after every epoch; default: OUT.checkpoint")
        ->type_name("FILE")
        ->group(group);
    verb.add_option("--checkpoint-every", o.checkpointEvery, "Also every N steps")
        ->check(CLI::NonNegativeNumber)
        ->type_name("N")
        ->group(group);
    verb.add_option("--resume", o.resume,
                    "Go on from a checkpoint, with the options of the run that wrote it")
        ->type_name("FILE")
        ->group(group);
}

TrainOptions applied(const TuneOptions& o, TrainOptions t)
{
    t.seed = o.seed;
    if (o.trainBatch > 0) {
        if (t.stepsPerEpoch > 0) // as many samples as before
            t.stepsPerEpoch = std::max<int64_t>(1, t.stepsPerEpoch * t.batch / o.trainBatch);
        t.batch = o.trainBatch;
    }
    take(o.method, t.method);
    if (o.epochs) {
        t.epochs = *o.epochs;
        t.stepsPerEpoch = 0;
    }
    take(o.steps, t.stepsPerEpoch);
    take(o.lr, t.lr);
    take(o.scaleLr, t.scaleLr);
    take(o.optimizer, t.optimizer);
    take(o.momentum, t.momentum);
    take(o.weightDecay, t.weightDecay);
    take(o.clip, t.clip);
    take(o.schedule, t.schedule);
    take(o.warmup, t.warmup);
    take(o.patience, t.patience);
    take(o.freezeNormAfter, t.freezeNormAfter);
    take(o.normBatches, t.normBatches);
    take(o.labelSmoothing, t.labelSmoothing);
    take(o.distill, t.distill.weight);
    take(o.temperature, t.distill.temperature);
    take(o.distillLayerWeight, t.distill.layerWeight);
    take(o.cropPadding, t.cropPadding);
    t.prune = parsePrune(o.prune).value(); // checked while it was parsed
    t.prune.gradual = o.pruneSchedule == "gradual";
    t.flip |= o.flip;
    t.equalize = !o.noEqualize;
    t.distill.layers = o.distillLayers;
    if (o.noDistill)
        t.distill.weight = 0;
    if (o.loss)
        t.loss = *o.loss == "mse"    ? TrainLoss::MeanSquared
                 : *o.loss == "none" ? TrainLoss::None
                                     : TrainLoss::CrossEntropy;
    if (o.norm)
        t.norm = *o.norm == "frozen" ? NormMode::Frozen
                 : *o.norm == "fold" ? NormMode::Fold
                                     : NormMode::Train;
    t.checkpoint = !o.checkpoint.empty() ? o.checkpoint
                   : !o.resume.empty()   ? o.resume
                   : o.out.empty()       ? ""
                                         : o.out + ".checkpoint";
    t.checkpointEvery = o.checkpointEvery;
    t.resume = o.resume;
    return t;
}

std::vector<std::string> repairsOf(const TuneOptions& o)
{
    const std::string method = o.method.value_or("");
    const std::vector<std::string> names = CLI::detail::split(method, ',');
    return !names.empty() && findRepair(names[0]) ? names : std::vector<std::string>();
}

} // namespace bitwright::cli
