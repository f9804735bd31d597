// SPDX-License-Identifier: GPL-3.0-or-later
#include "widgets/core_messages.h"

#include <QCoreApplication>
#include <QRegularExpression>

#include <vector>

namespace bitwright {

namespace {

/// What people meet when something cannot be opened, run or written. A test holds every row against the
/// sources of the core.
constexpr const char* kMessages[]{
    // clang-format off
    QT_TRANSLATE_NOOP("Core", "This layer has no weights to diagnose."),
    QT_TRANSLATE_NOOP("Core", "There are no samples to evaluate on."),
    QT_TRANSLATE_NOOP("Core", "There are no samples to calibrate with."),
    QT_TRANSLATE_NOOP("Core", "There are no samples to measure the sensitivity on."),
    QT_TRANSLATE_NOOP("Core", "There are no samples to train on."),
    QT_TRANSLATE_NOOP("Core", "The model gives no output tensor that could be compared."),
    QT_TRANSLATE_NOOP("Core", "The model answered %1 samples of a batch of %2; a batch size may be fixed in the file, so try --batch %3."),
    QT_TRANSLATE_NOOP("Core", "The data have the label %1, but the model knows only the %2 classes 0 to %3; check that data and model belong together."),
    QT_TRANSLATE_NOOP("Core", "The sensitivity sweep has not measured all layers yet; run it to the end to get an estimate."),
    QT_TRANSLATE_NOOP("Core", "Cannot open the file (%1)."),
    QT_TRANSLATE_NOOP("Core", "The file cannot be read (is it a folder?)."),
    QT_TRANSLATE_NOOP("Core", "The file is larger than %1 bytes."),
    QT_TRANSLATE_NOOP("Core", "Reading the file failed."),
    QT_TRANSLATE_NOOP("Core", "Reading failed (%1)."),
    QT_TRANSLATE_NOOP("Core", "The elements are neither integers nor 16, 32 or 64-bit floats."),
    QT_TRANSLATE_NOOP("Core", "The data lies in other files; copy it into one file first."),
    QT_TRANSLATE_NOOP("Core", "The compression filter \"%1\" is not supported; use gzip."),
    QT_TRANSLATE_NOOP("Core", "There is no such dataset in the file."),
    QT_TRANSLATE_NOOP("Core", "The dataset cannot be opened; it is a group or damaged."),
    QT_TRANSLATE_NOOP("Core", "The HDF5 file is damaged or truncated, or open for writing elsewhere."),
    QT_TRANSLATE_NOOP("Core", "There is no such file."),
    QT_TRANSLATE_NOOP("Core", "There is no such file or folder."),
    QT_TRANSLATE_NOOP("Core", "This is not a file."),
    QT_TRANSLATE_NOOP("Core", "This is not an HDF5 file, or it cannot be read."),
    QT_TRANSLATE_NOOP("Core", "The HDF5 file is damaged: reading it would crash the HDF5 library."),
    QT_TRANSLATE_NOOP("Core", "Looking through the HDF5 file takes longer than %1 seconds: it has too many datasets."),
    QT_TRANSLATE_NOOP("Core", "This is the file of the model that is open, which cannot be replaced; choose another name."),
    QT_TRANSLATE_NOOP("Core", "Reading row %1 failed; the data is damaged or truncated."),
    QT_TRANSLATE_NOOP("Core", "The HDF5 file cannot be created; check the folder and its permissions."),
    QT_TRANSLATE_NOOP("Core", "Writing failed; is the disk full?"),
    QT_TRANSLATE_NOOP("Core", "The file cannot be written; is the disk full?"),
    QT_TRANSLATE_NOOP("Core", "The file with the weights cannot be written; is the disk full?"),
    QT_TRANSLATE_NOOP("Core", "The file cannot be finished; is the disk full?"),
    QT_TRANSLATE_NOOP("Core", "The file cannot be read."),
    QT_TRANSLATE_NOOP("Core", "The statistics are damaged; calibrate again."),
    QT_TRANSLATE_NOOP("Core", "The model takes %1 input tensors, but a dataset holds one per sample; leave the dataset out to use random data."),
    QT_TRANSLATE_NOOP("Core", "This weight holds %1 numbers and cannot be quantized again; keep its layer in float."),
    QT_TRANSLATE_NOOP("Core", "The plan gives %1 ranges for the weights of this layer, but %2 are needed; choose an estimator instead."),
    QT_TRANSLATE_NOOP("Core", "The file of encodings is not JSON."),
    QT_TRANSLATE_NOOP("Core", "No name in the file of encodings is the name of a layer or parameter of this model."),
    QT_TRANSLATE_NOOP("Core", "An entry in the file of encodings has a value of the wrong kind."),
    QT_TRANSLATE_NOOP("Core", "This session is damaged or incomplete; open the model and its plan instead."),
    QT_TRANSLATE_NOOP("Core", "This is not a Bitwright session."),
    QT_TRANSLATE_NOOP("Core", "This session was written by a newer Bitwright; update to open it."),
    QT_TRANSLATE_NOOP("Core", "The stored results are damaged; measure them again."),
    QT_TRANSLATE_NOOP("Core", "The statistics of this session are damaged; calibrate again."),
    QT_TRANSLATE_NOOP("Core", "The packed weights are damaged."),
    QT_TRANSLATE_NOOP("Core", "The pickle ends too early; it is truncated."),
    QT_TRANSLATE_NOOP("Core", "The file ends too early; it is truncated."),
    QT_TRANSLATE_NOOP("Core", "A storage ends behind the file; it is damaged or truncated."),
    QT_TRANSLATE_NOOP("Core", "The tensor lies outside of its storage; the file is damaged or truncated."),
    QT_TRANSLATE_NOOP("Core", "The index of shards is damaged: it has no object \"weight_map\"."),
    QT_TRANSLATE_NOOP("Core", "The index of shards is damaged: \"%1\" lies in no file of the same folder."),
    QT_TRANSLATE_NOOP("Core", "The file holds weights but no graph, so it cannot be run, calibrated, evaluated or trained; %1"),
    QT_TRANSLATE_NOOP("Core", "There is no such tensor in the file."),
    QT_TRANSLATE_NOOP("Core", "The file holds no tensors.%1"),
    QT_TRANSLATE_NOOP("Core", "The file needs more memory than there is."),
    QT_TRANSLATE_NOOP("Core", "The archive is truncated or damaged; get the file again."),
    QT_TRANSLATE_NOOP("Core", "The archive would grow more than 64-fold when unpacked and is not opened."),
    QT_TRANSLATE_NOOP("Core", "The archive has no such entry; it is damaged."),
    QT_TRANSLATE_NOOP("Core", "This entry of the archive is damaged or truncated."),
    QT_TRANSLATE_NOOP("Core", "Equalizing would change what the model computes; it stays as it is."),
    QT_TRANSLATE_NOOP("Core", "The plan has version %1; this program reads version 1."),
    QT_TRANSLATE_NOOP("Core", "The plan is not valid JSON."),
    QT_TRANSLATE_NOOP("Core", "The plan must be a JSON object."),
    QT_TRANSLATE_NOOP("Core", "\"%1\" is not a key of a layer's plan."),
    QT_TRANSLATE_NOOP("Core", "\"%1\" is not a key of the defaults."),
    QT_TRANSLATE_NOOP("Core", "\"%1\" is not a key of a precision."),
    QT_TRANSLATE_NOOP("Core", "\"%1\" must be %2."),
    QT_TRANSLATE_NOOP("Core", "A precision must be a JSON object."),
    QT_TRANSLATE_NOOP("Core", "Weights of models of this format cannot be changed."),
    QT_TRANSLATE_NOOP("Core", "A batch cannot be decoded (%1); use a smaller batch."),
    QT_TRANSLATE_NOOP("Core", "A batch would take over 8 GiB; use a smaller batch, a resize or a crop."),
    QT_TRANSLATE_NOOP("Core", "The unpacked data (%1 MiB) does not fit into %2; unpack the file yourself or set TMPDIR."),
    QT_TRANSLATE_NOOP("Core", "The gzip data is damaged or truncated."),
    QT_TRANSLATE_NOOP("Core", "There is more data than the header says."),
    QT_TRANSLATE_NOOP("Core", "This is no dataset that Bitwright reads: HDF5, IDX (also .gz), CIFAR binary, NPY, NPZ, or a folder with one sub-folder of images per class."),
    QT_TRANSLATE_NOOP("Core", "There is not a single sample."),
    QT_TRANSLATE_NOOP("Core", "There are %1 samples but %2 labels."),
    QT_TRANSLATE_NOOP("Core", "The samples are empty: %1."),
    QT_TRANSLATE_NOOP("Core", "This is no CIFAR file, or it is truncated."),
    QT_TRANSLATE_NOOP("Core", "The folder holds no images (.jpg .png .bmp .ppm) and no other data set."),
    QT_TRANSLATE_NOOP("Core", "There are more labels than Bitwright reads (67 million)."),
    QT_TRANSLATE_NOOP("Core", "This is not an IDX file."),
    QT_TRANSLATE_NOOP("Core", "The file ends within its header."),
    QT_TRANSLATE_NOOP("Core", "There is no split \"%1\"; the file holds: %2."),
    QT_TRANSLATE_NOOP("Core", "No images were found; name them \"images\" and \"labels\" (or x and y, in groups or with prefixes train and test); the file holds: %1."),
    QT_TRANSLATE_NOOP("Core", "This is not an NPY array, or its header is damaged."),
    QT_TRANSLATE_NOOP("Core", "The NPY header is damaged, or the array has named fields."),
    QT_TRANSLATE_NOOP("Core", "Elements of the type %1 are not read; save numbers."),
    QT_TRANSLATE_NOOP("Core", "The array is stored in Fortran order; save numpy.ascontiguousarray(a) instead."),
    QT_TRANSLATE_NOOP("Core", "This array of the archive is damaged."),
    QT_TRANSLATE_NOOP("Core", "This array of the archive is damaged or truncated."),
    QT_TRANSLATE_NOOP("Core", "The archive is damaged or truncated."),
    QT_TRANSLATE_NOOP("Core", "The image is %1x%2; at most 32768 a side and 134 million pixels are read."),
    QT_TRANSLATE_NOOP("Core", "CMYK JPEG files are not read; convert the image to RGB."),
    QT_TRANSLATE_NOOP("Core", "This is no JPEG, PNG, BMP or binary PNM image."),
    QT_TRANSLATE_NOOP("Core", "This image is %1x%2, the first one %3x%4; give a resize or crop."),
    QT_TRANSLATE_NOOP("Core", "The sidecar is not a JSON object; repair or remove it."),
    QT_TRANSLATE_NOOP("Core", "The sizes in the header are impossible; the file is damaged."),
    QT_TRANSLATE_NOOP("Core", "Labels must be one class number per sample, but their shape is %1."),
    QT_TRANSLATE_NOOP("Core", "Labels must be whole numbers."),
    QT_TRANSLATE_NOOP("Core", "It must be %1."),
    QT_TRANSLATE_NOOP("Core", "Without labels and without distillation there is nothing to learn from."),
    QT_TRANSLATE_NOOP("Core", "The model uses the operator %1, which this LibTorch has no kernel for."),
    QT_TRANSLATE_NOOP("Core", "The input \"%1\" has the type %2, for which Bitwright cannot make an example; wrap the model in a module that takes tensors."),
    QT_TRANSLATE_NOOP("Core", "No example input was found that the model accepts; give the input shape without batch, as in C,H,W (first failure: %1)"),
    QT_TRANSLATE_NOOP("Core", "This model hands its own modules or objects of its own classes around; a quantized TorchScript file cannot take them over."),
    QT_TRANSLATE_NOOP("Core", "Opening took longer than %1 seconds and was stopped; raise the time limit or check the model."),
    QT_TRANSLATE_NOOP("Core", "There is not enough memory for this model or batch."),
    QT_TRANSLATE_NOOP("Core", "The TorchScript module has no method \"forward\"."),
    QT_TRANSLATE_NOOP("Core", "The model has more than 500,000 operators after inlining."),
    QT_TRANSLATE_NOOP("Core", "The operator %1 (node \"%2\") is not supported."),
    QT_TRANSLATE_NOOP("Core", "The node \"%1\" (operator %2) cannot be converted: %3"),
    QT_TRANSLATE_NOOP("Core", "The file is of ONNX IR version %1, which is newer than this program; save it with IR version 10."),
    QT_TRANSLATE_NOOP("Core", "The file is larger than 2 GB; save its weights as external data beside it."),
    QT_TRANSLATE_NOOP("Core", "No node makes the output \"%1\"."),
    QT_TRANSLATE_NOOP("Core", "The model has no parameter of this name."),
    QT_TRANSLATE_NOOP("Core", "The model accepts one sample at a time; use batch size 1."),
    QT_TRANSLATE_NOOP("Core", "Binary weights cannot be pruned: the format has no zero. Give the layer another one."),
    QT_TRANSLATE_NOOP("Core", "No layer of the model can be pruned this way."),
    QT_TRANSLATE_NOOP("Core", "Channels of this operator cannot be removed."),
    QT_TRANSLATE_NOOP("Core", "Without the removed channels the model computes something else than with zeros in their place; nothing was removed."),
    QT_TRANSLATE_NOOP("Core", "The model has no channels that could be removed."),
    QT_TRANSLATE_NOOP("Core", "No gradient reaches the parameters: the model cuts it, or has none."),
    QT_TRANSLATE_NOOP("Core", "The loss is no longer a number; lower the learning rate."),
    QT_TRANSLATE_NOOP("Core", "Only a model that LibTorch runs can be trained."),
    QT_TRANSLATE_NOOP("Core", "Only a model that LibTorch runs can be written as TorchScript."),
    QT_TRANSLATE_NOOP("Core", "Only a model that this program runs can be written."),
    QT_TRANSLATE_NOOP("Core", "This is a folder, not a model file."),
    QT_TRANSLATE_NOOP("Core", "Not a model that Bitwright can read; save it as TorchScript (torch.jit.script or torch.jit.trace, then .save) or as ONNX."),
    QT_TRANSLATE_NOOP("Core", "This value is not made for this sample."),
    QT_TRANSLATE_NOOP("Core", "This is not the model of the session; its contents differ from those it was made with."),
    QT_TRANSLATE_NOOP("Core", "Models of the format %1 cannot be trained."),
    QT_TRANSLATE_NOOP("Core", "Tuned models of the format %1 cannot be written."),
    QT_TRANSLATE_NOOP("Core", "The session was made by another version of Bitwright; calibrate again."),
    QT_TRANSLATE_NOOP("Core", "Scales and offsets of every tensor as JSON in AIMET's layout 1.0.0."),
    QT_TRANSLATE_NOOP("Core", "The same as JSON in AIMET's older layout 0.6.1."),
    QT_TRANSLATE_NOOP("Core", "Scales of activations as a calibration cache of TensorRT."),
    QT_TRANSLATE_NOOP("Core", "TensorQuantOverrides of ONNX Runtime's quantization tool as JSON."),
    QT_TRANSLATE_NOOP("Core", "Packed integer weights with scales, zero points and names as HDF5."),
    QT_TRANSLATE_NOOP("Core", "The plan itself: which layer has which precision, as JSON."),
    QT_TRANSLATE_NOOP("Core", "TorchScript that computes in float what the simulation computes."),
    QT_TRANSLATE_NOOP("Core", "TorchScript with 8-bit weights and integer kernels: smaller and faster."),
    QT_TRANSLATE_NOOP("Core", "ONNX with integer weights that runtimes merge into integer kernels."),
    QT_TRANSLATE_NOOP("Core", "ONNX of the float model, batch-norm folded."),
    QT_TRANSLATE_NOOP("Core", "There is nothing to choose from: every layer of the sweep is locked or does not have integer weights."),
    QT_TRANSLATE_NOOP("Core", "There is nothing to choose from: run the sensitivity sweep (enable one, weights) first."),
    QT_TRANSLATE_NOOP("Core", "The budget is too small: the weights take at least %1 bits on average with what is locked and was swept."),
    // clang-format on
};

const QRegularExpression kPlace(QStringLiteral("%([1-9])"));

struct Pattern {
    const char* text;
    QRegularExpression expression;
    QList<int> places; ///< number of the n-th capture's placeholder
};

/// "There are %1 samples." as an expression that captures what stands for %1.
Pattern patternOf(const char* text)
{
    Pattern pattern{text, {}, {}};
    const QString whole = QString::fromUtf8(text);
    QString expression;
    qsizetype from = 0;
    for (auto it = kPlace.globalMatch(whole); it.hasNext();) {
        const QRegularExpressionMatch match = it.next();
        expression += QRegularExpression::escape(whole.mid(from, match.capturedStart() - from)) +
                      QStringLiteral("(.*)");
        from = match.capturedEnd();
        pattern.places << match.captured(1).toInt();
    }
    expression += QRegularExpression::escape(whole.mid(from));
    pattern.expression = QRegularExpression(QRegularExpression::anchoredPattern(expression),
                                            QRegularExpression::DotMatchesEverythingOption);
    return pattern;
}

QString filled(const Pattern& pattern, const QRegularExpressionMatch& match)
{
    const QString translated = QCoreApplication::translate("Core", pattern.text);
    QString text;
    qsizetype from = 0;
    for (auto it = kPlace.globalMatch(translated); it.hasNext();) {
        const QRegularExpressionMatch place = it.next();
        text += translated.mid(from, place.capturedStart() - from);
        text += match.captured(int(pattern.places.indexOf(place.captured(1).toInt())) + 1);
        from = place.capturedEnd();
    }
    return text + translated.mid(from);
}

} // namespace

std::span<const char* const> coreMessages()
{
    return kMessages;
}

QString coreText(const std::string& message)
{
    static const std::vector<Pattern> patterns = [] {
        std::vector<Pattern> made;
        for (const char* text : kMessages)
            made.push_back(patternOf(text));
        return made;
    }();
    const QString text = QString::fromStdString(message);
    for (const Pattern& pattern : patterns)
        if (const auto match = pattern.expression.match(text); match.hasMatch())
            return filled(pattern, match);
    return text;
}

} // namespace bitwright
