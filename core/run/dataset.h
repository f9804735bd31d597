// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/base/progress.h"
#include "core/base/result.h"
#include "core/tensor/tensor.h"

#include <nlohmann/json_fwd.hpp>

#include <array>
#include <cstdint>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <vector>

namespace bitwright {

/// What turns stored images into model input, in this order: resize, crop, scale, normalise. Unset members
/// are filled from sidecars, then from the data's own nature.
struct Preprocess {
    std::optional<std::string> layout;  ///< how the source stores images: "nhwc" or "nchw"
    std::optional<double> scale;        ///< default 1/255 for uint8, 1 for float
    std::vector<double> mean, std;      ///< per channel, or one value; empty = 0 and 1
    std::optional<std::array<int64_t, 2>> resize; ///< H, W; bilinear with antialiasing as in Pillow
    std::optional<std::array<int64_t, 2>> crop;   ///< H, W; centre crop

    bool operator==(const Preprocess&) const = default;
};
/// The "preprocess" object of a sidecar. InvalidArgument naming the key.
Result<Preprocess> preprocessFromJson(const nlohmann::json& json);
nlohmann::json preprocessToJson(const Preprocess& preprocess);
/// Members of `over` where set, `under` elsewhere.
Preprocess merged(const Preprocess& over, const Preprocess& under);

struct DataOptions {
    std::string split;       ///< "train", "test" or "" = test where the source has both
    Preprocess preprocess;   ///< wins over sidecars
};

/// A sidecar NAME.json beside a model or dataset ("a/b.pt" -> "a/b.json"; a folder: "dir.json" or
/// "dir/bitwright.json"). Missing file = empty sidecar.
struct Sidecar {
    Preprocess preprocess;
    std::vector<std::string> classes;
    Shape inputShape;        ///< without batch; empty = not said
};
Result<Sidecar> readSidecar(const std::string& path);

/// Samples that are decoded when asked for; nothing is loaded whole. Thread-safe for const calls.
class Dataset {
public:
    virtual ~Dataset() = default;

    virtual int64_t size() const = 0;
    /// One sample after preprocessing, without batch: [C, H, W] or the stored shape of non-images.
    virtual Shape sampleShape() const = 0;
    virtual bool hasLabels() const = 0;
    virtual std::vector<std::string> classes() const = 0;
    virtual const Preprocess& preprocess() const = 0;
    /// A sentence for the user: "10,000 images 28x28x1 (IDX), 10 classes".
    virtual std::string describe() const = 0;
    /// Decodes and preprocesses `indices` (each in [0, size)), in parallel, into one F32 (or I64 for integer
    /// sequences) tensor [n, ...]. Corrupt or Io names the sample.
    virtual Result<Tensor> images(std::span<const int64_t> indices) const = 0;
    /// Labels of `indices`, -1 where unknown.
    virtual Result<std::vector<int64_t>> labels(std::span<const int64_t> indices) const = 0;
};

/// Recognises the source by content: HDF5, class folder, IDX (.gz too), CIFAR-10/100 binary, NPY, NPZ.
/// `modelPreprocess` (the model's sidecar) is used where neither options nor the dataset's sidecar say.
Result<std::shared_ptr<Dataset>> openDataset(const std::string& path, const DataOptions& options,
                                             const Sidecar& modelSidecar, Progress& progress);

/// The first `limit` (< 0 = all) of `size` samples after a shuffle seeded with `seed`, in the shuffled
/// order; the same for every platform.
std::vector<int64_t> calibrationSubset(int64_t size, int64_t limit, uint64_t seed);
/// The first `limit` samples in stored order.
std::vector<int64_t> evaluationSubset(int64_t size, int64_t limit);

/// Cuts `indices` into batches; the next one is decoded on a worker while the caller uses the last one.
class BatchLoader {
public:
    BatchLoader(std::shared_ptr<const Dataset> dataset, std::vector<int64_t> indices, int64_t batchSize);
    ~BatchLoader();
    struct Item {
        Tensor images;               ///< [n, ...]
        std::vector<int64_t> labels; ///< n, or empty
        std::vector<int64_t> indices;
    };
    int64_t batches() const;
    /// The next batch; an empty `indices` after the last one.
    Result<Item> next();

private:
    struct Private;
    std::unique_ptr<Private> d;
};

} // namespace bitwright
