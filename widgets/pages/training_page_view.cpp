// SPDX-License-Identifier: GPL-3.0-or-later
#include "widgets/actions.h"
#include "widgets/document.h"
#include "widgets/format.h"
#include "widgets/model_kind.h"
#include "widgets/pages/empty_state.h"
#include "widgets/pages/repair_group.h"
#include "widgets/pages/training_options.h"
#include "widgets/pages/training_page.h"
#include "widgets/plots/training_plot.h"
#include "widgets/training.h"

#include <QAction>
#include <QComboBox>
#include <QItemSelectionModel>
#include <QLabel>
#include <QStackedLayout>

namespace bitwright {

void TrainingPage::refreshState()
{
    const QString reason = m_training->whyNot();
    const bool running = m_training->isRunning();
    m_stack->setCurrentIndex(reason.isEmpty() || running ? 1 : 0);
    if (!reason.isEmpty())
        m_empty->setTexts(tr("Quantization-aware training"), reason);
    const bool runs = whyNotRun(*m_workspace.document).isEmpty();
    m_empty->offer({runs ? m_workspace.actions->openData : m_workspace.actions->openModel});
    Actions::setReason(m_start, running ? tr("It is running.") : reason);
    m_repairs->setReason(running ? tr("It is running.") : reason);
    const QString idle = running ? QString() : tr("Nothing is being trained.");
    const bool repairs = running && !m_training->canPause();
    for (QAction* action : {m_pause, m_stop})
        Actions::setReason(action, repairs ? tr("A repair cannot be paused, only cancelled.") : idle);
    Actions::setReason(m_cancel, idle);
    if (!running)
        m_pause->setChecked(false);
    m_pause->setText(m_training->isPaused() && running ? tr("Go on") : tr("Pause"));
    m_options->setEnabled(!running);
    m_preset->setEnabled(!running);
    refreshRun();
}

QString TrainingPage::resultText() const
{
    const auto& result = m_training->result();
    const auto& before = result->before.evaluation.quantized.top1;
    const auto& after = result->after.evaluation.quantized.top1;
    const auto& floating = result->before.evaluation.floating.top1;
    if (result->original)
        return repairText();
    if (result->training.bestEpoch == 0)
        return tr("No epoch was better than the start; the model stays as it is.");
    const QString done =
        tr("Best epoch %1, %2.").arg(result->training.bestEpoch).arg(secondsText(result->training.seconds));
    if (before && after && floating)
        return tr("Top-1 %1 → %2 (float %3).")
                   .arg(percentText(*before, 2), percentText(*after, 2), percentText(*floating, 2)) +
               QLatin1Char(' ') + done;
    return tr("Output SQNR %1 → %2.")
               .arg(decibelText(result->before.evaluation.outputSqnrDb),
                    decibelText(result->after.evaluation.outputSqnrDb)) +
           QLatin1Char(' ') + done;
}

QString TrainingPage::repairText() const
{
    const workbench::TuneResult& result = *m_training->result();
    const Quality &before = result.before.evaluation.quantized, &after = result.after.evaluation.quantized;
    QString text = before.top1 && after.top1
                       ? tr("Top-1 %1 → %2.").arg(percentText(*before.top1, 2), percentText(*after.top1, 2))
                       : QString();
    text += QLatin1Char(' ') + tr("Output SQNR %1 → %2.")
                                   .arg(decibelText(result.before.evaluation.outputSqnrDb),
                                        decibelText(result.original->outputSqnrDb));
    for (const std::string& note : result.notes)
        text += QLatin1Char(' ') + QString::fromStdString(note);
    return text.trimmed();
}

void TrainingPage::refreshRun()
{
    m_scheduled = false;
    const int row = m_workspace.selection->currentIndex().row();
    const std::string layer = row >= 0 ? m_workspace.document->row(row).name : std::string();
    const auto& result = m_training->result();
    m_plot->setRun(m_training->steps(), m_training->epochs(), m_training->floatTop1(),
                   result ? result->training.bestEpoch : -1, layer);
    const bool begun = m_training->isRunning() || !m_training->epochs().empty();
    m_course->setCurrentIndex(begun ? 1 : 0);
    QString text;
    if (const auto& last = m_training->last(); m_training->isRunning() && last) {
        text = tr("Epoch %1 of %2, step %3 of %4, loss %5")
                   .arg(last->epoch)
                   .arg(last->epochs)
                   .arg(last->step)
                   .arg(last->steps)
                   .arg(numberText(last->loss, 4));
        if (last->top1)
            text += tr(", top-1 %1").arg(percentText(*last->top1, 1));
        text +=
            m_training->isPaused() ? tr(" – paused") : tr(", %1 left").arg(secondsText(last->secondsLeft));
    } else if (m_training->isRunning()) {
        text = tr("Measuring the model…");
    } else if (result) {
        text = resultText();
    }
    m_status->setText(text);
    m_status->setVisible(!text.isEmpty());
}

} // namespace bitwright
