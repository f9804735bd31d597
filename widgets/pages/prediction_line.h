// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/analysis/predict.h"

#include <QLabel>

#include <optional>

namespace bitwright {

class Document;

/// The accuracy that the plan is expected to have, with its band, while editing; after an evaluation the
/// measured one and how far off the estimate was.
class PredictionLine : public QLabel {
    Q_OBJECT
public:
    explicit PredictionLine(Document* document, QWidget* parent = nullptr);

    /// Of the plan as it is, made without its own evaluation; empty without a finished sweep.
    const std::optional<Prediction>& prediction() const { return m_prediction; }

private:
    void learn();
    QString words() const;

    Document* m_document;
    std::optional<Prediction> m_prediction;
    QString m_why;
};

} // namespace bitwright
