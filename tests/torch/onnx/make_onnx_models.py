# Exports the zoo of architectures to ONNX, with inputs and what PyTorch computes from them.
# SPDX-License-Identifier: GPL-3.0-or-later
#
# OUT/NAME.opsetV/model.onnx, OUT/NAME.opsetV/test_data_set_0/{input,output}_K.pb (TensorProto)
import os
import struct
import sys
import warnings

try:
    import torch
except ImportError:
    print("PyTorch for Python is not installed: no models made")
    sys.exit(0)
import torch.nn as nn

sys.dont_write_bytecode = True
sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), ".."))
from zoo_forms import *
from zoo_images import *
from zoo_sequences import *

warnings.filterwarnings("ignore")
torch.manual_seed(0)
out_dir = sys.argv[1]
TYPES = {torch.float32: 1, torch.int64: 7, torch.bool: 9, torch.float64: 11, torch.int32: 6, torch.uint8: 2}


def varint(n):
    out = b""
    while n > 127:
        out += bytes([n & 127 | 128])
        n >>= 7
    return out + bytes([n])


def tensor_proto(t):
    t = t.detach().contiguous()
    raw = t.numpy().tobytes()
    dims = b"".join(b"\x08" + varint(d) for d in t.shape)
    return dims + b"\x10" + varint(TYPES[t.dtype]) + b"\x4a" + varint(len(raw)) + raw


def flat(value):
    if isinstance(value, torch.Tensor):
        return [value]
    if isinstance(value, dict):
        value = list(value.values())
    return [t for part in value for t in flat(part)]


def settle(model):
    for module in model.modules():
        if isinstance(module, (nn.BatchNorm1d, nn.BatchNorm2d, nn.BatchNorm3d)):
            module.running_mean.uniform_(-0.5, 0.5)
            module.running_var.uniform_(0.5, 2.0)
            nn.init.uniform_(module.weight, 0.5, 1.5)
            nn.init.uniform_(module.bias, -0.5, 0.5)
    return model.eval()


def write(folder, inputs, outputs):
    data = os.path.join(folder, "test_data_set_0")
    os.makedirs(data, exist_ok=True)
    for kind, tensors in (("input", inputs), ("output", outputs)):
        for i, t in enumerate(tensors):
            with open(os.path.join(data, "%s_%d.pb" % (kind, i)), "wb") as f:
                f.write(tensor_proto(t))


def export(name, model, inputs, opsets=(11, 13, 17), batch=True, fold=True, run_batch=3):
    """`inputs`: example tensors of batch 1. Runs at another batch where the file allows it."""
    settle(model)
    for opset in opsets:
        folder = os.path.join(out_dir, "%s.opset%d" % (name, opset))
        os.makedirs(folder, exist_ok=True)
        names = ["in%d" % i for i in range(len(inputs))]
        dynamic = {n: {0: "batch"} for n in names} if batch else None
        torch.onnx.export(model, tuple(inputs), os.path.join(folder, "model.onnx"), opset_version=opset,
                          input_names=names, dynamic_axes=dynamic, do_constant_folding=fold)
        given = inputs
        if batch and run_batch > 1:
            given = [torch.cat([x] + [x.flip(-1)] * (run_batch - 1)) for x in inputs]
        with torch.no_grad():
            write(folder, given, flat(model(*given)))


def image(c, h, w):
    return [torch.randn(1, c, h, w)]


class Upsampled(nn.Module):
    def forward(self, x):
        f = nn.functional
        return (f.interpolate(x, scale_factor=2, mode="nearest"), f.interpolate(x, size=(20, 14), mode="bilinear"),
                f.interpolate(x, scale_factor=1.5, mode="bilinear", align_corners=True),
                f.interpolate(x, size=(5, 9), mode="bicubic"))


class Activations(nn.Module):
    def __init__(self):
        super().__init__()
        self.prelu = nn.PReLU(4)

    def forward(self, x):
        f = nn.functional
        return torch.cat([f.gelu(x), f.silu(x), f.hardswish(x), f.hardsigmoid(x), f.elu(x), f.relu6(x), f.mish(x),
                          f.leaky_relu(x, 0.2), f.softplus(x), self.prelu(x), f.selu(x), torch.tanh(x)], 1)


