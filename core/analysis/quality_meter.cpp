// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/analysis/evaluate.h"
#include "core/analysis/logits.h"

#include <algorithm>

namespace bitwright {
namespace {

/// A table of more classes is of no use to a reader and grows with their square.
constexpr int64_t kMostConfusionClasses = 2048;

double ratio(double part, double whole)
{
    return whole > 0 ? part / whole : 0;
}

} // namespace

QualityMeter::QualityMeter(int64_t classes)
    : m_classes(std::max<int64_t>(0, classes))
{
}

void QualityMeter::grow(int64_t classes)
{
    m_classes = std::max(m_classes, classes);
    m_hits.resize(size_t(m_classes));
    m_asLabel.resize(size_t(m_classes));
    m_asPrediction.resize(size_t(m_classes));
    if (m_classes > kMostConfusionClasses)
        return m_confusion.clear();
    m_confusion.resize(size_t(m_classes));
    for (std::vector<int64_t>& row : m_confusion)
        row.resize(size_t(m_classes));
}

void QualityMeter::add(const Tensor& logits, const std::vector<int64_t>& labels)
{
    if (logits.dim() > 0)
        m_samples += logits.shape()[0];
    if (!isLogits(logits) || labels.empty())
        return;
    if (std::max(m_classes, logits.shape()[1]) != int64_t(m_hits.size()))
        grow(logits.shape()[1]);
    for (int64_t i = 0; i < logits.shape()[0]; ++i) {
        const int64_t label = labels[size_t(i)];
        if (label < 0)
            continue;
        const std::span<const float> row = logitsRow(logits, i);
        const int64_t prediction = bitwright::top1(row);
        ++m_labelled;
        m_top1 += prediction == label;
        m_top5 += isInTop(row, label, 5);
        m_loss += crossEntropy(row, label);
        m_hits[size_t(label)] += prediction == label;
        ++m_asLabel[size_t(label)];
        if (prediction < 0) // undecided: wrong, but for no other class
            continue;
        ++m_asPrediction[size_t(prediction)];
        if (!m_confusion.empty())
            ++m_confusion[size_t(label)][size_t(prediction)];
    }
}

void QualityMeter::addMacro(Quality& quality) const
{
    double precision = 0, recall = 0, f1 = 0, classes = 0;
    for (size_t c = 0; c < m_hits.size(); ++c) {
        if (m_asLabel[c] + m_asPrediction[c] == 0)
            continue;
        ++classes;
        precision += ratio(double(m_hits[c]), double(m_asPrediction[c]));
        recall += ratio(double(m_hits[c]), double(m_asLabel[c]));
        f1 += ratio(2.0 * double(m_hits[c]), double(m_asLabel[c] + m_asPrediction[c]));
    }
    quality.macroPrecision = ratio(precision, classes);
    quality.macroRecall = ratio(recall, classes);
    quality.macroF1 = ratio(f1, classes);
}

Quality QualityMeter::result() const
{
    Quality quality;
    quality.samples = m_samples;
    if (m_labelled == 0)
        return quality;
    quality.top1 = double(m_top1) / double(m_labelled);
    quality.top5 = double(m_top5) / double(m_labelled);
    quality.loss = m_loss / double(m_labelled);
    quality.confusion = m_confusion;
    addMacro(quality);
    return quality;
}

} // namespace bitwright
