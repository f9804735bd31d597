// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/calib/activation_sites.h"
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
    const QuantParams params = activationParams(raw, quantizer);
    if (params.format == Format::Float32)
        return value;
    return toTorch(fakeQuantize(raw, params)).to(value.scalar_type());
}

} // namespace bitwright
