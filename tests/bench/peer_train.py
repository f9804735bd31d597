#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""Time of a training step in PyTorch: float, and prepare_qat_fx: peer_train.py [batch] [steps] [threads].
The network is resnet20 of make_resnet.py."""
import sys
import time
import warnings

import torch
from torch.ao.quantization import get_default_qat_qconfig_mapping
from torch.ao.quantization.quantize_fx import prepare_qat_fx

from make_resnet import resnet

warnings.filterwarnings("ignore")


def median_step(model, batch, steps):
    x, y = torch.randn(batch, 3, 32, 32), torch.arange(batch) % 10
    optimizer = torch.optim.SGD(model.parameters(), 0.01, momentum=0.9)
    loss = torch.nn.CrossEntropyLoss()
    times = []
    for _ in range(steps):
        begun = time.perf_counter()
        optimizer.zero_grad()
        loss(model(x), y).backward()
        optimizer.step()
        times.append(time.perf_counter() - begun)
    return sorted(times[2:])[len(times[2:]) // 2]


def main():
    batch, steps, threads = (int(a) for a in (sys.argv[1:] + ["128", "12", "2"][len(sys.argv) - 1:]))
    torch.set_num_threads(threads)
    torch.manual_seed(0)
    for _ in range(2):
        plain = median_step(resnet([16, 32, 64], 3, 10, False).train(), batch, steps)
        example = (torch.randn(2, 3, 32, 32),)
        qat = prepare_qat_fx(resnet([16, 32, 64], 3, 10, False).train(), get_default_qat_qconfig_mapping("fbgemm"), example)
        prepared = median_step(qat.train(), batch, steps)
        print("PyTorch float %.1f ms, prepare_qat_fx %.1f ms (%.2f)" % (plain * 1e3, prepared * 1e3, prepared / plain))


if __name__ == "__main__":
    main()
