// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/base/mapped_file.h"

#include <fcntl.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <chrono>
#include <csignal>
#include <mutex>

namespace bitwright {
namespace {

constexpr size_t kMostMappings = 16384;
constexpr int64_t kBetweenStats = 200; ///< ms

/// A mapping as the signal handler sees it. `size` is written before `begin` and 0 begins mean: free.
struct Mapping {
    std::atomic<uintptr_t> begin = 0;
    std::atomic<uint64_t> size = 0;
    std::atomic<bool> isCut = false;
};
std::array<Mapping, kMostMappings> mappings;
static_assert(std::atomic<uintptr_t>::is_always_lock_free);

struct sigaction previous;
uintptr_t pageSize = 4096;

/// Puts zeros in the place of what is no longer in the file. As libwayland does for buffers of its clients;
/// the handler makes system calls only.
void onBusError(int number, siginfo_t* info, void*)
{
    const int error = errno;
    const auto address = reinterpret_cast<uintptr_t>(info->si_addr);
    const bool isFault = info->si_code > 0; // not raised by somebody
    for (Mapping& mapping : mappings) {
        const uintptr_t begin = mapping.begin.load();
        if (!isFault || begin == 0 || address < begin || address - begin >= mapping.size.load())
            continue;
        const uintptr_t page = address & ~(pageSize - 1);
        const uintptr_t end = (begin + mapping.size.load() + pageSize - 1) & ~(pageSize - 1);
        mapping.isCut = true;
        const void* zeros =
            mmap(reinterpret_cast<void*>(page), end - page, PROT_READ | PROT_WRITE,
                 MAP_PRIVATE | MAP_FIXED | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);
        errno = error;
        if (zeros != MAP_FAILED)
            return;
    }
    sigaction(number, &previous, nullptr); // not ours: it ends as it would have
    raise(number);
}

void watchBusErrors()
{
    static std::once_flag once;
    std::call_once(once, [] {
        pageSize = uintptr_t(sysconf(_SC_PAGESIZE));
        struct sigaction action = {};
        action.sa_sigaction = onBusError;
        action.sa_flags = SA_SIGINFO;
        sigemptyset(&action.sa_mask);
        sigaction(SIGBUS, &action, &previous);
    });
}

/// A free place of the table, filled; kMostMappings when there is none.
size_t enter(uintptr_t begin, uint64_t size)
{
    static std::mutex mutex;
    const std::lock_guard lock(mutex);
    size_t place = 0;
    while (place < kMostMappings && mappings[place].begin.load() != 0)
        ++place;
    if (place < kMostMappings) {
        mappings[place].isCut = false;
        mappings[place].size = size;
        mappings[place].begin = begin;
    }
    return place;
}

class Descriptor {
public:
    explicit Descriptor(const std::string& path) : m_number(::open(path.c_str(), O_RDONLY | O_CLOEXEC)) {}
    ~Descriptor()
    {
        if (m_number >= 0)
            ::close(m_number);
    }
    Descriptor(const Descriptor&) = delete;
    Descriptor& operator=(const Descriptor&) = delete;
    int number() const { return m_number; }

private:
    int m_number;
};

} // namespace

MappedFile::Stamp MappedFile::stampOf(const struct stat& found)
{
    return {uint64_t(found.st_dev), uint64_t(found.st_ino), uint64_t(found.st_size), found.st_mtim.tv_sec,
            found.st_mtim.tv_nsec};
}

Result<std::shared_ptr<const MappedFile>> MappedFile::open(const std::string& path)
{
    const Error unreadable{Error::Io, "The file cannot be read.", path};
    const Descriptor descriptor(path);
    std::shared_ptr<MappedFile> file(new MappedFile);
    file->m_path = path;
    file->m_place = kMostMappings;
    struct stat found;
    if (descriptor.number() < 0 || fstat(descriptor.number(), &found) != 0 || !S_ISREG(found.st_mode))
        return unreadable;
    file->m_stamp = stampOf(found);
    if (file->m_stamp.size == 0)
        return std::shared_ptr<const MappedFile>(std::move(file));
    watchBusErrors();
    void* data = mmap(nullptr, file->m_stamp.size, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_NORESERVE,
                      descriptor.number(), 0);
    if (data == MAP_FAILED)
        return unreadable;
    file->m_data = static_cast<char*>(data);
    file->m_size = file->m_stamp.size;
    file->m_place = enter(reinterpret_cast<uintptr_t>(data), file->m_size);
    if (file->m_place == kMostMappings)
        return Error{Error::Limit, "Too many files are in use at the same time.", path};
    return std::shared_ptr<const MappedFile>(std::move(file));
}

MappedFile::~MappedFile()
{
    if (!m_data)
        return;
    if (m_place < kMostMappings)
        mappings[m_place].begin = 0;
    munmap(m_data, m_size);
}

Result<void> MappedFile::check() const
{
    const Error changed{Error::Io, "The file was changed while it was open; open the model again.", m_path};
    if (m_place < kMostMappings && mappings[m_place].isCut)
        return changed;
    using namespace std::chrono;
    const int64_t now = duration_cast<milliseconds>(steady_clock::now().time_since_epoch()).count();
    if (now - m_asked.load() < kBetweenStats)
        return {};
    m_asked = now;
    struct stat found;
    if (::stat(m_path.c_str(), &found) != 0)
        return {};
    const Stamp stamp = stampOf(found);
    const bool isSame = stamp.device == m_stamp.device && stamp.inode == m_stamp.inode;
    const bool isChanged = stamp.size != m_stamp.size || stamp.seconds != m_stamp.seconds ||
                           stamp.nanoseconds != m_stamp.nanoseconds;
    if (isSame && isChanged)
        return changed;
    return {};
}

} // namespace bitwright
