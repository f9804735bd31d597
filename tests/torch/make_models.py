# Writes TorchScript files of every architecture that the importer must read, with the example input that the
# tests run them on. SPDX-License-Identifier: GPL-3.0-or-later
#
# models/NAME.pt, models/NAME.inputs.json: {"inputs": [[shape without batch], ...]}; empty when it must be guessed
import json
import os
import sys
import zipfile

try:
    import torch
except ImportError:
    print("PyTorch for Python is not installed: no models made")
    sys.exit(0)
import torch.nn as nn
import torch.nn.functional as F
from typing import Dict, List, Optional, Tuple

torch.manual_seed(0)
out_dir = sys.argv[1]


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


class Tied(nn.Module):
    def __init__(self):
        super().__init__()
        self.embed = nn.Embedding(20, 8)
        self.hidden = nn.Linear(8, 8)
        self.decoder = nn.Linear(8, 20, bias=False)
        self.decoder.weight = self.embed.weight

    def forward(self, x):
        return self.decoder(torch.tanh(self.hidden(self.embed(x))))


class Twice(nn.Module):
    def __init__(self):
        super().__init__()
        self.conv = nn.Conv2d(4, 4, 3, padding=1)
        self.fc = nn.Linear(4, 3)

    def forward(self, x):
        return self.fc(F.relu(self.conv(F.relu(self.conv(x)))).mean([2, 3]))


class Addmm(nn.Module):
    def __init__(self):
        super().__init__()
        self.w1 = nn.Parameter(torch.randn(12, 16))
        self.b1 = nn.Parameter(torch.randn(12))
        self.w2 = nn.Parameter(torch.randn(12, 5))
        self.plain = nn.Linear(5, 4)
        self.w3 = nn.Parameter(torch.randn(4, 4))

    def forward(self, x):
        x = torch.relu(torch.addmm(self.b1, x, self.w1.t()))
        return torch.sigmoid(self.plain(x.matmul(self.w2))).matmul(self.w3.t())


class Lstm(nn.Module):
    def __init__(self):
        super().__init__()
        self.lstm = nn.LSTM(10, 12, num_layers=2, batch_first=True, bidirectional=True)
        self.fc = nn.Linear(24, 4)

    def forward(self, x):
        y, state = self.lstm(x)
        return self.fc(y[:, -1])


class LastState(nn.Module):
    def __init__(self):
        super().__init__()
        self.rnn = nn.LSTM(10, 12, batch_first=True)
        self.fc = nn.Linear(12, 4)

    def forward(self, x):
        return self.fc(self.rnn(x)[1][0][-1])


class Gru(nn.Module):
    def __init__(self):
        super().__init__()
        self.gru = nn.GRU(10, 12, batch_first=True)
        self.fc = nn.Linear(12, 4)

    def forward(self, x):
        y, h = self.gru(x)
        return self.fc(F.leaky_relu(y.mean(1)))


class States(nn.Module):
    def __init__(self):
        super().__init__()
        self.lstm = nn.LSTM(6, 5, num_layers=2, batch_first=True)

    def forward(self, x, state: Tuple[torch.Tensor, torch.Tensor]):
        y, (h, c) = self.lstm(x, state)
        return y, h, c


class CellLoop(nn.Module):
    def __init__(self):
        super().__init__()
        self.cell = nn.LSTMCell(6, 5)
        self.fc = nn.Linear(5, 2)

    def forward(self, x):
        h = torch.zeros(x.size(0), 5)
        c = torch.zeros(x.size(0), 5)
        for i in range(x.size(1)):
            h, c = self.cell(x[:, i], (h, c))
        return self.fc(h)


class Encoder(nn.Module):
    def __init__(self):
        super().__init__()
        layer = nn.TransformerEncoderLayer(16, 4, 32, batch_first=True, activation="gelu")
        self.enc = nn.TransformerEncoder(layer, 2)
        self.fc = nn.Linear(16, 3)

    def forward(self, x):
        return self.fc(self.enc(x).mean(1))


class Mha(nn.Module):
    def __init__(self):
        super().__init__()
        self.attn = nn.MultiheadAttention(16, 2, batch_first=True)

    def forward(self, x):
        return self.attn(x, x, x)[0]


class PreNorm(nn.Module):
    def __init__(self):
        super().__init__()
        self.enc = nn.TransformerEncoderLayer(8, 2, 16, batch_first=True, norm_first=True)

    def forward(self, x):
        return self.enc(x)


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


