// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/workbench_sample.h"

#include "core/calib/activation_sites.h"

#include <algorithm>
#include <cmath>

namespace bitwright::workbench {
namespace {

double channelValue(const std::vector<double>& values, int64_t channel, double otherwise)
{
    if (values.empty())
        return otherwise;
    return values.size() == 1 ? values[0] : values[std::min(size_t(channel), values.size() - 1)];
}

/// [C, H, W] in the numbers of the model, back to bytes.
Picture pictureOf(const Tensor& image, const Preprocess& preprocess)
{
    Picture picture;
    const Shape& shape = image.shape();
    if (image.dim() != 3 || (shape[0] != 1 && shape[0] != 3 && shape[0] != 4) || image.dtype() != DType::F32)
        return picture;
    picture.height = shape[1];
    picture.width = shape[2];
    const int64_t plane = picture.height * picture.width;
    picture.rgb.resize(size_t(plane * 3));
    const double scale = preprocess.scale.value_or(1.0 / 255);
    for (int64_t c = 0; c < 3; ++c) {
        const int64_t from = shape[0] == 1 ? 0 : c;
        const double mean = channelValue(preprocess.mean, from, 0),
                     std = channelValue(preprocess.std, from, 1);
        const std::span<const float> x = image.floats().subspan(size_t(from * plane), size_t(plane));
        for (int64_t i = 0; i < plane; ++i) {
            const double value = (double(x[size_t(i)]) * std + mean) / (scale != 0 ? scale : 1);
            picture.rgb[size_t(i * 3 + c)] = uint8_t(std::clamp(std::lround(value), 0L, 255L));
        }
    }
    return picture;
}

/// Floats stored as [0, 1] or as anything else: the picture is stretched to what is there.
Picture stretched(const Tensor& image)
{
    float low = 0, high = 0;
    for (const float v : image.floats()) {
        low = std::min(low, v);
        high = std::max(high, v);
    }
    Preprocess stretch;
    stretch.scale = 1.0 / 255;
    stretch.mean = {-double(low) / std::max(1e-12, double(high) - double(low))};
    stretch.std = {1 / std::max(1e-12, double(high) - double(low))};
    return pictureOf(image, stretch);
}

Tensor withoutBatch(const Tensor& tensor)
{
    if (tensor.dim() < 2 || tensor.shape()[0] != 1)
        return tensor;
    return tensor.reshaped({tensor.shape().begin() + 1, tensor.shape().end()});
}

struct Seen {
    Tensor floating, quantized;
};

Result<ActivationPair> activationPair(const Seen& seen, const ResolvedPlan& resolved, ValueId value)
{
    if (seen.floating.isNull() || seen.floating.shape() != seen.quantized.shape())
        return Error{Error::Unsupported, "This value is not made for this sample.", {}};
    ActivationPair pair;
    pair.floating = withoutBatch(seen.floating);
    const auto quantizer = resolved.activations.find(value);
    pair.quantized = quantizer != resolved.activations.end();
    pair.local =
        pair.quantized ? withoutBatch(quantizeActivation(seen.floating, quantizer->second)) : pair.floating;
    pair.cumulative =
        withoutBatch(pair.quantized ? quantizeActivation(seen.quantized, quantizer->second) : seen.quantized);
    return pair;
}

std::vector<float> flat(const std::vector<Tensor>& outputs)
{
    if (outputs.empty())
        return {};
    const Tensor values = outputs[0].toFloat();
    return {values.floats().begin(), values.floats().end()};
}

} // namespace

Result<Picture> samplePicture(const Dataset& data, int64_t sample)
{
    if (sample < 0 || sample >= data.size())
        return Error{Error::InvalidArgument, "There is no sample " + std::to_string(sample) + ".", {}};
    const int64_t indices[]{sample};
    BITWRIGHT_TRY(const Tensor images, data.images(indices));
    const Tensor image = withoutBatch(images);
    Picture picture = pictureOf(image, data.preprocess());
    // Floats that were stored in [0, 1] would be almost black as bytes.
    const bool dark = !picture.isEmpty() && *std::max_element(picture.rgb.begin(), picture.rgb.end()) < 8;
    return dark ? stretched(image) : picture;
}

Result<SampleResult> runSample(const Model& model, const QuantPlan& plan,
                               const CalibrationResult& calibration, const Dataset& data, int64_t sample,
                               std::optional<ValueId> value, Progress& progress)
{
    SampleResult result;
    result.run.sample = sample;
    BITWRIGHT_TRY(result.run.picture, samplePicture(data, sample));
    BITWRIGHT_TRY(const ResolvedPlan resolved, resolvePlan(*model.runner, plan, calibration, progress));
    BITWRIGHT_TRY(const RunConfig quantized, makeRunConfig(*model.runner, resolved, progress));
    const int64_t indices[]{sample};
    BITWRIGHT_TRY(const Tensor images, data.images(indices));
    if (data.hasLabels()) {
        BITWRIGHT_TRY(const std::vector<int64_t> labels, data.labels(indices));
        result.run.label = labels[0];
    }
    Seen seen;
    std::set<ValueId> observed;
    const std::vector<ValueId>& inputs = model.graph().inputs;
    if (value && std::find(inputs.begin(), inputs.end(), *value) != inputs.end())
        seen = {images.toFloat(), images.toFloat()};
    else if (value)
        observed.insert(*value);
    const auto sink = [&seen](ValueId, const Tensor& a, const Tensor& b) {
        seen = {a.toFloat(), b.toFloat()};
    };
    BITWRIGHT_TRY(const auto outputs,
                  model.runner->runPaired({images}, {}, quantized, observed, sink, progress));
    result.run.floating = flat(outputs[0]);
    result.run.quantized = flat(outputs[1]);
    if (value) {
        BITWRIGHT_TRY(result.activation, activationPair(seen, resolved, *value));
    }
    return result;
}

} // namespace bitwright::workbench
