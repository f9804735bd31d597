// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "widgets/commands/plan_commands.h"
#include "widgets/document.h"

#include <QString>
#include <QStringList>

namespace bitwright {

enum class DistributionSite { Weights, Input, Output };

/// What the distribution page is to show, and whose spec of the plan it belongs to.
struct DistributionTarget {
    QString headline, text; ///< why there is nothing, and what to do; empty = there is something
    std::string planLayer;  ///< the input of a layer belongs to the layer that makes it
    PlanSite site = PlanSite::Weights;
    QuantSpec spec;
    QString title;                ///< "conv1.weight", "Input of conv2: output of conv1"
    QString key;                  ///< of the tensor; the view is kept while it stays
    const Layer* layer = nullptr; ///< of weights
    size_t tensor = 0;            ///< index of the weight
    ValueId value = kNone;        ///< of activations
    const TensorStats* stats = nullptr;

    bool isNothing() const { return !headline.isEmpty(); }
};

/// `tensor`: which weight or input of the row.
DistributionTarget distributionTarget(const Document& document, int row, DistributionSite site, int tensor);
/// The weights or inputs that a row has to choose from.
QStringList distributionTensors(const Document& document, int row, DistributionSite site);

} // namespace bitwright
