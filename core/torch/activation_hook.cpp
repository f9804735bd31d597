// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/quant/quantize.h"
#include "core/torch/runner_p.h"
#include "core/torch/tensor_bridge_p.h"

#include <ATen/ATen.h>

namespace bitwright {

at::Tensor quantizeActivation(const at::Tensor& value, const ActivationQuantizer& quantizer)
{
    if (!value.is_floating_point() || value.numel() == 0)
        return value;
    const Tensor raw = floatFromTorch(value);
    QuantParams params = quantizer.params;
    if (quantizer.dynamic) {
        const auto [lo, hi] = at::aminmax(toTorch(raw));
        params = paramsFromRanges(quantizer.spec, {{lo.item<float>(), hi.item<float>()}}, -1);
    }
    if (params.format == Format::Float32)
        return value;
    return toTorch(fakeQuantize(raw, params)).to(value.scalar_type());
}

} // namespace bitwright
