#!/usr/bin/python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""Full statistics of 10 M floats: Bitwright against torch.ao's HistogramObserver.forward, same threads.

Usage: peer_histogram_observer.py [path of bench_stats]. Prints milliseconds (median) and the ratio. The
observer's range search (calculate_qparams) is not counted; the first forward of a fresh observer and later
ones, which have to merge, are given apart.
"""
import json
import os
import statistics
import subprocess
import sys
import time

import torch
from torch.ao.quantization.observer import HistogramObserver

ELEMENTS = 10_000_000
ROUNDS = 7


def median_ms(work):
    times = []
    for _ in range(ROUNDS):
        begin = time.perf_counter()
        work()
        times.append(1e3 * (time.perf_counter() - begin))
    return statistics.median(times)


def observer_ms(tensor):
    first = median_ms(lambda: HistogramObserver()(tensor))
    warm = HistogramObserver()
    warm(tensor)
    return first, median_ms(lambda: warm(tensor))


def bitwright_ms(binary):
    """Medians of the benchmark's runs, by thread count and channel axis."""
    command = [binary, "--benchmark_filter=fullStatistics|copyPlain", "--benchmark_format=json",
               f"--benchmark_repetitions={ROUNDS}", "--benchmark_min_time=0.05",
               "--benchmark_report_aggregates_only=true"]
    report = json.loads(subprocess.run(command, check=True, capture_output=True, text=True).stdout)
    return {run["run_name"]: run["real_time"] for run in report["benchmarks"] if run["name"].endswith("_median")}


def main():
    here = os.path.dirname(os.path.abspath(__file__))
    binary = sys.argv[1] if len(sys.argv) > 1 else os.path.join(here, "../../build/release/bin/bench_stats")
    torch.manual_seed(1)
    tensor = torch.randn(10, 100, 100, 100)
    assert tensor.numel() == ELEMENTS
    ours = bitwright_ms(binary)
    copy = ours["copyPlain/real_time"]
    print(f"plain copy: {copy:.1f} ms, {4e-6 * ELEMENTS / copy:.1f} GB/s")
    for threads in (1, 2):
        torch.set_num_threads(threads)
        first, later = observer_ms(tensor)
        print(f"{threads} thread(s): HistogramObserver.forward first {first:.1f} ms, later {later:.1f} ms")
        for axis, what in ((-1, "whole tensor"), (1, "with 100 channels")):
            mine = ours[f"fullStatistics/threads:{threads}/axis:{axis}/real_time"]
            print(f"  Bitwright, {what}: {mine:.1f} ms, {4e-6 * ELEMENTS / mine:.1f} GB/s;"
                  f" {first / mine:.1f}x and {later / mine:.1f}x faster")


if __name__ == "__main__":
    main()
