# Forms of linear layers, control flow, signatures, buffers. SPDX-License-Identifier: GPL-3.0-or-later
from typing import Dict, List, NamedTuple, Optional, Tuple

import torch
import torch.nn as nn
import torch.nn.functional as F


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


class ScaledAddmm(nn.Module):
    def __init__(self):
        super().__init__()
        self.bias = nn.Parameter(torch.randn(12))
        self.weight = nn.Parameter(torch.randn(16, 12))
        self.norm = nn.BatchNorm1d(12)
        self.last_bias = nn.Parameter(torch.randn(5))
        self.last = nn.Parameter(torch.randn(5, 12))
        self.last_norm = nn.BatchNorm1d(5)

    def forward(self, x):
        x = self.norm(torch.addmm(self.bias, x, self.weight, beta=0.5, alpha=2))
        return self.last_norm(torch.addmm(self.last_bias, x, self.last.t(), beta=2, alpha=0.25))


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


class DictFilled(nn.Module):
    """As torchvision's segmentation models pass their features on and return their outputs."""

    kept: Dict[str, str]

    def __init__(self):
        super().__init__()
        self.kept = {"a": "low", "b": "high"}
        self.a = nn.Linear(6, 4)
        self.b = nn.Linear(4, 4)

    def features(self, x) -> Dict[str, torch.Tensor]:
        out: Dict[str, torch.Tensor] = {}
        low = F.relu(self.a(x))
        if "a" in self.kept:
            out[self.kept["a"]] = low
        if "c" in self.kept:
            out[self.kept["c"]] = low
        high = self.b(low)
        if "b" in self.kept:
            out[self.kept["b"]] = high
        return out

    def forward(self, x) -> Dict[str, torch.Tensor]:
        features = self.features(x)
        out: Dict[str, torch.Tensor] = {}
        out["sum"] = features["low"] + features["high"]
        out["high"] = features["high"]
        return out


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


class IdleDropout(nn.Module):
    """As torchvision's shifted windows: nothing is dropped, but the flag says training."""
    def __init__(self):
        super().__init__()
        self.fc = nn.Linear(8, 4)

    def forward(self, x):
        return torch.relu(F.dropout(self.fc(x), p=0.0, training=True))


class Endless(nn.Module):
    def forward(self, x):
        while bool(x.sum() < 1e30):
            x = torch.tanh(x)
        return x


class Point(NamedTuple):
    x: torch.Tensor
    y: torch.Tensor


class Named(nn.Module):
    def __init__(self):
        super().__init__()
        self.fc = nn.Linear(4, 4)

    def forward(self, x):
        y = self.fc(x)
        return Point(y, y.argmax(1))


class ListInput(nn.Module):
    def __init__(self):
        super().__init__()
        self.fc = nn.Linear(4, 4)

    def forward(self, parts: List[torch.Tensor]):
        return self.fc(torch.cat(parts, 0))


class TupleInput(nn.Module):
    def __init__(self):
        super().__init__()
        self.fc = nn.Linear(4, 4)

    def forward(self, pair: Tuple[torch.Tensor, torch.Tensor], factor: Optional[int] = None):
        a, b = pair
        return self.fc(a) + (b if factor is None else b * factor)


class DictInput(nn.Module):
    def __init__(self):
        super().__init__()
        self.fc = nn.Linear(4, 4)

    def forward(self, x: Dict[str, torch.Tensor]):
        return self.fc(x["a"])


class IntInput(nn.Module):
    def __init__(self):
        super().__init__()
        self.fc = nn.Linear(4, 3)

    def forward(self, x, scale: int):
        return self.fc(x) * scale


class Fork(nn.Module):
    def __init__(self):
        super().__init__()
        self.a = nn.Linear(4, 4)
        self.b = nn.Linear(4, 4)

    def forward(self, x):
        started = torch.jit.fork(self.a, x)
        return torch.jit.wait(started) + self.b(x)


@torch.jit.interface
class OneToOne(nn.Module):
    def forward(self, x: torch.Tensor) -> torch.Tensor:
        pass


class Implementation(nn.Module):
    def __init__(self):
        super().__init__()
        self.fc = nn.Linear(4, 4)

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        return self.fc(x)


class Interface(nn.Module):
    impl: OneToOne

    def __init__(self):
        super().__init__()
        self.impl = Implementation()

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        return self.impl.forward(x)


class Containers(nn.Module):
    """Lists and dictionaries of modules, lists of numbers, a growing list of tensors."""

    def __init__(self):
        super().__init__()
        self.blocks = nn.ModuleList([nn.Linear(4, 4) for _ in range(3)])
        self.named = nn.ModuleDict({"u": nn.Linear(4, 4), "v": nn.Sequential(nn.Linear(4, 4), nn.Tanh())})
        self.offsets = [1, 2, 3]

    def forward(self, x):
        outputs: List[torch.Tensor] = []
        for i, block in enumerate(self.blocks):
            x = torch.relu(block(x)) + float(self.offsets[i])
            outputs.append(x)
        for key, module in self.named.items():
            x = module(x)
        return torch.stack(outputs + [x], 1)


