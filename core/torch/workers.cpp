// SPDX-License-Identifier: GPL-3.0-or-later
// Workers over LibTorch's distributed engine (c10d with Gloo).
#include "core/torch/guard_p.h"
#include "core/torch/torch_backend.h"
#include "core/torch/workers_p.h"

#include <ATen/ATen.h>
#include <torch/csrc/distributed/c10d/PrefixStore.hpp>
#include <torch/csrc/distributed/c10d/ProcessGroupGloo.hpp>
#include <torch/csrc/distributed/c10d/TCPStore.hpp>
#include <unistd.h>

#include <algorithm>
#include <charconv>
#include <cstdlib>
#include <optional>

namespace bitwright {
namespace {

constexpr std::chrono::minutes kMeeting{5}; ///< until all workers must have started
constexpr std::chrono::hours kPatience{24}; ///< between two exchanges; a worker that dies is noticed at once

/// How a launcher (torchrun, mpirun, srun with a wrapper) names a process.
struct Place {
    int rank = 0, size = 1, port = 29500;
    std::string address = "127.0.0.1";
    bool ownStore = true; ///< worker 0 keeps the meeting point; torchrun keeps one of its own
};

std::string environment(const char* name)
{
    const char* value = std::getenv(name);
    return value ? value : "";
}

Result<int> number(const char* name, int otherwise, int least, int most)
{
    const std::string text = environment(name);
    if (text.empty())
        return otherwise;
    int value = 0;
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
    if (error != std::errc() || end != text.data() + text.size() || value < least || value > most)
        return Error{Error::InvalidArgument,
                     "The environment variable " + std::string(name) + " must be a number from " +
                         std::to_string(least) + " to " + std::to_string(most) + ", not \"" + text + "\".",
                     {}};
    return value;
}

/// Nothing when this process was started alone.
Result<std::optional<Place>> placeOfProcess()
{
    Place place;
    BITWRIGHT_TRY(place.size, number("WORLD_SIZE", 1, 1, 1 << 16));
    if (place.size == 1)
        return std::optional<Place>();
    if (environment("RANK").empty())
        return Error{Error::InvalidArgument,
                     "WORLD_SIZE is set but RANK is not; a launcher sets both, or neither.",
                     {}};
    BITWRIGHT_TRY(place.rank, number("RANK", 0, 0, place.size - 1));
    BITWRIGHT_TRY(place.port, number("MASTER_PORT", place.port, 1, 65535));
    if (!environment("MASTER_ADDR").empty())
        place.address = environment("MASTER_ADDR");
    place.ownStore = environment("TORCHELASTIC_USE_AGENT_STORE") != "True";
    return std::optional<Place>(place);
}

/// One process group of the whole job.
class GlooWorkers final : public Workers {
public:
    GlooWorkers(const Place& place)
        : m_rank(place.rank)
        , m_size(place.size)
    {
        c10d::TCPStoreOptions options;
        options.port = uint16_t(place.port);
        options.isServer = place.ownStore && place.rank == 0;
        options.numWorkers = size_t(place.size);
        options.waitWorkers = place.ownStore;
        options.timeout = kMeeting;
        auto store = c10::make_intrusive<c10d::TCPStore>(place.address, options);
        auto group = c10d::ProcessGroupGloo::Options::create(kMeeting);
        const std::string interface = environment("GLOO_SOCKET_IFNAME");
        const bool local = place.address == "127.0.0.1" || place.address == "localhost";
        group->devices.push_back(!interface.empty()
                                     ? c10d::ProcessGroupGloo::createDeviceForInterface(interface)
                                 : local ? c10d::ProcessGroupGloo::createDeviceForHostname("127.0.0.1")
                                         : c10d::ProcessGroupGloo::createDefaultDevice());
        group->threads = 1;
        m_group = c10::make_intrusive<c10d::ProcessGroupGloo>(
            c10::make_intrusive<c10d::PrefixStore>("bitwright", store), place.rank, place.size, group);
    }

