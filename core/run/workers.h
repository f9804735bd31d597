// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/base/result.h"

#include <cstring>
#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <type_traits>
#include <vector>

namespace bitwright {

/// Processes that share one job, on one machine or several. All are the same program with the same arguments
/// and make the same calls in the same order; what calibrate(), evaluate(), sensitivity() and training give
/// is the same in each of them, and the same as in a single process. Worker 0 is the one that prints and
/// writes.
class Workers {
public:
    virtual ~Workers() = default;

    virtual int rank() const = 0; ///< 0 ... size() - 1
    virtual int size() const = 0;
    /// Waits until every worker has called it; `own` of each, by rank. Fails when a worker has ended.
    virtual Result<std::vector<std::string>> gather(const std::string& own) = 0;

    bool isFirst() const { return rank() == 0; }
    bool isAlone() const { return size() == 1; }
    /// Whether piece `number` of the job is this worker's.
    bool owns(int64_t number) const { return number % size() == rank(); }
};

/// Those of this process; it is alone until registerWorkers(). Use them from one thread.
Workers& workers();
void registerWorkers(std::unique_ptr<Workers> workers);

/// Appends a list as bytes, for workers.
template<typename T>
void putAll(std::string& to, std::span<const T> values)
{
    static_assert(std::is_trivially_copyable_v<T>);
    const uint64_t count = values.size();
    to.append(reinterpret_cast<const char*>(&count), sizeof count);
    to.append(reinterpret_cast<const char*>(values.data()), values.size_bytes());
}
template<typename T>
void putAll(std::string& to, const std::vector<T>& values)
{
    putAll(to, std::span<const T>(values));
}

/// Takes the next list off the front of `from`; false when it is not there.
template<typename T>
bool takeAll(std::string_view& from, std::vector<T>& values)
{
    static_assert(std::is_trivially_copyable_v<T>);
    uint64_t count = 0;
    if (from.size() < sizeof count)
        return false;
    std::memcpy(&count, from.data(), sizeof count);
    from.remove_prefix(sizeof count);
    if (count > from.size() / sizeof(T))
        return false;
    values.resize(size_t(count));
    std::memcpy(static_cast<void*>(values.data()), from.data(), size_t(count) * sizeof(T));
    from.remove_prefix(size_t(count) * sizeof(T));
    return true;
}

/// What is wrong when takeAll() fails.
Error strangeWorker();

} // namespace bitwright