class Shapes(nn.Module):
    """Everything that exporters make of sizes."""

    def forward(self, x):
        b, c, h, w = x.size()
        y = x.view(b, c, h * w).permute(0, 2, 1).reshape(b, h, w, c)
        y = torch.nn.functional.pad(y, (0, 0, 1, 2, 0, h // 4))
        z = torch.arange(h, dtype=x.dtype).view(1, 1, h, 1).expand(b, c, h, w)
        parts = torch.chunk(x + z, 2, 1)
        flat = (parts[0] * parts[1]).flatten(1)
        return y, flat, x.new_zeros(b, 3) + flat[:, :3], x[:, :, : h // 2, 1:-1:2].mean((2, 3))


class Mlp(nn.Module):
    def __init__(self):
        super().__init__()
        self.up, self.down = nn.Linear(12, 24), nn.Linear(24, 6, bias=False)

    def forward(self, x):
        return self.down(torch.relu(self.up(x)))


def make():
    export("cnn", Cnn(), image(1, 28, 28))
    export("residual", Residual(), image(3, 32, 32), opsets=(9, 13))
    export("depthwise", Depthwise(), image(3, 32, 32))
    export("branches", Branches(), image(3, 16, 16))
    export("norms", Norms(), image(3, 12, 12))
    export("bn_first", BnFirst(), image(3, 12, 12), opsets=(13,))
    export("conv1d", Conv1d(), [torch.randn(1, 2, 64)])
    export("transposed", Transposed(), image(3, 16, 16))
    export("unet", Unet(), image(3, 32, 32))
    export("fixed", Cnn(), image(1, 28, 28), batch=False, run_batch=1)
    export("unfolded", Residual(), image(3, 32, 32), opsets=(13,), fold=False)
    export("mlp", Mlp(), [torch.randn(1, 12)], opsets=(7, 9, 13))
    export("mlp_sequence", Mlp(), [torch.randn(1, 5, 12)])
    export("upsampled", Upsampled(), image(3, 10, 7), opsets=(11, 13))
    export("activations", Activations(), image(4, 6, 6), opsets=(14, 17))
    export("shapes", Shapes(), image(4, 8, 6))
    export("lstm", nn.LSTM(6, 5, num_layers=2, bidirectional=True, batch_first=True), [torch.randn(1, 7, 6)])
    export("gru", nn.GRU(6, 5, batch_first=True, bidirectional=True), [torch.randn(1, 7, 6)])
    export("rnn", nn.RNN(6, 5, batch_first=True), [torch.randn(1, 7, 6)])
    export("mha", Attention(), [torch.randn(1, 9, 16)])
    encoder = nn.TransformerEncoderLayer(16, 4, 32, batch_first=True)
    encoder.train()  # the fused kernel of inference cannot be exported
    for part in encoder.modules():
        if isinstance(part, nn.Dropout):
            part.p = 0.0
    encoder.self_attn.dropout = 0.0
    export("encoder", Always(encoder), [torch.randn(1, 9, 16)], run_batch=1)
    export("embedding", Embedded(), [torch.randint(0, 30, (1, 8))], opsets=(11, 17))
    export("two_inputs", Pair(), [torch.randn(1, 6), torch.randn(1, 4)], opsets=(13,))


class Attention(nn.Module):
    def __init__(self):
        super().__init__()
        self.qkv, self.out = nn.Linear(16, 48), nn.Linear(16, 16)

    def forward(self, x):
        b, t, c = x.shape
        q, k, v = self.qkv(x).reshape(b, t, 3, 4, c // 4).permute(2, 0, 3, 1, 4)
        a = (q @ k.transpose(-2, -1) * (c // 4) ** -0.5).softmax(-1)
        return self.out((a @ v).transpose(1, 2).reshape(b, t, c))


class Always(nn.Module):
    """A module that stays in training mode, which here drops nothing."""

    def __init__(self, inner):
        super().__init__()
        self.inner = [inner]
        self.weights = nn.ParameterList(inner.parameters())

    def forward(self, x):
        return self.inner[0](x)


class Embedded(nn.Module):
    def __init__(self):
        super().__init__()
        self.table, self.positions = nn.Embedding(30, 12), nn.Parameter(torch.randn(1, 8, 12))
        self.norm = nn.LayerNorm(12)

    def forward(self, tokens):
        x = self.norm(self.table(tokens) + self.positions[:, : tokens.size(1)])
        return x @ self.table.weight.t()


class Pair(nn.Module):
    def __init__(self):
        super().__init__()
        self.one, self.other = nn.Linear(6, 5), nn.Linear(4, 5)

    def forward(self, a, b):
        return self.one(a) + self.other(b), torch.sigmoid(self.one(a))


make()
