// SPDX-License-Identifier: GPL-3.0-or-later
#include "widgets/commands/weights_command.h"

#include <utility>

namespace bitwright {

SetWeightsCommand::SetWeightsCommand(Document* document, Weights weights, const QString& text)
    : QUndoCommand(text)
    , m_document(document)
    , m_after(std::move(weights))
{
}

void SetWeightsCommand::redo()
{
    // What was measured since the step before belongs to the old weights.
    m_before = m_document->weights();
    m_document->setWeights(m_after);
}

void SetWeightsCommand::undo()
{
    m_after = m_document->weights();
    m_document->setWeights(m_before);
}

} // namespace bitwright
