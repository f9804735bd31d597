# SPDX-License-Identifier: GPL-3.0-or-later
# SPDX-FileCopyrightText: Bitwright contributors
"""Train the sample models on Fashion-MNIST and write the mini dataset.

    /usr/bin/python3 sample_models/train.py [--only NAME] [--data DIR] [--out DIR]

Needs torch, numpy and h5py (Debian: python3-torch python3-numpy python3-h5py dataset-fashion-mnist).
NAME is mlp, cnn, dwcnn, vit, lstm or data (the mini dataset); without --only everything is made, in
that order. Each network is trained on all 60,000 training images for a fixed number of epochs and
evaluated once, at the end, on the 10,000 test images: no epoch and no setting is chosen by the script
from its test accuracy. The seed and the numbers of threads are fixed (the order of summation depends
on them), so the same machine and library versions give the same weights.

Written per network: NAME.pt (TorchScript, eval mode, not frozen) and NAME.json (how to feed it).
"""

import argparse
import gzip
import io
import json
import os
import time
from dataclasses import dataclass
from pathlib import Path

os.environ["OPENBLAS_NUM_THREADS"] = "2"  # before numpy and torch load it; as the shipped files were made

import h5py
import numpy as np
import torch
from torch import nn

import networks

MEAN, STD = 0.2860, 0.3530
CLASSES = ["T-shirt/top", "Trouser", "Pullover", "Dress", "Coat",
           "Sandal", "Shirt", "Sneaker", "Bag", "Ankle boot"]
SEED = 1
DATA_LICENCE = "Fashion-MNIST, MIT, Copyright (c) 2017 Zalando SE, https://github.com/zalandoresearch/fashion-mnist"


@dataclass
class Recipe:
    network: type
    epochs: int
    lr: float
    weight_decay: float = 1e-4
    flip: bool = True      # mirror half of the training images
    scripted: bool = False  # torch.jit.script instead of torch.jit.trace
    batch: int = 128


RECIPES = {
    "mlp": Recipe(networks.Mlp, epochs=15, lr=2e-3, flip=False),
    "cnn": Recipe(networks.Cnn, epochs=8, lr=4e-3, scripted=True),
    "dwcnn": Recipe(networks.DwCnn, epochs=12, lr=6e-3),
    "vit": Recipe(networks.Vit, epochs=20, lr=2e-3, weight_decay=1e-2),
    "lstm": Recipe(networks.Lstm, epochs=12, lr=4e-3, flip=False, scripted=True),
}


def read_idx(path):
    """One gzipped IDX file of unsigned bytes as an array."""
    with gzip.open(path, "rb") as file:
        content = file.read()
    dims = content[3]
    shape = np.frombuffer(content, ">u4", dims, offset=4)
    return np.frombuffer(content, np.uint8, offset=4 + 4 * dims).reshape(shape)


def read_split(folder, prefix):
    """Images (uint8 [N, 28, 28]) and labels (uint8 [N]); prefix is train or t10k."""
    return (read_idx(folder / f"{prefix}-images-idx3-ubyte.gz"),
            read_idx(folder / f"{prefix}-labels-idx1-ubyte.gz"))


def to_tensors(images, labels):
    pixels = torch.from_numpy(images.astype(np.float32) / 255.0).unsqueeze(1)
    return (pixels - MEAN) / STD, torch.from_numpy(labels.astype(np.int64))


def parameter_groups(model, recipe):
    """Matrices and ordinary filters decay; depthwise filters, batch-norm, biases and norms do not.

    The gains and offsets of batch-norm also learn ten times slower in the depthwise network, so that
    the uneven ranges they start with are still there at the end.
    """
    decayed, plain, slow = [], [], []
    for module in model.modules():
        depthwise = isinstance(module, nn.Conv2d) and module.groups > 1
        is_slow = isinstance(module, nn.BatchNorm2d) and recipe.network is networks.DwCnn
        for parameter in module.parameters(recurse=False):
            if is_slow:
                slow.append(parameter)
            elif parameter.dim() > 1 and not depthwise:
                decayed.append(parameter)
            else:
                plain.append(parameter)
    groups = [(decayed, recipe.weight_decay, recipe.lr), (plain, 0.0, recipe.lr), (slow, 0.0, recipe.lr / 10)]
    return [{"params": p, "weight_decay": decay, "lr": lr} for p, decay, lr in groups if p]


def train(name, recipe, images, labels):
    """A trained model in eval mode. AdamW, one cycle of the learning rate, label smoothing 0.05."""
    model = recipe.network()
    groups = parameter_groups(model, recipe)
    optimizer = torch.optim.AdamW(groups)
    steps = (len(images) + recipe.batch - 1) // recipe.batch
    schedule = torch.optim.lr_scheduler.OneCycleLR(
        optimizer, [group["lr"] for group in groups], epochs=recipe.epochs, steps_per_epoch=steps, pct_start=0.2)
    for epoch in range(recipe.epochs):
        model.train()
        start, total = time.monotonic(), 0.0
        for chosen in torch.randperm(len(images)).split(recipe.batch):
            batch = images[chosen]
            if recipe.flip:
                mirrored = (torch.rand(len(batch), 1, 1, 1) < 0.5)
                batch = torch.where(mirrored, batch.flip(3), batch)
            loss = nn.functional.cross_entropy(model(batch), labels[chosen], label_smoothing=0.05)
            optimizer.zero_grad(set_to_none=True)
            loss.backward()
            nn.utils.clip_grad_norm_(model.parameters(), 1.0)
            optimizer.step()
            schedule.step()
            total += loss.item() * len(batch)
        print(f"{name}: epoch {epoch + 1}/{recipe.epochs}, loss {total / len(images):.4f}, "
              f"{time.monotonic() - start:.0f} s", flush=True)
    return model.eval()


