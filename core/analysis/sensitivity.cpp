// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/analysis/sensitivity.h"

#include "core/analysis/sensitivity_sweep.h"
#include "core/run/workers.h"

namespace bitwright {
namespace {

Result<void> checkOptions(const SensitivityOptions& options, const SampleSource& source)
{
    if (sampleCount(source) == 0)
        return Error{Error::InvalidArgument, "There are no samples to measure the sensitivity on.", {}};
    for (const int bits : options.bits)
        if (bits < 1 || bits > 16)
            return Error{Error::InvalidArgument,
                         "A sensitivity sweep takes 1 to 16 bits, not " + std::to_string(bits) + ".",
                         {}};
    return {};
}

} // namespace

const char* sensitivityWhatName(SensitivityWhat what)
{
    return what == SensitivityWhat::Weights ? "weights" : "activations";
}

const char* sensitivityModeName(SensitivityMode mode)
{
    switch (mode) {
    case SensitivityMode::EnableOne:
        return "enable-one";
    case SensitivityMode::DisableOne:
        return "disable-one";
    case SensitivityMode::Cumulative:
        return "cumulative";
    case SensitivityMode::Local:
        break;
    }
    return "local";
}

Result<SensitivityTable> sensitivity(const ModelRunner& runner, const QuantPlan& plan,
                                     const CalibrationResult& calibration, const SampleSource& source,
                                     const SensitivityOptions& options, Progress& progress)
{
    BITWRIGHT_CHECK(checkOptions(options, source));
    progress.begin("Preparing the sweep", 0);
    BITWRIGHT_TRY(PlannedSweep planned, planSweep(runner, plan, calibration, options, progress));
    SensitivitySweep sweep(runner, std::move(planned), options);
    progress.begin("Measuring sensitivity", sampleCount(source));
    const Result<void> done =
        forEachBatch(runner, source, progress, [&](const Batch& batch, const std::vector<int64_t>& labels) {
            return sweep.add(batch, labels, progress);
        });
    if (!workers().isAlone()) {
        BITWRIGHT_CHECK(done);
        BITWRIGHT_CHECK(sweep.join());
    }
    SensitivityTable table = sweep.table();
    if (!done && (done.error().code != Error::Cancelled || table.samples == 0))
        return done.error();
    table.partial = !done;
    return table;
}

} // namespace bitwright
