// SPDX-License-Identifier: GPL-3.0-or-later
#include "widgets/document.h"
#include "widgets/format.h"
#include "widgets/models/layer_model.h"

#include <string>

namespace bitwright {

namespace {

template<typename Enum>
std::optional<Enum> enumOf(const char* (*nameOf)(Enum), const std::string& text, Enum last)
{
    for (int i = 0; i <= int(last); ++i) {
        if (text == nameOf(Enum(i)))
            return Enum(i);
    }
    return {};
}

Error unknownToken(const QString& token)
{
    return {Error::InvalidArgument,
            LayerModel::tr("\"%1\" is not one of the choices.").arg(token).toStdString(),
            {}};
}

QString fieldName(LayerModel::Column column)
{
    switch (column) {
    case LayerModel::WeightBits:
        return LayerModel::tr("weight bits");
    case LayerModel::WeightScheme:
        return LayerModel::tr("weight scheme");
    case LayerModel::WeightGranularity:
        return LayerModel::tr("weight granularity");
    case LayerModel::ActivationBits:
        return LayerModel::tr("activation bits");
    default:
        return LayerModel::tr("activation scheme");
    }
}

} // namespace

QStringList specChoices(LayerModel::Column column)
{
    switch (column) {
    case LayerModel::WeightBits:
    case LayerModel::ActivationBits:
        return {QStringLiteral("1"),  QStringLiteral("2"),    QStringLiteral("3"), QStringLiteral("4"),
                QStringLiteral("5"),  QStringLiteral("6"),    QStringLiteral("7"), QStringLiteral("8"),
                QStringLiteral("16"), QStringLiteral("float")};
    case LayerModel::WeightScheme:
    case LayerModel::ActivationScheme: {
        QStringList names;
        for (Scheme scheme :
             {Scheme::Symmetric, Scheme::Narrow, Scheme::Unsigned, Scheme::Asymmetric, Scheme::PowerOfTwo})
            names << QString::fromLatin1(schemeName(scheme));
        return names;
    }
    case LayerModel::WeightGranularity:
        return {QStringLiteral("tensor"),   QStringLiteral("channel"),  QStringLiteral("group=128"),
                QStringLiteral("group=64"), QStringLiteral("group=32"), QStringLiteral("model")};
    default:
        return {};
    }
}

QStringList choiceTexts(LayerModel::Column column)
{
    QStringList texts;
    for (const QString& token : specChoices(column)) {
        const auto spec = editedSpec(QuantSpec::defaultWeights(), column, token);
        if (!spec || column == LayerModel::WeightBits || column == LayerModel::ActivationBits)
            texts << token;
        else
            texts << (column == LayerModel::WeightGranularity ? granularityText(*spec)
                                                              : schemeText(spec->scheme));
    }
    return texts;
}

Result<QuantSpec> editedSpec(const QuantSpec& base, LayerModel::Column column, const QString& token)
{
    QuantSpec spec = base;
    if (column == LayerModel::WeightBits || column == LayerModel::ActivationBits) {
        BITWRIGHT_TRY(spec, parseSpec(token.toStdString(), base));
    } else if (column == LayerModel::WeightGranularity) {
        const QString kind = token.section(QLatin1Char('='), 0, 0),
                      length = token.section(QLatin1Char('='), 1);
        const auto granularity = enumOf(granularityName, kind.toStdString(), Granularity::Model);
        if (!granularity)
            return unknownToken(token);
        spec.granularity = *granularity;
        if (!length.isEmpty())
            spec.group = length.toLongLong();
    } else {
        const auto scheme = enumOf(schemeName, token.toStdString(), Scheme::PowerOfTwo);
        if (!scheme)
            return unknownToken(token);
        spec.scheme = *scheme;
    }
    BITWRIGHT_CHECK(validate(spec));
    return spec;
}

bool LayerModel::editRows(const QList<int>& rows, Column column, const QString& token)
{
    std::vector<SpecEdit> edits;
    bool changes = false;
    for (int row : rows) {
        if (!isEditable(row, column))
            continue;
        const QuantSpec& before = spec(row, column);
        auto after = editedSpec(before, column, token);
        if (!after) {
            Q_EMIT editRefused(errorText(after.error()));
            return false;
        }
        changes = changes || *after != before;
        const PlanSite site = isWeightColumn(column) ? PlanSite::Weights : PlanSite::Activations;
        edits.push_back({m_document->row(row).name, site, *after});
    }
    if (!changes)
        return false;
    const QString what = edits.size() == 1 ? QString::fromStdString(edits.front().layer)
                                           : tr("%n layer(s)", nullptr, int(edits.size()));
    const QString field = fieldName(column);
    m_document->undoStack()->push(
        new SetSpecsCommand(m_document, std::move(edits), tr("%1: %2 → %3").arg(what, field, token), field));
    return true;
}

bool LayerModel::resetRows(const QList<int>& rows)
{
    std::vector<std::string> names;
    for (int row : rows)
        names.push_back(m_document->row(row).name);
    std::vector<SpecEdit> edits = resetEdits(m_document->plan(), names);
    if (edits.empty())
        return false;
    const QString what = names.size() == 1 ? QString::fromStdString(names.front())
                                           : tr("%n layer(s)", nullptr, int(names.size()));
    m_document->undoStack()->push(
        new SetSpecsCommand(m_document, std::move(edits), tr("%1: reset to defaults").arg(what), {}));
    return true;
}

QVariant LayerModel::headerData(int section, Qt::Orientation orientation, int role) const
{
    if (orientation != Qt::Horizontal)
        return QAbstractTableModel::headerData(section, orientation, role);
    struct Heading {
        QString text, help;
    };
    const Heading headings[ColumnCount] = {
        {tr("Layer"), tr("Module path of the layer; sorts by execution order")},
        {tr("Operator"), tr("What the layer computes")},
        {tr("Shape"), tr("Shape of the weight, or → of the output where there is none")},
        {tr("Parameters"), tr("Elements of weights and biases")},
        {tr("W bits"), tr("Number format of the weights; double-click or F2 to change")},
        {tr("W scheme"), tr("How the integer grid of the weights lies around zero")},
        {tr("W granularity"), tr("How many scales the weights have")},
        {tr("A bits"), tr("Number format of the layer's output")},
        {tr("A scheme"), tr("How the integer grid of the output lies around zero")},
        {tr("W SQNR"), tr("Signal-to-quantization-noise ratio of the weights in dB: higher is better, "
                          "one bit is worth about 6 dB")},
        {tr("A SQNR"), tr("Signal-to-quantization-noise ratio of the output by its own quantizer in dB")},
        {tr("Size"), tr("Packed bytes of the weights, scales and zero points included")},
    };
    if (role == Qt::DisplayRole)
        return headings[section].text;
    if (role == Qt::ToolTipRole)
        return headings[section].help;
    if (role == Qt::TextAlignmentRole)
        return alignmentOf(section);
    return {};
}

} // namespace bitwright
