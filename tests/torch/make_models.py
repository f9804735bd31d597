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

sys.dont_write_bytecode = True
from zoo_forms import *
from zoo_images import *
from zoo_sequences import *

torch.manual_seed(0)
out_dir = sys.argv[1]


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


def traced(name, model, shapes, ending="trace"):
    example = tuple(torch.randn(2, *s) for s in shapes)
    save(name + "." + ending, torch.jit.trace(settle(model), example, check_trace=False), shapes)


def make_images():
    both("cnn", Cnn(), [[1, 28, 28]])
    both("residual", Residual(), [[3, 32, 32]])
    both("depthwise", Depthwise(), [[3, 32, 32]])
    both("branches", Branches(), [[3, 16, 16]])
    both("twice", Twice(), [[4, 8, 8]])
    both("norms", Norms(), [[3, 12, 12]])
    both("norm_over_rows", NormOverRows(), [[16, 16]])
    both("bn_first", BnFirst(), [[3, 12, 12]])
    both("conv1d", Conv1d(), [[2, 64]])
    both("conv3d", Conv3d(), [[1, 8, 8, 8]])
    both("transposed", Transposed(), [[3, 16, 16]])
    both("general_convolution", GeneralConvolution(), [[4, 6, 6]])
    both("unet", Unet(), [[3, 16, 16]])
    both("same_conv", SameConv(), [[3, 16, 16]])
    both("fixed_batch", FixedBatch(), [[1, 8, 8]], (torch.randn(1, 1, 8, 8),))
    scripted("size_branch", SizeBranch(), [[3, 32, 32]])
    scripted("spectrum", Spectrum(), [[512]])
    traced("weight_norm", WeightNorm(), [[2, 16]])
    traced("spectral_norm", nn.utils.spectral_norm(nn.Conv2d(3, 4, 3)), [[3, 8, 8]])
    # A file for phones holds TorchScript too, unless it was stripped.
    torch.jit.script(settle(Cnn()))._save_for_lite_interpreter(os.path.join(out_dir, "mobile.script.pt"))
    note_inputs("mobile.script", [[1, 28, 28]])


def make_sequences():
    tokens = torch.randint(0, 20, (2, 7))
    both("tied", Tied(), [[7]], (tokens,))
    both("bag", Bag(), [[7]], (tokens,))
    both("lstm", Lstm(), [[5, 10]])
    both("last_state", LastState(), [[5, 10]])
    both("gru", Gru(), [[5, 10]])
    both("rnn", Rnn(), [[5, 6]])
    both("time_first", TimeFirst(), [[4, 6]])
    scripted("states", States(), [[3, 6], [2, 5], [2, 5]])
    both("cell_loop", CellLoop(), [[4, 6]])
    both("encoder", Encoder(), [[6, 16]])
    both("mha", Mha(), [[6, 16]])
    both("pre_norm", PreNorm(), [[6, 8]])
    both("masked_encoder", MaskedEncoder(), [[7]], (tokens,))
    both("sequence_first", SequenceFirst(), [[7, 16]])
    both("decoder", Decoder(), [[5, 16], [7, 16]])
    with torch.no_grad():
        traced("encoder", Encoder(), [[6, 16]], "fused")
        traced("mha", Mha(), [[6, 16]], "fused")
        traced("pre_norm", PreNorm(), [[6, 8]], "fused")


def make_forms():
    both("addmm", Addmm(), [[16]])
    both("scaled_addmm", ScaledAddmm(), [[16]])
    both("einsum", Einsum(), [[4]])
    both("stack", Stack(), [[2, 3, 4]])
    both("chunked", Chunked(), [[4]])
    both("dropout", Dropout(), [[8]])
    both("idle_dropout", IdleDropout(), [[8]])
    both("two_inputs", TwoInputs(), [[6], [3]])
    scripted("list_input", ListInput(), [[4]])
    scripted("tuple_input", TupleInput(), [[4], [4]])
    scripted("int_input", IntInput(), [[4]])
    both("tuple_out", TupleOut(), [[6]], strict=False)
    both("dict_out", DictOut(), [[6]], strict=False)
    scripted("dict_filled", DictFilled(), [[6]])
    both("named", Named(), [[4]], strict=False)
    both("mixed", Mixed(), [[6]])
    both("buffers", Buffers(), [[4]])
    both("plain", Plain(), [[4, 5]])
    both("weightless", Weightless(), [[4, 5]])
    scripted("flow", Flow(), [[6]])
    scripted("early", Early(), [[4]])
    scripted("containers", Containers(), [[4]])
    scripted("fork", Fork(), [[4]])
    scripted("interface", Interface(), [[4]])
    scripted("methods", Methods(), [[4]])
    scripted("counter", Counter(), [[4]])
    scripted("in_place", InPlace(), [[4]])
    both("noise", Noise(), [[4]])
    save("training.script", torch.jit.script(settle(Training()).train()), [[4]])
    both("cosine", Cosine(), [[4]])
    both("masked", Masked(), [[6, 6]])


