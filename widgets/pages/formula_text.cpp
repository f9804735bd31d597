// SPDX-License-Identifier: GPL-3.0-or-later
#include "widgets/pages/formula_text.h"

#include "core/quant/quantize.h"
#include "widgets/format.h"
#include "widgets/plots/site_distribution.h"

#include <QCoreApplication>

#include <cmath>

namespace bitwright {

namespace {

QString tr(const char* text)
{
    return QCoreApplication::translate("bitwright", text);
}

QString errorLine(float x, float quantized)
{
    const double error = double(x) - quantized;
    const QString share = x != 0 ? tr(" (%1)").arg(percentText(std::abs(error / double(x)), 2)) : QString();
    return tr("error = x − x^ = %1%2").arg(numberText(error, 3), share);
}

QString integerLines(const QuantParams& p, float x, int32_t q, float quantized)
{
    const float s = p.scale.front();
    const int32_t z = p.zeroPoint.empty() ? 0 : p.zeroPoint.front();
    const double steps = double(x) / double(s);
    const QString inside = tr("round(%1) + %2").arg(numberText(steps, 5)).arg(z);
    const bool clipped = std::abs(double(x) - quantized) > double(s) * 0.501;
    return tr("x = %1    s = %2    z = %3\n"
              "q = clamp(round(x / s) + z, %4, %5) = clamp(%6, %4, %5) = %7%8\n"
              "x^ = s (q − z) = %2 · %9 = %10    ")
               .arg(numberText(x, 5), numberText(s, 5))
               .arg(z)
               .arg(p.qmin)
               .arg(p.qmax)
               .arg(inside)
               .arg(q)
               .arg(clipped ? tr(" (clipped)") : QString())
               .arg(q - z)
               .arg(numberText(quantized, 5)) +
           errorLine(x, quantized);
}

} // namespace

QString formulaText(const QuantParams& params, size_t entry, float x)
{
    if (params.format == Format::Float32)
        return tr("x = %1\nfloat32: x^ = x\nerror = x − x^ = 0").arg(numberText(x, 5));
    const QuantParams one = params.scale.empty() ? params : entryParams(params, entry, 1);
    const Tensor value = Tensor::fromFloats({1, 1}, {&x, 1});
    const float quantized = fakeQuantize(value, one).floats().front();
    if (one.format == Format::Int && one.rounding == Rounding::HalfEven)
        return integerLines(one, x, quantizeToCodes(value, one).front(), quantized);
    const QString scale =
        one.scale.empty() ? QString() : tr("    s = %1").arg(numberText(one.scale.front(), 5));
    return tr("x = %1%2\n%3: x^ = %4\n")
               .arg(numberText(x, 5), scale, QString::fromLatin1(formatName(one.format)),
                    numberText(quantized, 5)) +
           errorLine(x, quantized);
}

} // namespace bitwright
