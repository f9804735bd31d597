// SPDX-License-Identifier: GPL-3.0-or-later
#include "widgets/models/class_model.h"

#include "widgets/format.h"

#include <QLocale>

#include <cmath>
#include <limits>

namespace bitwright {

namespace {

using Confusion = std::vector<std::vector<int64_t>>;

double share(int64_t part, int64_t whole)
{
    return whole > 0 ? double(part) / double(whole) : std::numeric_limits<double>::quiet_NaN();
}

int64_t predictedAs(const Confusion& table, size_t c)
{
    int64_t sum = 0;
    for (const auto& row : table)
        sum += row[c];
    return sum;
}

int64_t labelled(const Confusion& table, size_t c)
{
    int64_t sum = 0;
    for (const int64_t n : table[c])
        sum += n;
    return sum;
}

} // namespace

void ClassModel::setEvaluation(const Evaluation& evaluation, const QStringList& names)
{
    beginResetModel();
    m_rows.clear();
    const Confusion &a = evaluation.floating.confusion, &b = evaluation.quantized.confusion;
    for (size_t c = 0; c < std::min(a.size(), b.size()); ++c) {
        Row row;
        row.name = names.value(int(c));
        row.numbers[Samples] = double(labelled(a, c));
        row.numbers[FloatPrecision] = share(a[c][c], predictedAs(a, c));
        row.numbers[Precision] = share(b[c][c], predictedAs(b, c));
        row.numbers[FloatRecall] = share(a[c][c], labelled(a, c));
        row.numbers[Recall] = share(b[c][c], labelled(b, c));
        row.numbers[RecallChange] = row.numbers[Recall] - row.numbers[FloatRecall];
        m_rows.push_back(row);
    }
    endResetModel();
}

int ClassModel::rowCount(const QModelIndex& parent) const
{
    return parent.isValid() ? 0 : int(m_rows.size());
}

int ClassModel::columnCount(const QModelIndex& parent) const
{
    return parent.isValid() ? 0 : int(ColumnCount);
}

QVariant ClassModel::data(const QModelIndex& index, int role) const
{
    if (!checkIndex(index, CheckIndexOption::IndexIsValid))
        return {};
    const Row& row = m_rows[size_t(index.row())];
    const double number = row.numbers[index.column()];
    if (role == Qt::TextAlignmentRole)
        return int((index.column() == Name ? Qt::AlignLeft : Qt::AlignRight) | Qt::AlignVCenter);
    if (role == kSortRole)
        return index.column() == Name ? QVariant(row.name) : QVariant(std::isnan(number) ? -2 : number);
    if (role != Qt::DisplayRole)
        return {};
    if (index.column() == Name)
        return row.name;
    if (index.column() == Samples)
        return countText(qint64(number));
    if (std::isnan(number))
        return QStringLiteral("–");
    if (index.column() != RecallChange)
        return percentText(number, 1);
    const QString sign = number > 0 ? QStringLiteral("+") : number < 0 ? QStringLiteral("−") : QString();
    return sign + QLocale().toString(100 * std::abs(number), 'f', 1);
}

QVariant ClassModel::headerData(int section, Qt::Orientation orientation, int role) const
{
    if (orientation != Qt::Horizontal || section < 0 || section >= ColumnCount)
        return {};
    const QString titles[]{tr("Class"),        tr("Samples"), tr("Float precision"), tr("Precision"),
                           tr("Float recall"), tr("Recall"),  tr("Δ recall")};
    const QString precision = tr("Share of the samples predicted as this class that belong to it");
    const QString recall = tr("Share of the samples of this class that are found");
    const QString helps[]{tr("Class of the data"),
                          tr("Samples with this label"),
                          precision,
                          precision,
                          recall,
                          recall,
                          tr("Quantized minus float, in percentage points")};
    return role == Qt::DisplayRole   ? QVariant(titles[section])
           : role == Qt::ToolTipRole ? QVariant(helps[section])
                                     : QVariant();
}

} // namespace bitwright
