// SPDX-License-Identifier: GPL-3.0-or-later
#include "widgets/model_kind.h"

#include "widgets/document.h"

namespace bitwright {

QString modelKind(const Document& document)
{
    const auto& model = document.model();
    if (!model)
        return {};
    if (!model->hasGraph())
        return ModelKindLabel::tr("weights only");
    return model->runner->fileQuantization() ? ModelKindLabel::tr("quantized graph")
                                             : ModelKindLabel::tr("float graph");
}

QString whyNotRun(const Document& document)
{
    if (!document.model())
        return ModelKindLabel::tr("Open a model first.");
    return document.model()->hasGraph()
               ? QString()
               : ModelKindLabel::tr("This file holds weights but no graph, so there is nothing to run. Open the "
                                    "model itself as TorchScript or ONNX for that.");
}

ModelKindLabel::ModelKindLabel(const Document* document, QWidget* parent)
    : QLabel(parent)
{
    setAccessibleName(tr("What is open"));
    setContentsMargins(6, 0, 6, 0);
    const auto update = [this, document] {
        setText(modelKind(*document));
        setVisible(!text().isEmpty());
    };
    connect(document, &Document::modelChanged, this, update);
    update();
}

} // namespace bitwright
