# Files without a graph, and what they must be read as: FOLDER/cases/NAME.FILE beside NAME.json
# {tensors: {name: {dtype, shape, sha256 of the float32 values, mean, std, min, max}}, layers: [...]}.
# SPDX-License-Identifier: GPL-3.0-or-later
import hashlib
import json
import os
import struct
import sys
import zipfile
from collections import OrderedDict, defaultdict

try:
    import h5py
    import numpy as np
    import torch
except ImportError:
    sys.exit(0)  # the tests skip themselves

folder = sys.argv[1]
os.makedirs(folder, exist_ok=True)
torch.manual_seed(0)
random = np.random.RandomState(0)


def path(name):
    return os.path.join(folder, name)


def described(values, dtype):
    x = np.ascontiguousarray(values.astype(np.float32))
    entry = {"dtype": dtype, "shape": list(values.shape), "sha256": hashlib.sha256(x.tobytes()).hexdigest()}
    finite = x[np.isfinite(x)].astype(np.float64)
    if finite.size:
        entry.update(mean=finite.mean(), std=finite.std(), min=float(finite.min()), max=float(finite.max()))
    return entry


def expect(name, tensors, layers):
    with open(path(name + ".json"), "w") as out:
        json.dump({"tensors": tensors, "layers": layers}, out)


def of_torch(tensors):
    return {n: described(t.detach().float().numpy(), str(t.dtype)[6:]) for n, t in tensors.items()}


# --- safetensors, written by hand as the format's page says -------------------------------------------------


def safetensors(name, tensors, metadata=None, pad=0):
    header, at, data = {}, 0, b""
    if metadata:
        header["__metadata__"] = metadata
    for key, (dtype, shape, raw) in tensors.items():
        header[key] = {"dtype": dtype, "shape": shape, "data_offsets": [at, at + len(raw)]}
        at += len(raw)
        data += raw
    text = json.dumps(header).encode() + b" " * pad
    with open(path(name), "wb") as out:
        out.write(struct.pack("<Q", len(text)) + text + data)


def f8(codes, exponent_bits):
    mantissa_bits = 7 - exponent_bits
    bias = 2 ** (exponent_bits - 1) - 1
    out = []
    for c in codes:
        sign, e, m = -1.0 if c & 128 else 1.0, (c >> mantissa_bits) & (2**exponent_bits - 1), c & (2**mantissa_bits - 1)
        if exponent_bits == 4 and e == 15 and m == 7:
            v = float("nan")
        elif exponent_bits == 5 and e == 31:
            v = float("inf") if m == 0 else float("nan")
        elif e == 0:
            v = m * 2.0 ** (1 - bias - mantissa_bits)
        else:
            v = (1 + m / 2.0**mantissa_bits) * 2.0 ** (e - bias)
        out.append(sign * v)
    return np.array(out, np.float32)


bf16 = torch.randn(6, 10).to(torch.bfloat16)
every = {
    "f64": ("F64", random.randn(3, 4), "float64"),
    "f32": ("F32", random.randn(5, 7, 2).astype(np.float32), "float32"),
    "f16": ("F16", random.randn(16, 4).astype(np.float16), "float16"),
    "i64": ("I64", random.randint(-9, 9, (2, 3)).astype(np.int64), "int64"),
    "i32": ("I32", random.randint(-9, 9, (2, 3)).astype(np.int32), "int32"),
    "i16": ("I16", random.randint(-9, 9, (2, 3)).astype(np.int16), "int16"),
    "i8": ("I8", random.randint(-9, 9, (2, 3)).astype(np.int8), "int8"),
    "u8": ("U8", random.randint(0, 255, (2, 3)).astype(np.uint8), "uint8"),
    "u16": ("U16", random.randint(0, 65535, (2, 3)).astype(np.uint16), "int32"),
    "u32": ("U32", random.randint(0, 2**31, (2, 3)).astype(np.uint32), "int64"),
    "bool": ("BOOL", random.randint(0, 2, (2, 3)).astype(np.bool_), "bool"),
}
raw = {k: (d, list(v.shape), v.tobytes()) for k, (d, v, _) in every.items()}
known = {k: described(v, n) for k, (_, v, n) in every.items()}
raw["bf16.weight"] = ("BF16", [6, 10], bf16.view(torch.int16).numpy().tobytes())
known["bf16.weight"] = described(bf16.float().numpy(), "bfloat16")
codes = np.arange(256, dtype=np.uint8)
raw["e4m3"] = ("F8_E4M3", [16, 16], codes.tobytes())
raw["e5m2"] = ("F8_E5M2", [16, 16], codes.tobytes())
known["e4m3"] = described(f8(codes, 4).reshape(16, 16), "float16")
known["e5m2"] = described(f8(codes, 5).reshape(16, 16), "float16")
del known["e4m3"]["sha256"], known["e5m2"]["sha256"]  # NaN has many patterns
raw["scalar"] = ("F32", [], np.float32(3).tobytes())
known["scalar"] = described(np.float32(3).reshape(()), "float32")
raw["empty"] = ("F32", [0, 4], b"")
known["empty"] = described(np.zeros((0, 4)), "float32")
raw["nonsense"] = ("F4", [4], b"ab")
safetensors("types.safetensors", raw, {"format": "pt"}, pad=5)
expect("types", known, ["f64", "f32", "f16", "bf16", "e4m3", "e5m2"])

