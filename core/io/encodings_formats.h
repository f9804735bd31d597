// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/io/encodings.h"

namespace bitwright {

/// The same grids as makeEncodings in AIMET's older layout 0.6.1: `activation_encodings` and
/// `param_encodings` are objects by name, each a list with one entry a channel: `bitwidth`, `dtype` int or
/// float, `is_symmetric` "True"/"False", `scale`, `offset`, `min`, `max`. It has no groups.
Encodings makeEncodings061(const Graph& graph, const ResolvedPlan& plan);

/// A calibration cache of TensorRT's entropy calibrator 2: a line a tensor, `name: ` and the bits of the
/// float32 scale max(|lo|, |hi|) / 127 as eight hexadecimal digits. TensorRT quantizes activations to signed
/// 8 bits around zero and finds the scales of weights itself; names are those of the onnx-float file.
Encodings makeTensorRtCache(const Graph& graph, const ResolvedPlan& plan);

/// `TensorQuantOverrides` of ONNX Runtime's quantization tool as JSON: by tensor name of the onnx-float file
/// a list of {quant_type, scale, zero_point, symmetric}, one entry a channel, the first with `axis`.
Encodings makeTensorOverrides(const Graph& graph, const ResolvedPlan& plan);

} // namespace bitwright
