// SPDX-License-Identifier: GPL-3.0-or-later
#include "widgets/pages/spec_editor.h"

#include "widgets/format.h"

#include <QComboBox>
#include <QHBoxLayout>

namespace bitwright {

namespace {

QString tokenOf(const QuantSpec& spec, LayerModel::Column column)
{
    switch (column) {
    case LayerModel::WeightBits:
    case LayerModel::ActivationBits:
        return bitsToken(spec);
    case LayerModel::WeightGranularity:
        return spec.granularity == Granularity::Group
                   ? QStringLiteral("group=%1").arg(spec.group)
                   : QString::fromLatin1(granularityName(spec.granularity));
    case LayerModel::WeightEstimator:
    case LayerModel::ActivationEstimator:
        return estimatorToken(spec);
    default:
        return QString::fromLatin1(schemeName(spec.scheme));
    }
}

} // namespace

SpecEditor::SpecEditor(Site site, Mode mode, QWidget* parent)
    : QWidget(parent)
    , m_mode(mode)
{
    auto* layout = new QHBoxLayout(this);
    layout->setContentsMargins(0, 0, 0, 0);
    layout->setSpacing(6);
    if (site == Site::Weights) {
        addBox(LayerModel::WeightBits, tr("Bits of the weights"));
        addBox(LayerModel::WeightScheme, tr("Scheme of the weights"));
        addBox(LayerModel::WeightGranularity, tr("Granularity of the weights"));
        addBox(LayerModel::WeightEstimator, tr("Range of the weights"));
    } else {
        addBox(LayerModel::ActivationBits, tr("Bits of the activations"));
        addBox(LayerModel::ActivationScheme, tr("Scheme of the activations"));
        addBox(LayerModel::ActivationEstimator, tr("Range of the activations"));
    }
    layout->addStretch(1);
}

void SpecEditor::addBox(LayerModel::Column column, const QString& name)
{
    auto* box = new QComboBox;
    box->setAccessibleName(name);
    box->setToolTip(name);
    if (m_mode == Mode::KeepOthers)
        box->addItem(tr("keep"), QString());
    const QStringList tokens = specChoices(column), texts = choiceTexts(column);
    for (int i = 0; i < tokens.size(); ++i)
        box->addItem(texts.value(i), tokens[i]);
    m_boxes.append({column, box});
    layout()->addWidget(box);
    connect(box, &QComboBox::activated, this, [this, column, box] {
        if (const QString token = box->currentData().toString(); !token.isEmpty())
            Q_EMIT edited({column, token});
    });
}

void SpecEditor::setSpec(const QuantSpec& spec)
{
    for (const auto& [column, box] : std::as_const(m_boxes)) {
        const QString token = tokenOf(spec, column);
        if (box->findData(token) < 0)
            box->addItem(token, token); // from a plan file; not among the usual ones
        box->setCurrentIndex(box->findData(token));
        const bool bits = column == LayerModel::WeightBits || column == LayerModel::ActivationBits;
        box->setEnabled(bits || spec.hasRange());
    }
}

QList<LayerModel::Change> SpecEditor::changes() const
{
    QList<LayerModel::Change> list;
    for (const auto& [column, box] : m_boxes) {
        if (const QString token = box->currentData().toString(); !token.isEmpty())
            list.append({column, token});
    }
    return list;
}

QComboBox* SpecEditor::box(LayerModel::Column column) const
{
    for (const auto& [mine, box] : m_boxes) {
        if (mine == column)
            return box;
    }
    return nullptr;
}

} // namespace bitwright
