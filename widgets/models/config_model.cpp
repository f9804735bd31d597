// SPDX-License-Identifier: GPL-3.0-or-later
#include "widgets/models/config_model.h"

#include "widgets/format.h"
#include "widgets/models/plan_exceptions.h"

#include <QFont>
#include <QLocale>

#include <algorithm>

namespace bitwright {

ConfigModel::ConfigModel(QObject* parent)
    : QAbstractTableModel(parent)
{
}

void ConfigModel::setConfigurations(std::vector<Configuration> configurations)
{
    beginResetModel();
    std::vector<Configuration> checked;
    bool current = false;
    for (const int row : m_checked) {
        current = current || m_rows[size_t(row)].isCurrent;
        checked.push_back(m_rows[size_t(row)]);
    }
    m_rows = std::move(configurations);
    m_checked.clear();
    for (size_t i = 0; i < m_rows.size(); ++i) {
        const bool was = m_rows[i].isCurrent
                             ? current
                             : std::any_of(checked.begin(), checked.end(),
                                           [&](const Configuration& c) { return c.isSame(m_rows[i]); });
        if (was && m_checked.size() < kMostCompared)
            m_checked.insert(int(i));
    }
    endResetModel();
    Q_EMIT checkedChanged();
}

QList<int> ConfigModel::checkedRows() const
{
    return {m_checked.begin(), m_checked.end()};
}

int ConfigModel::rowCount(const QModelIndex& parent) const
{
    return parent.isValid() ? 0 : int(m_rows.size());
}

int ConfigModel::columnCount(const QModelIndex& parent) const
{
    return parent.isValid() ? 0 : int(ColumnCount);
}

QString ConfigModel::text(const Configuration& row, int column) const
{
    const QString unknown = QStringLiteral("–");
    const auto& e = row.evaluation;
    switch (column) {
    case Name:
        return row.name;
    case Exceptions:
        return QLocale().toString(exceptionCount(row.plan));
    case Size:
        return row.cost ? bytesText(row.cost->quantizedBytes) : unknown;
    case Bops:
        return row.cost && row.cost->bops > 0 ? shortCountText(row.cost->bops) : unknown;
    case Energy:
        return row.cost && row.cost->energyPj > 0 ? tr("%1 µJ").arg(numberText(row.cost->energyPj * 1e-6, 3))
                                                  : unknown;
    case Top1:
        return e && e->quantized.top1 ? percentText(*e->quantized.top1, 2) : unknown;
    case Loss:
        return e && e->quantized.loss ? QLocale().toString(*e->quantized.loss, 'f', 4) : unknown;
    default:
        return e ? decibelText(e->outputSqnrDb) : unknown;
    }
}

QVariant ConfigModel::data(const QModelIndex& index, int role) const
{
    if (!checkIndex(index, CheckIndexOption::IndexIsValid))
        return {};
    const Configuration& row = m_rows[size_t(index.row())];
    switch (role) {
    case Qt::DisplayRole:
        return text(row, index.column());
    case Qt::CheckStateRole:
        if (index.column() == Name)
            return int(m_checked.count(index.row()) ? Qt::Checked : Qt::Unchecked);
        return {};
    case Qt::TextAlignmentRole:
        return int((index.column() == Name ? Qt::AlignLeft : Qt::AlignRight) | Qt::AlignVCenter);
    case Qt::FontRole: {
        QFont font;
        font.setBold(row.isCurrent);
        return font;
    }
    case Qt::ToolTipRole:
        return index.column() == Name
                   ? row.name + u'\n' + tr("Check two to four to compare them; Enter applies this one")
                   : QString();
    default:
        return {};
    }
}

bool ConfigModel::setData(const QModelIndex& index, const QVariant& value, int role)
{
    if (role != Qt::CheckStateRole || !checkIndex(index, CheckIndexOption::IndexIsValid) ||
        index.column() != Name)
        return false;
    const bool on = value.toInt() == Qt::Checked;
    if (on && m_checked.size() >= kMostCompared)
        return false;
    on ? void(m_checked.insert(index.row())) : void(m_checked.erase(index.row()));
    Q_EMIT dataChanged(index, index, {Qt::CheckStateRole});
    Q_EMIT checkedChanged();
    return true;
}

Qt::ItemFlags ConfigModel::flags(const QModelIndex& index) const
{
    const Qt::ItemFlags flags = QAbstractTableModel::flags(index);
    return index.isValid() && index.column() == Name ? flags | Qt::ItemIsUserCheckable : flags;
}

QVariant ConfigModel::headerData(int section, Qt::Orientation orientation, int role) const
{
    if (orientation != Qt::Horizontal || section < 0 || section >= ColumnCount)
        return {};
    const QString titles[]{tr("Configuration"), tr("Exc."),  tr("Size"), tr("BOPs"),
                           tr("Energy"),        tr("Top-1"), tr("Loss"), tr("SQNR")};
    const QString helps[]{
        tr("Checked ones are compared"),
        tr("Layers that differ from the plan's defaults"),
        tr("All parameters, packed with scales and zero points"),
        tr("Bit operations: multiply-accumulates × weight bits × activation bits, one sample"),
        tr("Estimate for one sample"),
        tr("Of the quantized model; – until it is evaluated"),
        tr("Mean cross entropy in nat"),
        tr("Signal-to-quantization-noise ratio of the model's output")};
    return role == Qt::DisplayRole   ? QVariant(titles[section])
           : role == Qt::ToolTipRole ? QVariant(helps[section])
                                     : QVariant();
}

void ConfigDiffModel::setConfigurations(const Document& document, const std::vector<Configuration>& compared)
{
    beginResetModel();
    m_rows.clear();
    m_names.clear();
    for (const Configuration& c : compared)
        m_names << c.name;
    for (int i = 0; i < document.rowCount() && compared.size() > 1; ++i) {
        const LayerRow& layer = document.row(i);
        Row row{i, QString::fromStdString(layer.name), {}, {}};
        bool differs = false, sameBits = true;
        for (const Configuration& c : compared) {
            const QuantSpec &w = c.plan.weights(layer.name), &a = c.plan.activations(layer.name);
            const QuantSpec &w0 = compared[0].plan.weights(layer.name),
                            &a0 = compared[0].plan.activations(layer.name);
            differs = differs || (layer.hasWeights() && w != w0) || a != a0;
            const QString wBits = layer.hasWeights() ? tr("W %1 · ").arg(bitsToken(w)) : QString();
            row.texts << wBits + tr("A %1").arg(bitsToken(a));
            row.helps << (layer.hasWeights() ? specText(w) + u'\n' : QString()) + specText(a);
            sameBits = sameBits && row.texts.last() == row.texts.first();
        }
        if (!differs)
            continue;
        if (sameBits)
            row.texts = row.helps;
        m_rows.push_back(row);
    }
    endResetModel();
}

int ConfigDiffModel::rowCount(const QModelIndex& parent) const
{
    return parent.isValid() ? 0 : int(m_rows.size());
}

int ConfigDiffModel::columnCount(const QModelIndex& parent) const
{
    return parent.isValid() ? 0 : int(m_names.size()) + 1;
}

QVariant ConfigDiffModel::data(const QModelIndex& index, int role) const
{
    if (!checkIndex(index, CheckIndexOption::IndexIsValid))
        return {};
    const Row& row = m_rows[size_t(index.row())];
    const int c = index.column() - 1;
    if (role == Qt::DisplayRole)
        return c < 0 ? row.name : row.texts[c];
    if (role == Qt::ToolTipRole)
        return c < 0 ? row.name : row.helps[c];
    if (role == Qt::FontRole && c > 0 && row.texts[c] != row.texts[0]) {
        QFont font;
        font.setBold(true);
        return font;
    }
    return {};
}

QVariant ConfigDiffModel::headerData(int section, Qt::Orientation orientation, int role) const
{
    if (orientation != Qt::Horizontal || section < 0 || section > m_names.size())
        return {};
    if (role == Qt::ToolTipRole)
        return section == 0 ? tr("Layers whose formats differ; a click selects them everywhere")
                            : tr("Formats of weights (W) and output (A) in “%1”").arg(m_names[section - 1]);
    if (role != Qt::DisplayRole)
        return {};
    return section == 0 ? tr("Layer") : m_names[section - 1];
}

} // namespace bitwright
