// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/run/dataset.h"

#include "core/base/hdf5_file.h"
#include "core/base/parallel.h"
#include "core/run/preprocessor.h"
#include "core/run/splits.h"
#include "core/run/stored_samples.h"

#include <algorithm>
#include <filesystem>

namespace bitwright {
namespace {

constexpr int64_t kMaxBatchBytes = int64_t(8) << 30;

/// 60000 -> "60,000".
std::string grouped(int64_t number)
{
    std::string text = std::to_string(number);
    for (int64_t at = int64_t(text.size()) - 3; at > 0; at -= 3)
        text.insert(size_t(at), ",");
    return text;
}

class PreparedDataset : public Dataset {
public:
    PreparedDataset(StoredSamplesPtr stored, Preprocessor preprocessor, Shape sampleShape,
                    std::vector<std::string> classes)
        : m_stored(std::move(stored))
        , m_preprocessor(std::move(preprocessor))
        , m_sampleShape(std::move(sampleShape))
        , m_classes(std::move(classes))
    {
    }

    int64_t size() const override { return m_stored->size; }
    Shape sampleShape() const override { return m_sampleShape; }
    bool hasLabels() const override { return !m_stored->labels.empty(); }
    std::vector<std::string> classes() const override { return m_classes; }
    const Preprocess& preprocess() const override { return m_preprocessor.resolved(); }

    std::string describe() const override
    {
        std::string shape;
        for (const int64_t size : m_stored->shape)
            shape += (shape.empty() ? "" : "x") + std::to_string(size);
        std::string text = grouped(size()) + (m_preprocessor.isImage() ? " images" : " samples");
        if (m_stored->varying)
            text += " of several sizes (" + m_stored->kind + ")";
        else
            text += " " + (shape.empty() ? "of one value" : shape) + " (" + m_stored->kind + ")";
        const auto& labels = m_stored->labels;
        if (labels.empty())
            return text + ", without labels";
        const int64_t classes = m_classes.empty() ? *std::max_element(labels.begin(), labels.end()) + 1
                                                  : int64_t(m_classes.size());
        return text + ", " + grouped(classes) + (classes == 1 ? " class" : " classes");
    }

    Result<Tensor> images(std::span<const int64_t> indices) const override
    {
        BITWRIGHT_CHECK(checkIndices(indices));
        const DType type = m_preprocessor.outputType();
        const int64_t elements = elementCount(m_sampleShape), bytes = elements * dtypeBytes(type);
        if (bytes > 0 && int64_t(indices.size()) > kMaxBatchBytes / bytes)
            return Error{
                Error::Limit, "A batch would take over 8 GiB; use a smaller batch, a resize or a crop.", {}};
        BITWRIGHT_TRY(const std::vector<Tensor> stored, m_stored->read(indices));
        Shape shape = m_sampleShape;
        shape.insert(shape.begin(), int64_t(indices.size()));
        Tensor batch = Tensor::empty(type, shape);
        std::vector<Result<void>> done(indices.size());
        parallelFor(int64_t(indices.size()), [&](int64_t i) {
            done[size_t(i)] =
                m_preprocessor.apply(stored[size_t(i)], static_cast<char*>(batch.mutableData()) + i * bytes);
        });
        for (size_t i = 0; i < done.size(); ++i)
            if (!done[i])
                return Error{done[i].error().code,
                             "Sample " + std::to_string(indices[i]) + ": " + done[i].error().message,
                             done[i].error().where};
        return batch;
    }

    Result<std::vector<int64_t>> labels(std::span<const int64_t> indices) const override
    {
        BITWRIGHT_CHECK(checkIndices(indices));
        std::vector<int64_t> result;
        for (const int64_t index : indices)
            result.push_back(hasLabels() ? m_stored->labels[size_t(index)] : -1);
        return result;
    }

    const std::string& split() const { return m_stored->split; }

private:
    Result<void> checkIndices(std::span<const int64_t> indices) const
    {
        for (const int64_t index : indices)
            if (index < 0 || index >= size())
                return Error{Error::InvalidArgument,
                             "There is no sample " + std::to_string(index) + " among " + grouped(size()) +
                                 ".",
                             {}};
        return {};
    }

