// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/torch/file_quantization_p.h"

#include <ATen/ATen.h>

#include <algorithm>
#include <cmath>
#include <set>

namespace bitwright {
namespace {

int bitsOf(const FileEncoding& encoding)
{
    return int(std::lround(std::log2(double(encoding.high - encoding.low + 1))));
}

std::vector<float> floats(const at::Tensor& tensor)
{
    const at::Tensor flat = tensor.to(at::kFloat).reshape({-1}).contiguous();
    return {flat.data_ptr<float>(), flat.data_ptr<float>() + flat.numel()};
}

std::vector<int32_t> zeros(const FileEncoding& encoding, size_t count)
{
    std::vector<int32_t> list(count, 0);
    if (!encoding.zeroPoint.defined())
        return list;
    const at::Tensor flat = encoding.zeroPoint.to(at::kInt).reshape({-1}).contiguous();
    for (size_t i = 0; i < count; ++i)
        list[i] = flat.data_ptr<int32_t>()[flat.numel() == 1 ? 0 : i];
    return list;
}

bool isPlausible(const FileEncoding& encoding)
{
    const int bits = bitsOf(encoding);
    const std::vector<float> scales = floats(encoding.scale);
    const bool fits = !encoding.zeroPoint.defined() || encoding.zeroPoint.numel() == 1 ||
                      encoding.zeroPoint.numel() == int64_t(scales.size());
    return fits && bits >= 1 && bits <= 16 && !scales.empty() &&
           std::all_of(scales.begin(), scales.end(), [](float s) { return s > 0 && std::isfinite(s); });
}

class Builder {
public:
    explicit Builder(const Description& description)
        : m_description(description)
    {
        m_made.plan.defaultWeights = QuantSpec::float32();
        m_made.plan.defaultActivations = QuantSpec::float32();
    }

    void add(const FileEncoding& encoding)
    {
        if (!isPlausible(encoding))
            return;
        if (encoding.value)
            addActivation(encoding);
        else
            addWeight(encoding);
    }

    FileQuantization made() { return std::move(m_made); }

private:
    const Graph& graph() const { return m_description.graph; }

    QuantParams paramsOf(const FileEncoding& encoding) const
    {
        QuantParams params;
        params.format = Format::Int;
        params.bits = bitsOf(encoding);
        params.qmin = int32_t(encoding.low);
        params.qmax = int32_t(encoding.high);
        params.scale = floats(encoding.scale);
        params.zeroPoint = zeros(encoding, params.scale.size());
        return params;
    }

    static QuantSpec specOf(const QuantParams& params, bool isWeight)
    {
        QuantSpec spec =
            isWeight ? QuantSpec::defaultWeights(params.bits) : QuantSpec::defaultActivations(params.bits);
        const bool centered = std::all_of(params.zeroPoint.begin(), params.zeroPoint.end(),
                                          [](int32_t zero) { return zero == 0; });
        spec.scheme = !centered ? Scheme::Asymmetric : params.qmin < 0 ? Scheme::Symmetric : Scheme::Unsigned;
        spec.granularity = Granularity::Tensor;
        spec.estimator = Estimator::MinMax;
        if (params.scale.size() > 1)
            return spec;
        const Range range = params.range();
        const float least = spec.scheme == Scheme::Symmetric ? -range.hi : range.lo;
        spec.estimator = Estimator::Fixed;
        spec.rangeLo = double(least);
        spec.rangeHi = double(range.hi);
        return spec;
    }

    /// The value whose elements `value` only moves or converts, where it is the only reader: files round
    /// behind the reshape or the cast that follows a layer.
    const torch::jit::Value* origin(const torch::jit::Value* value) const
    {
        static const std::set<std::string> moves{
            "aten::reshape",   "aten::view",      "aten::flatten", "aten::permute", "aten::t",
            "aten::transpose", "aten::unsqueeze", "aten::squeeze", "aten::to",      "aten::contiguous"};
        while (!isSite(value) && moves.count(value->node()->kind().toQualString()) &&
               value->node()->input(0)->uses().size() == 1)
            value = value->node()->input(0);
        return value;
    }