def make_number_types():
    double = Cnn().double()
    both("double", double, [[1, 28, 28]], (torch.randn(2, 1, 28, 28, dtype=torch.float64),))
    half = settle(Cnn()).half()
    save("half.script", torch.jit.script(half), [[1, 28, 28]])
    bf16 = settle(Addmm()).bfloat16()
    save("bfloat16.script", torch.jit.script(bf16), [[16]])
    save("frozen.script", torch.jit.freeze(torch.jit.script(settle(Residual()))), [[3, 32, 32]])
    save("frozen.trace", torch.jit.freeze(torch.jit.trace(settle(Residual()), torch.randn(2, 3, 32, 32))), [[3, 32, 32]])
    torch.backends.quantized.engine = "qnnpack"
    packed = nn.Sequential(nn.Linear(8, 8), nn.ReLU(), nn.Linear(8, 2)).eval()
    save("packed.script", torch.jit.script(torch.quantization.quantize_dynamic(packed, {nn.Linear})), [[8]])


class Deployed(nn.Module):
    """What quantized models are made of: packed layers with and without ReLU, add, cat, pools."""

    def __init__(self):
        super().__init__()
        self.quant, self.dequant = torch.ao.quantization.QuantStub(), torch.ao.quantization.DeQuantStub()
        self.stem = nn.Sequential(nn.Conv2d(3, 8, 3, padding=1), nn.BatchNorm2d(8), nn.ReLU())
        self.left, self.right = nn.Conv2d(8, 8, 3, padding=1, groups=4), nn.Conv2d(8, 8, 1)
        self.sum, self.join = torch.ao.nn.quantized.FloatFunctional(), torch.ao.nn.quantized.FloatFunctional()
        self.hidden, self.head = nn.Sequential(nn.Linear(256, 16), nn.ReLU()), nn.Linear(16, 5)

    def forward(self, x):
        x = nn.functional.max_pool2d(self.stem(self.quant(x)), 2)
        y = self.sum.add(self.left(x), self.right(x))
        y = nn.functional.avg_pool2d(self.join.cat([y, x], 1), 2)
        return self.dequant(self.head(self.hidden(torch.flatten(y, 1))))


class Recurrent(nn.Module):
    def __init__(self):
        super().__init__()
        self.rnn = nn.LSTM(8, 6, num_layers=2, bidirectional=True, batch_first=True)
        self.gru = nn.GRU(12, 8, batch_first=True)
        self.fc = nn.Linear(8, 3)

    def forward(self, x):
        return self.fc(self.gru(self.rnn(x)[0])[0][:, -1])


class Cells(nn.Module):
    def __init__(self):
        super().__init__()
        self.first = nn.LSTMCell(8, 6)
        self.second = nn.GRUCell(6, 8)
        self.fc = nn.Linear(8, 3)

    def forward(self, x):
        h, c = self.first(x[:, 0])
        h, c = self.first(x[:, 1], (h, c))
        return self.fc(self.second(h))


class Table(nn.Module):
    def __init__(self):
        super().__init__()
        self.table = nn.Embedding(40, 16)
        self.fc = nn.Linear(16, 3)

    def forward(self, ids):
        return self.fc(self.table(ids))


