# SPDX-License-Identifier: GPL-3.0-or-later
# SPDX-FileCopyrightText: Bitwright contributors
"""Show that dwcnn.pt needs per-channel weights, with the quantization written out in Python.

    /usr/bin/python3 sample_models/check_depthwise.py [--data DIR] [--model FILE]

Folds every batch-norm into its convolution, quantizes all weights symmetrically by their largest
magnitude, once with one scale per tensor and once with one per output channel, and prints the top-1
accuracy on the 10,000 test images. Biases and activations stay float.
"""

import argparse
from pathlib import Path

import torch

import networks
from train import read_split, to_tensors, top1


def load_folded(path):
    """DwCnn with the weights of the file; every batch-norm folded into the convolution before it."""
    model = networks.DwCnn()
    model.load_state_dict(torch.jit.load(str(path)).state_dict())
    model.eval()
    for stage in model.modules():
        if hasattr(stage, "bn"):
            factor = stage.bn.weight / torch.sqrt(stage.bn.running_var + stage.bn.eps)
            stage.conv.weight.data *= factor.detach().view(-1, 1, 1, 1)
            stage.conv.bias = torch.nn.Parameter(stage.bn.bias - factor * stage.bn.running_mean)
            stage.bn = torch.nn.Identity()
    return model


def fake_quantize(weight, bits, per_channel):
    """q = clamp(round_half_even(w / s)), w^ = s q, with s = max|w| / (2^(bits-1) - 1)."""
    top = 2 ** (bits - 1) - 1
    largest = weight.abs().flatten(1).amax(1) if per_channel else weight.abs().max().view(1)
    scale = (largest / top).clamp(min=1e-12).view(-1, *[1] * (weight.dim() - 1))
    return scale * torch.clamp(torch.round(weight / scale), -top - 1, top)


def quantize_weights(model, bits, per_channel):
    for module in model.modules():
        if isinstance(module, (torch.nn.Conv2d, torch.nn.Linear)):
            module.weight.data = fake_quantize(module.weight.data, bits, per_channel)
    return model


def print_ranges(model):
    """How many times larger the largest channel of each folded depthwise filter is than the median."""
    for name, module in model.named_modules():
        if isinstance(module, torch.nn.Conv2d) and module.groups > 1:
            largest = module.weight.detach().abs().flatten(1).amax(1)
            print(f"{name}: largest channel {largest.max():.3g}, median {largest.median():.3g}, "
                  f"ratio {largest.max() / largest.median():.0f}")


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--data", type=Path, default=Path("/usr/share/datasets/fashion-mnist"))
    parser.add_argument("--model", type=Path, default=Path(__file__).parent / "dwcnn.pt")
    options = parser.parse_args()
    torch.set_num_threads(1)
    test_set = to_tensors(*read_split(options.data, "t10k"))
    print_ranges(load_folded(options.model))
    print(f"as stored, float:     {top1(torch.jit.load(str(options.model)), *test_set):.4f}")
    print(f"folded, float:        {top1(load_folded(options.model), *test_set):.4f}")
    for bits in (8, 6, 4):
        for label, per_channel in (("per tensor ", False), ("per channel", True)):
            accuracy = top1(quantize_weights(load_folded(options.model), bits, per_channel), *test_set)
            print(f"W{bits} {label}:       {accuracy:.4f}")


if __name__ == "__main__":
    main()
