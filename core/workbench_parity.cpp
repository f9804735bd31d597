// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/workbench_parity.h"

#include "core/analysis/logits.h"
#include "core/workbench_files.h"

namespace bitwright::workbench {
namespace {

/// Equal top-1 rows of two [n, K] outputs.
int64_t equalTop1(const Tensor& a, const Tensor& b)
{
    int64_t equal = 0;
    for (int64_t row = 0; row < a.shape()[0]; ++row) {
        const int64_t decided = top1(logitsRow(a, row));
        equal += decided >= 0 && decided == top1(logitsRow(b, row));
    }
    return equal;
}

bool classifies(const std::vector<Tensor>& outputs)
{
    return !outputs.empty() && outputs[0].dim() == 2 && outputs[0].shape()[1] > 1;
}

/// Collects Parity batch by batch.
struct ParityMeter {
    ErrorSums sums;
    int64_t samples = 0, classified = 0, equal = 0;

    Result<void> add(const std::vector<Tensor>& simulated, const std::vector<Tensor>& written, int64_t batch)
    {
        if (simulated.size() != written.size())
            return Error{
                Error::Internal, "The written file has another number of outputs than the model.", {}};
        for (size_t i = 0; i < simulated.size(); ++i) {
            if (simulated[i].shape() != written[i].shape())
                return Error{
                    Error::Internal, "The written file has outputs of another shape than the model.", {}};
            sums.add(compare(simulated[i].floats(), written[i].floats()));
        }
        samples += batch;
        if (classifies(simulated)) {
            classified += simulated[0].shape()[0];
            equal += equalTop1(simulated[0], written[0]);
        }
        return {};
    }

    Parity result() const
    {
        Parity parity{samples, sums.maxAbs, sums.sqnrDb(), {}};
        if (classified > 0)
            parity.top1Agreement = double(equal) / double(classified);
        return parity;
    }
};

} // namespace

Result<Parity> measureParity(const Model& model, const RunConfig& simulation, const std::string& path,
                             const SampleSource& source, Progress& progress)
{
    OpenOptions options = optionsLike(model);
    options.foldBatchNorm = false;
    options.keepIntegers = true;
    BITWRIGHT_TRY(const auto written, openModel(path, options, progress));
    RunConfig again; // a file of integers opens as float weights with the quantizers beside them
    if (const FileQuantization* own = written->runner->fileQuantization()) {
        BITWRIGHT_TRY(again, makeRunConfig(*written->runner, own->exact, progress));
    }
    ParityMeter meter;
    SampleSource samples = source;
    if (!written->runner->exampleBatch(2, 0))
        samples.batchSize = 1; // all that the file takes
    progress.begin("Comparing the written file", sampleCount(samples));
    BITWRIGHT_CHECK(forEachBatch(
        *model.runner, samples, progress,
        [&](const Batch& batch, const std::vector<int64_t>&) -> Result<void> {
            BITWRIGHT_TRY(const auto simulated, model.runner->run(batch, simulation, {}, {}, progress));
            BITWRIGHT_TRY(const auto outputs, written->runner->run(batch, again, {}, {}, progress));
            return meter.add(simulated, outputs, batch.at(0).shape().at(0));
        }));
    return meter.result();
}

} // namespace bitwright::workbench
