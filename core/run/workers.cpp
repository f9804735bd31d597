// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/run/workers.h"

namespace bitwright {
namespace {

class Alone final : public Workers {
public:
    int rank() const override { return 0; }
    int size() const override { return 1; }
    Result<std::vector<std::string>> gather(const std::string& own) override
    {
        return std::vector<std::string>{own};
    }
};

std::unique_ptr<Workers>& registered()
{
    static std::unique_ptr<Workers> workers = std::make_unique<Alone>();
    return workers;
}

} // namespace

Workers& workers()
{
    return *registered();
}

void registerWorkers(std::unique_ptr<Workers> workers)
{
    registered() = std::move(workers);
}

Error strangeWorker()
{
    return {Error::Corrupt,
            "Another worker sent something that does not belong here; start all workers with the same "
            "program and the same arguments.",
            {}};
}

} // namespace bitwright
