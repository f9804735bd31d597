// SPDX-License-Identifier: GPL-3.0-or-later
#include "widgets/commands/annotate_command.h"
#include "widgets/document.h"
#include "widgets/format.h"
#include "widgets/models/layer_model.h"

#include <algorithm>
#include <string>
#include <utility>

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
    case LayerModel::WeightEstimator:
        return LayerModel::tr("weight range");
    case LayerModel::ActivationEstimator:
        return LayerModel::tr("activation range");
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
        return {QStringLiteral("1"),      QStringLiteral("2"),       QStringLiteral("3"),
                QStringLiteral("4"),      QStringLiteral("5"),       QStringLiteral("6"),
                QStringLiteral("7"),      QStringLiteral("8"),       QStringLiteral("16"),
                QStringLiteral("float"),  QStringLiteral("float16"), QStringLiteral("e4m3"),
                QStringLiteral("binary"), QStringLiteral("ternary"), QStringLiteral("codebook4"),
                QStringLiteral("log4")};
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
    case LayerModel::WeightEstimator:
    case LayerModel::ActivationEstimator: {
        QStringList names;
        for (int i = 0; i < int(Estimator::Fixed); ++i)
            names << QString::fromLatin1(estimatorName(Estimator(i)));
        return names;
    }
    default:
        return {};
    }
}

QString estimatorToken(const QuantSpec& spec)
{
    const QString name = QString::fromLatin1(estimatorName(spec.estimator));
    if (spec.estimator == Estimator::Fixed)
        return QStringLiteral("%1=%2..%3")
            .arg(name, QString::number(spec.rangeLo, 'g', 9), QString::number(spec.rangeHi, 'g', 9));
    return spec.parameter == 0 ? name
                               : QStringLiteral("%1=%2").arg(name, QString::number(spec.parameter, 'g', 9));
}