shards = {"a.weight": random.randn(4, 6).astype(np.float32), "b.weight": random.randn(3, 4).astype(np.float32)}
for i, (key, value) in enumerate(shards.items()):
    safetensors("part-%d.safetensors" % i, {key: ("F32", list(value.shape), value.tobytes())})
with open(path("shards.index.json"), "w") as out:
    json.dump({"metadata": {"total_size": 144},
               "weight_map": {k: "part-%d.safetensors" % i for i, k in enumerate(shards)}}, out)
expect("shards", {k: described(v, "float32") for k, v in shards.items()}, ["a", "b"])

# --- torch.save ----------------------------------------------------------------------------------------------

net = torch.nn.Sequential(OrderedDict([
    ("conv", torch.nn.Conv2d(3, 8, 3)), ("norm", torch.nn.BatchNorm2d(8)),
    ("up", torch.nn.ConvTranspose2d(8, 5, 3)), ("fc", torch.nn.Linear(20, 10)),
    ("lstm", torch.nn.LSTM(4, 6))]))
state = net.state_dict()
net_layers = ["conv", "up", "fc", "lstm.weight_ih_l0", "lstm.weight_hh_l0"]
for name, options in (("plain", {}), ("protocol4", {"pickle_protocol": 4}), ("protocol1", {"pickle_protocol": 1}),
                      ("legacy", {"_use_new_zipfile_serialization": False})):
    torch.save(state, path(name + ".pth"), **options)
    expect(name, of_torch(state), net_layers)

base = torch.randn(8, 12)
views = OrderedDict(
    whole=base, row=base[2:5], transposed=base.t(), stepped=base[::2, 1::3], expanded=torch.randn(1, 6).expand(5, 6),
    channels_last=torch.randn(2, 3, 4, 5).contiguous(memory_format=torch.channels_last), scalar=torch.tensor(2.5),
    double=torch.randn(2, 2).double(), half=torch.randn(2, 2).half(), bfloat=torch.randn(3, 2).bfloat16(),
    long=torch.arange(6).reshape(2, 3), byte=torch.arange(6).byte(), char=torch.arange(6).char(),
    short=torch.arange(6).short(), int=torch.arange(6).int(), bool=torch.tensor([[True, False]]),
    empty=torch.zeros(0, 3))
for name, options in (("views", {}), ("views_legacy", {"_use_new_zipfile_serialization": False})):
    torch.save(views, path(name + ".pth"), **options)
    expect(name, of_torch(views), ["whole", "row", "transposed", "stepped", "expanded", "channels_last", "double",
                                   "half", "bfloat"])


class Unknown:
    pass


optimizer = torch.optim.Adam(net.parameters())
net.fc(torch.randn(2, 20)).sum().backward()
optimizer.step()
checkpoint = {"model": state, "epoch": 3, "best": 0.5, "name": "x", "classes": ["a", "b"], "optimizer": optimizer.state_dict(),
              "extra": Unknown(), "tied": state["fc.weight"], "nested": defaultdict(list, {"w": [torch.randn(2, 3), None]}),
              "parameter": torch.nn.Parameter(torch.randn(3, 3)), 7: torch.ones(2), "complex": torch.zeros(2, dtype=torch.cfloat)}
torch.save(checkpoint, path("checkpoint.pt"))
tensors = {"model." + n: t for n, t in state.items()}
tensors.update({"nested.w.0": checkpoint["nested"]["w"][0], "parameter": checkpoint["parameter"], "7": checkpoint[7]})
expect("checkpoint", of_torch(tensors), ["model." + n for n in net_layers] + ["nested.w.0", "parameter"])


