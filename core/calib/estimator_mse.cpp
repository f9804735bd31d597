// SPDX-License-Identifier: GPL-3.0-or-later
// Least mean squared error of the binned distribution: rounding inside the range plus clipping outside.
#include "core/calib/binned_error.h"
#include "core/calib/estimators_p.h"
#include "core/calib/range_search.h"

namespace bitwright {

Range estimateMse(const QuantSpec& spec, const Distribution& distribution)
{
    const MassProfile profile(distribution);
    const IntegerBounds bounds = integerBounds(spec);
    const GridCost cost = [&](const Grid& grid, double enough) {
        const BinnedError error = errorOfGrid(profile, bounds, grid, enough);
        return error.rounding + error.clipping;
    };
    return searchRange(spec, distribution, cost, 1e-13 * profile.total().second);
}

} // namespace bitwright