    bool isSite(const torch::jit::Value* value) const
    {
        const auto ids = m_description.valueIds.find(value);
        if (ids == m_description.valueIds.end() || ids->second.size() != 1)
            return false;
        const auto& inputs = graph().inputs;
        return graph().layerOfOutput(ids->second[0]) ||
               std::find(inputs.begin(), inputs.end(), ids->second[0]) != inputs.end();
    }

    void addActivation(const FileEncoding& encoding)
    {
        const auto ids = m_description.valueIds.find(origin(encoding.value));
        if (ids == m_description.valueIds.end() || ids->second.size() != 1)
            return;
        const QuantParams params = paramsOf(encoding);
        if (params.scale.size() != 1)
            return;
        const ValueId id = ids->second[0];
        std::string name;
        for (size_t i = 0; i < graph().inputs.size(); ++i)
            if (graph().inputs[i] == id)
                name = inputLayerName(i);
        if (const Layer* layer = graph().layerOfOutput(id))
            name = layer->name;
        if (name.empty())
            return;
        const QuantSpec spec = specOf(params, false);
        m_made.plan.setActivations(name, spec);
        m_made.exact.activations[id] = {params, false, spec};
    }

    /// The same numbers of the weight as the graph has it, which may be the transposed of the file's.
    int axisIn(const FileEncoding& encoding, const Shape& shape) const
    {
        if (encoding.sizes == shape)
            return encoding.axis;
        const bool isTransposed = shape.size() == 2 && encoding.sizes.size() == 2 &&
                                  shape[0] == encoding.sizes[1] && shape[1] == encoding.sizes[0];
        return isTransposed ? 1 - encoding.axis : -1;
    }

    void addWeight(const FileEncoding& encoding)
    {
        for (const Layer& layer : graph().layers)
            for (const WeightRef& site : layer.weights)
                if (site.parameter == encoding.initializer)
                    addWeight(encoding, layer, site);
    }

    void addWeight(const FileEncoding& encoding, const Layer& layer, const WeightRef& site)
    {
        QuantParams params = paramsOf(encoding);
        QuantSpec spec = specOf(params, true);
        if (encoding.block > 0 || (encoding.scale.dim() > 1 && params.scale.size() > 1)) {
            if (!setGroups(encoding, site, params, spec))
                return;
        } else if (params.scale.size() > 1) {
            params.axis = axisIn(encoding, site.shape);
            if (params.axis != site.channelAxis)
                return;
            spec.granularity = Granularity::Channel;
        }
        m_made.plan.setWeights(layer.name, spec);
        m_made.exact.weights[site.parameter] = params;
    }

    /// Blocks along the inputs, one row of scales a channel.
    bool setGroups(const FileEncoding& encoding, const WeightRef& site, QuantParams& params,
                   QuantSpec& spec) const
    {
        const int axis = axisIn(encoding, site.shape);
        if (encoding.block <= 0 || site.shape.size() != 2 || axis != site.inputAxis || site.channelAxis != 0)
            return false;
        const bool isTransposed = encoding.sizes != site.shape;
        if (isTransposed && encoding.scale.dim() == 2) {
            params.scale = floats(encoding.scale.t());
            FileEncoding turned = encoding;
            if (turned.zeroPoint.defined() && turned.zeroPoint.dim() == 2)
                turned.zeroPoint = turned.zeroPoint.t();
            params.zeroPoint = zeros(turned, params.scale.size());
        }
        const int64_t groups = (site.shape[1] + encoding.block - 1) / encoding.block;
        if (int64_t(params.scale.size()) != groups * site.shape[0])
            return false;
        params.axis = site.channelAxis;
        params.group = encoding.block;
        spec.granularity = Granularity::Group;
        spec.group = encoding.block;
        return true;
    }

    const Description& m_description;
    FileQuantization m_made;
};

} // namespace

std::shared_ptr<const FileQuantization> fileQuantization(const std::vector<FileEncoding>& encodings,
                                                         const Description& description)
{
    Builder builder(description);
    for (const FileEncoding& encoding : encodings)
        builder.add(encoding);
    FileQuantization made = builder.made();
    if (made.exact.weights.empty() && made.exact.activations.empty())
        return nullptr;
    return std::make_shared<const FileQuantization>(std::move(made));
}

} // namespace bitwright