QStringList choiceTexts(LayerModel::Column column)
{
    QStringList texts;
    for (const QString& token : specChoices(column)) {
        const auto spec = editedSpec(QuantSpec::defaultWeights(), column, token);
        if (!spec || (column != LayerModel::WeightGranularity && column != LayerModel::WeightScheme &&
                      column != LayerModel::ActivationScheme))
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
    } else if (column == LayerModel::WeightEstimator || column == LayerModel::ActivationEstimator) {
        BITWRIGHT_TRY(const QuantSpec read, parseSpec("8:symmetric:tensor:" + token.toStdString(), base));
        spec.estimator = read.estimator;
        spec.parameter = read.parameter;
        spec.rangeLo = read.rangeLo;
        spec.rangeHi = read.rangeHi;
        spec.ranges.clear();
    } else if (column == LayerModel::WeightGranularity) {
        const QString kind = token.section(QLatin1Char('='), 0, 0),
                      length = token.section(QLatin1Char('='), 1);
        const auto granularity = enumOf(granularityName, kind.toStdString(), Granularity::Model);
        if (!granularity)
            return unknownToken(token);
        spec.granularity = *granularity;
        if (!spec.ranges.empty()) { // learned for other scales
            spec.estimator = Estimator::Mse;
            spec.ranges.clear();
        }
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

namespace {

/// Puts `changes` into `spec`, those of one site.
Result<QuantSpec> changedSpec(QuantSpec spec, const QList<LayerModel::Change>& changes, bool weights)
{
    for (const LayerModel::Change& change : changes) {
        const bool bits =
            change.column == LayerModel::WeightBits || change.column == LayerModel::ActivationBits;
        // A scheme of a format that has none waits for a format that has.
        if (LayerModel::isWeightColumn(change.column) == weights && (bits || spec.hasRange())) {
            BITWRIGHT_TRY(spec, editedSpec(spec, change.column, change.token));
        }
    }
    return spec;
}

bool concerns(const QList<LayerModel::Change>& changes, bool weights)
{
    return std::any_of(changes.begin(), changes.end(), [weights](const LayerModel::Change& change) {
        return LayerModel::isWeightColumn(change.column) == weights;
    });
}

QString changeText(const QList<LayerModel::Change>& changes)
{
    QStringList parts;
    for (const LayerModel::Change& change : changes)
        parts << LayerModel::tr("%1 → %2").arg(fieldName(change.column), change.token);
    return parts.join(QStringLiteral(", "));
}

} // namespace

QString LayerModel::rowsText(const QList<int>& rows) const
{
    return rows.size() == 1 ? QString::fromStdString(m_document->row(rows.front()).name)
                            : tr("%n layer(s)", nullptr, int(rows.size()));
}

QList<int> LayerModel::unlockedOf(const QList<int>& rows)
{
    QList<int> unlocked, locked;
    for (int row : rows)
        (isLocked(row) ? locked : unlocked).append(row);
    if (locked.size() == 1)
        Q_EMIT editRefused(tr("%1 is locked; unlock it to change it.").arg(rowsText(locked)));
    else if (!locked.isEmpty())
        Q_EMIT editRefused(tr("%n locked layer(s) stayed as they are; unlock them to change them.", nullptr,
                              int(locked.size())));
    return unlocked;
}

bool LayerModel::editRows(const QList<int>& rows, Column column, const QString& token)
{
    return editRows(rows, {{column, token}});
}

bool LayerModel::editRows(const QList<int>& rows, const QList<Change>& changes)
{
    std::vector<SpecEdit> edits;
    QList<int> edited;
    bool differs = false;
    for (int row : unlockedOf(rows)) {
        for (bool weights : {true, false}) {
            if (!concerns(changes, weights) || (weights && !m_document->row(row).hasWeights()))
                continue;
            const QuantSpec& before = spec(row, weights ? WeightBits : ActivationBits);
            auto after = changedSpec(before, changes, weights);
            if (!after) {
                Q_EMIT editRefused(errorText(after.error()));
                return false;
            }
            if (*after == before && !(changes.size() == 1 && applies(row, changes.front().column)))
                continue;
            differs = differs || *after != before;
            edits.push_back(
                {m_document->row(row).name, weights ? PlanSite::Weights : PlanSite::Activations, *after});
            if (edited.isEmpty() || edited.back() != row)
                edited.append(row);
        }
    }
    if (!differs)
        return false;
    const QString text = tr("%1: %2").arg(rowsText(edited), changeText(changes));
    const QString field = changes.size() == 1 ? fieldName(changes.front().column) : QString();
    m_document->undoStack()->push(new SetSpecsCommand(m_document, std::move(edits), text, field));
    return true;
}

void LayerModel::raiseEnds()
{
    QuantPlan plan = m_document->plan();
    setFirstLast(plan, m_document->model()->graph(), 8);
    if (plan == m_document->plan())
        Q_EMIT editRefused(tr("The first and the last layer have 8 bits already, are in float or locked."));
    else
        m_document->undoStack()->push(
            new ReplacePlanCommand(m_document, std::move(plan), tr("First and last layer at 8 bits")));
}

bool LayerModel::resetRows(const QList<int>& rows)
{
    std::vector<std::string> names;
    QList<int> reset;
    for (int row : rows) {
        if (!resetEdits(m_document->plan(), {m_document->row(row).name}).empty())
            reset.append(row);
    }
    reset = unlockedOf(reset);
    for (int row : std::as_const(reset))
        names.push_back(m_document->row(row).name);
    std::vector<SpecEdit> edits = resetEdits(m_document->plan(), names);
    if (edits.empty())
        return false;
    m_document->undoStack()->push(new SetSpecsCommand(m_document, std::move(edits),
                                                      tr("%1: reset to defaults").arg(rowsText(reset)), {}));
    return true;
}

bool LayerModel::editDefaults(const QList<Change>& changes)
{
    QuantPlan plan = m_document->plan();
    for (bool weights : {true, false}) {
        QuantSpec& spec = weights ? plan.defaultWeights : plan.defaultActivations;
        auto after = changedSpec(spec, changes, weights);
        if (!after) {
            Q_EMIT editRefused(errorText(after.error()));
            return false;
        }
        spec = *after;
    }
    if (plan == m_document->plan())
        return false;
    m_document->undoStack()->push(
        new ReplacePlanCommand(m_document, std::move(plan), tr("Defaults: %1").arg(changeText(changes))));
    return true;
}

void LayerModel::setLocked(const QList<int>& rows, bool locked)
{
    std::vector<Annotation> annotations;
    QList<int> changed;
    for (int row : rows) {
        if (isLocked(row) == locked)
            continue;
        annotations.push_back(annotationOf(*m_document, m_document->row(row).name));
        annotations.back().locked = locked;
        changed.append(row);
    }
    if (!changed.isEmpty())
        m_document->undoStack()->push(
            new AnnotateCommand(m_document, std::move(annotations),
                                (locked ? tr("%1: locked") : tr("%1: unlocked")).arg(rowsText(changed))));
}

void LayerModel::setNote(const QList<int>& rows, const QString& note)
{
    std::vector<Annotation> annotations;
    QList<int> changed;
    for (int row : rows) {
        Annotation annotation = annotationOf(*m_document, m_document->row(row).name);
        if (std::exchange(annotation.note, note.trimmed().toStdString()) == annotation.note)
            continue;
        annotations.push_back(std::move(annotation));
        changed.append(row);
    }
    if (!changed.isEmpty())
        m_document->undoStack()->push(
            new AnnotateCommand(m_document, std::move(annotations), tr("%1: note").arg(rowsText(changed))));
}

} // namespace bitwright
