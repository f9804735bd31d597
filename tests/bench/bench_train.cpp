// SPDX-License-Identifier: GPL-3.0-or-later
// Time of a training step: float, and under a 4-bit plan with learned step sizes.
//   bench_train MODEL.pt [batch] [steps] [threads]
// Beside it: peer_train.py, PyTorch's float step and that of torch.ao.quantization.prepare_qat_fx.
#include "core/calib/calibrate.h"
#include "core/run/trainer.h"
#include "core/torch/torch_backend.h"

#include <algorithm>
#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <vector>

using namespace bitwright;

namespace {

class Noise final : public Dataset {
public:
    Noise(Tensor images, int64_t count)
        : m_images(std::move(images))
        , m_count(count)
    {
    }
    int64_t size() const override { return m_count; }
    Shape sampleShape() const override { return {m_images.shape().begin() + 1, m_images.shape().end()}; }
    bool hasLabels() const override { return true; }
    std::vector<std::string> classes() const override { return {}; }
    const Preprocess& preprocess() const override { return m_preprocess; }
    std::string describe() const override { return "noise"; }
    Result<Tensor> images(std::span<const int64_t> indices) const override
    {
        Shape shape = m_images.shape();
        shape[0] = int64_t(indices.size());
        return Tensor::wrap(DType::F32, shape, m_images.data(), std::make_shared<Tensor>(m_images));
    }
    Result<std::vector<int64_t>> labels(std::span<const int64_t> indices) const override
    {
        std::vector<int64_t> all;
        for (const int64_t i : indices)
            all.push_back(i % 10);
        return all;
    }

private:
    Tensor m_images;
    int64_t m_count;
    Preprocess m_preprocess;
};

double medianStep(const ModelRunner& runner, const QuantPlan& plan, std::shared_ptr<const Dataset> data,
                  int64_t batch, int64_t steps)
{
    Progress progress;
    SampleSource source;
    source.dataset = data;
    source.batchSize = batch;
    for (int64_t i = 0; i < batch; ++i)
        source.indices.push_back(i);
    TrainJob job;
    job.plan = plan;
    job.resolved = *resolvePlan(runner, plan, *calibrate(runner, source, progress), progress);
    for (int64_t i = 0; i < batch * steps; ++i)
        job.train.indices.push_back(i);
    job.train.dataset = data;
    job.validation = {data, source.indices, 0};
    job.options.batch = batch;
    job.options.optimizer = "sgd";
    job.options.distill.weight = 0;
    std::vector<double> seconds;
    auto last = std::chrono::steady_clock::now();
    TrainListener listener;
    listener.step = [&](const StepRecord&) {
        const auto now = std::chrono::steady_clock::now();
        seconds.push_back(std::chrono::duration<double>(now - last).count());
        last = now;
    };
    const auto trainer = torchScriptBackend().trainer(runner, job);
    const auto result = (*trainer)->train(listener, TrainControl(), progress);
    if (!result)
        std::printf("%s\n", result.error().text().c_str());
    seconds.erase(seconds.begin(), seconds.begin() + std::min<int64_t>(int64_t(seconds.size()) - 1, 2));
    std::sort(seconds.begin(), seconds.end());
    return seconds[seconds.size() / 2];
}

} // namespace

int main(int argc, char** argv)
{
    prepareTorchProcess();
    const int64_t batch = argc > 2 ? std::atoll(argv[2]) : 128, steps = argc > 3 ? std::atoll(argv[3]) : 12;
    startTorch(argc > 4 ? std::atoi(argv[4]) : 2);
    Progress progress;
    const auto runner = torchScriptBackend().open(argc > 1 ? argv[1] : "", {}, progress);
    if (!runner) {
        std::printf("%s\n", runner.error().text().c_str());
        return 1;
    }
    const auto data = std::make_shared<Noise>((*runner)->exampleBatch(batch, 1)->at(0), batch * (steps + 1));
    QuantPlan plan;
    plan.defaultWeights = QuantSpec::defaultWeights(4);
    plan.defaultActivations = QuantSpec::defaultActivations(4);
    QuantPlan weightsOnly = plan;
    weightsOnly.defaultActivations = QuantSpec::float32();
    for (int round = 0; round < 2; ++round) {
        const double plain = medianStep(**runner, QuantPlan::floatPlan(), data, batch, steps);
        const double weights = medianStep(**runner, weightsOnly, data, batch, steps);
        const double both = medianStep(**runner, plan, data, batch, steps);
        std::printf("float %.1f ms, weights %.1f ms (%.2f), weights and activations %.1f ms (%.2f)\n",
                    plain * 1e3, weights * 1e3, weights / plain, both * 1e3, both / plain);
    }
}
