// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/calib/calibrate.h"

#include <optional>
#include <vector>

namespace bitwright {

/// Classification quality from logits and labels. Without labels everything optional is empty.
struct Quality {
    int64_t samples = 0;
    std::optional<double> top1, top5;             ///< shares in [0, 1]
    std::optional<double> loss;                   ///< mean cross entropy, nat
    std::optional<double> macroPrecision, macroRecall, macroF1; ///< means over classes that occur in labels or predictions; 0/0 = 0
    std::vector<std::vector<int64_t>> confusion;  ///< [label][prediction]; empty beyond 2048 classes
    bool operator==(const Quality&) const = default;
};

/// What both models said about one sample. Classes are -1 where the model does not classify.
struct SamplePrediction {
    int64_t sample = 0;  ///< index in the dataset; running number of random data
    int64_t label = -1;  ///< -1 = unknown
    int32_t floating = -1, quantized = -1;           ///< top-1 classes
    float floatMargin = 0, quantizedMargin = 0; ///< largest logit minus the second largest, >= 0

    bool flipped() const { return floating != quantized; }
    bool operator==(const SamplePrediction&) const = default;
};

struct Evaluation {
    Quality floating, quantized;
    std::vector<SamplePrediction> predictions; ///< in the order of the source; empty if not classifying
    std::optional<double> agreement;  ///< share of samples with the same top-1 in both; empty if not classifying
    double outputSqnrDb = 0;          ///< of the first output tensor, quantized against float
    bool partial = false;             ///< cancelled; the numbers are those of `samples`
    bool operator==(const Evaluation&) const = default;
};

/// Float and quantized model over `source` in one pass. Cancelled: Error::Cancelled if nothing was
/// finished, a partial result otherwise.
Result<Evaluation> evaluate(const ModelRunner& runner, const RunConfig& quantized, const SampleSource& source,
                            int64_t classes, Progress& progress);

/// Collects logits batch by batch; evaluate and sensitivity use it.
class QualityMeter {
public:
    /// `classes`: least side of the confusion table; grows to the number of outputs.
    explicit QualityMeter(int64_t classes);
    /// `logits`: F32 [n, K] (another shape only counts samples); labels: n entries in [-1, K), -1 = unknown,
    /// or empty.
    void add(const Tensor& logits, const std::vector<int64_t>& labels);
    Quality result() const;

private:
    void grow(int64_t classes);
    void addMacro(Quality& quality) const;

    int64_t m_classes;
    int64_t m_samples = 0, m_labelled = 0, m_top1 = 0, m_top5 = 0;
    double m_loss = 0;
    std::vector<int64_t> m_hits, m_asLabel, m_asPrediction; ///< by class
    std::vector<std::vector<int64_t>> m_confusion;
};

} // namespace bitwright
