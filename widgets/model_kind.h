// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QLabel>

namespace bitwright {

class Document;

/// "float graph", "quantized graph" or "weights only"; empty without a model.
QString modelKind(const Document& document);
/// Why nothing can be run: no model, or one without a graph. Empty when the model runs.
QString whyNotRun(const Document& document);

/// Shows the kind of the open model.
class ModelKindLabel : public QLabel {
    Q_OBJECT
public:
    explicit ModelKindLabel(const Document* document, QWidget* parent = nullptr);
};

} // namespace bitwright
