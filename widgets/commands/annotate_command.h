// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QString>
#include <QUndoCommand>

#include <string>
#include <vector>

namespace bitwright {

class Document;

/// The lock and the note of one layer.
struct Annotation {
    std::string layer;
    bool locked = false;
    std::string note;
};

/// Sets locks and notes of any number of layers as one step.
class AnnotateCommand : public QUndoCommand {
public:
    AnnotateCommand(Document* document, std::vector<Annotation> annotations, const QString& text);

    void undo() override;
    void redo() override;

private:
    void apply(const std::vector<Annotation>& annotations);

    Document* m_document;
    std::vector<Annotation> m_before, m_after;
};

/// What the plan says now.
Annotation annotationOf(const Document& document, const std::string& layer);

} // namespace bitwright