@torch.no_grad()
def top1(model, images, labels, batch=500):
    hits = sum((model(x).argmax(1) == y).sum().item()
               for x, y in zip(images.split(batch), labels.split(batch)))
    return hits / len(labels)


def write_without_debug_records(compiled, path):
    """Save without the .debug_pkl records: they hold the source paths of the machine that trained.

    That keeps the bytes of the file independent of where the script lies, and the file smaller.
    """
    reader = torch._C.PyTorchFileReader(io.BytesIO(compiled.save_to_buffer()))
    writer = torch._C.PyTorchFileWriter(str(path))
    for record in reader.get_all_records():
        if record != "version" and not record.endswith(".debug_pkl"):  # the writer adds the version
            content = reader.get_record(record)
            writer.write_record(record, content, len(content))
    writer.write_end_of_file()


def save_torchscript(model, recipe, example, path):
    """Save, and check that the file gives the model's outputs at other batch sizes too.

    Gradients stay enabled while tracing: without them torch may trace fused inference-only operators.
    """
    compiled = torch.jit.script(model) if recipe.scripted else torch.jit.trace(model, example[:2])
    write_without_debug_records(compiled, path)
    reloaded = torch.jit.load(str(path))
    for n in (1, 7, 64):
        torch.testing.assert_close(reloaded(example[:n]), model(example[:n]))
    return reloaded


def make_model(name, recipe, train_set, test_set, out):
    torch.manual_seed(SEED)
    start = time.monotonic()
    model = train(name, recipe, *train_set)
    path = out / f"{name}.pt"
    reloaded = save_torchscript(model, recipe, test_set[0][:64], path)
    accuracy = top1(reloaded, *test_set)
    sidecar = {
        "preprocess": {"layout": "nhwc", "scale": 1 / 255, "mean": [MEAN], "std": [STD]},
        "classes": CLASSES,
        "input_shape": [1, 28, 28],
        "accuracy": {"dataset": "Fashion-MNIST test", "samples": len(test_set[1]), "float_top1": accuracy},
        "trained_by": "sample_models/train.py",
        "licence": f"GPL-3.0-or-later; trained on {DATA_LICENCE}",
    }
    (out / f"{name}.json").write_text(json.dumps(sidecar, indent=2) + "\n")
    parameters = sum(p.numel() for p in model.parameters())
    print(f"{name}: top-1 {accuracy:.4f}, {parameters} parameters, {path.stat().st_size} bytes, "
          f"{time.monotonic() - start:.0f} s", flush=True)


def balanced(labels, per_class):
    """Indices, in stored order, of the first per_class samples of every class."""
    return np.sort(np.concatenate([np.flatnonzero(labels == c)[:per_class] for c in range(len(CLASSES))]))


def make_mini_dataset(splits, out, per_class=200):
    """fashion_mnist_mini.h5: the first 200 images of every class of each split, as stored."""
    path = out / "fashion_mnist_mini.h5"
    with h5py.File(path, "w") as file:
        file.attrs["source"] = "Fashion-MNIST, https://github.com/zalandoresearch/fashion-mnist"
        file.attrs["licence"] = "MIT, Copyright (c) 2017 Zalando SE, https://tech.zalando.com"
        file.attrs["subset"] = f"the first {per_class} images of every class of each split, in stored order"
        for split, (images, labels) in splits.items():
            chosen = balanced(labels, per_class)
            group = file.create_group(split)
            group.create_dataset("images", data=images[chosen][..., None], chunks=(100, 28, 28, 1),
                                 compression="gzip", compression_opts=9)
            group.create_dataset("labels", data=labels[chosen])
    sidecar = {"preprocess": {"layout": "nhwc"}, "classes": CLASSES}
    path.with_suffix(".json").write_text(json.dumps(sidecar, indent=2) + "\n")
    print(f"data: {path.stat().st_size} bytes", flush=True)


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--only", choices=[*RECIPES, "data"], help="make one thing")
    parser.add_argument("--data", type=Path, default=Path("/usr/share/datasets/fashion-mnist"),
                        help="folder of the gzipped IDX files (default: %(default)s)")
    parser.add_argument("--out", type=Path, default=Path(__file__).parent, help="default: beside this script")
    options = parser.parse_args()

    torch.set_num_threads(1)
    options.out.mkdir(parents=True, exist_ok=True)
    splits = {"train": read_split(options.data, "train"), "test": read_split(options.data, "t10k")}
    wanted = [options.only] if options.only else [*RECIPES, "data"]
    if wanted != ["data"]:
        train_set, test_set = to_tensors(*splits["train"]), to_tensors(*splits["test"])
    for name in wanted:
        if name == "data":
            make_mini_dataset(splits, options.out)
        else:
            make_model(name, RECIPES[name], train_set, test_set, options.out)


if __name__ == "__main__":
    main()
