// SPDX-License-Identifier: GPL-3.0-or-later
// The few places where LibTorch versions differ (1.13 of Debian 12 ... 2.x).
#pragma once

#include <torch/version.h>

// LibTorch 2.x made c10::optional an alias of std::optional: `auto` and the macro-free checks below work
// with both. Two-argument torch::jit::load(path, device) exists everywhere, newer versions only add
// defaulted arguments.
#if TORCH_VERSION_MAJOR < 1 || (TORCH_VERSION_MAJOR == 1 && TORCH_VERSION_MINOR < 13)
#error "Bitwright needs LibTorch 1.13 or newer."
#endif

#if TORCH_VERSION_MAJOR > 2 || (TORCH_VERSION_MAJOR == 2 && TORCH_VERSION_MINOR >= 2)
#define BITWRIGHT_ALLOCATE_CONST // c10::Allocator::allocate changes the allocator
#define BITWRIGHT_ALLOCATOR_COPIES 1 // and copies data itself
#else
#define BITWRIGHT_ALLOCATE_CONST const
#define BITWRIGHT_ALLOCATOR_COPIES 0
#endif
