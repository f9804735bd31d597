// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "widgets/plots/site_distribution.h"

#include <vector>

namespace bitwright {

/// A step curve: y[i] holds from x[i] to x[i + 1]; the last y is 0. Unit of y: share per unit of x, so the
/// area is 1 and curves with different steps can be compared.
struct Density {
    std::vector<double> x, y;
};

/// The smallest power-of-two multiple of the histogram's bins that leaves at most `bins` in `span`.
double binWidthFor(const SiteDistribution& distribution, double span, int bins);
/// Bins of `width`, a power of two not below the histogram's own.
Density histogramDensity(const Histogram& histogram, double width);
/// Each level spread from half-way to its neighbours, no narrower than `width`.
Density levelDensity(const SiteDistribution& distribution, double width);
/// The part of a curve between lo and hi.
Density cut(const Density& density, double lo, double hi);

/// Heights of the steps that lie at least partly between lo and hi.
struct Heights {
    double least = 0;         ///< above 0; 0 if there is none
    double top = 0;           ///< of all
    double topBesideZero = 0; ///< of those that do not reach 0: exact zeros can be most of a tensor
};
Heights heightsOf(const Density& density, double lo, double hi);

} // namespace bitwright
