// SPDX-License-Identifier: GPL-3.0-or-later
#include "widgets/glossary.h"

#include <QCoreApplication>

#include <algorithm>

namespace bitwright {

namespace {

struct Row {
    Term term;
    const char *name, *sentence;
};

// clang-format off
constexpr Row kRows[]{
    {Term::Sqnr, QT_TRANSLATE_NOOP("Glossary", "SQNR"),
     QT_TRANSLATE_NOOP("Glossary", "Power of the values over the power of the quantization error, in decibels; higher is better, and one bit more gives about 6 dB.")},
    {Term::Mse, QT_TRANSLATE_NOOP("Glossary", "MSE"),
     QT_TRANSLATE_NOOP("Glossary", "Mean of the squared differences between the values before and after quantization.")},
    {Term::MaxError, QT_TRANSLATE_NOOP("Glossary", "Largest error"),
     QT_TRANSLATE_NOOP("Glossary", "The largest absolute difference between a value and its quantized version.")},
    {Term::Cosine, QT_TRANSLATE_NOOP("Glossary", "Cosine similarity"),
     QT_TRANSLATE_NOOP("Glossary", "How well the directions of the tensor before and after quantization agree; 1 is the same direction.")},
    {Term::KlDivergence, QT_TRANSLATE_NOOP("Glossary", "KL divergence"),
     QT_TRANSLATE_NOOP("Glossary", "How much the distribution of the quantized values differs from that of the original ones, in nat; 0 is the same.")},
    {Term::Bits, QT_TRANSLATE_NOOP("Glossary", "Bit-width"),
     QT_TRANSLATE_NOOP("Glossary", "Bits that store one value; b bits give at most 2^b different values.")},
    {Term::Scale, QT_TRANSLATE_NOOP("Glossary", "Scale"),
     QT_TRANSLATE_NOOP("Glossary", "The distance between two neighbouring values of the quantized grid.")},
    {Term::ZeroPoint, QT_TRANSLATE_NOOP("Glossary", "Zero point"),
     QT_TRANSLATE_NOOP("Glossary", "The integer that stands for the real value 0.")},
    {Term::Symmetric, QT_TRANSLATE_NOOP("Glossary", "Symmetric"),
     QT_TRANSLATE_NOOP("Glossary", "The grid lies evenly around 0, so its zero point is 0; usual for weights.")},
    {Term::Asymmetric, QT_TRANSLATE_NOOP("Glossary", "Asymmetric"),
     QT_TRANSLATE_NOOP("Glossary", "The grid covers the range from the least to the greatest value, with a zero point; good for one-sided activations.")},
    {Term::Granularity, QT_TRANSLATE_NOOP("Glossary", "Granularity"),
     QT_TRANSLATE_NOOP("Glossary", "How many values share one scale: the whole model, a tensor, an output channel, or a group inside a channel.")},
    {Term::Estimator, QT_TRANSLATE_NOOP("Glossary", "Range estimator"),
     QT_TRANSLATE_NOOP("Glossary", "The rule that chooses the range to be quantized from the measured distribution.")},
    {Term::Percentile, QT_TRANSLATE_NOOP("Glossary", "Percentile"),
     QT_TRANSLATE_NOOP("Glossary", "The share of all values that the range keeps; what lies outside is clipped.")},
    {Term::Clipping, QT_TRANSLATE_NOOP("Glossary", "Clipping"),
     QT_TRANSLATE_NOOP("Glossary", "Values outside the range become its nearest end: a large error for few values, and a finer grid for all others.")},
    {Term::Rounding, QT_TRANSLATE_NOOP("Glossary", "Rounding error"),
     QT_TRANSLATE_NOOP("Glossary", "The error of values inside the range, at most half a scale.")},
    {Term::Calibration, QT_TRANSLATE_NOOP("Glossary", "Calibration"),
     QT_TRANSLATE_NOOP("Glossary", "Running the float model on samples to measure the ranges of its activations.")},
    {Term::Weights, QT_TRANSLATE_NOOP("Glossary", "Weights"),
     QT_TRANSLATE_NOOP("Glossary", "The trained parameters of a layer; known without any data.")},
    {Term::Activations, QT_TRANSLATE_NOOP("Glossary", "Activations"),
     QT_TRANSLATE_NOOP("Glossary", "The values that flow between layers; they depend on the input, so they have to be measured.")},
    {Term::Sensitivity, QT_TRANSLATE_NOOP("Glossary", "Sensitivity"),
     QT_TRANSLATE_NOOP("Glossary", "How much the output of the whole model suffers when one layer alone is quantized to a bit-width.")},
    {Term::LocalError, QT_TRANSLATE_NOOP("Glossary", "Local error"),
     QT_TRANSLATE_NOOP("Glossary", "The error of one tensor before and after its own quantizer, everything else left in float.")},
    {Term::EnableOne, QT_TRANSLATE_NOOP("Glossary", "Enable-one error"),
     QT_TRANSLATE_NOOP("Glossary", "The error at the output of the model when only this layer is quantized.")},
    {Term::DisableOne, QT_TRANSLATE_NOOP("Glossary", "Disable-one error"),
     QT_TRANSLATE_NOOP("Glossary", "The error at the output of the model when everything but this layer is quantized.")},
    {Term::Cumulative, QT_TRANSLATE_NOOP("Glossary", "Cumulative error"),
     QT_TRANSLATE_NOOP("Glossary", "The error at the output of this layer with everything before it quantized as well.")},
    {Term::Macs, QT_TRANSLATE_NOOP("Glossary", "MAC"),
     QT_TRANSLATE_NOOP("Glossary", "A multiplication with an addition, the unit of a layer's arithmetic; counted for one sample.")},
    {Term::Bops, QT_TRANSLATE_NOOP("Glossary", "BOPs"),
     QT_TRANSLATE_NOOP("Glossary", "Bit operations: multiply-accumulates times the bits of the weights times the bits of the activations.")},
    {Term::Energy, QT_TRANSLATE_NOOP("Glossary", "Energy"),
     QT_TRANSLATE_NOOP("Glossary", "An estimate for one sample from a published table of what arithmetic and memory access cost in 45 nm silicon.")},
    {Term::Size, QT_TRANSLATE_NOOP("Glossary", "Size"),
     QT_TRANSLATE_NOOP("Glossary", "Bytes of all parameters, packed to their bits, with scales and zero points.")},
    {Term::Top1, QT_TRANSLATE_NOOP("Glossary", "Top-1"),
     QT_TRANSLATE_NOOP("Glossary", "Share of the samples whose most likely class is the right one.")},
    {Term::Top5, QT_TRANSLATE_NOOP("Glossary", "Top-5"),
     QT_TRANSLATE_NOOP("Glossary", "Share of the samples whose right class is among the five most likely ones.")},
    {Term::Loss, QT_TRANSLATE_NOOP("Glossary", "Loss"),
     QT_TRANSLATE_NOOP("Glossary", "Mean cross entropy between the predicted probabilities and the labels, in nat; lower is better.")},
    {Term::ConfidenceInterval, QT_TRANSLATE_NOOP("Glossary", "Confidence interval"),
     QT_TRANSLATE_NOOP("Glossary", "Where the true value lies with 95 % probability, given how few samples were measured.")},
    {Term::Agreement, QT_TRANSLATE_NOOP("Glossary", "Agreement"),
     QT_TRANSLATE_NOOP("Glossary", "Share of the samples for which the float and the quantized model say the same class.")},
    {Term::Saturation, QT_TRANSLATE_NOOP("Glossary", "Saturation"),
     QT_TRANSLATE_NOOP("Glossary", "Many values at the ends of the range: the range is too narrow.")},
    {Term::OutlierChannel, QT_TRANSLATE_NOOP("Glossary", "Outlier channel"),
     QT_TRANSLATE_NOOP("Glossary", "A channel whose range is much wider than that of the others, so that a shared scale is too coarse for them.")},
    {Term::FakeQuantization, QT_TRANSLATE_NOOP("Glossary", "Simulated quantization"),
     QT_TRANSLATE_NOOP("Glossary", "Values are rounded to the grid and computed on in float, which shows the error without integer arithmetic.")},
    {Term::Exception, QT_TRANSLATE_NOOP("Glossary", "Exception"),
     QT_TRANSLATE_NOOP("Glossary", "A layer that does not follow the defaults of the plan.")},
};
// clang-format on

QList<GlossaryEntry> translated()
{
    QList<GlossaryEntry> entries;
    for (const Row& row : kRows)
        entries.append({row.term, QCoreApplication::translate("Glossary", row.name),
                        QCoreApplication::translate("Glossary", row.sentence)});
    std::sort(entries.begin(), entries.end(),
              [](const auto& a, const auto& b) { return QString::localeAwareCompare(a.name, b.name) < 0; });
    return entries;
}

} // namespace

const QList<GlossaryEntry>& glossary()
{
    static const QList<GlossaryEntry> entries = translated();
    return entries;
}

} // namespace bitwright
