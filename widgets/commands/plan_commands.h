// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/quant/quant_plan.h"

#include <QList>
#include <QString>
#include <QUndoCommand>

#include <optional>
#include <vector>

namespace bitwright {

class Document;

enum class PlanSite { Weights, Activations };

/// One exception of the plan; nullopt = back to the default.
struct SpecEdit {
    std::string layer;
    PlanSite site = PlanSite::Weights;
    std::optional<QuantSpec> spec;
};

/// Sets or resets the specs of any number of layers as one step. A further edit of the same field of the
/// same layers merges into the step before.
class SetSpecsCommand : public QUndoCommand {
public:
    /// `field` names what is edited ("weight bits"); steps with equal field and layers merge; "" never does.
    SetSpecsCommand(Document* document, std::vector<SpecEdit> edits, const QString& text,
                    const QString& field);

    void undo() override;
    void redo() override;
    int id() const override { return 1; }
    bool mergeWith(const QUndoCommand* other) override;

private:
    void apply(const std::vector<SpecEdit>& edits);

    Document* m_document;
    std::vector<SpecEdit> m_before, m_after;
    QString m_field;
};

/// Replaces defaults and exceptions at once: another plan file, new defaults, reset of everything.
class ReplacePlanCommand : public QUndoCommand {
public:
    ReplacePlanCommand(Document* document, QuantPlan plan, const QString& text);

    void undo() override;
    void redo() override;

private:
    Document* m_document;
    QuantPlan m_before, m_after;
};

/// Why the specs of `layer` may not be edited, one sentence: it is locked. Empty = they may.
QString whyNotEdit(const Document& document, const std::string& layer);

/// Forgets the exceptions of `layers`, notes and locks apart.
std::vector<SpecEdit> resetEdits(const QuantPlan& plan, const std::vector<std::string>& layers);

} // namespace bitwright
