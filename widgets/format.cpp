// SPDX-License-Identifier: GPL-3.0-or-later
#include "widgets/format.h"

#include "widgets/core_messages.h"

#include <QCoreApplication>
#include <QLocale>

#include <cmath>

namespace bitwright {

namespace {

QString tr(const char* text, int n = -1)
{
    return QCoreApplication::translate("bitwright", text, nullptr, n);
}

} // namespace

QString bytesText(qint64 bytes)
{
    return QLocale().formattedDataSize(bytes, bytes < 1000 ? 0 : 1, QLocale::DataSizeSIFormat);
}

QString countText(qint64 count)
{
    return QLocale().toString(count);
}

QString shortCountText(double count)
{
    static constexpr const char* units[]{"", " k", " M", " G", " T", " P"};
    size_t unit = 0;
    while (std::abs(count) >= 1000 && unit + 1 < std::size(units)) {
        count /= 1000;
        ++unit;
    }
    const int digits = unit == 0 || std::abs(count) >= 100 ? 0 : std::abs(count) >= 10 ? 1 : 2;
    return QLocale().toString(count, 'f', digits) + QLatin1String(units[unit]);
}

QString decibelText(double db)
{
    if (std::isinf(db))
        return db > 0 ? tr("exact") : tr("%1 dB").arg(QStringLiteral("−∞"));
    if (std::isnan(db))
        return QStringLiteral("–");
    return tr("%1 dB").arg(QLocale().toString(db, 'f', 1));
}

QString percentText(double share, int digits)
{
    return tr("%1 %").arg(QLocale().toString(100 * share, 'f', digits));
}

QString numberText(double value, int digits)
{
    if (!std::isfinite(value))
        return std::isnan(value) ? QStringLiteral("–")
               : value > 0       ? QStringLiteral("∞")
                                 : QStringLiteral("−∞");
    return QLocale().toString(value, 'g', digits);
}

QString secondsText(double seconds)
{
    const int whole = int(std::ceil(seconds));
    if (whole < 60)
        return tr("%1 s").arg(whole);
    return tr("%1 min %2 s").arg(whole / 60).arg(whole % 60, 2, 10, QLatin1Char('0'));
}

QString shapeLabel(const Shape& shape)
{
    QStringList parts;
    for (int64_t size : shape)
        parts << QString::number(size);
    return parts.isEmpty() ? tr("scalar") : parts.join(QChar(0x00d7));
}

QString bitsToken(const QuantSpec& spec)
{
    switch (spec.format) {
    case Format::Float32:
        return QStringLiteral("float");
    case Format::Int:
        return QString::number(spec.bits);
    case Format::Codebook:
        return QStringLiteral("codebook%1").arg(spec.bits);
    case Format::Log2:
        return QStringLiteral("log%1").arg(spec.bits);
    case Format::Minifloat:
        return QStringLiteral("e%1m%2").arg(spec.exponentBits).arg(spec.mantissaBits);
    default:
        return QString::fromLatin1(formatName(spec.format));
    }
}

QString schemeText(Scheme scheme)
{
    switch (scheme) {
    case Scheme::Symmetric:
        return tr("symmetric");
    case Scheme::Narrow:
        return tr("narrow");
    case Scheme::Unsigned:
        return tr("unsigned");
    case Scheme::Asymmetric:
        return tr("asymmetric");
    case Scheme::PowerOfTwo:
        return tr("power of two");
    }
    return {};
}

QString granularityText(const QuantSpec& spec)
{
    switch (spec.granularity) {
    case Granularity::Tensor:
        return tr("tensor");
    case Granularity::Channel:
        return tr("channel");
    case Granularity::Group:
        return tr("group of %1").arg(spec.group);
    case Granularity::Model:
        return tr("whole model");
    }
    return {};
}

QString estimatorText(const QuantSpec& spec)
{
    const QString name = QString::fromLatin1(estimatorName(spec.estimator));
    return spec.parameter == 0 ? name : QStringLiteral("%1 %2").arg(name, numberText(spec.parameter, 6));
}

QString specText(const QuantSpec& spec)
{
    switch (spec.format) {
    case Format::Int: {
        const QString text = tr("%1-bit %2").arg(spec.bits).arg(schemeText(spec.scheme));
        return spec.dynamic ? tr("%1, dynamic").arg(text) : text;
    }
    case Format::Codebook:
        return tr("%1-bit codebook").arg(spec.bits);
    case Format::Log2:
        return tr("%1-bit logarithmic").arg(spec.bits);
    case Format::Minifloat:
        return QStringLiteral("E%1M%2").arg(spec.exponentBits).arg(spec.mantissaBits);
    default:
        return QString::fromLatin1(formatName(spec.format));
    }
}

QString errorText(const Error& error)
{
    const QString message = coreText(error.message);
    return error.where.empty() ? message : tr("%1: %2").arg(QString::fromStdString(error.where), message);
}

} // namespace bitwright
