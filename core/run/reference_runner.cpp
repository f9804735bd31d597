// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/run/reference_runner.h"

#include <utility>

namespace bitwright {
namespace {

class ReferenceRunner final : public ModelRunner {
public:
    ReferenceRunner(std::shared_ptr<const ModelRunner> own, std::shared_ptr<const ModelRunner> reference)
        : m_own(std::move(own))
        , m_reference(std::move(reference))
    {
    }

    const Graph& graph() const override { return m_own->graph(); }
    Result<Tensor> parameter(const std::string& name) const override { return m_own->parameter(name); }
    const FileQuantization* fileQuantization() const override { return m_own->fileQuantization(); }
    Result<Batch> exampleBatch(int64_t batch, uint64_t seed) const override
    {
        return m_own->exampleBatch(batch, seed);
    }
    Result<std::vector<Tensor>> run(const Batch& batch, const RunConfig& config,
                                    const std::set<ValueId>& observed, const Observer& observer,
                                    Progress& progress) const override
    {
        return m_own->run(batch, config, observed, observer, progress);
    }
    Result<std::vector<Tensor>> runVariants(const Batch& batch, const RunConfig& base,
                                            std::span<const Variant> variants, const VariantSink& sink,
                                            Progress& progress) const override
    {
        return m_own->runVariants(batch, base, variants, sink, progress);
    }

    Result<std::array<std::vector<Tensor>, 2>> runPaired(const Batch& batch, const RunConfig& a,
                                                         const RunConfig& b,
                                                         const std::set<ValueId>& observed,
                                                         const PairSink& sink,
                                                         Progress& progress) const override
    {
        if (!a.isFloat() || !observed.empty())
            return m_own->runPaired(batch, a, b, observed, sink, progress);
        BITWRIGHT_TRY(auto expected, m_reference->run(batch, {}, {}, {}, progress));
        BITWRIGHT_TRY(auto got, m_own->run(batch, b, {}, {}, progress));
        if (expected.empty() || got.empty() || expected[0].shape() != got[0].shape())
            return Error{Error::InvalidArgument,
                         "The float model has another output than the model; it has to be the one that this was "
                         "made from.",
                         {}};
        return std::array<std::vector<Tensor>, 2>{std::move(expected), std::move(got)};
    }

private:
    std::shared_ptr<const ModelRunner> m_own, m_reference;
};

} // namespace

std::shared_ptr<const ModelRunner> withReference(std::shared_ptr<const ModelRunner> own,
                                                 std::shared_ptr<const ModelRunner> reference)
{
    return std::make_shared<ReferenceRunner>(std::move(own), std::move(reference));
}

} // namespace bitwright
