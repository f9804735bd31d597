// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/ptq/repair.h"

#include "core/ptq/repair_methods.h"

#include <algorithm>

namespace bitwright {

const std::vector<RepairMethod>& repairMethods()
{
    static const std::vector<RepairMethod> methods{
        {"equalize", "Channels that neighbouring layers share get equal ranges in both weights.",
         equalizeLayers},
        {"norm-reestimate", "Mean and deviation of every channel become those of the float model.",
         reestimateNorms},
        {"bias-correction", "The mean error of every channel is taken out of the bias.", correctBiases},
    };
    return methods;
}

const RepairMethod* findRepair(const std::string& name)
{
    const auto& methods = repairMethods();
    const auto found =
        std::find_if(methods.begin(), methods.end(), [&](const RepairMethod& m) { return m.name == name; });
    return found == methods.end() ? nullptr : &*found;
}

Result<Repaired> repair(const ModelRunner& runner, const QuantPlan& plan, const SampleSource& data,
                        const std::vector<std::string>& methods, Progress& progress)
{
    if (methods.empty())
        return Error{Error::InvalidArgument, "No method of repair was named.", {}};
    Repaired result;
    result.plan = plan;
    for (const std::string& name : methods) {
        const RepairMethod* method = findRepair(name);
        if (!method)
            return Error{Error::InvalidArgument,
                         "There is no repair of this name; there are equalize, norm-reestimate and "
                         "bias-correction.",
                         name};
        const ModelRunner& current = result.runner ? *result.runner : runner;
        BITWRIGHT_TRY(Repair made, method->run({current, result.plan, data}, progress));
        BITWRIGHT_TRY(result.runner, current.withParameters(made.parameters));
        result.plan = std::move(made.plan);
        for (const std::string& note : made.notes)
            result.notes.push_back(methods.size() > 1 ? name + ": " + note : note);
    }
    return result;
}

} // namespace bitwright
