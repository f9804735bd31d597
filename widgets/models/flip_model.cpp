// SPDX-License-Identifier: GPL-3.0-or-later
#include "widgets/models/flip_model.h"

#include <QLocale>

#include <algorithm>

namespace bitwright {

void FlipModel::setPredictions(std::vector<SamplePrediction> predictions, const QStringList& names)
{
    beginResetModel();
    std::erase_if(predictions, [](const SamplePrediction& p) { return !p.flipped(); });
    m_all = std::move(predictions);
    m_names = names;
    choose();
    endResetModel();
}

void FlipModel::setFilter(Filter filter)
{
    beginResetModel();
    m_filter = filter;
    choose();
    endResetModel();
}

void FlipModel::choose()
{
    m_shown.clear();
    for (const SamplePrediction& p : m_all) {
        const bool was = p.label >= 0 && p.floating == p.label, is = p.label >= 0 && p.quantized == p.label;
        if (m_filter == All || (m_filter == Lost && was && !is) || (m_filter == Gained && !was && is) ||
            (m_filter == BothWrong && p.label >= 0 && !was && !is))
            m_shown.push_back(p);
    }
    std::stable_sort(
        m_shown.begin(), m_shown.end(),
        [](const SamplePrediction& a, const SamplePrediction& b) { return a.floatMargin > b.floatMargin; });
}

int FlipModel::flippedCount() const
{
    return int(m_all.size());
}

QString FlipModel::className(int64_t index) const
{
    return index < 0 ? QStringLiteral("–") : index < m_names.size() ? m_names[index] : QString::number(index);
}

QString FlipModel::csv() const
{
    QString lines = QStringLiteral("sample,label,float,quantized,float_margin,quantized_margin\n");
    for (const SamplePrediction& p : m_shown)
        lines += QStringLiteral("%1,%2,%3,%4,%5,%6\n")
                     .arg(p.sample)
                     .arg(p.label)
                     .arg(p.floating)
                     .arg(p.quantized)
                     .arg(double(p.floatMargin), 0, 'g', 9)
                     .arg(double(p.quantizedMargin), 0, 'g', 9);
    return lines;
}

int FlipModel::rowCount(const QModelIndex& parent) const
{
    return parent.isValid() ? 0 : int(m_shown.size());
}

int FlipModel::columnCount(const QModelIndex& parent) const
{
    return parent.isValid() ? 0 : int(ColumnCount);
}

QVariant FlipModel::data(const QModelIndex& index, int role) const
{
    if (!checkIndex(index, CheckIndexOption::IndexIsValid))
        return {};
    const bool isClass = index.column() >= Label && index.column() <= QuantizedClass;
    if (role == Qt::TextAlignmentRole)
        return int((isClass ? Qt::AlignLeft : Qt::AlignRight) | Qt::AlignVCenter);
    if (role != Qt::DisplayRole)
        return {};
    const SamplePrediction& p = m_shown[size_t(index.row())];
    switch (index.column()) {
    case Sample:
        return QLocale().toString(qint64(p.sample));
    case Label:
        return className(p.label);
    case FloatClass:
        return className(p.floating);
    case QuantizedClass:
        return className(p.quantized);
    case FloatMargin:
        return QLocale().toString(double(p.floatMargin), 'f', 3);
    default:
        return QLocale().toString(double(p.quantizedMargin), 'f', 3);
    }
}

QVariant FlipModel::headerData(int section, Qt::Orientation orientation, int role) const
{
    if (orientation != Qt::Horizontal || section < 0 || section >= ColumnCount)
        return {};
    const QString titles[]{tr("Sample"),    tr("True class"),   tr("Float"),
                           tr("Quantized"), tr("Float margin"), tr("Quantized margin")};
    const QString margin = tr("Largest output minus the second largest: how sure the model is");
    if (role == Qt::DisplayRole)
        return titles[section];
    const QString helps[]{tr("Number of the sample in the data"),
                          tr("Label of the sample"),
                          tr("Class that the float model predicts"),
                          tr("Class that the quantized model predicts"),
                          margin,
                          margin};
    return role == Qt::ToolTipRole ? QVariant(helps[section]) : QVariant();
}

} // namespace bitwright