class Flow(nn.Module):
    def __init__(self):
        super().__init__()
        self.a = nn.Linear(6, 6)
        self.b = nn.Linear(6, 6)

    def forward(self, x):
        i = 0
        while i < 4 and float(x.abs().max()) < 50.0:
            if float(x.sum()) > 0:
                x = self.a(x) * 2.0
            else:
                x = self.b(x) - 1.0
            i += 1
        return x


class TwoInputs(nn.Module):
    def __init__(self):
        super().__init__()
        self.a = nn.Linear(6, 4)
        self.b = nn.Linear(3, 4)

    def forward(self, x, y, scale: float = 0.5, mask: Optional[torch.Tensor] = None):
        z = self.a(x) * scale + self.b(y)
        if mask is not None:
            z = z * mask
        return z


class TupleOut(nn.Module):
    def __init__(self):
        super().__init__()
        self.a = nn.Linear(6, 4)
        self.b = nn.Linear(6, 2)

    def forward(self, x):
        return self.a(x), [self.b(x), x + 1.0]


class DictOut(nn.Module):
    def __init__(self):
        super().__init__()
        self.a = nn.Linear(6, 4)

    def forward(self, x) -> Dict[str, torch.Tensor]:
        y = self.a(x)
        return {"logits": y, "probabilities": torch.softmax(y, -1)}


class SizeBranch(nn.Module):
    def __init__(self):
        super().__init__()
        self.small = nn.Conv2d(3, 4, 3, padding=1)
        self.large = nn.Conv2d(3, 4, 3, stride=2, padding=1)

    def forward(self, x):
        if x.size(2) > 40:
            return self.large(x).mean([2, 3])
        return self.small(x).mean([2, 3])


class Mixed(nn.Module):
    def __init__(self):
        super().__init__()
        self.fc = nn.Linear(6, 4)
        self.register_buffer("table", torch.arange(4) * 3)
        self.register_buffer("flag", torch.tensor(True))

    def forward(self, x):
        y = self.fc(x)
        return torch.where(self.flag, y, -y) + self.table.to(y.dtype)


class Plain(nn.Module):
    def forward(self, x):
        return x.transpose(1, 2).reshape(x.size(0), -1)[:, 2:]


class Weightless(nn.Module):
    def forward(self, x):
        return torch.sigmoid(x) * 2.0 + x


class WeightNorm(nn.Module):
    def __init__(self):
        super().__init__()
        self.conv = nn.utils.weight_norm(nn.Conv1d(2, 4, 3))

    def forward(self, x):
        return self.conv(x)


class Counter(nn.Module):
    def __init__(self):
        super().__init__()
        self.fc = nn.Linear(4, 4)
        self.register_buffer("state", torch.zeros(1, 4))

    def forward(self, x):
        y = self.fc(x) + self.state
        self.state = y[:1] * 0.5
        return y


class InPlace(nn.Module):
    def __init__(self):
        super().__init__()
        self.fc = nn.Linear(4, 4)
        self.register_buffer("count", torch.zeros(4))

    def forward(self, x):
        self.count += 1.0
        y = self.fc(x) * self.count
        y[:, 0] = 3.0
        return torch.relu_(y)


class Dropout(nn.Module):
    def __init__(self):
        super().__init__()
        self.net = nn.Sequential(nn.Linear(8, 8), nn.Dropout(0.5), nn.GELU(), nn.Linear(8, 2))

    def forward(self, x):
        return F.log_softmax(self.net(x), 1)


class Endless(nn.Module):
    def forward(self, x):
        while bool(x.sum() < 1e30):
            x = torch.tanh(x)
        return x


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


def settle(model):
    """Batch-norm statistics and affine values that are not the identity."""
    for module in model.modules():
        if isinstance(module, (nn.BatchNorm1d, nn.BatchNorm2d, nn.BatchNorm3d)):
            module.running_mean.uniform_(-0.5, 0.5)
            module.running_var.uniform_(0.5, 2.0)
            nn.init.uniform_(module.weight, 0.5, 1.5)
            nn.init.uniform_(module.bias, -0.5, 0.5)
    return model.eval()


def save(name, module, inputs):
    module.save(os.path.join(out_dir, name + ".pt"))
    note_inputs(name, inputs)


def without_code(source, target):
    """Bytecode only, as stripped mobile files are."""
    with zipfile.ZipFile(source) as whole, zipfile.ZipFile(target, "w") as stripped:
        for name in whole.namelist():
            if "/code/" not in name:
                stripped.writestr(name, whole.read(name))


