// SPDX-License-Identifier: GPL-3.0-or-later
#include "widgets/pages/why_page.h"

#include "core/analysis/diagnose.h"
#include "widgets/commands/annotate_command.h"
#include "widgets/document.h"
#include "widgets/format.h"
#include "widgets/models/layer_model.h"
#include "widgets/pages/empty_state.h"
#include "widgets/pages/why_text.h"

#include <QFrame>
#include <QHBoxLayout>
#include <QItemSelectionModel>
#include <QLabel>
#include <QPushButton>
#include <QScrollArea>
#include <QStackedLayout>
#include <QVBoxLayout>

#include <optional>
#include <utility>

namespace bitwright {

namespace {

void addButton(QVBoxLayout* layout, QPushButton* button)
{
    auto* line = new QHBoxLayout;
    line->addWidget(button);
    line->addStretch(1);
    layout->addLayout(line);
}

} // namespace

struct WhyPage::Found {
    std::optional<Diagnosis> weights, activation;
    std::optional<Error> error;
};

WhyPage::WhyPage(const Workspace& workspace)
    : m_work(workspace)
    , m_stack(new QStackedLayout(this))
    , m_empty(new EmptyState({}, {}))
    , m_update(workspace.runner, [this] { startUpdate(); })
{
    auto* scroll = new QScrollArea;
    auto* content = new QWidget;
    m_cards = new QVBoxLayout(content);
    m_cards->setContentsMargins(8, 6, 8, 6);
    m_cards->setSpacing(8);
    scroll->setWidget(content);
    scroll->setWidgetResizable(true);
    scroll->setFrameShape(QFrame::NoFrame);
    scroll->setHorizontalScrollBarPolicy(Qt::ScrollBarAlwaysOff);
    scroll->setAccessibleName(tr("Causes of the error"));
    m_stack->addWidget(m_empty);
    m_stack->addWidget(scroll);
    connect(m_work.selection, &QItemSelectionModel::currentChanged, &m_update, &ViewUpdate::request);
    connect(m_work.document, &Document::modelChanged, &m_update, &ViewUpdate::request);
    connect(m_work.document, &Document::calibrationChanged, &m_update, &ViewUpdate::request);
    connect(m_work.document, &Document::planChanged, this, [this](const QList<int>& rows) {
        if (rows.contains(m_row))
            m_update.request();
    });
    m_update.setWanted(false);
    m_update.request();
    showNothing(tr("No layer is selected"), {});
}

QStringList WhyPage::views() const
{
    return {QStringLiteral("causes")};
}

void WhyPage::showView(const QString&)
{
    m_update.setWanted(true);
}

void WhyPage::showEvent(QShowEvent* event)
{
    Page::showEvent(event);
    showView({});
}

void WhyPage::hideEvent(QHideEvent* event)
{
    Page::hideEvent(event);
    m_update.setWanted(false);
}

void WhyPage::showNothing(const QString& headline, const QString& text)
{
    m_empty->setTexts(headline, text);
    m_stack->setCurrentIndex(0);
    Q_EMIT upToDate();
}

void WhyPage::startUpdate()
{
    Document* document = m_work.document;
    const QModelIndex current = m_work.selection->currentIndex();
    m_row = current.isValid() && current.row() < document->rowCount() ? current.row() : -1;
    if (m_row < 0) {
        showNothing(document->model() ? tr("No layer is selected") : tr("No model is open"),
                    tr("Select a layer to read why quantization hurts it, and what would help."));
        return;
    }
    const LayerRow row = document->row(m_row);
    const TensorStats* stats = document->activationStats(m_row);
    if (!row.hasWeights() && !stats) {
        showNothing(tr("Nothing is known about %1").arg(QString::fromStdString(row.name)),
                    tr("It has no weights; open data and calibrate to diagnose its output."));
        return;
    }
    m_update.run<Found>(
        tr("Diagnosis of %1").arg(QString::fromStdString(row.name)),
        [model = document->model(), keep = document->calibration(), plan = document->plan(), row,
         stats](Progress& progress) -> Result<Found> {
            Found found;
            if (row.hasWeights()) {
                auto weights = diagnoseWeights(*model->runner, *row.layer, plan, progress);
                if (weights)
                    found.weights = std::move(*weights);
                else
                    found.error = weights.error();
            }
            if (stats && !progress.cancelled())
                found.activation = diagnoseActivation(*stats, plan.activations(row.name));
            return found;
        },
        [this](const Result<Found>& found) { deliver(*found); });
}

void WhyPage::deliver(const Found& found)
{
    if (found.error && found.error->code != Error::Cancelled)
        Q_EMIT failed(errorText(*found.error));
    clearCards();
    if (found.weights)
        addSite(PlanSite::Weights, *found.weights);
    if (found.activation)
        addSite(PlanSite::Activations, *found.activation);
    m_cards->addStretch(1);
    m_stack->setCurrentIndex(1);
    Q_EMIT upToDate();
}

void WhyPage::clearCards()
{
    while (QLayoutItem* item = m_cards->takeAt(0)) {
        if (item->widget())
            item->widget()->deleteLater();
        delete item;
    }
}

void WhyPage::addSite(PlanSite site, const Diagnosis& diagnosis)
{
    const QString layer = QString::fromStdString(m_work.document->row(m_row).name);
    const QString what =
        site == PlanSite::Weights ? tr("Weights of %1").arg(layer) : tr("Output of %1").arg(layer);
    auto* title = new QLabel;
    QFont bold = font();
    bold.setBold(true);
    title->setFont(bold);
    title->setWordWrap(true);
    title->setTextInteractionFlags(Qt::TextSelectableByMouse);
    m_cards->addWidget(title);
    if (diagnosis.spec.isFloat32()) {
        title->setText(tr("%1: kept in float").arg(what));
        return;
    }
    title->setText(
        tr("%1: %2, %3").arg(what, specText(diagnosis.spec), decibelText(diagnosis.facts.sqnrDb())));
    if (diagnosis.causes.empty()) {
        auto* healthy =
            new QLabel(tr("Nothing stands out: the range fits the values and the levels are used."));
        healthy->setWordWrap(true);
        m_cards->addWidget(healthy);
    }
    for (size_t i = 0; i < diagnosis.causes.size(); ++i)
        m_cards->addWidget(buildCard(int(i) + 1, site, diagnosis, i));
}

QWidget* WhyPage::buildCard(int number, PlanSite site, const Diagnosis& diagnosis, size_t index)
{
    const Cause& cause = diagnosis.causes[index];
    auto* card = new QFrame;
    card->setFrameShape(QFrame::StyledPanel);
    auto* layout = new QVBoxLayout(card);
    layout->setContentsMargins(10, 8, 10, 8);
    layout->setSpacing(5);
    const QString takes = cause.gainDb > 0 ? tr("takes %1").arg(decibelText(cause.gainDb)) : QString();
    auto* headline =
        new QLabel(takes.isEmpty() ? tr("%1. %2").arg(number).arg(causeHeadline(cause))
                                   : tr("%1. %2 – %3").arg(number).arg(causeHeadline(cause), takes));
    QFont bold = font();
    bold.setBold(true);
    headline->setFont(bold);
    auto* text = new QLabel(causeText(cause, diagnosis));
    for (QLabel* label : {headline, text}) {
        label->setWordWrap(true);
        label->setTextInteractionFlags(Qt::TextSelectableByMouse);
        layout->addWidget(label);
    }
    card->setAccessibleName(headline->text());
    card->setAccessibleDescription(text->text());
    for (const Remedy& remedy : cause.remedies) {
        auto* button = new QPushButton(
            tr("%1: %2").arg(remedyText(remedy), remedyEffect(remedy, diagnosis.facts.sqnrDb())));
        button->setObjectName(QLatin1String(remedyName(remedy.kind)));
        button->setToolTip(
            site == PlanSite::Weights
                ? tr("Changes the plan of this layer (can be undone). Predicted by quantizing its "
                     "weights that way.")
                : tr("Changes the plan of this layer (can be undone). Expected from the "
                     "calibration statistics."));
        connect(button, &QPushButton::clicked, this, [this, site, remedy] { apply(site, remedy); });
        addButton(layout, button);
    }
    if (cause.kind == CauseKind::DeadChannels)
        addDeadChannelActions(layout, cause);
    return card;
}

void WhyPage::addDeadChannelActions(QVBoxLayout* layout, const Cause& cause)
{
    auto* note = new QPushButton(tr("Note it at the layer"));
    note->setObjectName(QStringLiteral("note-dead"));
    note->setToolTip(tr("Writes the channels into the layer's note, which the plan, the table and the report "
                        "keep (can be undone)"));
    connect(note, &QPushButton::clicked, this, [this, cause] { noteDeadChannels(cause); });
    addButton(layout, note);
    if (cause.reference <= cause.measured)
        return;
    const double share = cause.measured / cause.reference;
    auto* remove = new QPushButton(tr("Train without %1 of the channels…").arg(percentText(share, 1)));
    remove->setObjectName(QStringLiteral("remove-dead"));
    remove->setToolTip(tr("Puts the removal of channels into the training options; the weakest ones, which "
                          "are the dead ones, leave the model, and the result is one undo step"));
    connect(remove, &QPushButton::clicked, this, [this, share] { Q_EMIT channelRemovalWanted(share); });
    addButton(layout, remove);
}

void WhyPage::noteDeadChannels(const Cause& cause)
{
    const std::string& layer = m_work.document->row(m_row).name;
    Annotation annotation = annotationOf(*m_work.document, layer);
    const QString text = deadChannelsNote(cause);
    if (QString::fromStdString(annotation.note).contains(text))
        return;
    annotation.note += (annotation.note.empty() ? std::string() : "; ") + text.toStdString();
    m_work.document->undoStack()->push(new AnnotateCommand(
        m_work.document, {annotation}, tr("%1: note dead channels").arg(QString::fromStdString(layer))));
}

void WhyPage::apply(PlanSite site, const Remedy& remedy)
{
    const std::string& layer = m_work.document->row(m_row).name;
    if (const QString refused = whyNotEdit(*m_work.document, layer); !refused.isEmpty()) {
        Q_EMIT failed(refused);
        return;
    }
    const QString what = site == PlanSite::Weights ? tr("weights") : tr("output");
    m_work.document->undoStack()->push(new SetSpecsCommand(
        m_work.document, {{layer, site, remedy.spec}},
        tr("%1 %2: %3").arg(QString::fromStdString(layer), what, remedyText(remedy)), {}));
}

} // namespace bitwright
