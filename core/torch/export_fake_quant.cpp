// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/torch/exporters_p.h"
#include "core/torch/runner_p.h"

namespace bitwright {

ExportOutcome writeFakeQuant(const TorchRunner& runner, ExportGraph target, const ExportRequest& request,
                             Progress& progress)
{
    progress.begin("Writing fake-quantized TorchScript", 0);
    ModuleBuilder builder(target.graph);
    target.keepState(builder, runner.model().module);
    for (const auto& [id, quantizer] : request.plan.activations)
        target.fakeQuantize(builder, id, quantizer, runner.graph().values.at(size_t(id)).name);
    target.bindFloatParameters(builder, runner, request.plan, progress);
    builder.save(request.path, request.provenance);
    return {{request.path}, {}, target.notes};
}

} // namespace bitwright
