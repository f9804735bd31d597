// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/io/weights/weights_runner.h"

#include "core/base/text.h"
#include "core/io/weights/weights_file.h"
#include "core/io/weights/weights_layout.h"

#include <unistd.h>

#include <algorithm>
#include <new>
#include <unordered_map>

namespace bitwright {
namespace {

int64_t physicalMemory()
{
    return int64_t(::sysconf(_SC_PHYS_PAGES)) * int64_t(::sysconf(_SC_PAGESIZE));
}

class WeightsRunner : public ModelRunner {
public:
    WeightsRunner(WeightsFile file, std::string path, const char* howToRun)
        : m_file(std::move(file))
        , m_graph(weightsGraph(m_file))
        , m_noGraph{
              Error::Unsupported,
              "The file holds weights but no graph, so it cannot be run, calibrated, evaluated or trained; " +
                  std::string(howToRun),
              std::move(path)}
    {
        for (size_t i = 0; i < m_file.tensors.size(); ++i) {
            m_indexOf.emplace(m_file.tensors[i].name, i);
            for (const std::string& alias : m_file.tensors[i].aliases)
                m_indexOf.emplace(alias, i);
        }
        if (!m_file.grids.empty())
            m_quantization = quantizationOf();
    }

    const Graph& graph() const override { return m_graph; }
    const FileQuantization* fileQuantization() const override
    {
        return m_quantization ? &*m_quantization : nullptr;
    }

    Result<Tensor> parameter(const std::string& name) const override
    {
        const auto found = m_indexOf.find(name);
        if (found == m_indexOf.end())
            return Error{Error::NotFound, "There is no such tensor in the file.", name};
        const StoredTensor& tensor = m_file.tensors[found->second];
        const Error tooLarge{Error::Limit,
                             "The tensor " + shapeText(tensor.shape) + " does not fit into memory.", name};
        if (elementCount(tensor.shape) > physicalMemory() / dtypeBytes(tensor.dtype))
            return tooLarge;
        try {
            return tensor.read();
        } catch (const std::bad_alloc&) {
            return tooLarge;
        }
    }

    Result<Batch> exampleBatch(int64_t, uint64_t) const override { return m_noGraph; }
    Result<std::vector<Tensor>> run(const Batch&, const RunConfig&, const std::set<ValueId>&, const Observer&,
                                    Progress&) const override
    {
        return m_noGraph;
    }
    Result<std::array<std::vector<Tensor>, 2>> runPaired(const Batch&, const RunConfig&, const RunConfig&,
                                                         const std::set<ValueId>&, const PairSink&,
                                                         Progress&) const override
    {
        return m_noGraph;
    }
    Result<std::vector<Tensor>> runVariants(const Batch&, const RunConfig&, std::span<const Variant>,
                                            const VariantSink&, Progress&) const override
    {
        return m_noGraph;
    }

private:
    /// The plan under which the tensors are what the file holds.
    FileQuantization quantizationOf() const
    {
        FileQuantization own;
        own.plan = QuantPlan::floatPlan();
        for (const Layer& layer : m_graph.layers) {
            const auto grid = m_file.grids.find(layer.weights.front().parameter);
            if (grid == m_file.grids.end())
                continue;
            own.plan.setWeights(layer.name, specOfGrid(grid->second));
            own.exact.weights.insert(*grid);
        }
        return own;
    }

    static QuantSpec specOfGrid(const QuantParams& params)
    {
        QuantSpec spec = QuantSpec::defaultWeights(params.bits);
        const bool shifted = std::any_of(params.zeroPoint.begin(), params.zeroPoint.end(),
                                         [](int32_t zero) { return zero != 0; });
        const int32_t lowest = -(1 << (params.bits - 1));
        spec.scheme = shifted                 ? Scheme::Asymmetric
                      : params.qmin >= 0      ? Scheme::Unsigned
                      : params.qmin == lowest ? Scheme::Symmetric
                                              : Scheme::Narrow;
        spec.granularity = params.group > 0          ? Granularity::Group
                           : params.scale.size() > 1 ? Granularity::Channel
                                                     : Granularity::Tensor;
        spec.group = params.group > 0 ? params.group : spec.group;
        return spec;
    }

    WeightsFile m_file;
    Graph m_graph;
    Error m_noGraph;
    std::unordered_map<std::string, size_t> m_indexOf;
    std::optional<FileQuantization> m_quantization;
};

Result<std::unique_ptr<ModelRunner>> openFormat(const WeightsFormat& format, const std::string& path,
                                                Progress& progress)
{
    BITWRIGHT_TRY(WeightsFile file, format.open(path, progress));
    std::string notes;
    for (std::string& note : file.notes) {
        note = text::printable(std::move(note));
        notes += (notes.empty() ? " " : " ") + note;
    }
    if (file.tensors.empty())
        return Error{Error::Unsupported, "The file holds no tensors." + notes, path};
    return std::unique_ptr<ModelRunner>(
        std::make_unique<WeightsRunner>(std::move(file), path, format.howToRun));
}

/// Whatever a hostile file makes the standard library throw ends here.
Result<std::unique_ptr<ModelRunner>> openGuarded(const WeightsFormat& format, const std::string& path,
                                                 Progress& progress)
{
    try {
        auto runner = openFormat(format, path, progress);
        if (runner)
            return runner;
        Error error = runner.error();
        return Error{error.code, text::printable(error.message), text::printable(error.where)};
    } catch (const std::bad_alloc&) {
        return Error{Error::Limit, "The file needs more memory than there is.", path};
    }
}

} // namespace

const std::vector<WeightsFormat>& weightsFormats()
{
    constexpr const char* kScript =
        "save the model itself in Python with "
        "torch.jit.script(model.eval()).save(\"model.pt\") or torch.jit.trace(...), "
        "or export it to ONNX.";
    constexpr const char* kKeras = "export the model itself to ONNX (tf2onnx, or model.export of Keras 3).";
    constexpr const char* kOwn = "open the model that it was exported from.";
    static const std::vector<WeightsFormat> all = {
        {"safetensors", looksLikeSafetensors, openSafetensors, kScript},
        {"sharded", looksLikeShardIndex, openShards, kScript},
        {"pytorch-state-dict", looksLikeStateDict, openStateDict, kScript},
        {"keras", looksLikeKerasArchive, openKerasArchive, kKeras},
        {"bitwright-weights", looksLikeBitwrightWeights, openBitwrightWeights, kOwn},
        {"keras-h5", looksLikeKerasHdf5, openKerasHdf5, kKeras},
    };
    return all;
}

std::vector<Backend> weightsBackends()
{
    std::vector<Backend> all;
    for (const WeightsFormat& format : weightsFormats()) {
        Backend backend;
        backend.name = format.name;
        backend.recognises = format.recognises;
        backend.open = [&format](const std::string& path, const OpenOptions&, Progress& progress) {
            return openGuarded(format, path, progress);
        };
        all.push_back(std::move(backend));
    }
    return all;
}

} // namespace bitwright
