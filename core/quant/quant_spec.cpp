// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/quant/quant_spec.h"

#include "core/quant/spec_names_p.h"

#include <cmath>

namespace bitwright {

namespace {

Error invalid(std::string message)
{
    return {Error::InvalidArgument, std::move(message), {}};
}

Result<void> validateBits(const QuantSpec& spec)
{
    const auto outside = [&](int lo, int hi) -> Result<void> {
        if (spec.bits >= lo && spec.bits <= hi)
            return {};
        return invalid(std::string("The format ") + formatName(spec.format) + " takes " + std::to_string(lo) +
                       " to " + std::to_string(hi) + " bits, not " + std::to_string(spec.bits) + ".");
    };
    switch (spec.format) {
    case Format::Int:
        return outside(1, 16);
    case Format::Codebook:
        return outside(1, 8);
    case Format::Log2:
        return outside(2, 8);
    case Format::Minifloat:
        if (spec.exponentBits < 2 || spec.exponentBits > 5 || spec.mantissaBits < 0 || spec.mantissaBits > 7)
            return invalid(
                std::string("A minifloat takes 2 to 5 exponent bits and 0 to 7 mantissa bits, not e") +
                std::to_string(spec.exponentBits) + "m" + std::to_string(spec.mantissaBits) + ".");
        return {};
    default:
        return {};
    }
}

/// Estimator parameters and ranges.
Result<void> validateEstimator(const QuantSpec& spec)
{
    if (!std::isfinite(spec.parameter) || !std::isfinite(spec.rangeLo) || !std::isfinite(spec.rangeHi))
        return invalid("The parameter and the range of an estimator must be finite numbers.");
    if (spec.estimator == Estimator::Fixed && spec.rangeLo > spec.rangeHi)
        return invalid("A fixed range must have its lower end first.");
    for (const auto& [lo, hi] : spec.ranges)
        if (!std::isfinite(lo) || !std::isfinite(hi) || lo > hi)
            return invalid("Every fixed range must be two finite numbers, the lower end first.");
    const double value = estimatorParameter(spec);
    if (spec.estimator == Estimator::Percentile && (value < 50 || value > 100))
        return invalid("A percentile must lie between 50 and 100.");
    if (spec.estimator == Estimator::MovingAverage && (value <= 0 || value > 1))
        return invalid("The constant of a moving average must lie above 0 and at most at 1.");
    if ((spec.estimator == Estimator::Lp || spec.estimator == Estimator::MeanSigma) && value <= 0)
        return invalid(std::string("The parameter of ") + estimatorName(spec.estimator) +
                       " must be above 0.");
    return {};
}

} // namespace

double estimatorParameter(const QuantSpec& spec)
{
    if (spec.parameter != 0)
        return spec.parameter;
    switch (spec.estimator) {
    case Estimator::MovingAverage:
        return 0.01;
    case Estimator::Percentile:
        return 99.99;
    case Estimator::Lp:
        return 2.4;
    case Estimator::MeanSigma:
        return 3;
    default:
        return 0;
    }
}

int QuantSpec::storedBits() const
{
    switch (format) {
    case Format::Float32:
        return 32;
    case Format::Float16:
    case Format::BFloat16:
        return 16;
    case Format::Binary:
        return 1;
    case Format::Ternary:
        return 2;
    case Format::Minifloat:
        return 1 + exponentBits + mantissaBits;
    case Format::Int:
    case Format::Codebook:
    case Format::Log2:
        break;
    }
    return bits;
}

QuantSpec QuantSpec::float32()
{
    QuantSpec spec;
    spec.format = Format::Float32;
    spec.bits = 32;
    return spec;
}

QuantSpec QuantSpec::defaultWeights(int bits)
{
    QuantSpec spec;
    spec.bits = bits;
    spec.granularity = Granularity::Channel;
    return spec;
}

QuantSpec QuantSpec::defaultActivations(int bits)
{
    QuantSpec spec;
    spec.bits = bits;
    spec.scheme = Scheme::Asymmetric;
    spec.estimator = Estimator::Mse;
    return spec;
}

Result<void> validate(const QuantSpec& spec)
{
    BITWRIGHT_CHECK(validateBits(spec));
    if (spec.format == Format::Int && spec.bits == 1 && spec.scheme == Scheme::Narrow)
        return invalid("One bit in the narrow scheme can only say 0; use binary or 2 bits.");
    if (spec.granularity == Granularity::Group && spec.group < 1)
        return invalid(std::string("A group needs at least 1 element, not ") + std::to_string(spec.group) +
                       ".");
    if (spec.rounding != Rounding::HalfEven && spec.format != Format::Int && spec.format != Format::Minifloat)
        return invalid(std::string("The format ") + formatName(spec.format) + " only rounds half-even.");
    if (spec.dynamic && !spec.hasRange() && !spec.isFloat32())
        return invalid(std::string("The format ") + formatName(spec.format) +
                       " has no range that could be dynamic.");
    if (spec.dynamic && spec.granularity != Granularity::Tensor)
        return invalid("A dynamic range works per tensor only.");
    return validateEstimator(spec);
}

std::string describe(const QuantSpec& spec)
{
    const std::string bits = std::to_string(spec.bits) + "-bit ";
    switch (spec.format) {
    case Format::Int:
        return bits + schemeName(spec.scheme) + (spec.dynamic ? " dynamic" : "");
    case Format::Codebook:
    case Format::Log2:
        return bits + formatName(spec.format);
    case Format::Minifloat:
        return std::string("E") + std::to_string(spec.exponentBits) + "M" + std::to_string(spec.mantissaBits);
    default:
        return formatName(spec.format);
    }
}

const char* formatName(Format format)
{
    return names::nameOf(names::kFormats, format);
}
const char* schemeName(Scheme scheme)
{
    return names::nameOf(names::kSchemes, scheme);
}
const char* scaleRuleName(ScaleRule rule)
{
    return names::nameOf(names::kScaleRules, rule);
}
const char* granularityName(Granularity granularity)
{
    return names::nameOf(names::kGranularities, granularity);
}
const char* estimatorName(Estimator estimator)
{
    return names::nameOf(names::kEstimators, estimator);
}
const char* roundingName(Rounding rounding)
{
    return names::nameOf(names::kRoundings, rounding);
}

} // namespace bitwright
