#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""Writes FOLDER/large.onnx with large.onnx.data: 4,200 1x1 convolutions of 352 channels with ReLUs between, 8,400
nodes and 2.08 GB of seeded weights, for bench_window: make_large_onnx.py FOLDER [CHANNELS [LAYERS]]. ONNX is
written by hand: its Python package is not needed."""
import pathlib
import random
import struct
import sys

FLOAT, EXTERNAL = 1, 1


def varint(n):
    out = b""
    while n > 127:
        out, n = out + bytes([n & 127 | 128]), n >> 7
    return out + bytes([n])


def number(field, value):
    return varint(field << 3) + varint(value)


def message(field, content):
    content = content.encode() if isinstance(content, str) else content
    return varint(field << 3 | 2) + varint(len(content)) + content


def entry(key, value):
    return message(1, key) + message(2, str(value))


def weight(name, shape, offset, length):
    dims = b"".join(number(1, n) for n in shape)
    where = [("location", "large.onnx.data"), ("offset", offset), ("length", length)]
    return (dims + number(2, FLOAT) + message(8, name) + b"".join(message(13, entry(*w)) for w in where) +
            number(14, EXTERNAL))


def node(operator, name, inputs, output):
    return (b"".join(message(1, i) for i in inputs) + message(2, output) + message(3, name) + message(4, operator))


def value(name, shape):
    dims = b"".join(message(1, message(2, n) if isinstance(n, str) else number(1, n)) for n in shape)
    return message(1, name) + message(2, message(1, number(1, FLOAT) + message(2, dims)))


def main():
    folder = pathlib.Path(sys.argv[1])
    channels = int(sys.argv[2]) if len(sys.argv) > 2 else 352
    layers = int(sys.argv[3]) if len(sys.argv) > 3 else 4200
    length = 4 * channels * channels
    graph = message(2, "large")
    last = "x"
    for i in range(layers):
        name = f"stage{i // 210}.block{i // 21 % 10}.conv{i % 21}"
        graph += message(1, node("Conv", name, [last, name + ".weight"], f"c{i}"))
        graph += message(1, node("Relu", name + ".relu", [f"c{i}"], f"r{i}"))
        graph += message(5, weight(name + ".weight", [channels, channels, 1, 1], i * length, length))
        last = f"r{i}"
    graph += message(11, value("x", ["n", channels, 4, 4])) + message(12, value(last, ["n", channels, 4, 4]))
    model = number(1, 8) + message(7, graph) + message(8, message(1, "") + number(2, 13))
    (folder / "large.onnx").write_bytes(model)
    # One block of values, begun somewhere else for every layer: enough for statistics, quick to write.
    values = random.Random(1)
    block = b"".join(struct.pack("<f", values.gauss(0, channels**-0.5)) for _ in range(length // 4 + 4096))
    with open(folder / "large.onnx.data", "wb") as data:
        for i in range(layers):
            start = 4 * values.randrange(4096)
            data.write(block[start:start + length])


main()
