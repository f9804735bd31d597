// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

namespace bitwright {

/// Energy in picojoule of moving `bits` from or to DRAM (640 pJ for 32 bits) and an 8 KB SRAM (5 pJ for 32
/// bits), same table as macEnergyPj.
double dramEnergyPj(double bits);
double sramEnergyPj(double bits);

} // namespace bitwright
