// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/quant/quant_spec.h"
#include "core/quant/spec_names_p.h"

#include <algorithm>
#include <charconv>
#include <vector>

namespace bitwright {

namespace names {

const char* parameterKey(Estimator estimator)
{
    switch (estimator) {
    case Estimator::MovingAverage:
        return "averaging";
    case Estimator::Percentile:
        return "percentile";
    case Estimator::Lp:
        return "p";
    case Estimator::MeanSigma:
        return "sigma";
    default:
        return nullptr;
    }
}

bool readMinifloat(std::string_view text, QuantSpec& spec)
{
    const auto digit = [](char c) { return c >= '0' && c <= '9'; };
    if (text.size() != 4 || text[0] != 'e' || text[2] != 'm' || !digit(text[1]) || !digit(text[3]))
        return false;
    spec.format = Format::Minifloat;
    spec.exponentBits = text[1] - '0';
    spec.mantissaBits = text[3] - '0';
    spec.bits = 1 + spec.exponentBits + spec.mantissaBits;
    return true;
}

std::string minifloatName(const QuantSpec& spec)
{
    return std::string("e") + std::to_string(spec.exponentBits) + "m" + std::to_string(spec.mantissaBits);
}

std::string numberText(double value)
{
    char buffer[32];
    const auto [end, error] = std::to_chars(buffer, buffer + sizeof buffer, value);
    return std::string(buffer, error == std::errc() ? end : buffer);
}

} // namespace names

namespace {

using namespace names;

template<typename T>
bool readNumber(std::string_view text, T& value)
{
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
    return error == std::errc() && end == text.data() + text.size();
}

std::vector<std::string> splitParts(std::string_view text)
{
    std::vector<std::string> parts;
    for (size_t begin = 0; begin <= text.size();) {
        const size_t end = std::min(text.find(':', begin), text.size());
        parts.push_back(folded(text.substr(begin, end - begin)));
        begin = end + 1;
    }
    return parts;
}

/// What a spec is before anything is said about it, for formats that take nothing from a base.
QuantSpec bareSpec(Format format, int bits)
{
    QuantSpec spec;
    spec.format = format;
    spec.bits = bits;
    return spec;
}

/// The first part: bits or a format.
bool readHead(const std::string& head, QuantSpec& spec)
{
    QuantSpec minifloat = spec;
    if (int bits = 0; readNumber(std::string_view(head), bits)) {
        spec.format = Format::Int;
        spec.bits = bits;
    } else if (head == "float" || head == "float32" || head == "fp32") {
        spec = QuantSpec::float32();
    } else if (head == "float16" || head == "half" || head == "fp16") {
        spec = bareSpec(Format::Float16, 16);
    } else if (head == "bfloat16" || head == "bf16") {
        spec = bareSpec(Format::BFloat16, 16);
    } else if (head == "binary" || head == "ternary") {
        spec.format = head == "binary" ? Format::Binary : Format::Ternary;
        spec.bits = head == "binary" ? 1 : 2;
    } else if (head.starts_with("codebook") && readNumber(std::string_view(head).substr(8), spec.bits)) {
        spec.format = Format::Codebook;
    } else if (head.starts_with("log") && readNumber(std::string_view(head).substr(3), spec.bits)) {
        spec.format = Format::Log2;
    } else if (readMinifloat(head, minifloat)) {
        spec = minifloat;
    } else {
        return false;
    }
    return true;
}

bool readGranularity(std::string_view key, std::string_view value, QuantSpec& spec)
{
    const auto granularity = valueOf(kGranularities, key);
    if (!granularity)
        return false;
    spec.granularity = *granularity;
    if (*granularity == Granularity::Group && !value.empty())
        return readNumber(value, spec.group);
    return value.empty();
}

bool readEstimator(std::string_view key, std::string_view value, QuantSpec& spec)
{
    auto estimator = valueOf(kEstimators, key);
    if (!estimator && key == "min-max")
        estimator = Estimator::MinMax;
    if (!estimator)
        return false;
    spec.estimator = *estimator;
    spec.parameter = 0;
    spec.rangeLo = spec.rangeHi = 0;
    spec.ranges.clear();
    if (*estimator == Estimator::Fixed) {
        const size_t dots = value.find("..");
        return dots != value.npos && readNumber(value.substr(0, dots), spec.rangeLo) &&
               readNumber(value.substr(dots + 2), spec.rangeHi);
    }
    return value.empty() || (parameterKey(*estimator) && readNumber(value, spec.parameter));
}

bool readPart(std::string_view part, QuantSpec& spec)
{
    const size_t equals = part.find('=');
    const std::string_view key = part.substr(0, equals);
    const std::string_view value = equals == part.npos ? std::string_view() : part.substr(equals + 1);
    if (equals != part.npos && value.empty())
        return false;
    if (readGranularity(key, value, spec) || readEstimator(key, value, spec))
        return true;
    if (equals != part.npos)
        return false;
    if (const auto scheme = valueOf(kSchemes, key))
        spec.scheme = *scheme;
    else if (const auto rule = valueOf(kScaleRules, key))
        spec.scaleRule = *rule;
    else if (const auto rounding = valueOf(kRoundings, key))
        spec.rounding = *rounding;
    else if (key == "dynamic")
        spec.dynamic = true;
    else
        return false;
    return true;
}

Error badPart(std::string_view part, std::string_view text)
{
    return {Error::InvalidArgument,
            std::string("\"").append(part) +
                "\" is not a part of a precision; after the bits come a scheme (" + listOf(kSchemes) +
                "), a granularity (tensor, channel, group=N, model) and an estimator (" +
                listOf(kEstimators) + "; fixed=LO..HI).",
            std::string(text)};
}

bool takesParts(Format format)
{
    return format != Format::Float32 && format != Format::Float16 && format != Format::BFloat16;
}

} // namespace

Result<QuantSpec> parseSpec(std::string_view text, const QuantSpec& base)
{
    const std::vector<std::string> parts = splitParts(text);
    QuantSpec spec = base;
    // Fields that only another format or estimator uses start afresh.
    spec.exponentBits = QuantSpec{}.exponentBits;
    spec.mantissaBits = QuantSpec{}.mantissaBits;
    if (!readHead(parts[0], spec))
        return Error{
            Error::InvalidArgument,
            std::string("\"") + parts[0] +
                "\" is neither a number of bits nor a format (float, float16, bfloat16, binary, ternary, "
                "codebook4, log4, e4m3, e5m2, e2m1).",
            std::string(text)};
    if (parts.size() > 1) {
        if (!takesParts(spec.format))
            return badPart(parts[1], text);
        spec.scaleRule = ScaleRule::QMax;
        spec.rounding = Rounding::HalfEven;
        spec.dynamic = false;
        spec.group = QuantSpec{}.group;
    }
    for (size_t i = 1; i < parts.size(); ++i)
        if (!readPart(parts[i], spec))
            return badPart(parts[i], text);
    if (auto valid = validate(spec); !valid)
        return Error{valid.error().code, valid.error().message, std::string(text)};
    return spec;
}

std::string shortForm(const QuantSpec& spec)
{
    std::string head = formatName(spec.format);
    if (spec.format == Format::Int)
        head = std::to_string(spec.bits);
    else if (spec.format == Format::Codebook)
        head += std::to_string(spec.bits);
    else if (spec.format == Format::Log2)
        head = std::string("log") + std::to_string(spec.bits);
    else if (spec.format == Format::Minifloat)
        head = minifloatName(spec);
    else if (spec.format == Format::Float32)
        return "float";
    if (!takesParts(spec.format))
        return head;
    std::string text = head + ":" + schemeName(spec.scheme) + ":" + granularityName(spec.granularity);
    if (spec.granularity == Granularity::Group)
        text += std::string("=") + std::to_string(spec.group);
    text += std::string(":") + estimatorName(spec.estimator);
    if (spec.estimator == Estimator::Fixed && !spec.ranges.empty())
        text += "=learned";
    else if (spec.estimator == Estimator::Fixed)
        text += std::string("=") + numberText(spec.rangeLo) + std::string("..") + numberText(spec.rangeHi);
    else if (spec.parameter != 0 && parameterKey(spec.estimator))
        text += std::string("=") + numberText(spec.parameter);
    if (spec.scaleRule != ScaleRule::QMax)
        text += std::string(":") + scaleRuleName(spec.scaleRule);
    if (spec.rounding != Rounding::HalfEven)
        text += std::string(":") + roundingName(spec.rounding);
    return text + (spec.dynamic ? ":dynamic" : "");
}

} // namespace bitwright
