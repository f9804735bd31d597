// Process start-up: what LibTorch's libraries read from the environment, and thread counts.
// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/torch/torch_backend.h"

#include <ATen/Context.h>
#include <ATen/Parallel.h>
#include <ATen/Version.h>
#include <dlfcn.h>
#include <malloc.h>
#include <omp.h>
#include <torch/version.h>
#include <unistd.h>

#include <algorithm>
#include <cstdlib>
#include <string>
#include <thread>
#if defined(__x86_64__)
#include <cpuid.h>
#endif

namespace bitwright {
namespace {

/// Some virtual machines advertise AMX but hide the leaf that describes its tiles; oneDNN then dies of an
/// illegal instruction in its integer kernels.
bool amxIsBroken()
{
#if defined(__x86_64__)
    unsigned a = 0, b = 0, c = 0, d = 0;
    if (!__get_cpuid_count(7, 0, &a, &b, &c, &d))
        return false;
    constexpr unsigned kAmxTile = 1u << 24, kTileLeaf = 0x1d;
    if (!(d & kAmxTile))
        return false;
    if (__get_cpuid_max(0, nullptr) < kTileLeaf)
        return true;
    __cpuid_count(kTileLeaf, 0, a, b, c, d);
    return a == 0;
#else
    return false;
#endif
}

void setOpenBlasThreads(int threads)
{
    using Setter = void (*)(int);
    if (const auto set = reinterpret_cast<Setter>(dlsym(RTLD_DEFAULT, "openblas_set_num_threads")))
        set(threads);
}

/// A forward pass frees and asks for the same tens of megabytes again and again. By default glibc hands them
/// back to the kernel in between, and page faults then take a third of the time of a small network.
void keepFreedMemory()
{
#if defined(__GLIBC__)
    constexpr int kMegabyte = 1 << 20;
    mallopt(M_MMAP_THRESHOLD, 32 * kMegabyte); // the highest that glibc takes
    mallopt(M_TRIM_THRESHOLD, 1024 * kMegabyte);
    mallopt(M_TOP_PAD, 64 * kMegabyte);
    mallopt(M_ARENA_MAX, 1); // the heaps of further arenas are given back whatever the threshold
#endif
}

} // namespace

void prepareTorchProcess(char** argv)
{
    setenv("GLOG_minloglevel", "2", 0);
    if (amxIsBroken())
        setenv("ONEDNN_MAX_CPU_ISA", "AVX512_CORE_BF16", 0);
    // libgomp has read its environment before main(): its workers would busy-wait and starve every other
    // thread. Only starting again with the variable set helps.
    if (std::getenv("GOMP_SPINCOUNT") || std::getenv("OMP_WAIT_POLICY"))
        return;
    setenv("GOMP_SPINCOUNT", "1000", 1);
    char self[4096];
    const ssize_t length = readlink("/proc/self/exe", self, sizeof self - 1);
    if (length <= 0)
        return;
    self[length] = '\0';
    execv(self, argv); // comes back only when it failed: slower, but right
}

void startTorch(int threads)
{
    keepFreedMemory();
    if (threads <= 0)
        threads = int(std::max(1u, std::thread::hardware_concurrency()));
    at::set_num_threads(threads);
    omp_set_num_threads(threads);
    setOpenBlasThreads(threads);
    const auto& engines = at::globalContext().supportedQEngines();
    if (std::find(engines.begin(), engines.end(), at::QEngine::ONEDNN) != engines.end())
        at::globalContext().setQEngine(at::QEngine::ONEDNN);
}

std::string torchVersion()
{
    const std::string oneDnn = at::get_mkldnn_version(); // "Intel(R) MKL-DNN v2.6.3 (Git Hash N/A)"
    const size_t v = oneDnn.find(" v");
    const size_t end = v == std::string::npos ? v : oneDnn.find(' ', v + 2);
    std::string text = "LibTorch " TORCH_VERSION;
    if (v != std::string::npos)
        text += ", oneDNN " + oneDnn.substr(v + 2, end == std::string::npos ? end : end - v - 2);
    return text;
}

} // namespace bitwright
