// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/base/progress.h"
#include "core/base/result.h"
#include "core/run/backend.h"
#include "core/tensor/tensor.h"

#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <vector>

namespace bitwright {

/// How the axes of a layer's weight are ordered in a file: PyTorch has the output first, Keras last.
enum class WeightLayout { OutputFirst, OutputLast };

/// One tensor of a file. Only its place is known until it is read.
struct StoredTensor {
    std::string name; ///< path in the file, parts joined by '.' ('/' in HDF5)
    DType dtype = DType::F32;
    Shape shape; ///< its elements are known to lie in the file, or to be at most 64 times its bytes
    std::function<Result<Tensor>()> read; ///< the whole tensor, row-major; from any thread
    std::vector<std::string> aliases;     ///< other names of the same memory
};

/// The tensors of a file without a graph.
struct WeightsFile {
    std::vector<StoredTensor> tensors; ///< in the order of the file
    std::vector<std::string> notes;    ///< what was left out, and why; one sentence each
    WeightLayout layout = WeightLayout::OutputFirst;
    /// By tensor name, where the file holds codes: the grid that they lie on.
    std::map<std::string, QuantParams> grids;
};

/// A kind of file; one row of weightsFormats().
struct WeightsFormat {
    const char* name;                            ///< "safetensors"
    bool (*recognises)(const std::string& path); ///< by content
    Result<WeightsFile> (*open)(const std::string& path, Progress& progress);
    const char* howToRun; ///< half a sentence: how to get a model that can be run
};
/// Asked in this order; each recognises only files of its own kind.
const std::vector<WeightsFormat>& weightsFormats();

bool looksLikeSafetensors(const std::string& path);
/// https://huggingface.co/docs/safetensors: length of the header, header as JSON, elements. Tensors that
/// overlap or leave the file are refused.
Result<WeightsFile> openSafetensors(const std::string& path, Progress& progress);

bool looksLikeShardIndex(const std::string& path);
/// "model.safetensors.index.json": {"weight_map": {tensor: file}}, the files beside it and of any other kind.
Result<WeightsFile> openShards(const std::string& path, Progress& progress);

bool looksLikeStateDict(const std::string& path);
/// What torch.save writes, as zip archive or in the older form; nothing in it is executed. Names are the keys
/// of the (nested) dictionaries.
Result<WeightsFile> openStateDict(const std::string& path, Progress& progress);

bool looksLikeKerasHdf5(const std::string& path);
Result<WeightsFile> openKerasHdf5(const std::string& path, Progress& progress);
bool looksLikeKerasArchive(const std::string& path);
/// A zip archive with "model.weights.h5", which is unpacked into the folder for temporary files.
Result<WeightsFile> openKerasArchive(const std::string& path, Progress& progress);

bool looksLikeBitwrightWeights(const std::string& path);
/// What writeWeightsHdf5 writes, decoded; the codes come out of the same grid again.
Result<WeightsFile> openBitwrightWeights(const std::string& path, Progress& progress);

} // namespace bitwright
