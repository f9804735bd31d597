#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""Writes resnet18.pt (224 x 224, 1000 classes) and resnet20.pt (32 x 32, 10 classes) with seeded random
weights, as TorchScript, for bench_passes: make_resnet.py FOLDER. Architectures after He et al. 2016."""
import json
import pathlib
import sys

try:
    import torch
except ImportError:
    print("PyTorch for Python is not installed: no models made")
    sys.exit(0)
from torch import nn


class Block(nn.Module):
    def __init__(self, inputs, outputs, stride):
        super().__init__()
        self.conv1 = nn.Conv2d(inputs, outputs, 3, stride, 1, bias=False)
        self.bn1 = nn.BatchNorm2d(outputs)
        self.conv2 = nn.Conv2d(outputs, outputs, 3, 1, 1, bias=False)
        self.bn2 = nn.BatchNorm2d(outputs)
        self.relu = nn.ReLU()
        self.shortcut = nn.Identity()
        if stride != 1 or inputs != outputs:
            self.shortcut = nn.Sequential(nn.Conv2d(inputs, outputs, 1, stride, bias=False),
                                          nn.BatchNorm2d(outputs))

    def forward(self, x):
        y = self.relu(self.bn1(self.conv1(x)))
        return self.relu(self.bn2(self.conv2(y)) + self.shortcut(x))


def resnet(widths, blocks, classes, large):
    stem = [nn.Conv2d(3, widths[0], 7 if large else 3, 2 if large else 1, 3 if large else 1, bias=False),
            nn.BatchNorm2d(widths[0]), nn.ReLU()]
    if large:
        stem.append(nn.MaxPool2d(3, 2, 1))
    body, inputs = [], widths[0]
    for i, width in enumerate(widths):
        for j in range(blocks):
            body.append(Block(inputs, width, 2 if i > 0 and j == 0 else 1))
            inputs = width
    return nn.Sequential(*stem, *body, nn.AdaptiveAvgPool2d(1), nn.Flatten(), nn.Linear(inputs, classes))


def write(path, model, size):
    model.train()
    with torch.no_grad():
        for _ in range(3):  # batch-norm statistics that are not trivial
            model(torch.randn(16, 3, size, size))
    torch.jit.script(model.eval()).save(str(path))
    path.with_suffix(".inputs.json").write_text(json.dumps({"inputs": [[3, size, size]]}))


def main():
    torch.manual_seed(0)
    folder = pathlib.Path(sys.argv[1])
    folder.mkdir(parents=True, exist_ok=True)
    write(folder / "resnet18.pt", resnet([64, 128, 256, 512], 2, 1000, True), 224)
    write(folder / "resnet20.pt", resnet([16, 32, 64], 3, 10, False), 32)


if __name__ == "__main__":
    main()
