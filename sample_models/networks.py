# SPDX-License-Identifier: GPL-3.0-or-later
# SPDX-FileCopyrightText: Bitwright contributors
"""The five small networks shipped as sample models.

All take float images [N, 1, 28, 28], normalised, and give logits [N, 10]. The batch size stays free
after tracing because no shape of the input is ever read in Python: reshapes name every dimension but
the batch, which is -1.
"""

import math
from collections import OrderedDict

import torch
from torch import nn


class Mlp(nn.Module):
    """784-256-128-10 with dropout while training."""

    def __init__(self):
        super().__init__()
        self.features = nn.Sequential(
            nn.Flatten(),
            nn.Linear(784, 256), nn.ReLU(), nn.Dropout(0.2),
            nn.Linear(256, 128), nn.ReLU(), nn.Dropout(0.2),
        )
        self.classifier = nn.Linear(128, 10)

    def forward(self, x):
        return self.classifier(self.features(x))


class Cnn(nn.Module):
    """LeNet-like: three convolutions with batch-norm, two fully connected layers."""

    def __init__(self):
        super().__init__()
        self.features = nn.Sequential(
            nn.Conv2d(1, 16, 5, padding=2, bias=False), nn.BatchNorm2d(16), nn.ReLU(), nn.MaxPool2d(2),
            nn.Conv2d(16, 32, 3, padding=1, bias=False), nn.BatchNorm2d(32), nn.ReLU(),
            nn.Conv2d(32, 32, 3, padding=1, bias=False), nn.BatchNorm2d(32), nn.ReLU(), nn.MaxPool2d(2),
        )
        self.classifier = nn.Sequential(
            nn.Flatten(),
            nn.Linear(32 * 7 * 7, 96), nn.ReLU(), nn.Dropout(0.3),
            nn.Linear(96, 10),
        )

    def forward(self, x):
        return self.classifier(self.features(x))


def conv_bn_relu6(channels_in, channels_out, kernel, stride=1, groups=1):
    return nn.Sequential(OrderedDict(
        conv=nn.Conv2d(channels_in, channels_out, kernel, stride, kernel // 2, groups=groups, bias=False),
        bn=nn.BatchNorm2d(channels_out),
        relu=nn.ReLU6(),
    ))


class SeparableBlock(nn.Module):
    """Depthwise 3x3, then pointwise 1x1; each with batch-norm and ReLU6 (MobileNet v1)."""

    def __init__(self, channels_in, channels_out, stride):
        super().__init__()
        self.depthwise = conv_bn_relu6(channels_in, channels_in, 3, stride, groups=channels_in)
        self.pointwise = conv_bn_relu6(channels_in, channels_out, 1)

    def forward(self, x):
        return self.pointwise(self.depthwise(x))


class DwCnn(nn.Module):
    """MobileNet-like, with the uneven channel ranges MobileNets are known for (see spread_ranges)."""

    WEAK_SHARE = 8          # one channel in this many is weak ...
    WEAK_LOG2 = (-7.0, -5.0)  # ... with a batch-norm gain in this range (log-uniform)
    USUAL_LOG2 = (-1.0, 1.0)

    def __init__(self):
        super().__init__()
        self.features = nn.Sequential(
            conv_bn_relu6(1, 32, 3, stride=2),
            SeparableBlock(32, 64, 1),
            SeparableBlock(64, 96, 2),
            SeparableBlock(96, 96, 1),
            SeparableBlock(96, 128, 1),
        )
        self.pool = nn.AdaptiveAvgPool2d(1)
        self.classifier = nn.Linear(128, 10)
        self.spread_ranges()

    def spread_ranges(self):
        """Start the batch-norm gains in front of every depthwise filter unevenly.

        A weak channel leaves its layer 32 to 128 times smaller than the others. The batch-norm behind
        the depthwise filter divides by that small deviation, so after folding the filter of the weak
        channel is that many times *larger* than its neighbours, and one scale for the whole tensor
        leaves the neighbours a handful of levels. The function the network computes does not suffer.
        """
        feeds_depthwise = [self.features[0].bn] + [block.pointwise.bn for block in self.features[1:-1]]
        for bn in feeds_depthwise:
            n = bn.num_features
            with torch.no_grad():
                bn.weight.copy_(2.0 ** torch.empty(n).uniform_(*self.USUAL_LOG2))
                weak = torch.randperm(n)[:n // self.WEAK_SHARE]
                bn.weight[weak] = 2.0 ** torch.empty(len(weak)).uniform_(*self.WEAK_LOG2)

    def forward(self, x):
        return self.classifier(self.pool(self.features(x)).flatten(1))


class Attention(nn.Module):
    """Multi-head self-attention written out, so that it traces to linear, matmul and softmax."""

    def __init__(self, tokens, width, heads):
        super().__init__()
        self.tokens, self.heads, self.head_width = tokens, heads, width // heads
        self.query = nn.Linear(width, width)
        self.key = nn.Linear(width, width)
        self.value = nn.Linear(width, width)
        self.out = nn.Linear(width, width)

    def split(self, x):
        return x.reshape(-1, self.tokens, self.heads, self.head_width).transpose(1, 2)

    def forward(self, x):
        query, key, value = self.split(self.query(x)), self.split(self.key(x)), self.split(self.value(x))
        scores = torch.matmul(query, key.transpose(-2, -1)) / math.sqrt(self.head_width)
        mixed = torch.matmul(scores.softmax(-1), value)
        return self.out(mixed.transpose(1, 2).reshape(-1, self.tokens, self.heads * self.head_width))


class EncoderBlock(nn.Module):
    """Pre-norm transformer encoder block."""

    def __init__(self, tokens, width, heads, dropout):
        super().__init__()
        self.norm1 = nn.LayerNorm(width)
        self.attention = Attention(tokens, width, heads)
        self.norm2 = nn.LayerNorm(width)
        self.mlp = nn.Sequential(
            nn.Linear(width, 2 * width), nn.GELU(), nn.Dropout(dropout), nn.Linear(2 * width, width))
        self.drop = nn.Dropout(dropout)

    def forward(self, x):
        x = x + self.drop(self.attention(self.norm1(x)))
        return x + self.drop(self.mlp(self.norm2(x)))


class Vit(nn.Module):
    """Tiny vision transformer: 16 patches of 7x7, mean-pooled (no class token)."""

    def __init__(self, patch=7, width=64, depth=4, heads=4, dropout=0.05):
        super().__init__()
        tokens = (28 // patch) ** 2
        self.patch_embed = nn.Conv2d(1, width, patch, patch)
        self.position = nn.Parameter(0.02 * torch.randn(1, tokens, width))
        self.blocks = nn.Sequential(*[EncoderBlock(tokens, width, heads, dropout) for _ in range(depth)])
        self.norm = nn.LayerNorm(width)
        self.head = nn.Linear(width, 10)

    def forward(self, x):
        x = self.patch_embed(x).flatten(2).transpose(1, 2) + self.position
        return self.head(self.norm(self.blocks(x)).mean(1))


class Lstm(nn.Module):
    """An LSTM that reads the image row by row and classifies from its last output."""

    def __init__(self, width=128):
        super().__init__()
        self.lstm = nn.LSTM(28, width, batch_first=True)
        self.dropout = nn.Dropout(0.2)
        self.classifier = nn.Linear(width, 10)

    def forward(self, x):
        outputs, _ = self.lstm(x.squeeze(1))
        return self.classifier(self.dropout(outputs[:, -1]))
