# Convolutional networks. SPDX-License-Identifier: GPL-3.0-or-later
import torch
import torch.nn as nn
import torch.nn.functional as F


class Cnn(nn.Module):
    def __init__(self):
        super().__init__()
        self.features = nn.Sequential(nn.Conv2d(1, 8, 3, padding=1), nn.BatchNorm2d(8), nn.ReLU(), nn.MaxPool2d(2),
                                      nn.Conv2d(8, 16, 3, bias=False), nn.BatchNorm2d(16), nn.ReLU6(), nn.AvgPool2d(2))
        self.head = nn.Linear(16 * 6 * 6, 10)

    def forward(self, x):
        return self.head(torch.flatten(self.features(x), 1))


class Block(nn.Module):
    def __init__(self, c):
        super().__init__()
        self.conv1 = nn.Conv2d(c, c, 3, padding=1, bias=False)
        self.bn1 = nn.BatchNorm2d(c)
        self.relu = nn.ReLU(inplace=True)
        self.conv2 = nn.Conv2d(c, c, 3, padding=1, bias=False)
        self.bn2 = nn.BatchNorm2d(c)

    def forward(self, x):
        y = self.relu(self.bn1(self.conv1(x)))
        y = self.bn2(self.conv2(y))
        y += x
        return self.relu(y)


class Residual(nn.Module):
    def __init__(self):
        super().__init__()
        self.conv1 = nn.Conv2d(3, 8, 3, padding=1, bias=False)
        self.bn1 = nn.BatchNorm2d(8)
        self.layer1 = nn.Sequential(Block(8), Block(8))
        self.fc = nn.Linear(8, 5)

    def forward(self, x):
        x = torch.relu(self.bn1(self.conv1(x)))
        x = F.adaptive_avg_pool2d(self.layer1(x), (1, 1))
        return self.fc(x.flatten(1))


class Depthwise(nn.Module):
    def __init__(self):
        super().__init__()
        self.stem = nn.Conv2d(3, 8, 3, 2, 1)
        self.dw = nn.Conv2d(8, 8, 3, padding=1, groups=8, bias=False)
        self.bn = nn.BatchNorm2d(8)
        self.grouped = nn.Conv2d(8, 16, 3, padding=1, groups=2)
        self.pw = nn.Conv2d(16, 4, 1)

    def forward(self, x):
        x = F.relu6(self.bn(self.dw(F.hardswish(self.stem(x)))))
        return self.pw(F.hardtanh(self.grouped(x), -2.0, 2.0)).mean([2, 3])


class Branches(nn.Module):
    def __init__(self):
        super().__init__()
        self.a = nn.Conv2d(3, 4, 1)
        self.b = nn.Conv2d(3, 4, 3, padding=1)
        self.c = nn.Conv2d(8, 2, 1)

    def forward(self, x):
        return self.c(torch.cat([F.relu(self.a(x)), F.relu(self.b(x))], 1)).amax([2, 3])


class Twice(nn.Module):
    def __init__(self):
        super().__init__()
        self.conv = nn.Conv2d(4, 4, 3, padding=1)
        self.fc = nn.Linear(4, 3)

    def forward(self, x):
        return self.fc(F.relu(self.conv(F.relu(self.conv(x)))).mean([2, 3]))


class Norms(nn.Module):
    def __init__(self):
        super().__init__()
        self.conv = nn.Conv2d(3, 8, 3)
        self.group = nn.GroupNorm(2, 8)
        self.instance = nn.InstanceNorm2d(8, affine=True)
        self.layer = nn.LayerNorm(8)
        self.fc = nn.Linear(8, 3)

    def forward(self, x):
        x = self.instance(F.silu(self.group(self.conv(x))))
        return self.fc(self.layer(x.permute(0, 2, 3, 1))).softmax(-1)


class BnFirst(nn.Module):
    def __init__(self):
        super().__init__()
        self.bn = nn.BatchNorm2d(3)
        self.conv = nn.Conv2d(3, 4, 3)

    def forward(self, x):
        return self.conv(self.bn(x))


class Conv1d(nn.Module):
    def __init__(self):
        super().__init__()
        self.a = nn.Conv1d(2, 8, 5, stride=2)
        self.bn = nn.BatchNorm1d(8)
        self.up = nn.ConvTranspose1d(8, 3, 4, 2)

    def forward(self, x):
        return self.up(F.elu(self.bn(self.a(x))))


class Conv3d(nn.Module):
    def __init__(self):
        super().__init__()
        self.a = nn.Conv3d(1, 4, 3)
        self.bn = nn.BatchNorm3d(4)

    def forward(self, x):
        return F.relu(self.bn(self.a(x))).mean([2, 3, 4])


