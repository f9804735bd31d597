// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/io/weights/weights_layout.h"

#include <algorithm>
#include <map>
#include <set>
#include <string_view>

namespace bitwright {
namespace {

/// Ends of tensor names that the layer's name goes without, each with the end of the bias beside it.
struct Suffix {
    std::string_view weight, bias;
};
constexpr Suffix kSuffixes[] = {{".weight", ".bias"},
                                {".kernel", ".bias"},
                                {"/kernel:0", "/bias:0"},
                                {"/kernel", "/bias"},
                                {"/embeddings:0", ""},
                                {"/embeddings", ""},
                                {"/vars/0", "/vars/1"}};

const Suffix* suffixOf(std::string_view name)
{
    const auto found = std::find_if(std::begin(kSuffixes), std::end(kSuffixes), [&](const Suffix& suffix) {
        return name.size() > suffix.weight.size() && name.ends_with(suffix.weight);
    });
    return found == std::end(kSuffixes) ? nullptr : &*found;
}

bool contains(std::string_view text, std::string_view part)
{
    return text.find(part) != std::string_view::npos;
}

bool isFloating(DType type)
{
    return type == DType::F32 || type == DType::F64 || type == DType::F16 || type == DType::BF16;
}

int axisByLayout(const std::string& name, size_t rank, WeightLayout layout)
{
    const bool kernel = contains(name, "kernel");
    if (layout == WeightLayout::OutputFirst && !kernel)
        return 0;
    if (contains(name, "embed"))
        return 0;
    const bool inner = contains(name, "depthwise") || contains(name, "conv2d_transpose") ||
                       contains(name, "conv1d_transpose") || contains(name, "conv3d_transpose");
    return inner && rank >= 3 && !contains(name, "pointwise") ? int(rank) - 2 : int(rank) - 1;
}

/// The axis along which groups run: the input of PyTorch and Keras.
int inputAxisOf(int channelAxis)
{
    return channelAxis == 0 ? 1 : channelAxis - 1;
}

class Describer {
public:
    explicit Describer(const WeightsFile& file)
        : m_file(file)
    {
        for (size_t i = 0; i < file.tensors.size(); ++i)
            m_indexOf.emplace(file.tensors[i].name, i);
    }

    Graph describe()
    {
        m_graph.unsupported = m_file.notes;
        for (const StoredTensor& tensor : m_file.tensors) {
            m_graph.parameters.push_back({tensor.name, tensor.dtype, tensor.shape, false, tensor.aliases});
            if (isFloating(tensor.dtype) && tensor.shape.size() >= 2 && elementCount(tensor.shape) > 0)
                addLayer(tensor);
        }
        return std::move(m_graph);
    }

private:
    void addLayer(const StoredTensor& tensor)
    {
        Layer layer;
        layer.id = LayerId(m_graph.layers.size());
        layer.name = nameOf(tensor.name);
        layer.label = dtypeName(tensor.dtype);
        layer.params = elementCount(tensor.shape);
        const StoredTensor* bias = biasOf(tensor);
        if (bias) {
            layer.biases.push_back(bias->name);
            layer.params += elementCount(bias->shape);
        }
        const auto grid = m_file.grids.find(tensor.name); // its channels are known
        const bool known = grid != m_file.grids.end() && grid->second.axis >= 0;
        const int axis = known ? grid->second.axis : channelAxisOf(tensor.name, tensor.shape,
                                                                   bias ? bias->shape[0] : -1, m_file.layout);
        layer.weights.push_back({tensor.name, tensor.shape, axis, inputAxisOf(axis)});
        m_graph.layers.push_back(std::move(layer));
    }

    std::string nameOf(const std::string& tensor)
    {
        const Suffix* suffix = suffixOf(tensor);
        std::string name = suffix ? tensor.substr(0, tensor.size() - suffix->weight.size()) : tensor;
        // "a" and "a.weight" may both be tensors; the model's inputs have names too.
        if (name != tensor && (m_indexOf.count(name) || m_names.count(name)))
            name = tensor;
        m_names.insert(name);
        return name;
    }

    const StoredTensor* biasOf(const StoredTensor& weight) const
    {
        const Suffix* suffix = suffixOf(weight.name);
        if (!suffix || suffix->bias.empty())
            return nullptr;
        const std::string name = weight.name.substr(0, weight.name.size() - suffix->weight.size());
        const auto found = m_indexOf.find(name + std::string(suffix->bias));
        if (found == m_indexOf.end())
            return nullptr;
        const StoredTensor& bias = m_file.tensors[found->second];
        const bool fits = bias.shape.size() == 1 && isFloating(bias.dtype) &&
                          std::count(weight.shape.begin(), weight.shape.end(), bias.shape[0]) > 0;
        return fits ? &bias : nullptr;
    }

    const WeightsFile& m_file;
    std::map<std::string, size_t> m_indexOf;
    std::set<std::string> m_names;
    Graph m_graph;
};

} // namespace

int channelAxisOf(const std::string& name, const Shape& shape, int64_t bias, WeightLayout layout)
{
    const int axis = axisByLayout(name, shape.size(), layout);
    if (bias < 0 || shape[size_t(axis)] == bias || std::count(shape.begin(), shape.end(), bias) != 1)
        return axis;
    return int(std::find(shape.begin(), shape.end(), bias) - shape.begin());
}

Graph weightsGraph(const WeightsFile& file)
{
    return Describer(file).describe();
}

} // namespace bitwright