    int rank() const override { return m_rank; }
    int size() const override { return m_size; }

    Result<std::vector<std::string>> gather(const std::string& own) override
    {
        return connected([&]() -> Result<std::vector<std::string>> {
            const std::vector<at::Tensor> sizes =
                allGather(at::tensor(std::vector<int64_t>{int64_t(own.size())}));
            int64_t most = 1;
            for (const at::Tensor& size : sizes)
                most = std::max(most, size.item<int64_t>());
            at::Tensor bytes = at::zeros({most}, c10::kByte);
            std::copy(own.begin(), own.end(), bytes.data_ptr<uint8_t>());
            std::vector<std::string> parts;
            const std::vector<at::Tensor> all = allGather(bytes);
            for (size_t i = 0; i < all.size(); ++i)
                parts.emplace_back(reinterpret_cast<const char*>(all[i].data_ptr<uint8_t>()),
                                   size_t(sizes[i].item<int64_t>()));
            return parts;
        });
    }

    void reduce(at::Tensor& tensor, c10d::ReduceOp::RedOpType how)
    {
        const auto done = connected([&]() -> Result<void> {
            std::vector<at::Tensor> list{tensor};
            c10d::AllreduceOptions options;
            options.reduceOp = how;
            options.timeout = kPatience;
            m_group->allreduce(list, options)->wait();
            return {};
        });
        if (!done)
            throw Stop{done.error()};
    }

private:
    template<typename Body>
    auto connected(Body&& body) const -> decltype(body())
    {
        try {
            return body();
        } catch (...) {
            return Error{
                Error::Io,
                "Another worker has ended before the common work was done; its own message says why.",
                "worker " + std::to_string(m_rank) + " of " + std::to_string(m_size)};
        }
    }

    std::vector<at::Tensor> allGather(const at::Tensor& own)
    {
        std::vector<std::vector<at::Tensor>> all(1);
        for (int i = 0; i < m_size; ++i)
            all[0].push_back(at::empty_like(own));
        std::vector<at::Tensor> mine{own};
        c10d::AllgatherOptions options;
        options.timeout = kPatience;
        m_group->allgather(all, mine, options)->wait();
        return all[0];
    }

    int m_rank, m_size;
    c10::intrusive_ptr<c10d::ProcessGroupGloo> m_group;
};

/// Null while this process is alone.
GlooWorkers* gloo()
{
    return dynamic_cast<GlooWorkers*>(&workers());
}

/// Workers of another version would compute other numbers.
Result<void> checkVersions()
{
    const std::string own = std::string(BITWRIGHT_VERSION) + ", " + torchVersion();
    BITWRIGHT_TRY(const std::vector<std::string> versions, workers().gather(own));
    for (const std::string& version : versions)
        if (version != own)
            return Error{Error::InvalidArgument,
                         "The workers are of different versions: " + own + " and " + version + ".",
                         {}};
    return {};
}

} // namespace

Result<bool> joinWorkers()
{
    BITWRIGHT_TRY(const std::optional<Place> place, placeOfProcess());
    if (!place)
        return true;
    try {
        registerWorkers(std::make_unique<GlooWorkers>(*place));
    } catch (const std::exception& error) {
        return Error{Error::Io,
                     "The workers did not find each other at MASTER_ADDR:MASTER_PORT within five minutes (" +
                         cleanMessage(error.what()) + ").",
                     place->address + ":" + std::to_string(place->port)};
    }
    BITWRIGHT_CHECK(checkVersions());
    return workers().isFirst();
}

void sumOverWorkers(at::Tensor tensor)
{
    if (gloo())
        gloo()->reduce(tensor, c10d::ReduceOp::SUM);
}

void leastOverWorkers(at::Tensor tensor)
{
    if (gloo())
        gloo()->reduce(tensor, c10d::ReduceOp::MIN);
}

} // namespace bitwright
