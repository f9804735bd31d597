// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/run/pruning.h"

#include "core/graph/channel_place.h"

#include <algorithm>
#include <array>
#include <charconv>
#include <cmath>
#include <numeric>
#include <utility>

namespace bitwright {
namespace {

/// Share of the training after which the sparsity is final.
constexpr double kLast = 0.75;

constexpr std::pair<std::string_view, PruneOptions::Kind> kShares[] = {
    {"magnitude=", PruneOptions::Magnitude}, {"channels=", PruneOptions::Channels}};

/// Sets the `count` smallest |w| among `candidates` to 0 in `mask`.
void pruneSmallest(std::span<const float> weight, std::vector<int64_t> candidates, int64_t count,
                   std::vector<uint8_t>& mask)
{
    count = std::clamp<int64_t>(count, 0, int64_t(candidates.size()));
    const auto smaller = [&](int64_t a, int64_t b) {
        const float x = std::abs(weight[size_t(a)]), y = std::abs(weight[size_t(b)]);
        return x != y ? x < y : a < b;
    };
    std::nth_element(candidates.begin(), candidates.begin() + count, candidates.end(), smaller);
    for (int64_t i = 0; i < count; ++i)
        mask[size_t(candidates[size_t(i)])] = 0;
}

/// The elements that 2:4 prunes in the end.
std::vector<int64_t> smallerHalves(std::span<const float> weight, const WeightRef& reference)
{
    const Shape& shape = reference.shape;
    const int64_t length = shape[size_t(reference.inputAxis)];
    const int64_t stride = elementCount({shape.begin() + reference.inputAxis + 1, shape.end()});
    std::vector<int64_t> pruned;
    for (int64_t outer = 0; outer < int64_t(weight.size()); outer += length * stride)
        for (int64_t inner = 0; inner < stride; ++inner)
            for (int64_t i = 0; i + 4 <= length; i += 4) {
                std::array<int64_t, 4> four{};
                for (int64_t k = 0; k < 4; ++k)
                    four[size_t(k)] = outer + inner + (i + k) * stride;
                std::stable_sort(four.begin(), four.end(), [&](int64_t a, int64_t b) {
                    return std::abs(weight[size_t(a)]) < std::abs(weight[size_t(b)]);
                });
                pruned.insert(pruned.end(), four.begin(), four.begin() + 2);
            }
    return pruned;
}

} // namespace

Result<PruneOptions> parsePrune(std::string_view text)
{
    PruneOptions options;
    if (text == "none" || text.empty())
        return options;
    if (text == "2:4") {
        options.kind = PruneOptions::TwoOfFour;
        options.share = 0.5;
        return options;
    }
    for (const auto& [prefix, kind] : kShares) {
        if (text.substr(0, prefix.size()) != prefix)
            continue;
        const char* end = text.data() + text.size();
        const auto read = std::from_chars(text.data() + prefix.size(), end, options.share);
        options.kind = kind;
        if (read.ec == std::errc() && read.ptr == end && options.share > 0 && options.share < 1)
            return options;
    }
    return Error{Error::InvalidArgument,
                 "\"" + std::string(text) +
                     "\" is no way of pruning; there are magnitude=SHARE and channels=SHARE (above 0, below "
                     "1), 2:4 and none.",
                 "prune"};
}

std::string pruneText(const PruneOptions& options)
{
    for (const auto& [prefix, kind] : kShares)
        if (options.kind == kind) {
            char text[32];
            return std::string(prefix) +
                   std::string(text, std::to_chars(text, text + sizeof text, options.share).ptr);
        }
    return options.kind == PruneOptions::TwoOfFour ? "2:4" : "none";
}

double pruneProgress(const PruneOptions& options, double progress)
{
    if (!options.gradual)
        return 1;
    const double left = 1 - std::clamp(progress / kLast, 0.0, 1.0);
    return 1 - left * left * left;
}

bool isPrunable(const Layer& layer)
{
    const bool product = layer.op == OpKind::Conv || layer.op == OpKind::ConvTranspose ||
                         layer.op == OpKind::Linear || layer.op == OpKind::Recurrent ||
                         layer.op == OpKind::MatMul;
    return product && !isDepthwise(layer);
}

std::string whyNotPruned(const WeightRef& weight, const PruneOptions& options)
{
    if (options.kind != PruneOptions::TwoOfFour)
        return {};
    if (weight.inputAxis < 0 || weight.inputAxis >= int(weight.shape.size()))
        return "has no axis of input channels";
    const int64_t inputs = weight.shape[size_t(weight.inputAxis)];
    return inputs % 4 == 0 ? "" : "has " + std::to_string(inputs) + " input channels, no multiple of 4";
}

std::vector<uint8_t> pruneMask(std::span<const float> weight, const WeightRef& reference,
                               const PruneOptions& options, double part)
{
    std::vector<uint8_t> mask(weight.size(), 1);
    std::vector<int64_t> candidates;
    // To the nearest, ties to even: what Python's round() in torch.nn.utils.prune does.
    int64_t count = 0;
    if (options.kind == PruneOptions::TwoOfFour) {
        candidates = smallerHalves(weight, reference);
        count = int64_t(std::nearbyint(part * double(candidates.size())));
    } else if (options.kind == PruneOptions::Magnitude) {
        candidates.resize(weight.size());
        std::iota(candidates.begin(), candidates.end(), int64_t(0));
        count = int64_t(std::nearbyint(part * options.share * double(weight.size())));
    }
    pruneSmallest(weight, std::move(candidates), count, mask);
    return mask;
}

} // namespace bitwright
