// SPDX-License-Identifier: GPL-3.0-or-later
// Process start-up: what LibTorch's libraries read from the environment, and thread counts.
#include "core/torch/torch_backend.h"

#include <ATen/Context.h>
#include <ATen/Parallel.h>
#include <ATen/Version.h>
#include <alloca.h>
#include <dlfcn.h>
#include <malloc.h>
#include <omp.h>
#include <torch/version.h>
#include <unistd.h>

#include <algorithm>
#include <cstdlib>
#include <string>
#include <string_view>
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

/// libgomp reads its environment before main(), and its workers would busy-wait and starve every other
/// thread. This runs before any library is initialised and starts the program again with the variable set, so
/// that LibTorch registers its operators only once. Sanitizers are not ready that early: their runs are
/// slower.
#if defined(__GLIBC__) && !defined(__SANITIZE_ADDRESS__)
void restartWithShortSpins(int, char** arguments, char** environment)
{
    const auto isSet = [environment](std::string_view name) {
        for (char** variable = environment; *variable; ++variable)
            if (std::string_view(*variable).starts_with(name))
                return true;
        return false;
    };
    if (isSet("GOMP_SPINCOUNT=") || isSet("OMP_WAIT_POLICY="))
        return;
    char** end = environment;
    while (*end)
        ++end;
    const size_t count = size_t(end - environment);
    const auto extended = static_cast<char**>(alloca((count + 2) * sizeof(char*)));
    std::copy(environment, end, extended);
    extended[count] = const_cast<char*>("GOMP_SPINCOUNT=1000");
    extended[count + 1] = nullptr;
    char self[4096];
    const ssize_t length = readlink("/proc/self/exe", self, sizeof self - 1);
    if (length <= 0)
        return;
    self[length] = '\0';
    execve(self, arguments, extended); // comes back only when it failed: slower, but right
}

[[gnu::section(".preinit_array"), gnu::used]] void (*restartFirst)(int, char**,
                                                                   char**) = restartWithShortSpins;
#endif

} // namespace

void prepareTorchProcess()
{
    setenv("GLOG_minloglevel", "2", 0);
    if (amxIsBroken())
        setenv("ONEDNN_MAX_CPU_ISA", "AVX512_CORE_BF16", 0);
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
