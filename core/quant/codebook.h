// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstddef>
#include <vector>

namespace bitwright {

/// The `levels` values, ascending, that represent `values` with the least squared error: Lloyd-Max / k-means
/// in one dimension (Lloyd 1982; for weights Deep Compression, Han et al. 2016). Starts from the exact
/// optimum over the values, or over a few hundred merged ones (dynamic programming), and iterates Lloyd's
/// step over all of them to a fixed point, so it is optimal for up to 1024 distinct values and very nearly so
/// beyond. Deterministic. More than 65536 values are binned first, each bin kept as its count and exact mean.
/// Values that are not finite are left out; fewer distinct values than levels repeat the last one; no values
/// give zeros.
std::vector<float> fitCodebook(const std::vector<float>& values, size_t levels);

} // namespace bitwright
