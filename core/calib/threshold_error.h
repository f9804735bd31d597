// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/calib/mass_profile.h"

namespace bitwright {

/// What one range costs: expected on binned statistics, per element of the whole distribution (exact zeros
/// count as elements without error). Squared errors in the square of the tensor's unit.
struct ThresholdError {
    Grid grid;
    Range range;             ///< that the grid covers: s (qmin - z) ... s (qmax - z)
    double roundingMse = 0;  ///< of values inside the range
    double clippingMse = 0;  ///< of values outside
    double clippedShare = 0; ///< in [0, 1]; more than half a step outside, as Quantizer::clipped() counts
    double sqnrDb = 0;       ///< +infinity without error, -infinity without signal

    double mse() const { return roundingMse + clippingMse; }
};

/// Answers "what if the range were ..." again and again, as a threshold is dragged: made in O(bins), each
/// answer takes O(min(levels, bins)), about 20 microseconds. Copies what it needs of the statistics.
class ThresholdModel {
public:
    explicit ThresholdModel(const Distribution& distribution);

    /// `spec` (Format::Int; its estimator does not matter) with Estimator::Fixed on `range`: unsigned grids
    /// start at 0, symmetric ones take the larger end, asymmetric ones are widened to contain 0.
    ThresholdError at(const QuantSpec& spec, Range range) const;
    /// The same for a grid that is already decided.
    ThresholdError at(const IntegerBounds& bounds, const Grid& grid) const;

private:
    MassProfile m_profile;
    double m_zeros = 0;
};

/// `spec` with the range set by hand, in the form that at() gives it; what the release of a drag makes of a
/// plan's spec. `Granularity::Channel`, `Group` and `Model` become `Tensor`: there is one range.
QuantSpec withFixedRange(QuantSpec spec, Range range);

/// A threshold over many scales (`params`, decided by `spec`; Format::Int): each keeps a range of its own,
/// cut to `window`. Ranges that reach to the end of the widest one follow it outwards. Granularity stays.
QuantSpec withCutRanges(QuantSpec spec, const QuantParams& params, Range window);

enum class RangeEnd { Lower, Upper };
/// `range` (that a grid of `spec` covers) with one end dragged to `value`: the range to give to at(). An end
/// cannot cross 0. On a symmetric grid the other end follows, and the dragged end of the resulting grid lies
/// at `value`; on an unsigned one the lower end stays at 0.
Range withEndAt(const QuantSpec& spec, Range range, RangeEnd end, double value);

} // namespace bitwright
