// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/run/backend.h"

namespace bitwright {

/// Call first in main(). Sets the environment that LibTorch's libraries read (ONEDNN_MAX_CPU_ISA where AMX is
/// unusable, GLOG_minloglevel). A program that links this has been started again with GOMP_SPINCOUNT before,
/// unless that or OMP_WAIT_POLICY was set.
void prepareTorchProcess();
/// Sets the number of worker threads of LibTorch, OpenMP and OpenBLAS for threads started later and this one;
/// <= 0 = all cores. Selects the oneDNN quantized engine.
void startTorch(int threads);

/// Meets the other processes that a launcher (torchrun, mpirun, srun) has started with this one and makes
/// them workers(), when RANK and WORLD_SIZE say that there are any; MASTER_ADDR and MASTER_PORT say where,
/// and GLOO_SOCKET_IFNAME over which network interface. Waits for all of them. True for the one that prints
/// and writes, which a process that was started alone is. Needs startTorch.
Result<bool> joinWorkers();

/// Reader, runner and writers of TorchScript files. Needs startTorch.
Backend torchScriptBackend();

/// Reader of ONNX files, opsets 7 to 21; what it reads runs, and is written, as a TorchScript model does.
/// Needs startTorch.
Backend onnxBackend();

/// "LibTorch 1.13.0, oneDNN 2.6.3" for --version and about boxes.
std::string torchVersion();

} // namespace bitwright
