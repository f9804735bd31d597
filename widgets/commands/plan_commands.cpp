// SPDX-License-Identifier: GPL-3.0-or-later
#include "widgets/commands/plan_commands.h"

#include "widgets/document.h"

#include <QCoreApplication>

#include <algorithm>

namespace bitwright {

namespace {

std::optional<QuantSpec> exceptionOf(const QuantPlan& plan, const SpecEdit& edit)
{
    const auto it = plan.layers.find(edit.layer);
    if (it == plan.layers.end())
        return {};
    return edit.site == PlanSite::Weights ? it->second.weights : it->second.activations;
}

bool sameTarget(const SpecEdit& a, const SpecEdit& b)
{
    return a.layer == b.layer && a.site == b.site;
}

bool sameSpec(const SpecEdit& a, const SpecEdit& b)
{
    return a.spec == b.spec;
}

} // namespace

QString whyNotEdit(const Document& document, const std::string& layer)
{
    if (!document.plan().locked(layer))
        return {};
    return QCoreApplication::translate("PlanCommands", "%1 is locked; unlock it to change it.")
        .arg(QString::fromStdString(layer));
}

SetSpecsCommand::SetSpecsCommand(Document* document, std::vector<SpecEdit> edits, const QString& text,
                                 const QString& field)
    : QUndoCommand(text)
    , m_document(document)
    , m_after(std::move(edits))
    , m_field(field)
{
    for (const SpecEdit& edit : m_after)
        m_before.push_back({edit.layer, edit.site, exceptionOf(document->plan(), edit)});
}

void SetSpecsCommand::apply(const std::vector<SpecEdit>& edits)
{
    QuantPlan plan = m_document->plan();
    QList<int> rows;
    for (const SpecEdit& edit : edits) {
        if (edit.site == PlanSite::Weights)
            plan.setWeights(edit.layer, edit.spec);
        else
            plan.setActivations(edit.layer, edit.spec);
        const int row = m_document->rowOf(edit.layer);
        if (row >= 0)
            rows.append(row);
    }
    std::sort(rows.begin(), rows.end());
    rows.erase(std::unique(rows.begin(), rows.end()), rows.end());
    if (!rows.isEmpty())
        m_document->setPlan(plan, rows);
}

void SetSpecsCommand::undo()
{
    apply(m_before);
}

void SetSpecsCommand::redo()
{
    apply(m_after);
}

bool SetSpecsCommand::mergeWith(const QUndoCommand* other)
{
    const auto* next = static_cast<const SetSpecsCommand*>(other);
    if (m_field.isEmpty() || next->m_field != m_field ||
        !std::equal(m_after.begin(), m_after.end(), next->m_after.begin(), next->m_after.end(), sameTarget))
        return false;
    m_after = next->m_after;
    setText(next->text());
    setObsolete(std::equal(m_before.begin(), m_before.end(), m_after.begin(), m_after.end(), sameSpec));
    return true;
}

ReplacePlanCommand::ReplacePlanCommand(Document* document, QuantPlan plan, const QString& text)
    : QUndoCommand(text)
    , m_document(document)
    , m_before(document->plan())
    , m_after(std::move(plan))
{
}

void ReplacePlanCommand::undo()
{
    m_document->setPlan(m_before, {});
}

void ReplacePlanCommand::redo()
{
    m_document->setPlan(m_after, {});
}

std::vector<SpecEdit> resetEdits(const QuantPlan& plan, const std::vector<std::string>& layers)
{
    std::vector<SpecEdit> edits;
    for (const std::string& name : layers) {
        const auto it = plan.layers.find(name);
        if (it == plan.layers.end())
            continue;
        if (it->second.weights)
            edits.push_back({name, PlanSite::Weights, {}});
        if (it->second.activations)
            edits.push_back({name, PlanSite::Activations, {}});
    }
    return edits;
}

} // namespace bitwright