class Transposed(nn.Module):
    def __init__(self):
        super().__init__()
        self.down = nn.Conv2d(3, 8, 3, 2, 1)
        self.up = nn.ConvTranspose2d(8, 4, 4, 2, 1, bias=False)
        self.bn = nn.BatchNorm2d(4)
        self.grouped = nn.ConvTranspose2d(4, 4, 2, 2, groups=2)
        self.bn2 = nn.BatchNorm2d(4)

    def forward(self, x):
        return self.bn2(self.grouped(F.relu(self.bn(self.up(F.relu(self.down(x)))))))


class Unet(nn.Module):
    def __init__(self):
        super().__init__()
        self.a = nn.Conv2d(3, 4, 3, padding=1)
        self.b = nn.Conv2d(4, 8, 3, padding=1)
        self.c = nn.Conv2d(12, 2, 3, padding=1)

    def forward(self, x):
        a = F.relu(self.a(x))
        b = F.relu(self.b(F.max_pool2d(a, 2)))
        up = F.interpolate(b, scale_factor=2.0, mode="bilinear", align_corners=False)
        return self.c(torch.cat([a, up], 1))


class WeightNorm(nn.Module):
    def __init__(self):
        super().__init__()
        self.conv = nn.utils.weight_norm(nn.Conv1d(2, 4, 3))

    def forward(self, x):
        return self.conv(x)


class SizeBranch(nn.Module):
    def __init__(self):
        super().__init__()
        self.small = nn.Conv2d(3, 4, 3, padding=1)
        self.large = nn.Conv2d(3, 4, 3, stride=2, padding=1)

    def forward(self, x):
        if x.size(2) > 40:
            return self.large(x).mean([2, 3])
        return self.small(x).mean([2, 3])


class SameConv(nn.Module):
    """Padding by name, circular padding, squeeze and excitation."""

    def __init__(self):
        super().__init__()
        self.a = nn.Conv2d(3, 6, 3, padding="same")
        self.b = nn.Conv2d(6, 6, 5, padding=2, padding_mode="circular", groups=3)
        self.prelu = nn.PReLU(6)
        self.squeeze = nn.Conv2d(6, 2, 1)
        self.excite = nn.Conv2d(2, 6, 1)

    def forward(self, x):
        x = self.prelu(self.b(F.relu(self.a(x))))
        w = torch.sigmoid(self.excite(F.silu(self.squeeze(F.adaptive_avg_pool2d(x, 1)))))
        return F.pixel_shuffle(F.pad(x * w, [0, 0, 0, 0, 1, 1]), 2)


class FixedBatch(nn.Module):
    def __init__(self):
        super().__init__()
        self.conv = nn.Conv2d(1, 2, 3)
        self.fc = nn.Linear(2 * 36, 3)

    def forward(self, x):
        return self.fc(self.conv(x).view(1, 2 * 36))


class Spectrum(nn.Module):
    """A short-time Fourier transform with complex values in front of a convolution."""

    def __init__(self):
        super().__init__()
        self.register_buffer("window", torch.hann_window(64))
        self.conv = nn.Conv1d(33, 4, 3)

    def forward(self, x):
        y = torch.stft(x, 64, 16, window=self.window, return_complex=True, center=False)
        return self.conv(torch.log(y.abs() + 1e-3))



class NormOverRows(nn.Module):
    """Linear on three axes: the batch-norm behind it takes the second axis for channels, not the features."""

    def __init__(self):
        super().__init__()
        self.rows = nn.Linear(16, 16)
        self.norm = nn.BatchNorm1d(16)
        self.head = nn.Linear(16, 5)
        self.last = nn.BatchNorm1d(5)

    def forward(self, x):
        return self.last(self.head(self.norm(self.rows(x)).mean(1)))


class GeneralConvolution(nn.Module):
    """torch.convolution, which is any convolution: a transposed one between as many channels, a plain one."""

    def __init__(self):
        super().__init__()
        self.up_weight = nn.Parameter(torch.randn(4, 4, 3, 3))
        self.up_norm = nn.BatchNorm2d(4)
        self.weight = nn.Parameter(torch.randn(4, 4, 3, 3))
        self.norm = nn.BatchNorm2d(4)

    def forward(self, x):
        x = torch.convolution(x, self.up_weight, None, [2, 2], [1, 1], [1, 1], True, [1, 1], 1)
        x = torch.convolution(self.up_norm(x), self.weight, None, [1, 1], [1, 1], [1, 1], False, [0, 0], 1)
        return self.norm(x)
