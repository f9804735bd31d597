// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "widgets/commands/plan_commands.h"
#include "widgets/page.h"
#include "widgets/view_update.h"

#include <QModelIndex>

class QLabel;
class QStackedLayout;
class QVBoxLayout;

namespace bitwright {

class EmptyState;
struct Cause;
struct Diagnosis;
struct Remedy;

/// "Why is this layer bad?": the measured causes of the current layer's local errors, worst first, each with
/// the edits that help and what they will give. A button is one undo step. Works only while it can be seen.
class WhyPage : public Page {
    Q_OBJECT
public:
    explicit WhyPage(const Workspace& workspace);

    bool isUpToDate() const override { return m_update.isUpToDate(); }
    /// One view; showing it also brings a hidden page up to date.
    QStringList views() const override;
    void showView(const QString& name) override;

Q_SIGNALS:
    /// A share of every layer's channels shall leave the model.
    void channelRemovalWanted(double share);

protected:
    void showEvent(QShowEvent* event) override;
    void hideEvent(QHideEvent* event) override;

private:
    struct Found;

    void startUpdate();
    void deliver(const Found& found);
    void clearCards();
    void addSite(PlanSite site, const Diagnosis& diagnosis);
    QWidget* buildCard(int number, PlanSite site, const Diagnosis& diagnosis, size_t cause);
    void apply(PlanSite site, const Remedy& remedy);
    void addDeadChannelActions(QVBoxLayout* layout, const Cause& cause);
    void noteDeadChannels(const Cause& cause);
    void showNothing(const QString& headline, const QString& text);

    Workspace m_work;
    QStackedLayout* m_stack;
    EmptyState* m_empty;
    QVBoxLayout* m_cards;
    int m_row = -1;
    ViewUpdate m_update;
};

} // namespace bitwright
