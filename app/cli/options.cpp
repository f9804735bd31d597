// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/cli/options.h"

#include <CLI/CLI.hpp>

#include <charconv>

namespace bitwright::cli {
namespace {

constexpr int64_t kMost = int64_t(1) << 40;

/// Positive integers separated by `separator`; empty when the text is anything else.
std::vector<int64_t> integers(const std::string& text, char separator)
{
    std::vector<int64_t> values;
    const char *at = text.data(), *end = at + text.size();
    while (at <= end) {
        int64_t value = 0;
        const auto [next, code] = std::from_chars(at, end, value);
        if (code != std::errc() || value <= 0 || value > kMost || (next != end && *next != separator))
            return {};
        values.push_back(value);
        if (next == end)
            return values;
        at = next + 1;
    }
    return {};
}

std::string checkedSpec(const std::string& text, const QuantSpec& base)
{
    const Result<QuantSpec> spec = parseSpec(text, base);
    return spec ? std::string() : spec.error().text();
}

CLI::Validator shapeCheck(const char* form, char separator, size_t count)
{
    const auto check = [=](const std::string& text) {
        const size_t got = integers(text, separator).size();
        return got > 0 && (count == 0 || got == count)
                   ? std::string()
                   : "expected " + std::string(form) + ", not \"" + text + "\"";
    };
    return CLI::Validator(check, "");
}

CLI::Validator specCheck(const QuantSpec& base)
{
    return CLI::Validator([base](const std::string& text) { return checkedSpec(text, base); }, "");
}

std::optional<std::array<int64_t, 2>> heightWidth(const std::string& text)
{
    const std::vector<int64_t> values = integers(text, 'x');
    return values.size() == 2 ? std::optional(std::array{values[0], values[1]}) : std::nullopt;
}

} // namespace

CLI::Validator numberFrom(double low, double high)
{
    const auto check = [low, high](const std::string& text) {
        double value = 0;
        const bool isNumber = CLI::detail::lexical_cast(text, value) && value >= low && value <= high;
        return isNumber ? std::string() : "\"" + text + "\" is not a number that can stand here";
    };
    return CLI::Validator(check, "");
}

void addModelOptions(CLI::App& verb, Options& o)
{
    verb.add_option("MODEL", o.model,
                    "Model file: TorchScript or ONNX; or weights alone (safetensors, torch.save, Keras); "
                    "recognised by content")
        ->required();
    const std::string model = "Model";
    verb.add_option("--input-shape", o.inputShapes,
                    "Shape of one sample, without batch; repeat it for models with several inputs")
        ->type_name("C,H,W")
        ->allow_extra_args(false)
        ->check(shapeCheck("C,H,W", ',', 0))
        ->group(model);
    verb.add_flag("--no-fold", o.noFold, "Keep batch-norm layers; do not fold them into the layer before")
        ->group(model);
    const std::string output = "Output";
    verb.add_option("--json", o.json,
                    "Write the result as JSON to FILE, '-' = standard output, instead of a table")
        ->type_name("FILE")
        ->group(output);
    verb.add_flag("-q,--quiet", o.quiet, "No progress and no notes on standard error")->group(output);
    const std::string run = "Running";
    verb.add_option("--threads", o.threads, "Worker threads; 0 = all cores")
        ->check(CLI::Range(0, 1024))
        ->type_name("T")
        ->capture_default_str()
        ->group(run);
    verb.add_option("--seed", o.seed, "Seed of random data and of the calibration shuffle")
        ->type_name("S")
        ->capture_default_str()
        ->group(run);
}

void addDataOptions(CLI::App& verb, Options& o, const std::string& limitHelp)
{
    const std::string data = "Data";
    verb.add_option("--data", o.data,
                    "Dataset: HDF5, class folders, IDX, CIFAR binary, .npy or .npz (by content)")
        ->type_name("PATH")
        ->group(data);
    verb.add_option("--split", o.split, "Which part, where the source has both; default: test")
        ->check(CLI::IsMember({"train", "test"}))
        ->type_name("NAME")
        ->group(data);
    verb.add_option("--limit", o.limit, limitHelp)
        ->check(CLI::Range(int64_t(1), kMost))
        ->type_name("N")
        ->group(data);
    verb.add_option("--batch", o.batch, "Samples computed at once; results differ by rounding at most")
        ->check(CLI::Range(int64_t(1), int64_t(1) << 20))
        ->type_name("N")
        ->capture_default_str()
        ->group(data);
    const std::string pre = "Preprocessing (wins over sidecar files; order: resize, crop, scale, normalise)";
    verb.add_option("--layout", o.layout, "How the source stores images")
        ->check(CLI::IsMember({"nhwc", "nchw"}))
        ->type_name("nhwc|nchw")
        ->group(pre);
    verb.add_option("--scale", o.scale, "Factor on the stored values; default 1/255 for uint8, 1 for float")
        ->check(numberFrom())
        ->type_name("F")
        ->group(pre);
    verb.add_option("--mean", o.mean, "Mean to subtract, one or one a channel")
        ->delimiter(',')
        ->allow_extra_args(false)
        ->check(numberFrom())
        ->type_name("A,B,C")
        ->group(pre);
    verb.add_option("--std", o.std, "Deviation to divide by, one or one a channel")
        ->delimiter(',')
        ->allow_extra_args(false)
        ->check(numberFrom(1e-300))
        ->type_name("A,B,C")
        ->group(pre);
    verb.add_option("--resize", o.resize, "Resize images, bilinear with antialiasing")
        ->check(shapeCheck("HxW", 'x', 2))
        ->type_name("HxW")
        ->group(pre);
    verb.add_option("--crop", o.crop, "Cut the centre out of images")
        ->check(shapeCheck("HxW", 'x', 2))
        ->type_name("HxW")
        ->group(pre);
}

void addPlanOptions(CLI::App& verb, Options& o)
{
    verb.add_option("--calib-limit", o.calibLimit,
                    "Samples to calibrate with: the first N after the seeded shuffle, of the train split "
                    "where there is one")
        ->check(CLI::Range(int64_t(1), kMost))
        ->type_name("N")
        ->capture_default_str()
        ->group("Data");
    const std::string group = "Plan";
    CLI::Option* plan = verb.add_option("--plan", o.plan, "Plan file")->type_name("FILE.json")->group(group);
    verb.add_option("--weights", o.weights,
                    "bits[:scheme[:granularity[:estimator]]], for example 4:symmetric:channel:mse; or float")
        ->check(specCheck(QuantSpec::defaultWeights()))
        ->excludes(plan)
        ->type_name("SPEC")
        ->group(group);
    verb.add_option("--activations", o.activations,
                    "The same for activations, for example 8:asymmetric:tensor:percentile=99.99")
        ->check(specCheck(QuantSpec::defaultActivations()))
        ->excludes(plan)
        ->type_name("SPEC")
        ->group(group);
    verb.add_option(
            "--layer", o.layers,
            "Exception for the layers that match, applied in order: 'conv*=W4A8', 'head=float'; repeatable")
        ->allow_extra_args(false)
        ->type_name("GLOB=RULE")
        ->group(group);
    verb.add_option("--first-last", o.firstLast,
                    "Bits of the first and the last layer with weights, and of their inputs")
        ->check(CLI::Range(1, 16))
        ->type_name("BITS")
        ->group(group);
}

OpenOptions openOptions(const Options& options)
{
    OpenOptions open;
    open.foldBatchNorm = !options.noFold;
    for (const std::string& text : options.inputShapes)
        open.inputShapes.push_back(integers(text, ','));
    return open;
}

Preprocess preprocessOptions(const Options& options)
{
    Preprocess preprocess;
    if (!options.layout.empty())
        preprocess.layout = options.layout;
    preprocess.scale = options.scale;
    preprocess.mean = options.mean;
    preprocess.std = options.std;
    preprocess.resize = heightWidth(options.resize);
    preprocess.crop = heightWidth(options.crop);
    return preprocess;
}

} // namespace bitwright::cli
