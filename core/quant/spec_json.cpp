// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/quant/quant_spec.h"
#include "core/quant/spec_names_p.h"

#include <nlohmann/json.hpp>

#include <algorithm>
#include <cmath>
#include <iterator>
#include <limits>

namespace bitwright {

namespace {

using Json = nlohmann::json;
using namespace names;

constexpr const char* kKeys[] = {"bits",          "format",       "scheme", "scale_rule", "granularity",
                                 "group",         "estimator",    "range",  "rounding",   "dynamic",
                                 "averaging",     "percentile",   "p",      "sigma",      "parameter",
                                 "exponent_bits", "mantissa_bits"};

Error wrong(const std::string& key, const std::string& what)
{
    return {Error::InvalidArgument, std::string("\"") + key + "\" must be " + what + ".", key};
}

/// Null counts as absent.
const Json* find(const Json& json, const char* key)
{
    const auto it = json.find(key);
    return it == json.end() || it->is_null() ? nullptr : &*it;
}

template<typename E, size_t N>
Result<void> readName(const Json& json, const char* key, const Name<E> (&table)[N], E& value)
{
    const Json* entry = find(json, key);
    if (!entry)
        return {};
    const auto found =
        entry->is_string() ? valueOf(table, entry->get_ref<const std::string&>()) : std::nullopt;
    if (!found)
        return wrong(key, std::string("one of ") + listOf(table));
    value = *found;
    return {};
}

template<typename Integer>
Result<void> readInteger(const Json& json, const char* key, Integer& value)
{
    const Json* entry = find(json, key);
    if (!entry)
        return {};
    constexpr int64_t most = std::numeric_limits<int32_t>::max();
    const bool fits = entry->is_number_unsigned()
                          ? entry->get<uint64_t>() <= uint64_t(most)
                          : entry->is_number_integer() && entry->get<int64_t>() >= -most;
    if (!fits)
        return wrong(key, "a whole number");
    value = Integer(entry->get<int64_t>());
    return {};
}

Result<void> readReal(const Json& json, const char* key, double& value)
{
    const Json* entry = find(json, key);
    if (!entry)
        return {};
    if (!entry->is_number() || !std::isfinite(entry->get<double>()))
        return wrong(key, "a number");
    value = entry->get<double>();
    return {};
}

Result<void> readFormat(const Json& json, QuantSpec& spec)
{
    const Json* entry = find(json, "format");
    if (!entry)
        return {};
    if (entry->is_string() && readMinifloat(folded(entry->get_ref<const std::string&>()), spec))
        return {};
    Format format = spec.format;
    BITWRIGHT_CHECK(readName(json, "format", kFormats, format));
    const bool plain = format == Format::Float32 || format == Format::Float16 || format == Format::BFloat16;
    if (plain) // a base's scheme or estimator says nothing about a format that has none
        spec = QuantSpec{};
    spec.format = format;
    if (plain || format == Format::Binary || format == Format::Ternary)
        spec.bits = spec.storedBits();
    return {};
}

bool isPair(const Json& json)
{
    return json.is_array() && json.size() == 2 && json[0].is_number() && json[1].is_number();
}

Result<void> readRange(const Json& json, QuantSpec& spec)
{
    const Json* entry = find(json, "range");
    if (!entry)
        return {};
    spec.rangeLo = spec.rangeHi = 0;
    spec.ranges.clear();
    if (isPair(*entry)) {
        spec.rangeLo = (*entry)[0].get<double>();
        spec.rangeHi = (*entry)[1].get<double>();
        return {};
    }
    if (!entry->is_array() || entry->empty() || !std::all_of(entry->begin(), entry->end(), isPair))
        return wrong("range", "an array of two numbers, or an array of such pairs, one for each scale");
    for (const Json& pair : *entry)
        spec.ranges.push_back({pair[0].get<double>(), pair[1].get<double>()});
    return {};
}

Result<void> readEstimator(const Json& json, QuantSpec& spec)
{
    const Estimator before = spec.estimator;
    BITWRIGHT_CHECK(readName(json, "estimator", kEstimators, spec.estimator));
    if (find(json, "estimator") || spec.estimator != before) {
        spec.parameter = 0;
        spec.rangeLo = spec.rangeHi = 0;
        spec.ranges.clear();
    }
    if (const char* key = parameterKey(spec.estimator))
        BITWRIGHT_CHECK(readReal(json, key, spec.parameter));
    BITWRIGHT_CHECK(readReal(json, "parameter", spec.parameter));
    return readRange(json, spec);
}

Result<void> checkKeys(const Json& json)
{
    if (!json.is_object())
        return Error{Error::InvalidArgument, "A precision must be a JSON object.", {}};
    for (const auto& item : json.items())
        if (std::find(std::begin(kKeys), std::end(kKeys), item.key()) == std::end(kKeys))
            return Error{Error::InvalidArgument,
                         std::string("\"") + item.key() + "\" is not a key of a precision.", item.key()};
    return {};
}

} // namespace

Result<QuantSpec> specFromJson(const nlohmann::json& json, const QuantSpec& base)
{
    BITWRIGHT_CHECK(checkKeys(json));
    QuantSpec spec = base;
    spec.exponentBits = QuantSpec{}.exponentBits;
    spec.mantissaBits = QuantSpec{}.mantissaBits;
    if (find(json, "bits") && !find(json, "format") && !spec.hasRange() && spec.format != Format::Codebook)
        spec.format = Format::Int; // bits alone over a base that has none
    BITWRIGHT_CHECK(readFormat(json, spec));
    BITWRIGHT_CHECK(readInteger(json, "bits", spec.bits));
    BITWRIGHT_CHECK(readInteger(json, "exponent_bits", spec.exponentBits));
    BITWRIGHT_CHECK(readInteger(json, "mantissa_bits", spec.mantissaBits));
    BITWRIGHT_CHECK(readName(json, "scheme", kSchemes, spec.scheme));
    BITWRIGHT_CHECK(readName(json, "scale_rule", kScaleRules, spec.scaleRule));
    BITWRIGHT_CHECK(readName(json, "granularity", kGranularities, spec.granularity));
    BITWRIGHT_CHECK(readInteger(json, "group", spec.group));
    BITWRIGHT_CHECK(readName(json, "rounding", kRoundings, spec.rounding));
    BITWRIGHT_CHECK(readEstimator(json, spec));
    if (const Json* entry = find(json, "dynamic")) {
        if (!entry->is_boolean())
            return wrong("dynamic", "true or false");
        spec.dynamic = entry->get<bool>();
    }
    if (auto valid = validate(spec); !valid)
        return valid.error();
    return spec;
}

nlohmann::json specToJson(const QuantSpec& spec)
{
    Json json{{"bits", spec.bits},
              {"format", spec.format == Format::Minifloat ? minifloatName(spec) : formatName(spec.format)},
              {"scheme", schemeName(spec.scheme)},
              {"scale_rule", scaleRuleName(spec.scaleRule)},
              {"granularity", granularityName(spec.granularity)},
              {"group", spec.group},
              {"estimator", estimatorName(spec.estimator)},
              {"percentile", nullptr},
              {"range", nullptr},
              {"rounding", roundingName(spec.rounding)},
              {"dynamic", spec.dynamic}};
    if (const char* key = parameterKey(spec.estimator); key && spec.parameter != 0)
        json[key] = spec.parameter;
    if (spec.rangeLo != 0 || spec.rangeHi != 0 || spec.estimator == Estimator::Fixed)
        json["range"] = {spec.rangeLo, spec.rangeHi};
    if (!spec.ranges.empty())
        json["range"] = spec.ranges;
    // Fields that this spec does not use, kept so that a file gives back the same spec.
    if (spec.parameter != 0 && !parameterKey(spec.estimator))
        json["parameter"] = spec.parameter;
    if (spec.format != Format::Minifloat && spec.exponentBits != QuantSpec{}.exponentBits)
        json["exponent_bits"] = spec.exponentBits;
    if (spec.format != Format::Minifloat && spec.mantissaBits != QuantSpec{}.mantissaBits)
        json["mantissa_bits"] = spec.mantissaBits;
    return json;
}

} // namespace bitwright
