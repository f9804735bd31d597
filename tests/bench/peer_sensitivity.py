#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""What bench_passes sensitivity is compared with: every weight at 8, 6, 4, 3, 2 bits, the whole network run
again for each, in PyTorch: peer_sensitivity.py MODEL.pt C,H,W BATCH SAMPLES THREADS"""
import sys
import time

import torch


def fake_quantized(weight, bits):
    top = 2 ** (bits - 1) - 1
    scale = weight.reshape(weight.shape[0], -1).abs().amax(1) / top
    zero = torch.zeros(weight.shape[0], dtype=torch.int32)
    return torch.fake_quantize_per_channel_affine(weight, scale, zero, 0, -top - 1, top)


@torch.no_grad()
def sweep(model, batches):
    weights = [p for n, p in model.named_parameters() if n.endswith("weight") and p.dim() > 1]
    reference = [model(batch) for batch in batches]
    cells = 0
    for weight in weights:
        original = weight.clone()
        for bits in (8, 6, 4, 3, 2):
            weight.copy_(fake_quantized(original, bits))
            signal = noise = divergence = 0.0
            for batch, expected in zip(batches, reference):
                answer = model(batch)
                signal += float((expected.double() ** 2).sum())
                noise += float(((answer.double() - expected.double()) ** 2).sum())
                divergence += float(torch.nn.functional.kl_div(answer.log_softmax(1), expected.log_softmax(1),
                                                               reduction="sum", log_target=True))
            cells += 1
        weight.copy_(original)
    return cells


def main():
    path, shape, batch, samples, threads = sys.argv[1:6]
    torch.set_num_threads(int(threads))
    torch.manual_seed(0)
    model = torch.jit.load(path).eval()
    data = torch.randn(int(samples), *map(int, shape.split(",")))
    batches = list(data.split(int(batch)))
    for _ in range(3):  # lets the profiling executor settle
        model(batches[0])
    start = time.perf_counter()
    cells = sweep(model, batches)
    print(f"{cells} cells: whole runs in PyTorch {torch.__version__} {time.perf_counter() - start:.2f} s")


if __name__ == "__main__":
    main()
