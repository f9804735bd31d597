// SPDX-License-Identifier: GPL-3.0-or-later
#include "widgets/commands/annotate_command.h"

#include "widgets/document.h"

namespace bitwright {

AnnotateCommand::AnnotateCommand(Document* document, std::vector<Annotation> annotations, const QString& text)
    : QUndoCommand(text)
    , m_document(document)
    , m_after(std::move(annotations))
{
    for (const Annotation& annotation : m_after)
        m_before.push_back(annotationOf(*document, annotation.layer));
}

void AnnotateCommand::apply(const std::vector<Annotation>& annotations)
{
    QuantPlan plan = m_document->plan();
    QList<int> rows;
    for (const Annotation& annotation : annotations) {
        LayerPlan& layer = plan.layers[annotation.layer];
        layer.locked = annotation.locked;
        layer.note = annotation.note;
        if (layer.isEmpty())
            plan.layers.erase(annotation.layer);
        if (const int row = m_document->rowOf(annotation.layer); row >= 0)
            rows.append(row);
    }
    if (!rows.isEmpty())
        m_document->setPlan(plan, rows);
}

void AnnotateCommand::undo()
{
    apply(m_before);
}

void AnnotateCommand::redo()
{
    apply(m_after);
}

Annotation annotationOf(const Document& document, const std::string& layer)
{
    const auto it = document.plan().layers.find(layer);
    if (it == document.plan().layers.end())
        return {layer, false, {}};
    return {layer, it->second.locked, it->second.note};
}

} // namespace bitwright