class Early(nn.Module):
    """Early return, continue and break."""

    def __init__(self):
        super().__init__()
        self.fc = nn.Linear(4, 4)

    def forward(self, x):
        if x.size(0) > 1000:
            return x
        for i in range(3):
            if i == 1:
                continue
            x = self.fc(x)
            if bool(x.mean() > 100):
                break
        return x


class Einsum(nn.Module):
    def __init__(self):
        super().__init__()
        self.w = nn.Parameter(torch.randn(4, 5))
        self.heads = nn.Parameter(torch.randn(3, 5, 6))
        self.pair = nn.Bilinear(6, 6, 2)

    def forward(self, x):
        y = torch.einsum("bi,ij->bj", x, self.w)
        z = torch.einsum("bj,hjk->bhk", y, self.heads)
        return self.pair(z, z)


class Stack(nn.Module):
    """A matrix for each of the second axis, in one weight."""

    def __init__(self):
        super().__init__()
        self.w = nn.Parameter(torch.randn(2, 4, 5))

    def forward(self, x):
        return torch.relu(torch.matmul(x, self.w)).mean(1)


class Chunked(nn.Module):
    """One stored matrix that is three weights."""

    def __init__(self):
        super().__init__()
        self.w = nn.Parameter(torch.randn(12, 4))
        self.b = nn.Parameter(torch.randn(12))

    def forward(self, x):
        a, b, c = self.w.chunk(3)
        d, e, f = self.b.chunk(3)
        return F.linear(x, a, d) + F.linear(x, b, e) * F.linear(x, c, f)


class Buffers(nn.Module):
    """Buffers of every kind of number."""

    def __init__(self):
        super().__init__()
        self.fc = nn.Linear(4, 3)
        self.register_buffer("order", torch.tensor([2, 0, 1]))
        self.register_buffer("mask", torch.tensor([[True, False, True]]))
        self.register_buffer("empty", torch.zeros(0))
        self.register_buffer("short", torch.rand(3).half())
        self.register_buffer("bytes", torch.randint(0, 255, (3,), dtype=torch.uint8))
        self.register_buffer("ints", torch.arange(3, dtype=torch.int32))
        self.register_buffer("complex", torch.randn(3, dtype=torch.complex64))

    def forward(self, x):
        y = self.fc(x)[:, self.order].masked_fill(self.mask, 0.5)
        return y + self.short.float() + self.bytes + self.ints + torch.real(self.complex)


class Training(nn.Module):
    """Saved while training: evaluation mode is our business."""

    def __init__(self):
        super().__init__()
        self.net = nn.Sequential(nn.Linear(4, 8), nn.BatchNorm1d(8), nn.Dropout(0.5), nn.ReLU(), nn.Linear(8, 2))

    def forward(self, x):
        y = self.net(x)
        if self.training:
            y = y * 100.0
        return y


class Noise(nn.Module):
    """Random numbers in every run."""

    def __init__(self):
        super().__init__()
        self.a = nn.Linear(4, 4)
        self.b = nn.Linear(4, 4)

    def forward(self, x):
        y = self.a(x + torch.randn_like(x))
        return F.dropout(self.b(y), 0.5, True) + torch.empty_like(x).uniform_()


class Methods(nn.Module):
    """Several methods, a printed line, an assertion with a formatted message."""

    def __init__(self):
        super().__init__()
        self.fc = nn.Linear(4, 4)
        self.mode = "relu"

    @torch.jit.export
    def encode(self, x):
        return self.fc(x)

    def forward(self, x):
        assert x.dim() == 2, f"bad shape {x.shape}"
        if self.mode == "relu":
            x = torch.relu(x)
        print("a line")
        return self.encode(torch.tanh(self.encode(x)))


class Cosine(nn.Module):
    """Similarity to learned prototypes."""

    def __init__(self):
        super().__init__()
        self.fc = nn.Linear(4, 6)
        self.prototypes = nn.Parameter(torch.randn(5, 6))

    def forward(self, x):
        return F.cosine_similarity(self.fc(x).unsqueeze(1), self.prototypes, dim=-1)


class Masked(nn.Module):
    """A mask made from sizes alone, as windows that were shifted have it."""

    def __init__(self):
        super().__init__()
        self.fc = nn.Linear(6, 6)

    def forward(self, x):
        mask = x.new_zeros((6, 6))
        for i in range(3):
            mask[2 * i:2 * i + 2, 2 * i:2 * i + 2] = -1.0
        mask = mask.masked_fill(mask == 0, -100.0) + 1.0
        return torch.softmax(self.fc(x) @ x.transpose(1, 2) + mask, -1)
