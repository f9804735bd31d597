// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/base/progress.h"
#include "core/base/result.h"
#include "core/calib/calibrate.h"
#include "core/run/backend.h"

#include <map>
#include <memory>
#include <string>
#include <vector>

namespace bitwright {

/// What a repair works on.
struct RepairJob {
    const ModelRunner& runner; ///< the float model
    const QuantPlan& plan;     ///< under which it shall get better
    const SampleSource& data;  ///< without labels
};

/// Other numbers for the same model.
struct Repair {
    std::map<std::string, Tensor> parameters; ///< those that change, F32; may be none
    QuantPlan plan;                 ///< for the changed model; with fixed ranges where they were used
    std::vector<std::string> notes; ///< what was done and what could not be; one sentence each
};

/// A repair of accuracy without training: seconds, calibration data without labels.
struct RepairMethod {
    const char* name;        ///< "equalize", of the command line
    const char* description; ///< one sentence
    Result<Repair> (*run)(const RepairJob&, Progress&);
};
/// equalize, norm-reestimate, bias-correction: the order in which they combine best.
const std::vector<RepairMethod>& repairMethods();
const RepairMethod* findRepair(const std::string& name);

/// The model after one method after another.
struct Repaired {
    std::shared_ptr<const ModelRunner> runner;
    QuantPlan plan;
    std::vector<std::string> notes; ///< "equalize: ..." where there are several methods
};
/// InvalidArgument names the methods. `runner` must outlive nothing: the result has its own numbers.
Result<Repaired> repair(const ModelRunner& runner, const QuantPlan& plan, const SampleSource& data,
                        const std::vector<std::string>& methods, Progress& progress);

} // namespace bitwright
