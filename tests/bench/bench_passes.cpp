// SPDX-License-Identifier: GPL-3.0-or-later
// Times whole verbs on a model file; not part of ctest.
//
//   bench_passes calibrate   MODEL.pt C,H,W BATCH SAMPLES THREADS
//   bench_passes sensitivity MODEL.pt C,H,W BATCH SAMPLES THREADS
//
// calibrate: a pass with all statistics against plain forwards of the same batches, taken in turns.
// sensitivity: weights of every layer at 8, 6, 4, 3, 2 bits: suffixes, our own whole runs, local estimate.
// make_resnet.py writes models; peer_sensitivity.py is the peer of the second.
#include "core/analysis/sensitivity.h"
#include "core/torch/torch_backend.h"

#include <algorithm>
#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <sstream>
#include <string>
#include <vector>

using namespace bitwright;

namespace {

struct Arguments {
    std::string verb, model;
    Shape shape;
    int64_t batch = 32, samples = 64;
    int threads = 1;
};

double seconds(const std::function<void()>& work)
{
    const auto start = std::chrono::steady_clock::now();
    work();
    return std::chrono::duration<double>(std::chrono::steady_clock::now() - start).count();
}

template<typename T>
T take(Result<T> result)
{
    if (result)
        return *std::move(result);
    std::fprintf(stderr, "%s\n", result.error().text().c_str());
    std::exit(1);
}

double median(std::vector<double> values)
{
    std::sort(values.begin(), values.end());
    return values[values.size() / 2];
}

void benchCalibrate(const ModelRunner& runner, const SampleSource& source)
{
    Progress progress;
    std::vector<Batch> batches;
    take(Result<bool>(bool(forEachBatch(runner, source, progress, [&](const Batch& batch, const auto&) {
        batches.push_back(batch);
        return Result<void>();
    }))));
    std::vector<double> plain, measured;
    for (int turn = 0; turn < 7; ++turn) {
        plain.push_back(seconds([&] {
            for (const Batch& batch : batches)
                take(runner.run(batch, {}, {}, {}, progress));
        }));
        const double data = seconds([&] {
            const auto nothing = [](const Batch&, const auto&) { return Result<void>(); };
            if (!forEachBatch(runner, source, progress, nothing))
                std::exit(1);
        });
        measured.push_back(seconds([&] { take(calibrate(runner, source, progress)); }) - data);
    }
    const auto least = [](const std::vector<double>& v) { return *std::min_element(v.begin(), v.end()); };
    std::printf("forward %.3f s, calibration %.3f s (medians); ratio of medians %.3f, of least %.3f\n",
                median(plain), median(measured), median(measured) / median(plain),
                least(measured) / least(plain));
}

void benchSensitivity(const ModelRunner& runner, const SampleSource& source)
{
    Progress progress;
    SensitivityOptions options;
    options.what = {SensitivityWhat::Weights};
    SensitivityTable quick, whole;
    const double suffix =
        seconds([&] { quick = take(sensitivity(runner, QuantPlan{}, {}, source, options, progress)); });
    options.suffixOnly = false;
    const double full =
        seconds([&] { whole = take(sensitivity(runner, QuantPlan{}, {}, source, options, progress)); });
    options.suffixOnly = true;
    options.modes = {SensitivityMode::Local};
    const double local =
        seconds([&] { take(sensitivity(runner, QuantPlan{}, {}, source, options, progress)); });
    std::printf(
        "%zu cells: suffixes %.2f s, whole runs %.2f s (%.2fx), local %.2f s (%.2fx); identical: %s\n",
        quick.cells.size(), suffix, full, full / suffix, local, full / local, quick == whole ? "yes" : "NO");
}

} // namespace

int main(int argc, char** argv)
{
    if (argc != 7) {
        std::fprintf(stderr, "usage: %s calibrate|sensitivity MODEL.pt C,H,W BATCH SAMPLES THREADS\n",
                     argv[0]);
        return 2;
    }
    prepareTorchProcess();
    Arguments arguments{argv[1], argv[2], {}, std::atoll(argv[4]), std::atoll(argv[5]), std::atoi(argv[6])};
    std::istringstream sizes(argv[3]);
    for (std::string size; std::getline(sizes, size, ',');)
        arguments.shape.push_back(std::stoll(size));
    startTorch(arguments.threads);
    Progress progress;
    OpenOptions options;
    options.inputShapes = {arguments.shape};
    const auto runner = take(torchScriptBackend().open(arguments.model, options, progress));
    SampleSource source;
    source.batchSize = arguments.batch;
    source.randomSamples = arguments.samples;
    if (arguments.verb == "calibrate")
        benchCalibrate(*runner, source);
    else
        benchSensitivity(*runner, source);
    return 0;
}
