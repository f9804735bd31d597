// SPDX-License-Identifier: GPL-3.0-or-later
#include "widgets/prediction.h"

#include "widgets/document.h"

#include <QCoreApplication>

#include <algorithm>

namespace bitwright {

Result<Prediction> predictionOf(const Document& document)
{
    return predictionOf(document, document.plan());
}

Result<Prediction> predictionOf(const Document& document, const QuantPlan& wanted)
{
    const SensitivityTable& table = document.sensitivity();
    const bool swept = std::any_of(table.cells.begin(), table.cells.end(), [](const SensitivityCell& cell) {
        return cell.mode == SensitivityMode::EnableOne;
    });
    if (!document.model() || !swept)
        return Error{Error::Unsupported,
                     QCoreApplication::translate(
                         "Prediction", "No estimate yet: the sensitivity sweep of Error maps (enable "
                                       "one) gives one for every edit.")
                         .toStdString(),
                     {}};
    std::vector<MeasuredPlan> measured;
    for (const Measurement& m : document.measurements()) {
        const auto plan = MeasuredPlan::from(m.plan, m.result.evaluation);
        if (plan && m.plan != wanted && m.model == document.model())
            measured.push_back(*plan);
    }
    return AccuracyPredictor(document.model()->graph(), table, document.sweptPlan(), std::move(measured))
        .predict(wanted);
}

} // namespace bitwright
