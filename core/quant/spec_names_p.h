// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

// The one table of every name that specs have in files and on the command line. Private to core/quant.

#include "core/quant/quant_spec.h"

#include <cctype>
#include <iterator>
#include <optional>
#include <string>
#include <string_view>

namespace bitwright::names {

template<typename E>
struct Name {
    E value;
    const char* text;
};

inline constexpr Name<Format> kFormats[] = {
    {Format::Float32, "float32"},   {Format::Float16, "float16"}, {Format::BFloat16, "bfloat16"},
    {Format::Int, "int"},           {Format::Binary, "binary"},   {Format::Ternary, "ternary"},
    {Format::Codebook, "codebook"}, {Format::Log2, "log2"},       {Format::Minifloat, "minifloat"}};
inline constexpr Name<Scheme> kSchemes[] = {{Scheme::Symmetric, "symmetric"},
                                            {Scheme::Narrow, "narrow"},
                                            {Scheme::Unsigned, "unsigned"},
                                            {Scheme::Asymmetric, "asymmetric"},
                                            {Scheme::PowerOfTwo, "power-of-two"}};
inline constexpr Name<ScaleRule> kScaleRules[] = {
    {ScaleRule::QMax, "qmax"}, {ScaleRule::HalfSteps, "halfsteps"}, {ScaleRule::Range, "range"}};
inline constexpr Name<Granularity> kGranularities[] = {{Granularity::Tensor, "tensor"},
                                                       {Granularity::Channel, "channel"},
                                                       {Granularity::Group, "group"},
                                                       {Granularity::Model, "model"}};
inline constexpr Name<Estimator> kEstimators[] = {{Estimator::MinMax, "minmax"},
                                                  {Estimator::MovingAverage, "moving-average"},
                                                  {Estimator::Percentile, "percentile"},
                                                  {Estimator::Mse, "mse"},
                                                  {Estimator::Lp, "lp"},
                                                  {Estimator::Entropy, "entropy"},
                                                  {Estimator::AciqGauss, "aciq-gauss"},
                                                  {Estimator::AciqLaplace, "aciq-laplace"},
                                                  {Estimator::MeanSigma, "mean-sigma"},
                                                  {Estimator::Fixed, "fixed"}};
inline constexpr Name<Rounding> kRoundings[] = {{Rounding::HalfEven, "half-even"},
                                                {Rounding::HalfAway, "half-away"},
                                                {Rounding::Floor, "floor"},
                                                {Rounding::Stochastic, "stochastic"}};

template<typename E, size_t N>
const char* nameOf(const Name<E> (&table)[N], E value)
{
    for (const Name<E>& row : table)
        if (row.value == value)
            return row.text;
    return "?";
}

/// Lower case, '_' as '-'.
inline std::string folded(std::string_view text)
{
    std::string result(text);
    for (char& c : result)
        c = c == '_' ? '-' : char(std::tolower(static_cast<unsigned char>(c)));
    return result;
}

template<typename E, size_t N>
std::optional<E> valueOf(const Name<E> (&table)[N], std::string_view text)
{
    const std::string wanted = folded(text);
    for (const Name<E>& row : table)
        if (wanted == row.text)
            return row.value;
    return std::nullopt;
}

/// "symmetric, narrow, ..." for messages.
template<typename E, size_t N>
std::string listOf(const Name<E> (&table)[N])
{
    std::string result;
    for (const Name<E>& row : table)
        result += (result.empty() ? "" : ", ") + std::string(row.text);
    return result;
}

/// The name of the estimator's parameter in files ("percentile", "p", ...), or nullptr.
const char* parameterKey(Estimator estimator);
/// "e4m3" sets Format::Minifloat and both bit counts; false when `text` is something else.
bool readMinifloat(std::string_view text, QuantSpec& spec);
std::string minifloatName(const QuantSpec& spec);
/// Shortest decimal text that reads back as the same double.
std::string numberText(double value);

} // namespace bitwright::names