# What holds its elements in another form: quantized and sparse tensors, and the state of a quantized layer.
float_qparams = torch.quantize_per_channel(torch.randn(6, 8), torch.rand(6) + 0.1, torch.rand(6) * 9, 0, torch.quint8)
packed = OrderedDict(
    tensor=torch.quantize_per_tensor(torch.randn(5, 7), 0.05, 3, torch.quint8),
    channel=torch.quantize_per_channel(torch.randn(4, 3, 3, 3), torch.rand(4) + 0.01, torch.tensor([0, 1, -2, 3]), 0, torch.qint8),
    inner=torch.quantize_per_channel(torch.randn(4, 6), torch.rand(6) + 0.01, torch.zeros(6), 1, torch.qint8),
    wide=torch.quantize_per_tensor(torch.randn(3, 3), 1e-4, 0, torch.qint32), table=float_qparams,
    coo=(torch.randn(9, 8) > 1).float().to_sparse(), twice=torch.sparse_coo_tensor([[0, 1, 0], [2, 0, 2]], [1.0, 2.0, 3.0], (2, 3)),
    hybrid=torch.sparse_coo_tensor([[1, 3]], torch.randn(2, 5), (4, 5)), csr=torch.randn(6, 5).relu().to_sparse_csr(),
    none=torch.zeros(2, 3).to_sparse())
qlinear = torch.ao.quantization.quantize_dynamic(torch.nn.Sequential(torch.nn.Linear(6, 4)), dtype=torch.qint8)
as_floats = {n: t.dequantize() if t.is_quantized else t.to_dense() for n, t in packed.items()}
weight, bias = qlinear[0]._weight_bias()
as_floats.update({"layer.0.weight": weight.dequantize(), "layer.0.bias": bias.detach(),
                  "layer.0.scale": torch.tensor(1.0), "layer.0.zero_point": torch.tensor(0)})
packed.update({"layer." + n: v for n, v in qlinear.state_dict().items()})
torch.save(packed, path("packed.pth"))
expect("packed", of_torch(as_floats), ["tensor", "channel", "inner", "wide", "table", "coo", "twice", "hybrid", "csr", "none", "layer.0"])
huge = torch.sparse_coo_tensor([[5], [7]], [1.0], (1 << 20, 1 << 20))
torch.save({"w": torch.ones(2, 2), "huge": huge}, path("huge_sparse.pth"))
expect("huge_sparse", of_torch({"w": torch.ones(2, 2)}), ["w"])

torch.save(net, path("module.pt"))
expect("module", of_torch(state), net_layers)


class Evil:
    def __reduce__(self):
        return os.system, ("touch " + path("executed"),)


torch.save({"w": torch.ones(2, 2), "evil": Evil()}, path("evil.pt"))
expect("evil", of_torch({"w": torch.ones(2, 2)}), ["w"])
torch.save({"epoch": 3, "evil": Evil()}, path("no_tensors.bad"))

# --- Keras ---------------------------------------------------------------------------------------------------


def keras(file, prefix=""):
    tensors = {"dense/dense/kernel:0": random.randn(7, 5), "dense/dense/bias:0": random.randn(5),
               "conv/conv/kernel:0": random.randn(3, 3, 4, 6), "conv/conv/bias:0": random.randn(6),
               "depthwise/depthwise/depthwise_kernel:0": random.randn(3, 3, 6, 1),
               "emb/emb/embeddings:0": random.randn(9, 4)}
    for key, value in tensors.items():
        file.create_dataset(prefix + key, data=value.astype(np.float32),
                            **({"compression": "gzip"} if "conv/conv/kernel" in key else {}))
    return {k: described(v, "float32") for k, v in tensors.items()}


layers = ["conv/conv", "dense/dense", "depthwise/depthwise/depthwise_kernel:0", "emb/emb"]
with h5py.File(path("keras_weights.h5"), "w") as file:
    file.attrs["layer_names"] = np.array([b"dense", b"conv"])
    expect("keras_weights", keras(file), layers)
with h5py.File(path("keras_model.h5"), "w") as file:
    file.attrs["keras_version"] = "2.9.0"
    known = keras(file, "model_weights/")
    file.create_dataset("optimizer_weights/Adam/m:0", data=np.zeros((7, 5), np.float32))
    expect("keras_model", known, layers)
modern = {"layers/dense/vars/0": random.randn(6, 3), "layers/dense/vars/1": random.randn(3),
          "layers/embedding/vars/0": random.randn(5, 2), "optimizer/vars/0": random.randn(2, 2)}
with h5py.File(path("model.weights.h5"), "w") as file:
    for key, value in modern.items():
        file.create_dataset(key, data=value.astype(np.float32))
    file.create_dataset("text", data="hello")
modern.pop("optimizer/vars/0")
for name, compression in (("stored", zipfile.ZIP_STORED), ("deflated", zipfile.ZIP_DEFLATED)):
    with zipfile.ZipFile(path(name + ".keras"), "w", compression) as archive:
        archive.writestr("metadata.json", "{}")
        archive.writestr("config.json", "{}")
        archive.write(path("model.weights.h5"), "model.weights.h5")
    expect(name, {k: described(v, "float32") for k, v in modern.items()}, ["layers/dense", "layers/embedding"])
