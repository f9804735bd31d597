// SPDX-License-Identifier: GPL-3.0-or-later
// Counts of n-grams of tokens.
#include "core/torch/onnx/simple_rows_p.h"

#include <ATen/ATen.h>

#include <algorithm>

namespace bitwright::onnxin {
namespace {

constexpr const char* kTextScript = R"(
def count_grams(x, grams, n: int, most_skipped: int):
    total = torch.zeros([x.size(0), grams.size(0)])
    length = x.size(1)
    for skipped in range(most_skipped + 1):
        step = skipped + 1
        places = length - (n - 1) * step
        if places > 0 and (n > 1 or skipped == 0):
            same = torch.ones([x.size(0), places, grams.size(0)], dtype=11)
            for k in range(n):
                part = torch.narrow(x, 1, k * step, places)
                same = torch.logical_and(same, part.unsqueeze(-1) == grams[:, k])
            total = total + same.to(6).sum(1)
    return total

def place(counts, index, width: int, weight, presence: bool):
    if presence:
        counts = (counts > 0).to(6)
    y = torch.zeros([counts.size(0), width])
    return y.scatter(1, index.unsqueeze(0).expand(counts.size()), counts * weight)
)";

Operands tfIdf(Call& call)
{
    const std::vector<int64_t> pool = call.ints("pool_int64s"), starts = call.ints("ngram_counts"),
                               index = call.ints("ngram_indexes");
    if (pool.empty() || index.empty())
        call.fail("counts strings, which cannot be computed with");
    const int64_t least = call.i("min_gram_length", 1), most = call.i("max_gram_length", 1);
    const bool isFlat = call.trace.rank(call.required(0)) == 1;
    Operand x = cast(call.trace, call.in(0), c10::kLong);
    if (isFlat)
        x = call.trace.emit("aten::unsqueeze", {x, 0});
    Operands counts;
    for (size_t i = 0; i < starts.size(); ++i) {
        const int64_t n = int64_t(i) + 1, first = starts[i];
        const int64_t last = i + 1 < starts.size() ? starts[i + 1] : int64_t(pool.size());
        if (first < 0 || last < first || last > int64_t(pool.size()) || (last - first) % n != 0)
            call.fail("has impossible counts of n-grams");
        const int64_t grams = (last - first) / n;
        if (n < least || n > most) {
            counts.push_back(call.trace.emit("aten::zeros", {Numbers{call.trace.dim(x, 0), Number(grams)}}));
            continue;
        }
        const at::Tensor table =
            at::tensor(std::vector<int64_t>(pool.begin() + first, pool.begin() + last)).reshape({grams, n});
        counts.push_back(call.trace.call(kTextScript, "count_grams",
                                         {x, constant(table), n, call.i("max_skip_count", 0)}));
    }
    const std::string mode = call.s("mode", "TF");
    const std::vector<double> weights = call.floats("weights");
    at::Tensor weight = at::ones({int64_t(index.size())});
    if (mode != "TF" && weights.size() == index.size())
        weight = at::tensor(weights, at::kFloat);
    const int64_t width = *std::max_element(index.begin(), index.end()) + 1;
    const Operand made =
        call.trace.call(kTextScript, "place",
                        {call.trace.emit("aten::cat", {counts, 1}), constant(at::tensor(index)), width,
                         constant(weight), mode == "IDF"});
    return {isFlat ? call.trace.emit("aten::squeeze", {made, 0}) : made};
}

constexpr Row kTextRows[] = {{"TfIdfVectorizer", tfIdf}};

} // namespace

std::span<const Row> textRows()
{
    return kTextRows;
}

} // namespace bitwright::onnxin
