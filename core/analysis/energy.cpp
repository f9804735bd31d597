// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/analysis/energy.h"

#include "core/analysis/cost.h"

#include <algorithm>
#include <cmath>

namespace bitwright {
namespace {

/// Value at `x` of the power law through (x0, y0) and (x1, y1).
double powerLaw(double x, double x0, double y0, double x1, double y1)
{
    return y0 * std::pow(x / x0, std::log(y1 / y0) / std::log(x1 / x0));
}

} // namespace

const char* energyTableName()
{
    return "Horowitz, ISSCC 2014, 45 nm, 0.9 V";
}

// Published: int8 multiply 0.2, add 0.03; int32 3.1, 0.1; fp16 1.1, 0.4; fp32 3.7, 0.9 pJ. A multiplier's
// energy follows the product of its operand widths, an adder's their (geometric mean) width; between and
// beyond the published points the power law through them is used, so that the points themselves are met.
double macEnergyPj(int weightBits, int activationBits, bool floating)
{
    const double product = double(std::max(1, weightBits)) * double(std::max(1, activationBits));
    const double width = std::sqrt(product);
    if (floating)
        return powerLaw(product, 16 * 16, 1.1, 32 * 32, 3.7) + powerLaw(width, 16, 0.4, 32, 0.9);
    return powerLaw(product, 8 * 8, 0.2, 32 * 32, 3.1) + powerLaw(width, 8, 0.03, 32, 0.1);
}

double dramEnergyPj(double bits)
{
    return 640.0 * bits / 32;
}

double sramEnergyPj(double bits)
{
    return 5.0 * bits / 32;
}

} // namespace bitwright
