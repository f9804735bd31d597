// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/analysis/evaluate.h"

#include "core/analysis/error_metrics.h"
#include "core/analysis/logits.h"

#include <algorithm>
#include <cmath>

namespace bitwright {
namespace {

/// Samples with an output that is NaN, or infinite where the other model's is not.
int64_t lostSamples(const Tensor& own, const Tensor& other)
{
    const int64_t rows = own.dim() > 0 ? own.shape()[0] : 1;
    const size_t width = rows > 0 ? size_t(own.size() / rows) : 0;
    int64_t lost = 0;
    for (size_t row = 0; row < size_t(rows); ++row) {
        const auto mine = own.floats().subspan(row * width, width),
                   others = other.floats().subspan(row * width, width);
        lost += !std::equal(mine.begin(), mine.end(), others.begin(),
                            [](float a, float b) { return std::isfinite(a) || a == b; });
    }
    return lost;
}

/// What one pass collects about the two models.
struct Tally {
    const SampleSource& source;
    QualityMeter floating, quantized;
    ErrorSums output;
    std::vector<SamplePrediction> predictions;
    int64_t samples = 0;
    int64_t floatLost = 0, quantizedLost = 0;

    Tally(const SampleSource& samplesFrom, int64_t classes)
        : source(samplesFrom)
        , floating(classes)
        , quantized(classes)
    {
    }

    Result<void> add(const Tensor& a, const Tensor& b, const std::vector<int64_t>& labels)
    {
        if (isLogits(a)) {
            BITWRIGHT_CHECK(checkLabels(a, labels));
            for (int64_t i = 0; i < a.shape()[0]; ++i)
                predictions.push_back(prediction(logitsRow(a, i), logitsRow(b, i), i, labels));
        }
        samples += a.dim() > 0 ? a.shape()[0] : 1;
        output.add(compare(a.floats(), b.floats()));
        floatLost += lostSamples(a, b);
        quantizedLost += lostSamples(b, a);
        floating.add(a, labels);
        quantized.add(b, labels);
        return {};
    }

    SamplePrediction prediction(std::span<const float> a, std::span<const float> b, int64_t row,
                                const std::vector<int64_t>& labels) const
    {
        const int64_t number = samples + row;
        const bool stored = source.dataset && number < int64_t(source.indices.size());
        return {stored ? source.indices[size_t(number)] : number,
                labels.empty() ? -1 : labels[size_t(row)],
                int32_t(top1(a)),
                int32_t(top1(b)),
                topMargin(a),
                topMargin(b)};
    }

    Evaluation result() const
    {
        Evaluation evaluation;
        evaluation.floating = floating.result();
        evaluation.quantized = quantized.result();
        evaluation.predictions = predictions;
        const auto agreed =
            std::count_if(predictions.begin(), predictions.end(),
                          [](const SamplePrediction& p) { return !p.flipped() && p.floating >= 0; });
        if (!predictions.empty())
            evaluation.agreement = double(agreed) / double(predictions.size());
        evaluation.outputSqnrDb = output.sqnrDb();
        return evaluation;
    }

    void warn(Progress& progress) const
    {
        const auto say = [&](const char* model, int64_t lost) {
            if (lost > 0)
                progress.note(std::string("The outputs of the ") + model + " model are not finite for " +
                              std::to_string(lost) + " of " + std::to_string(samples) + " samples.");
        };
        say("float", floatLost);
        say("quantized", quantizedLost);
    }
};

} // namespace

Result<Evaluation> evaluate(const ModelRunner& runner, const RunConfig& quantized, const SampleSource& source,
                            int64_t classes, Progress& progress)
{
    if (sampleCount(source) == 0)
        return Error{Error::InvalidArgument, "There are no samples to evaluate on.", {}};
    Tally tally(source, classes);
    int64_t batches = 0;
    progress.begin("Evaluating", sampleCount(source));
    const auto run = [&](const Batch& batch) -> Result<std::vector<Tensor>> {
        BITWRIGHT_TRY(const auto outputs, runner.runPaired(batch, {}, quantized, {}, {}, progress));
        if (outputs[0].empty() || outputs[0][0].size() != outputs[1][0].size())
            return Error{Error::Unsupported, "The model gives no output tensor that could be compared.", {}};
        return std::vector<Tensor>{outputs[0][0], outputs[1][0]};
    };
    const auto take = [&](const std::vector<Tensor>& both, const std::vector<int64_t>& labels) {
        ++batches;
        return tally.add(both[0], both[1], labels);
    };
    const Result<void> done = forEachSharedBatch(runner, source, progress, run, take);
    if (!done && (done.error().code != Error::Cancelled || batches == 0))
        return done.error();
    tally.warn(progress);
    Evaluation evaluation = tally.result();
    evaluation.partial = !done;
    return evaluation;
}

} // namespace bitwright
