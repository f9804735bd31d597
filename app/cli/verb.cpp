// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/cli/verb.h"

#include "app/cli/format.h"
#include "core/base/atomic_file.h"
#include "core/io/json_results.h"
#include "core/io/json_text.h"
#include "core/torch/torch_backend.h"
#include "core/workbench_files.h"

#include <unistd.h>

#include <chrono>
#include <csignal>
#include <iostream>

namespace bitwright::cli {
namespace {

using Json = nlohmann::ordered_json;

Progress* g_interruptible = nullptr;

void onInterrupt(int)
{
    // The second time the user does not want to wait for the batch to end.
    if (!g_interruptible || g_interruptible->cancelled())
        ::_exit(kInterrupted);
    g_interruptible->cancel();
}

/// SIGINT and SIGTERM cancel `progress` while this lives.
class InterruptGuard {
public:
    explicit InterruptGuard(Progress& progress)
    {
        g_interruptible = &progress;
        std::signal(SIGINT, onInterrupt);
        std::signal(SIGTERM, onInterrupt);
    }
    ~InterruptGuard()
    {
        std::signal(SIGINT, SIG_DFL);
        std::signal(SIGTERM, SIG_DFL);
        g_interruptible = nullptr;
    }
};

int exitCode(const Error& error)
{
    switch (error.code) {
    case Error::Cancelled:
        return kInterrupted;
    case Error::InvalidArgument:
        return kUsage;
    default:
        return kFailed;
    }
}

int fail(Session& session, const Error& error)
{
    session.progress().clear();
    const std::string text = error.code == Error::Cancelled ? "interrupted" : error.text();
    std::cerr << "bitwright-cli: " << text::printable(text) << std::endl;
    return exitCode(error);
}

Json document(Session& session, const Outcome& outcome, double seconds)
{
    const Model* model = session.openedModel();
    Json json = model ? headerJson(model->path, model->sha256, model->format)
                      : headerJson(session.options().model, {}, {});
    json["options"] = session.resolved();
    for (const auto& item : outcome.json.items())
        json[item.key()] = item.value();
    json["partial"] = outcome.partial;
    json["seconds"] = seconds;
    return json;
}

Result<void> deliver(Session& session, const Outcome& outcome, double seconds)
{
    const std::string& file = session.options().json;
    if (!file.empty())
        BITWRIGHT_CHECK(session.hashModel());
    session.progress().clear();
    if (file.empty()) {
        if (outcome.print)
            outcome.print(std::cout);
    } else {
        const std::string text = jsonText(document(session, outcome, seconds));
        if (file != "-")
            return writeFileAtomically(file, text);
        std::cout << text;
    }
    std::cout.flush();
    if (!std::cout)
        return Error{Error::Io, "Cannot write to standard output.", {}};
    return {};
}

} // namespace

int runVerb(const Options& options, Sharing sharing, const std::function<Result<Outcome>(Session&)>& body)
{
    const auto begun = std::chrono::steady_clock::now();
    Session session(options);
    const InterruptGuard guard(session.progress());
    startTorch(options.threads);
    const Result<bool> speaks = sharing == Sharing::Workers ? joinWorkers() : Result<bool>(true);
    if (!speaks)
        return fail(session, speaks.error());
    if (!*speaks)
        session.progress().silence();
    const Result<void> keepsModel = workbench::refuseOwnFile(options.model, options.json);
    if (!keepsModel)
        return fail(session, keepsModel.error());
    Result<Outcome> result = body(session);
    Outcome outcome;
    if (result)
        outcome = *std::move(result);
    else if (result.error().code == Error::Cancelled)
        outcome.partial = true;
    else
        return fail(session, result.error());
    const double seconds = std::chrono::duration<double>(std::chrono::steady_clock::now() - begun).count();
    if (!*speaks)
        return outcome.partial ? kInterrupted : outcome.targetMissed ? kTargetMissed : kDone;
    if (const Result<void> delivered = deliver(session, outcome, seconds); !delivered)
        return fail(session, delivered.error());
    if (outcome.partial)
        return fail(session, cancelledError());
    if (outcome.targetMissed) {
        std::cerr << "bitwright-cli: " << outcome.missed << std::endl;
        return kTargetMissed;
    }
    return kDone;
}

} // namespace bitwright::cli
