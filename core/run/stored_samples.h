// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/base/progress.h"
#include "core/base/result.h"
#include "core/run/byte_source.h"
#include "core/tensor/tensor.h"

#include <cstdint>
#include <memory>
#include <optional>
#include <set>
#include <span>
#include <string>
#include <vector>

namespace bitwright {

/// What no file holds that is not damaged.
constexpr int64_t kMaxSampleBytes = int64_t(1) << 30;
constexpr int64_t kMaxLabels = int64_t(1) << 26;

/// What is common to all sources: samples as they are stored, before preprocessing. Thread-safe.
class StoredSamples {
public:
    virtual ~StoredSamples() = default;

    std::string kind;  ///< "IDX", for describe()
    std::string split; ///< see splitOf()
    int64_t size = 0;
    DType dtype = DType::U8;
    Shape shape;                       ///< of one sample; of the first one where varying
    bool varying = false;              ///< image files: every sample is [H, W, C] of its own size
    std::optional<std::string> layout; ///< where the format itself says it: "nhwc" or "nchw"
    std::vector<int64_t> labels;       ///< `size`, or empty
    std::vector<std::string> classes;  ///< names, or empty

    /// One tensor per index, each of `dtype`.
    virtual Result<std::vector<Tensor>> read(std::span<const int64_t> indices) const = 0;
};
using StoredSamplesPtr = std::shared_ptr<const StoredSamples>;

/// Equal rows at fixed distances in bytes that can be read anywhere: IDX, NPY and CIFAR files.
struct RawRows {
    std::shared_ptr<const ByteSource> bytes;
    int64_t offset = 0, stride = 0; ///< of row 0, and from row to row, in bytes
    int64_t rows = 0;
};
/// How elements lie in a file.
struct RawElements {
    DType dtype = DType::U8; ///< that they are read as
    bool bigEndian = false;
    int unsignedBytes =
        0; ///< 2, 4 or 8: unsigned integers without a type of their own, which `dtype` is wide enough for

    int64_t bytes() const { return unsignedBytes ? unsignedBytes : dtypeBytes(dtype); }
    /// `count` elements; what 64 bits with a sign do not hold becomes the largest number that they do.
    Result<void> read(const ByteSource& from, int64_t offset, int64_t count, void* out) const;
};

/// Several files of the same rows one behind the other.
class RawSamples : public StoredSamples {
public:
    std::vector<RawRows> parts;
    RawElements elements;
    Result<std::vector<Tensor>> read(std::span<const int64_t> indices) const override;
};

/// An array in bytes as an IDX or NPY header describes it.
struct RawArray {
    RawElements elements;
    Shape shape;
    int64_t offset = 0; ///< of the first element
};
/// Bytes of all elements; Limit when the sizes cannot be of this world (rank over 8, negative, overflow,
/// one sample over 1 GiB).
Result<int64_t> checkedBytes(const RawArray& array, const std::string& path);
/// Rows of `array` (dimension 0 counts the samples) without labels.
Result<std::shared_ptr<RawSamples>> makeRawSamples(const RawArray& array,
                                                   std::shared_ptr<const ByteSource> bytes,
                                                   const std::string& kind, const std::string& path);
/// All elements as labels: a vector (or [N, 1]) of integers, or of floats that are whole numbers.
Result<std::vector<int64_t>> readLabels(const RawArray& array, const ByteSource& bytes,
                                        const std::string& path);
/// The same for an array that has been read; `shape` as stored.
Result<std::vector<int64_t>> labelsFrom(const Tensor& values, const std::string& where);

/// The names under which images and labels are found among `names` ("train/images", "x_test", "images").
/// "" as labels = none, as split = there are no splits. See dataset_keys.cpp for the spellings. NotFound
/// lists what there is.
struct DataKeys {
    std::string images, labels, split;
};
Result<DataKeys> findDataKeys(const std::set<std::string>& names, const std::string& split,
                              const std::string& where);
/// Spellings of a split: {"test", "t10k", "val", ...}; "" asks for those of every split in order of
/// preference.
std::vector<std::string> splitSpellings(const std::string& split);
/// The split that is spelled like this: "t10k" -> "test".
std::string splitNamed(const std::string& spelling);

/// The sources. Each recognises its own content: `recognises` is cheap, `open` checks everything.
Result<StoredSamplesPtr> openHdf5Samples(const std::string& path, const std::string& split,
                                         Progress& progress);
Result<StoredSamplesPtr> openIdxSamples(const std::string& path, const std::string& split,
                                        Progress& progress);
Result<StoredSamplesPtr> openCifarSamples(const std::string& path, const std::string& split,
                                          Progress& progress);
Result<StoredSamplesPtr> openNumpySamples(const std::string& path, const std::string& split,
                                          Progress& progress);
/// `channels`: 1 or 3; 0 = as in the first image.
Result<StoredSamplesPtr> openFolderSamples(const std::string& path, const std::string& split, int channels,
                                           Progress& progress);
bool recognisesIdx(const std::string& path);
bool recognisesCifar(const std::string& path);
bool recognisesNumpy(const std::string& path);

} // namespace bitwright
