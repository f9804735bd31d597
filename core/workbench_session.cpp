// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/workbench_session.h"

#include "core/base/atomic_file.h"
#include "core/base/sha256.h"

#include <algorithm>
#include <filesystem>

namespace bitwright::workbench {

bool isSession(const std::string& path)
{
    // By name: a damaged one is opened as a session too, so that the user reads what is wrong with it.
    std::error_code ignored;
    return std::filesystem::path(path).extension() == ".bitwright" &&
           std::filesystem::is_regular_file(path, ignored);
}

Result<void> saveSession(const std::string& path, const SessionData& session)
{
    return writeAtomically(
        path, [&session](const std::string& temporary) { return writeSession(temporary, session); });
}

Result<SessionData> readSession(const std::string& path)
{
    return bitwright::readSession(path);
}

Result<std::shared_ptr<const Dataset>> openTrainSplit(const std::string& path, const DataOptions& options,
                                                      const Model* model, Progress& progress)
{
    DataOptions training = options;
    training.split = "train";
    auto train = openData(path, training, model, progress);
    if (train || train.error().code != Error::NotFound)
        return train;
    return openData(path, options, model, progress);
}

Result<OpenedData> openSplits(const std::string& path, const DataOptions& options, const Model* model,
                              Progress& progress)
{
    OpenedData opened;
    BITWRIGHT_TRY(opened.evaluation, openData(path, options, model, progress));
    BITWRIGHT_TRY(opened.calibration, openTrainSplit(path, options, model, progress));
    return opened;
}

std::string findSessionModel(const SessionData& session, const std::string& sessionPath)
{
    const std::filesystem::path stored(session.modelPath);
    const auto beside = std::filesystem::path(sessionPath).parent_path() / stored.filename();
    for (const auto& candidate : {stored, beside}) {
        std::error_code ignored;
        if (std::filesystem::is_regular_file(candidate, ignored) &&
            checkSessionModel(session, candidate.string()))
            return candidate.string();
    }
    return {};
}

Result<void> checkSessionModel(const SessionData& session, const std::string& path)
{
    if (session.modelSha256.empty()) // a large file of weights: never hashed
        return {};
    BITWRIGHT_TRY(const std::string sha256, sha256File(path));
    if (sha256 != session.modelSha256)
        return Error{Error::InvalidArgument,
                     "This is not the model of the session; its contents differ from those it was made with.",
                     path};
    return {};
}

namespace {

/// A model without some of its channels has the same layers in the same order, perhaps under other names.
bool sameLayers(const Graph& a, const Graph& b)
{
    return std::equal(a.layers.begin(), a.layers.end(), b.layers.begin(), b.layers.end(),
                      [](const Layer& x, const Layer& y) { return x.op == y.op; });
}

/// Opens the other weights of a session, and takes out what belongs to weights that cannot be had.
Result<void> openOthers(OpenedSession& opened, SessionData& session, Progress& progress)
{
    std::map<std::string, std::string> wanted; // by SHA-256
    for (const SessionSnapshot& snapshot : session.snapshots)
        wanted.emplace(snapshot.weights.sha256, snapshot.weights.path);
    for (const SessionEvaluation& measurement : session.measurements)
        wanted.emplace(measurement.weights.sha256, measurement.weights.path);
    if (session.original)
        wanted.emplace(session.original->weights.sha256, session.original->weights.path);
    wanted.erase(std::string());
    for (const auto& [sha256, path] : wanted) {
        const auto now = sha256File(path);
        auto model = now && *now == sha256 ? openModel(path, {}, progress)
                                           : Result<std::shared_ptr<const Model>>(Error{Error::Io, {}, path});
        if (!model && model.error().code == Error::Cancelled)
            return model.error();
        if (model && sameLayers((*model)->graph(), opened.model->graph()))
            opened.others.emplace(sha256, *std::move(model));
        else
            opened.notes.push_back("The weights in " + path +
                                   " are gone or have changed; what was measured with them was left out.");
    }
    const auto isLost = [&](const auto& entry) {
        return !entry.weights.sha256.empty() && !opened.others.contains(entry.weights.sha256);
    };
    std::erase_if(session.snapshots, isLost);
    std::erase_if(session.measurements, isLost);
    if (session.original && isLost(*session.original))
        session.original.reset();
    return {};
}

} // namespace

Result<OpenedSession> openSession(SessionData session, const std::string& modelPath, Progress& progress)
{
    OpenedSession opened;
    BITWRIGHT_TRY(opened.model, openModel(modelPath, {}, progress));
    if (opened.model->sha256 != session.modelSha256)
        BITWRIGHT_CHECK(checkSessionModel(session, modelPath));
    if (session.calibration && session.valueNames != valueNames(opened.model->graph())) {
        session.calibration.reset();
        opened.notes.push_back("The session was made by another version of Bitwright; calibrate again.");
    }
    if (!session.dataPath.empty()) {
        auto data = openSplits(session.dataPath, session.dataOptions, opened.model.get(), progress);
        if (data)
            opened.data = *std::move(data);
        else if (data.error().code == Error::Cancelled)
            return data.error();
        else
            opened.notes.push_back("The data of the session is not there any more (" + session.dataPath +
                                   "); what was measured stays.");
    }
    BITWRIGHT_CHECK(openOthers(opened, session, progress));
    opened.session = std::move(session);
    return opened;
}

std::vector<std::string> valueNames(const Graph& graph)
{
    std::vector<std::string> names;
    for (const Value& value : graph.values)
        names.push_back(value.name);
    return names;
}

} // namespace bitwright::workbench