def make_quantized():
    """NAME.quantized: made by torch.ao, static (eager and FX) and dynamic, for both ways of packing."""
    from torch.ao import quantization as tq
    from torch.ao.quantization import quantize_fx
    images = [torch.randn(8, 3, 16, 16) for _ in range(4)]

    def keep(name, model, shapes):
        save(name, torch.jit.script(model), shapes)
        os.replace(os.path.join(out_dir, name + ".pt"), os.path.join(out_dir, name + ".quantized"))

    for engine, config in (("qnnpack", "qnnpack"), ("onednn", "fbgemm")):
        torch.backends.quantized.engine = engine
        model = settle(Deployed())
        tq.fuse_modules(model, [["stem.0", "stem.1", "stem.2"], ["hidden.0", "hidden.1"]], inplace=True)
        model.qconfig = tq.get_default_qconfig(config)
        tq.prepare(model, inplace=True)
        for batch in images:
            model(batch)
        keep("eager_" + engine, tq.convert(model), [[3, 16, 16]])
        mapping = tq.get_default_qconfig_mapping(config)
        prepared = quantize_fx.prepare_fx(settle(Residual()), mapping, (images[0],))
        for batch in images:
            prepared(batch)
        keep("fx_" + engine, quantize_fx.convert_fx(prepared), [[3, 16, 16]])
        linear = nn.Sequential(nn.Linear(8, 8), nn.ReLU(), nn.Linear(8, 2)).eval()
        keep("dynamic_" + engine, tq.quantize_dynamic(linear, {nn.Linear}), [[8]])
    kinds = {nn.LSTM, nn.GRU, nn.LSTMCell, nn.GRUCell, nn.Linear}
    keep("dynamic_recurrent", tq.quantize_dynamic(Recurrent().eval(), kinds), [[5, 8]])
    keep("dynamic_cells", tq.quantize_dynamic(Cells().eval(), kinds), [[2, 8]])
    table = Table().eval()
    table.table.qconfig = tq.float_qparams_weight_only_qconfig
    table = tq.convert(tq.prepare(table))
    save("table", torch.jit.script(table), [[7]])
    os.replace(os.path.join(out_dir, "table.pt"), os.path.join(out_dir, "table.codes"))
    for bits, config in ((4, tq.float_qparams_weight_only_qconfig_4bit), (8, tq.float_qparams_weight_only_qconfig)):
        bags = nn.Sequential(nn.EmbeddingBag(20, 12, mode="sum"), nn.Linear(12, 4)).eval()
        bags[0].qconfig = config
        bags = tq.convert(tq.prepare(bags))
        # torch.ao's own module of an embedding calls the kernel for 8 bits, whatever its bits are.
        models = {"bag": bags, "rows": PackedRows(bags[0]._packed_params._packed_weight, bits)}
        for name, model in models.items():
            path = "%s%d" % (name, bits)
            save(path, torch.jit.trace(model, torch.arange(14).reshape(2, 7), check_trace=False), [[7]])
            os.replace(os.path.join(out_dir, path + ".pt"), os.path.join(out_dir, path + ".codes"))


class PackedRows(nn.Module):
    def __init__(self, packed, bits):
        super().__init__()
        self.packed, self.bits = packed, bits
        self.fc = nn.Linear(12, 4)

    def forward(self, x):
        lookup = torch.ops.quantized.embedding_4bit if self.bits == 4 else torch.ops.quantized.embedding_byte
        return self.fc(lookup(self.packed, x).mean(1))


class Vector(nn.Module):
    def __init__(self):
        super().__init__()
        self.weight = nn.Parameter(torch.randn(3, 8))

    def forward(self, x):
        return torch.relu(torch.mv(self.weight, x))


def make_vector():
    """A model of one vector, without a batch: no other shape of input is accepted."""
    torch.jit.trace(Vector().eval(), torch.randn(8)).save(os.path.join(out_dir, "vector.whole"))


def make_refused():
    torch.jit.script(DictInput()).save(os.path.join(out_dir, "dict_input.bad"))
    torch.save(Cnn().state_dict(), os.path.join(out_dir, "state_dict.bad"))
    torch.save(Cnn().state_dict(), os.path.join(out_dir, "legacy.bad"), _use_new_zipfile_serialization=False)
    torch.jit.script(Endless()).save(os.path.join(out_dir, "endless.bad"))
    without_code(os.path.join(out_dir, "mobile.script.pt"), os.path.join(out_dir, "mobile.bad"))


os.makedirs(out_dir, exist_ok=True)
make_images()
make_sequences()
make_forms()
make_number_types()
make_quantized()
make_vector()
make_refused()