    StoredSamplesPtr m_stored;
    Preprocessor m_preprocessor;
    Shape m_sampleShape;
    std::vector<std::string> m_classes;
};

/// The channels that image files are decoded to: what the model takes, else what the means are for, else 0.
int wantedChannels(const Preprocess& preprocess, const Sidecar& data, const Sidecar& model)
{
    for (const Shape& shape : {model.inputShape, data.inputShape})
        if (shape.size() == 3 && (shape[0] == 1 || shape[0] == 3))
            return int(shape[0]);
    return preprocess.mean.size() == 3 || preprocess.std.size() == 3 ? 3 : 0;
}

Result<StoredSamplesPtr> openStored(const std::string& path, const std::string& split, int channels,
                                    Progress& progress)
{
    std::error_code failure;
    if (!std::filesystem::exists(path, failure))
        return Error{Error::NotFound, "There is no such file or folder.", path};
    if (looksLikeHdf5(path))
        return openHdf5Samples(path, split, progress);
    if (recognisesNumpy(path))
        return openNumpySamples(path, split, progress);
    if (recognisesCifar(path))
        return openCifarSamples(path, split, progress);
    if (recognisesIdx(path))
        return openIdxSamples(path, split, progress);
    if (std::filesystem::is_directory(path, failure))
        return openFolderSamples(path, split, channels, progress);
    if (isGzip(path))
        BITWRIGHT_CHECK(firstBytes(path, 36)); // damaged gzip says so itself
    return Error{
        Error::Unsupported,
        "This is no dataset that Bitwright reads: HDF5, IDX (also .gz), CIFAR binary, NPY, NPZ, or a folder "
        "with one sub-folder of images per class.",
        path};
}

/// Samples whose elements are the same in the same order under the model's input shape take that shape:
/// [1, 28, 28] -> [28, 28] or [784], but never [32, 32, 3] -> [3, 32, 32].
Shape fittedShape(const Shape& sample, const Shape& wanted)
{
    const auto withoutOnes = [](Shape shape) {
        std::erase(shape, 1);
        return shape;
    };
    const bool isView = withoutOnes(sample) == withoutOnes(wanted) ||
                        (wanted.size() == 1 && elementCount(sample) == wanted[0]);
    return !wanted.empty() && isView ? wanted : sample;
}

} // namespace

std::string splitOf(const Dataset& dataset)
{
    const auto* prepared = dynamic_cast<const PreparedDataset*>(&dataset);
    return prepared ? prepared->split() : std::string();
}

Result<std::shared_ptr<Dataset>> openDataset(const std::string& path, const DataOptions& options,
                                             const Sidecar& modelSidecar, Progress& progress)
{
    BITWRIGHT_TRY(const Sidecar sidecar, readSidecar(path));
    Preprocess wanted = merged(merged(options.preprocess, sidecar.preprocess), modelSidecar.preprocess);
    const int channels = wantedChannels(wanted, sidecar, modelSidecar);
    BITWRIGHT_TRY(const StoredSamplesPtr stored, openStored(path, options.split, channels, progress));
    if (stored->size == 0)
        return Error{Error::Unsupported, "There is not a single sample.", path};
    if (!stored->labels.empty() && int64_t(stored->labels.size()) != stored->size)
        return Error{Error::Corrupt,
                     "There are " + grouped(stored->size) + " samples but " +
                         grouped(int64_t(stored->labels.size())) + " labels.",
                     path};
    if (std::count(stored->shape.begin(), stored->shape.end(), 0) > 0)
        return Error{Error::Unsupported, "The samples are empty: " + shapeText(stored->shape) + ".", path};
    if (stored->layout)
        wanted.layout = stored->layout;
    auto preprocessor = Preprocessor::make(wanted, {stored->dtype, stored->shape, stored->varying});
    if (!preprocessor)
        return preprocessor.error();
    const Shape shape = fittedShape(preprocessor->outputShape(), modelSidecar.inputShape);
    const auto& classes = !stored->classes.empty()   ? stored->classes
                          : !sidecar.classes.empty() ? sidecar.classes
                                                     : modelSidecar.classes;
    return std::shared_ptr<Dataset>(
        std::make_shared<PreparedDataset>(stored, *std::move(preprocessor), shape, classes));
}

} // namespace bitwright
