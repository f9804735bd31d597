// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/workbench_session.h"

#include "core/base/atomic_file.h"
#include "core/base/sha256.h"

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

Result<OpenedData> openSplits(const std::string& path, const DataOptions& options, const Model* model,
                              Progress& progress)
{
    OpenedData opened;
    BITWRIGHT_TRY(opened.evaluation, openData(path, options, model, progress));
    DataOptions training = options;
    training.split = "train";
    auto train = openData(path, training, model, progress);
    if (!train && train.error().code == Error::Cancelled)
        return train.error();
    opened.calibration = train ? *train : opened.evaluation;
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