def note_inputs(name, inputs):
    with open(os.path.join(out_dir, name + ".inputs.json"), "w") as f:
        json.dump({"inputs": inputs}, f)


def both(name, model, shapes, example=None, strict=True):
    settle(model)
    example = example or tuple(torch.randn(2, *s) for s in shapes)
    save(name + ".script", torch.jit.script(model), shapes)
    save(name + ".trace", torch.jit.trace(model, example, strict=strict, check_trace=False), shapes)


def scripted(name, model, shapes):
    settle(model)
    save(name + ".script", torch.jit.script(model), shapes)


def main():
    os.makedirs(out_dir, exist_ok=True)
    both("cnn", Cnn(), [[1, 28, 28]])
    both("residual", Residual(), [[3, 32, 32]])
    both("depthwise", Depthwise(), [[3, 32, 32]])
    both("branches", Branches(), [[3, 16, 16]])
    both("tied", Tied(), [[7]], (torch.randint(0, 20, (2, 7)),))
    both("twice", Twice(), [[4, 8, 8]])
    both("addmm", Addmm(), [[16]])
    both("lstm", Lstm(), [[5, 10]])
    both("last_state", LastState(), [[5, 10]])
    both("gru", Gru(), [[5, 10]])
    scripted("states", States(), [[3, 6], [2, 5], [2, 5]])
    both("cell_loop", CellLoop(), [[4, 6]])
    both("encoder", Encoder(), [[6, 16]])
    both("mha", Mha(), [[6, 16]])
    both("pre_norm", PreNorm(), [[6, 8]])
    with torch.no_grad():
        save("encoder.fused", torch.jit.trace(settle(Encoder()), torch.randn(2, 6, 16), check_trace=False), [[6, 16]])
        save("mha.fused", torch.jit.trace(settle(Mha()), torch.randn(2, 6, 16), check_trace=False), [[6, 16]])
        save("pre_norm.fused", torch.jit.trace(settle(PreNorm()), torch.randn(2, 6, 8), check_trace=False), [[6, 8]])
    both("norms", Norms(), [[3, 12, 12]])
    both("bn_first", BnFirst(), [[3, 12, 12]])
    both("conv1d", Conv1d(), [[2, 64]])
    both("conv3d", Conv3d(), [[1, 8, 8, 8]])
    both("transposed", Transposed(), [[3, 16, 16]])
    scripted("flow", Flow(), [[6]])
    both("two_inputs", TwoInputs(), [[6], [3]])
    both("tuple_out", TupleOut(), [[6]], strict=False)
    both("dict_out", DictOut(), [[6]], strict=False)
    scripted("size_branch", SizeBranch(), [[3, 32, 32]])
    both("mixed", Mixed(), [[6]])
    both("plain", Plain(), [[4, 5]])
    both("weightless", Weightless(), [[4, 5]])
    save("weight_norm.trace", torch.jit.trace(settle(WeightNorm()), torch.randn(2, 2, 16), check_trace=False), [[2, 16]])
    scripted("counter", Counter(), [[4]])
    scripted("in_place", InPlace(), [[4]])
    both("dropout", Dropout(), [[8]])
    both("unet", Unet(), [[3, 16, 16]])
    double = Cnn().double()
    both("double", double, [[1, 28, 28]], (torch.randn(2, 1, 28, 28, dtype=torch.float64),))
    half = settle(Cnn()).half()
    save("half.script", torch.jit.script(half), [[1, 28, 28]])
    bf16 = settle(Addmm()).bfloat16()
    save("bfloat16.script", torch.jit.script(bf16), [[16]])
    save("frozen.script", torch.jit.freeze(torch.jit.script(settle(Residual()))), [[3, 32, 32]])
    save("frozen.trace", torch.jit.freeze(torch.jit.trace(settle(Residual()), torch.randn(2, 3, 32, 32))), [[3, 32, 32]])
    # A file for phones holds TorchScript too, unless it was stripped.
    torch.jit.script(settle(Cnn()))._save_for_lite_interpreter(os.path.join(out_dir, "mobile.script.pt"))
    note_inputs("mobile.script", [[1, 28, 28]])
    # What must be refused.
    torch.save(Cnn().state_dict(), os.path.join(out_dir, "state_dict.bad"))
    torch.save(Cnn().state_dict(), os.path.join(out_dir, "legacy.bad"), _use_new_zipfile_serialization=False)
    torch.jit.script(Endless()).save(os.path.join(out_dir, "endless.bad"))
    without_code(os.path.join(out_dir, "mobile.script.pt"), os.path.join(out_dir, "mobile.bad"))


main()
