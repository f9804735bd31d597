// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/torch/memory_guard_p.h"

#include "core/torch/torch_compat_p.h"

#include <c10/core/Allocator.h>

#include <algorithm>
#include <cstdint>
#include <fstream>
#include <limits>
#include <mutex>
#include <new>
#include <string>

namespace bitwright {
namespace {

constexpr size_t kLarge = size_t(256) << 20; ///< smaller tensors are never asked about

uint64_t numberIn(const char* path)
{
    std::ifstream file(path);
    uint64_t number = 0;
    return file >> number ? number : std::numeric_limits<uint64_t>::max();
}

uint64_t availableBytes()
{
    constexpr uint64_t kNoLimit = std::numeric_limits<uint64_t>::max();
    uint64_t available = kNoLimit;
    std::ifstream info("/proc/meminfo");
    std::string key;
    for (uint64_t kilobytes = 0; info >> key >> kilobytes; info.ignore(64, '\n'))
        if (key == "MemAvailable:")
            available = kilobytes << 10;
    const uint64_t limit = numberIn("/sys/fs/cgroup/memory.max"); // of a container; "max" is no number
    const uint64_t used = numberIn("/sys/fs/cgroup/memory.current");
    if (limit != kNoLimit && used != kNoLimit)
        available = std::min(available, limit > used ? limit - used : 0);
    return available;
}

class GuardedAllocator final : public c10::Allocator {
public:
    explicit GuardedAllocator(c10::Allocator& inner)
        : m_inner(inner)
    {
    }

    c10::DataPtr allocate(size_t bytes) BITWRIGHT_ALLOCATE_CONST override
    {
        if (bytes >= kLarge && bytes / 9 * 10 > availableBytes())
            throw std::bad_alloc();
        return m_inner.allocate(bytes);
    }
    c10::DeleterFnPtr raw_deleter() const override { return m_inner.raw_deleter(); }
#if BITWRIGHT_ALLOCATOR_COPIES
    void copy_data(void* to, const void* from, size_t bytes) const override
    {
        m_inner.copy_data(to, from, bytes);
    }
#endif

private:
    c10::Allocator& m_inner;
};

} // namespace

void guardMemory()
{
    static std::once_flag once;
    std::call_once(once, [] {
        static GuardedAllocator guarded(*c10::GetAllocator(c10::kCPU));
        c10::SetAllocator(c10::kCPU, &guarded, 1);
    });
}

} // namespace bitwright
