// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "widgets/document.h"

#include <QUndoCommand>

namespace bitwright {

/// Other weights for the same graph, with the plan that belongs to them, as one step.
class SetWeightsCommand : public QUndoCommand {
public:
    SetWeightsCommand(Document* document, Weights weights, const QString& text);

    void undo() override;
    void redo() override;

private:
    Document* m_document;
    Weights m_before, m_after;
};

} // namespace bitwright
