// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/analysis/evaluate.h"

#include "core/analysis/error_metrics.h"
#include "core/analysis/logits.h"

namespace bitwright {
namespace {

/// What one pass collects about the two models.
struct Tally {
    QualityMeter floating, quantized;
    ErrorSums output;
    int64_t compared = 0, agreed = 0;

    explicit Tally(int64_t classes)
        : floating(classes)
        , quantized(classes)
    {
    }

    Result<void> add(const Tensor& a, const Tensor& b, const std::vector<int64_t>& labels)
    {
        if (isLogits(a)) {
            BITWRIGHT_CHECK(checkLabels(a, labels));
            for (int64_t i = 0; i < a.shape()[0]; ++i)
                agreed += top1(logitsRow(a, i)) == top1(logitsRow(b, i));
            compared += a.shape()[0];
        }
        output.add(compare(a.floats(), b.floats()));
        floating.add(a, labels);
        quantized.add(b, labels);
        return {};
    }

    Evaluation result() const
    {
        Evaluation evaluation;
        evaluation.floating = floating.result();
        evaluation.quantized = quantized.result();
        if (compared > 0)
            evaluation.agreement = double(agreed) / double(compared);
        evaluation.outputSqnrDb = output.sqnrDb();
        return evaluation;
    }
};

} // namespace

Result<Evaluation> evaluate(const ModelRunner& runner, const RunConfig& quantized, const SampleSource& source,
                            int64_t classes, Progress& progress)
{
    if (sampleCount(source) == 0)
        return Error{Error::InvalidArgument, "There are no samples to evaluate on.", {}};
    Tally tally(classes);
    int64_t batches = 0;
    progress.begin("Evaluating", sampleCount(source));
    const auto body = [&](const Batch& batch, const std::vector<int64_t>& labels) -> Result<void> {
        BITWRIGHT_TRY(const auto outputs, runner.runPaired(batch, {}, quantized, {}, {}, progress));
        if (outputs[0].empty() || outputs[0][0].size() != outputs[1][0].size())
            return Error{Error::Unsupported, "The model gives no output tensor that could be compared.", {}};
        BITWRIGHT_CHECK(tally.add(outputs[0][0], outputs[1][0], labels));
        ++batches;
        return {};
    };
    const Result<void> done = forEachBatch(runner, source, progress, body);
    if (!done && (done.error().code != Error::Cancelled || batches == 0))
        return done.error();
    Evaluation evaluation = tally.result();
    evaluation.partial = !done;
    return evaluation;
}

} // namespace bitwright
