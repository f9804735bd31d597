// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/base/atomic_file.h"
#include "core/torch/train/checkpoint_p.h"

#include <ATen/ATen.h>
#include <ATen/core/grad_mode.h>
#include <nlohmann/json.hpp>
#include <torch/serialize/input-archive.h>
#include <torch/serialize/output-archive.h>

#include <algorithm>
#include <sstream>

namespace bitwright {
namespace {

using Json = nlohmann::json;

Json toJson(const std::optional<double>& value)
{
    return value ? Json(*value) : Json(nullptr);
}
std::optional<double> optionalFrom(const Json& json)
{
    return json.is_null() ? std::nullopt : std::optional(json.get<double>());
}

Json toJson(const EpochRecord& record)
{
    Json scales = Json::array();
    for (const SiteScale& s : record.scales)
        scales.push_back({s.layer, s.weight, s.scale, s.zeroPoint});
    return {{"epoch", record.epoch},
            {"loss", record.loss},
            {"train_top1", toJson(record.trainTop1)},
            {"validation_loss", record.validationLoss},
            {"top1", toJson(record.top1)},
            {"lr", record.lr},
            {"seconds", record.seconds},
            {"scales", scales}};
}

EpochRecord recordFrom(const Json& json)
{
    EpochRecord record;
    record.epoch = json.at("epoch");
    record.loss = json.at("loss").is_null() ? 0 : json.at("loss").get<double>();
    record.trainTop1 = optionalFrom(json.at("train_top1"));
    record.validationLoss =
        json.at("validation_loss").is_null() ? 0 : json.at("validation_loss").get<double>();
    record.top1 = optionalFrom(json.at("top1"));
    record.lr = json.at("lr");
    record.seconds = json.at("seconds");
    for (const Json& s : json.at("scales"))
        record.scales.push_back({s.at(0), s.at(1), s.at(2), s.at(3)});
    return record;
}

std::string positionText(const TrainPosition& p)
{
    Json epochs = Json::array();
    for (const EpochRecord& record : p.epochs)
        epochs.push_back(toJson(record));
    return Json{{"epoch", p.epoch},
                {"step_in_epoch", p.stepInEpoch},
                {"step", p.step},
                {"loss_sum", p.lossSum},
                {"hits", p.hits},
                {"labelled", p.labelled},
                {"best_score", p.bestScore},
                {"best_epoch", p.bestEpoch},
                {"since_best", p.sinceBest},
                {"epochs", epochs}}
        .dump();
}

TrainPosition positionFrom(const std::string& text)
{
    const Json json = Json::parse(text);
    TrainPosition p;
    p.epoch = json.at("epoch");
    p.stepInEpoch = json.at("step_in_epoch");
    p.step = json.at("step");
    p.lossSum = json.at("loss_sum");
    p.hits = json.at("hits");
    p.labelled = json.at("labelled");
    p.bestScore = json.at("best_score");
    p.bestEpoch = json.at("best_epoch");
    p.sinceBest = json.at("since_best");
    for (const Json& record : json.at("epochs"))
        p.epochs.push_back(recordFrom(record));
    return p;
}

void writeAll(torch::serialize::OutputArchive& archive, const std::string& name,
              const std::vector<at::Tensor>& tensors)
{
    archive.write(name + "_count", c10::IValue(int64_t(tensors.size())));
    for (size_t i = 0; i < tensors.size(); ++i)
        archive.write(name + std::to_string(i), tensors[i].detach(), true);
}

std::vector<at::Tensor> readAll(torch::serialize::InputArchive& archive, const std::string& name)
{
    c10::IValue count;
    archive.read(name + "_count", count);
    std::vector<at::Tensor> tensors(size_t(std::clamp<int64_t>(count.toInt(), 0, 1 << 24)));
    for (size_t i = 0; i < tensors.size(); ++i)
        archive.read(name + std::to_string(i), tensors[i], true);
    return tensors;
}

bool sameShapes(const std::vector<at::Tensor>& a, const std::vector<at::Tensor>& b)
{
    return std::equal(a.begin(), a.end(), b.begin(), b.end(),
                      [](const at::Tensor& x, const at::Tensor& y) { return x.sizes() == y.sizes(); });
}

/// A record for the start and one for every finished epoch; the best one is among them.
bool isConsistent(const TrainPosition& p)
{
    return p.epoch >= 1 && p.stepInEpoch >= 0 && p.step >= p.stepInEpoch && p.bestEpoch >= 0 &&
           p.epochs.size() == size_t(p.epoch) && size_t(p.bestEpoch) < p.epochs.size();
}

} // namespace

Result<void> writeCheckpoint(const std::string& path, const std::string& identity,
                             const TrainPosition& position, const std::vector<at::Tensor>& state,
                             const std::vector<at::Tensor>& best, const TrainOptimizer& optimizer)
{
    torch::serialize::OutputArchive archive;
    archive.write("identity", c10::IValue(identity));
    archive.write("position", c10::IValue(positionText(position)));
    writeAll(archive, "state", state);
    writeAll(archive, "best", best);
    optimizer.save(archive);
    std::ostringstream bytes;
    archive.save_to(bytes);
    return writeFileAtomically(path, bytes.str());
}

Result<TrainPosition> readCheckpoint(const std::string& path, const std::string& identity,
                                     std::vector<at::Tensor> state, std::vector<at::Tensor>& best,
                                     TrainOptimizer& optimizer)
{
    BITWRIGHT_TRY(const std::string bytes, readFile(path, size_t(1) << 36));
    torch::serialize::InputArchive archive;
    archive.load_from(bytes.data(), bytes.size());
    c10::IValue known, text;
    archive.read("identity", known);
    if (known.toStringRef() != identity)
        return Error{Error::InvalidArgument,
                     "The checkpoint belongs to another model, plan, data or other options; resume with the "
                     "same ones.",
                     path};
    archive.read("position", text);
    const TrainPosition position = positionFrom(text.toStringRef());
    const std::vector<at::Tensor> stored = readAll(archive, "state");
    best = readAll(archive, "best");
    const bool fits = sameShapes(stored, state) && (position.bestEpoch == 0 || sameShapes(best, state));
    if (!fits || !isConsistent(position))
        return Error{Error::Corrupt,
                     "The checkpoint is damaged: its tensors and epochs do not belong together.", path};
    const at::NoGradGuard none;
    for (size_t i = 0; i < stored.size(); ++i)
        state[i].copy_(stored[i]);
    optimizer.load(archive);
    return position;
}

} // namespace bitwright
