// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/workbench.h"

#include <optional>

namespace bitwright::workbench {

/// An image for the eye.
struct Picture {
    int64_t height = 0, width = 0;
    std::vector<uint8_t> rgb; ///< height * width * 3

    bool isEmpty() const { return rgb.empty(); }
};

/// One sample as the float and the quantized model see it.
struct SampleRun {
    int64_t sample = 0, label = -1;
    Picture picture;                        ///< empty when the sample is no image
    std::vector<float> floating, quantized; ///< first output tensor of the sample, flat
};

/// One activation of one sample. Without the batch dimension; all three of one shape.
struct ActivationPair {
    Tensor floating;        ///< of the float model
    Tensor local;           ///< the same behind the plan's quantizer of this value only
    Tensor cumulative;      ///< of the model under the whole plan, behind its quantizer
    bool quantized = false; ///< the plan quantizes this value
};

/// The stored sample as a picture: its preprocessing undone (mean, std, scale), 1 or 3 channels.
Result<Picture> samplePicture(const Dataset& data, int64_t sample);

/// Runs `sample` through both models. With `value`, also what flows there. InvalidArgument for a sample that
/// does not exist, Unsupported for a value that this model does not make.
struct SampleResult {
    SampleRun run;
    std::optional<ActivationPair> activation;
};
Result<SampleResult> runSample(const Model& model, const QuantPlan& plan,
                               const CalibrationResult& calibration, const Dataset& data, int64_t sample,
                               std::optional<ValueId> value, Progress& progress);

} // namespace bitwright::workbench
