// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/analysis/sensitivity.h"
#include "core/graph/graph.h"
#include "core/quant/quant_plan.h"

#include <functional>
#include <optional>
#include <string>
#include <vector>

namespace bitwright {

/// A plan and what an evaluation of it gave.
struct MeasuredPlan {
    QuantPlan plan;
    int64_t samples = 0;
    double floatTop1 = 0, top1 = 0; ///< shares
    double floatLoss = 0, loss = 0; ///< nat
    double outputSqnrDb = 0;

    /// Nothing without labels or for a partial evaluation.
    static std::optional<MeasuredPlan> from(const QuantPlan& plan, const Evaluation& evaluation);
};

/// A number with the band that shall hold the measured one in 9 of 10 cases.
struct Estimate {
    double value = 0, half = 0; ///< value +- half

    double low() const { return value - half; }
    double high() const { return value + half; }
    bool contains(double measured) const { return measured >= low() && measured <= high(); }
};

struct Prediction {
    std::optional<Estimate> top1, loss; ///< empty without labels
    double outputSqnrDb = 0;
    int extrapolated = 0; ///< sites whose spec was not swept as it is now (other bits, scheme, format)
};

/// A monotone mean y(x) and the spread of y around it, smoothed from scattered points.
class TrendCurve {
public:
    struct Point {
        double x = 0, y = 0, weight = 1;
    };

    TrendCurve() = default;
    /// Gaussian kernel of width `bandwidth`, then the closest non-decreasing sequence (pool adjacent
    /// violators).
    TrendCurve(const std::vector<Point>& points, double bandwidth);

    bool isEmpty() const { return m_mean.empty(); }
    double mean(double x) const { return at(m_mean, x); }
    double spread(double x) const { return at(m_spread, x); }
    double slope(double x) const;

private:
    double at(const std::vector<double>& values, double x) const;
    void pool(std::vector<double>& weight);

    double m_from = 0, m_step = 1;
    std::vector<double> m_mean, m_spread; ///< at m_from + i * m_step
};

/// Accuracy of a plan without running it. Noise powers add: the noise-to-signal ratio at the model's output
/// is the sum of those that every quantized site causes alone (the enable-one cells of a sweep, interpolated
/// over bits in dB), and so do the small divergences KL(softmax(float) || softmax(quantized)), which tell
/// more about the accuracy: noise that no class sees has none. How accuracy falls with the sum (of the
/// divergences; of the noise where a model has no classes) is read off the cells, all of which are (sum,
/// top-1, loss) points, and off whole plans: the bases of the sweep and what was evaluated, which count
/// more. Plans that have been evaluated also pull the estimate towards what was measured, the more the closer
/// their sum is. The band adds: binomial error of the samples, spread of the points around the curve, and the
/// error of adding (from the evaluated plans, a tenth of a decade without any).
class AccuracyPredictor {
public:
    /// `swept`: the plan at the time of the sweep, whose schemes the cells have.
    AccuracyPredictor(const Graph& graph, const SensitivityTable& table, const QuantPlan& swept,
                      std::vector<MeasuredPlan> measured);

    /// Unsupported, with what to do, while the sweep lacks cells of sites that `plan` quantizes.
    Result<Prediction> predict(const QuantPlan& plan) const;

private:
    struct Site {
        std::string name;
        SensitivityWhat what = SensitivityWhat::Weights;
        struct Cell {
            int bits = 0;
            double noise = 0, harm = 0; ///< log10 as in Noise
        };
        std::vector<Cell> cells; ///< bits ascending
    };
    struct Noise {
        double log10 = 0; ///< of the noise-to-signal ratio at the output
        double harm = 0;  ///< log10 of the divergence in nat; without classes the noise again
        int extrapolated = 0, missing = 0;
    };
    Noise noiseOf(const QuantPlan& plan) const;
    double harmOf(const SensitivityCell& cell) const;
    Site::Cell siteCell(const Site& site, const QuantSpec& spec, bool& extrapolated) const;
    void learnBases(std::vector<TrendCurve::Point>& top1, std::vector<TrendCurve::Point>& loss) const;
    using Change = std::function<double(const MeasuredPlan&)>;
    /// The curve at `noise`, pulled by what the evaluated plans changed, plan `without` apart.
    double changeAt(const TrendCurve& curve, const Noise& noise, const Change& change, size_t without) const;
    /// How far an evaluated plan counts at `noise`.
    double weightOf(size_t plan, const Noise& noise) const;
    double modelVariance(const TrendCurve& curve, const Noise& noise, const Change& change) const;
    double top1Variance(double drop) const;
    double lossVariance(double rise) const;
    void learn();

    SensitivityTable m_table;
    QuantPlan m_swept;
    std::vector<MeasuredPlan> m_measured;
    std::vector<Noise> m_measuredNoise; ///< predicted, of m_measured
    std::vector<Site> m_sites;
    TrendCurve m_top1Drop, m_lossRise; ///< over Noise::harm
    bool m_hasKl = false;              ///< in every cell
    double m_noiseError = 0.1;         ///< standard deviation of Noise::log10
    int64_t m_samples = 0;             ///< of the evaluations, or of the sweep while there are none
};

} // namespace bitwright
