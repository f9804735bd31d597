// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/io/session_file.h"
#include "core/run/splits.h"
#include "core/workbench.h"

#include <map>
#include <memory>
#include <string>
#include <vector>

namespace bitwright::workbench {

using bitwright::SessionData;
using bitwright::SessionEvaluation;

/// Whether the file is named like a session; its contents may still be damaged.
bool isSession(const std::string& path);
/// Writes the file atomically: an earlier one stays when anything fails.
Result<void> saveSession(const std::string& path, const SessionData& session);
Result<SessionData> readSession(const std::string& path);

/// The train split, or what `options` name where the source has none. A train split that is damaged is an
/// error.
Result<std::shared_ptr<const Dataset>> openTrainSplit(const std::string& path, const DataOptions& options,
                                                      const Model* model, Progress& progress);

/// The evaluation and the calibration side of one source.
struct OpenedData {
    std::shared_ptr<const Dataset> evaluation, calibration;
};
/// Ranges are measured on the training split where there is one, as on the command line.
Result<OpenedData> openSplits(const std::string& path, const DataOptions& options, const Model* model,
                              Progress& progress);

/// Where the model of `session` lies now: at its path, or beside the session file. Empty when no file there
/// has its SHA-256.
std::string findSessionModel(const SessionData& session, const std::string& sessionPath);
/// InvalidArgument when `path` is not the model of the session.
Result<void> checkSessionModel(const SessionData& session, const std::string& path);

struct OpenedSession {
    SessionData session;
    std::shared_ptr<const Model> model;
    /// Other weights of the same layers: those opened at first, and those that snapshots and measurements belong
    /// to, by SHA-256. What belongs to a file that is gone or has changed has been taken out of `session`, with a
    /// note.
    std::map<std::string, std::shared_ptr<const Model>> others;
    OpenedData data;                ///< empty when the session has none, or it is gone
    std::vector<std::string> notes; ///< one sentence each
};
/// Opens the model from `modelPath` and the data; statistics that do not belong to the graph as it is read
/// now are dropped with a note. Nothing is measured again.
Result<OpenedSession> openSession(SessionData session, const std::string& modelPath, Progress& progress);

/// Names of the values of a graph, for SessionData::valueNames.
std::vector<std::string> valueNames(const Graph& graph);

} // namespace bitwright::workbench
