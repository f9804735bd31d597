// SPDX-License-Identifier: GPL-3.0-or-later
// How good the predicted accuracy is: bench_predict MODEL DATA [PLANS] [SWEEP SAMPLES]. Sweeps, predicts
// random plans, evaluates them, and prints how often the measured value lies inside the band, before and
// after the evaluated plans are known (those seen so far).
#include "core/analysis/predict.h"
#include "core/analysis/sensitivity_units.h"
#include "core/torch/torch_backend.h"
#include "core/workbench.h"

#include <chrono>
#include <cmath>
#include <cstdio>
#include <random>

using namespace bitwright;

namespace {

QuantPlan randomPlan(const Graph& graph, std::mt19937& random)
{
    // From mild to harsh: a lower and an upper end of the bits, then a draw for every site.
    static const int bits[]{8, 7, 6, 5, 4, 3};
    const size_t low = random() % 6, high = std::min<size_t>(5, low + random() % 4);
    const auto draw = [&] { return bits[low + random() % (high - low + 1)]; };
    QuantPlan plan;
    for (const Layer& layer : graph.layers) {
        plan.setWeights(layer.name, QuantSpec::defaultWeights(draw()));
        plan.setActivations(layer.name, QuantSpec::defaultActivations(draw()));
    }
    return plan;
}

struct Score {
    int inside = 0, count = 0;
    double error = 0, half = 0;
    void add(const Estimate& estimate, double measured)
    {
        inside += estimate.contains(measured);
        error += std::abs(estimate.value - measured);
        half += estimate.half;
        ++count;
    }
    void print(const char* what) const
    {
        std::printf("%-22s inside %3d of %3d, mean |error| %.4f, mean band +-%.4f\n", what, inside, count,
                    error / count, half / count);
    }
};

} // namespace

int main(int argc, char** argv)
{
    if (argc < 3)
        return 2;
    const int plans = argc > 3 ? std::atoi(argv[3]) : 20;
    const int64_t samples = argc > 4 ? std::atoll(argv[4]) : 256;
    prepareTorchProcess();
    startTorch(0);
    registerBackend(torchScriptBackend());
    Progress progress;
    const auto model = *workbench::openModel(argv[1], {}, progress);
    const auto data = *workbench::openData(argv[2], {}, model.get(), progress);
    const auto calibration =
        *calibrate(*model->runner, workbench::calibrationSource(data, 256, 32, 0), progress);
    SensitivityOptions options;
    options.bases = true;
    const auto begun = std::chrono::steady_clock::now();
    const auto table = *sensitivityByUnits(*model->runner, {}, calibration,
                                           workbench::calibrationSource(data, samples, 64, 1),
                                           options, {}, {}, progress);
    const std::chrono::duration<double> took = std::chrono::steady_clock::now() - begun;
    std::printf("sweep of %zu cells over %lld samples: %.2f s\n", table.cells.size(), (long long)samples,
                took.count());
    std::mt19937 random(7);
    std::vector<MeasuredPlan> measured;
    Score before, beforeLoss, after, afterLoss;
    double slowest = 0;
    for (int i = 0; i < plans; ++i) {
        const QuantPlan plan = randomPlan(model->graph(), random);
        const auto result = *workbench::evaluate(*model, plan, calibration,
                                                 workbench::evaluationSource(data, -1, 64, 0), progress);
        const Quality& truth = result.evaluation.quantized;
        const auto start = std::chrono::steady_clock::now();
        const Prediction fresh = *AccuracyPredictor(model->graph(), table, {}, {}).predict(plan);
        const Prediction seen = *AccuracyPredictor(model->graph(), table, {}, measured).predict(plan);
        slowest = std::max(
            slowest, std::chrono::duration<double>(std::chrono::steady_clock::now() - start).count() / 2);
        before.add(*fresh.top1, *truth.top1);
        beforeLoss.add(*fresh.loss, *truth.loss);
        after.add(*seen.top1, *truth.top1);
        afterLoss.add(*seen.loss, *truth.loss);
        std::printf("SQNR %6.2f predicted %6.2f  top1 %.4f predicted %.4f +-%.4f, then %.4f +-%.4f\n",
                    result.evaluation.outputSqnrDb, fresh.outputSqnrDb, *truth.top1, fresh.top1->value,
                    fresh.top1->half, seen.top1->value, seen.top1->half);
        measured.push_back(*MeasuredPlan::from(plan, result.evaluation));
    }
    before.print("top-1, sweep only");
    beforeLoss.print("loss, sweep only");
    after.print("top-1, with plans");
    afterLoss.print("loss, with plans");
    std::printf("slowest prediction %.2f ms\n", 1e3 * slowest);
    return 0;
}
