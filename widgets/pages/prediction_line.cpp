// SPDX-License-Identifier: GPL-3.0-or-later
#include "widgets/pages/prediction_line.h"

#include "widgets/core_messages.h"
#include "widgets/document.h"
#include "widgets/format.h"
#include "widgets/prediction.h"

#include <QLocale>

#include <cmath>

namespace bitwright {

PredictionLine::PredictionLine(Document* document, QWidget* parent)
    : QLabel(parent)
    , m_document(document)
{
    setWordWrap(true);
    setTextInteractionFlags(Qt::TextSelectableByMouse);
    setAccessibleName(tr("Predicted accuracy"));
    setToolTip(
        tr("What every quantized tensor does to the output alone adds up; how accuracy falls with the sum comes "
           "from the sensitivity sweep and from the plans evaluated so far. The band holds the measured value "
           "in about 9 of 10 cases."));
    for (auto signal : {&Document::modelChanged, &Document::sensitivityChanged, &Document::evaluationChanged})
        connect(document, signal, this, &PredictionLine::learn);
    connect(document, &Document::planChanged, this, [this](const QList<int>&) { learn(); });
    learn();
}

void PredictionLine::learn()
{
    m_prediction.reset();
    setVisible(m_document->model() && m_document->model()->hasGraph());
    if (const auto prediction = predictionOf(*m_document))
        m_prediction = *prediction;
    else
        m_why = coreText(prediction.error().message);
    setText(m_document->model() ? words() : QString());
}

QString PredictionLine::words() const
{
    if (!m_prediction || !m_prediction->top1 || !m_prediction->loss)
        return m_prediction
                   ? tr("Estimate of the output SQNR: %1.").arg(decibelText(m_prediction->outputSqnrDb))
                   : m_why;
    const Estimate &top1 = *m_prediction->top1, &loss = *m_prediction->loss;
    const QLocale locale;
    const auto& evaluation = m_document->evaluation();
    if (evaluation && m_document->isEvaluationCurrent() && evaluation->evaluation.quantized.top1) {
        const double measured = *evaluation->evaluation.quantized.top1, residual = measured - top1.value;
        return tr("Measured %1 top-1; the estimate was %2 ± %3 %, residual %4 points (%5 the band).")
            .arg(percentText(measured, 2), locale.toString(100 * top1.value, 'f', 2),
                 locale.toString(100 * top1.half, 'f', 2),
                 (residual < 0 ? QStringLiteral("−") : QStringLiteral("+")) +
                     locale.toString(100 * std::abs(residual), 'f', 2),
                 top1.contains(measured) ? tr("inside") : tr("outside"));
    }
    QString text = tr("Estimate %1 ± %2 % top-1, loss %3 ± %4 nat, output SQNR %5; not measured.")
                       .arg(locale.toString(100 * top1.value, 'f', 2),
                            locale.toString(100 * top1.half, 'f', 2), locale.toString(loss.value, 'f', 3),
                            locale.toString(loss.half, 'f', 3), decibelText(m_prediction->outputSqnrDb));
    if (m_prediction->extrapolated > 0)
        text += QLatin1Char(' ') +
                tr("%n tensor(s) have formats that were not swept.", nullptr, m_prediction->extrapolated);
    return text;
}

} // namespace bitwright
