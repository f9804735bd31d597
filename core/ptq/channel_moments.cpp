// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/ptq/channel_moments.h"

#include <algorithm>
#include <cmath>

namespace bitwright {

void ChannelMoments::add(const ChannelView& values)
{
    sum.resize(size_t(values.channels), 0);
    squares.resize(size_t(values.channels), 0);
    count += values.outer * values.inner;
    for (int64_t o = 0; o < values.outer; ++o)
        for (int64_t c = 0; c < values.channels; ++c) {
            const float* row = values.data + (o * values.channels + c) * values.inner;
            double s = 0, q = 0;
            for (int64_t i = 0; i < values.inner; ++i) {
                s += double(row[i]);
                q += double(row[i]) * double(row[i]);
            }
            sum[size_t(c)] += s;
            squares[size_t(c)] += q;
        }
}

double ChannelMoments::std(size_t channel) const
{
    if (count == 0)
        return 0;
    const double m = mean(channel);
    return std::sqrt(std::max(0.0, squares[channel] / double(count) - m * m));
}

Result<std::map<ValueId, ChannelMoments>> measureChannels(const ModelRunner& runner, const RunConfig& config,
                                                          const std::map<ValueId, int>& values,
                                                          const SampleSource& data, Progress& progress)
{
    std::map<ValueId, ChannelMoments> moments;
    std::set<ValueId> wanted;
    for (const auto& [value, axis] : values)
        wanted.insert(value);
    Progress part(&progress); // its stages are not the caller's
    const auto body = [&](const Batch& batch, const std::vector<int64_t>&) -> Result<void> {
        Progress run(&progress);
        size_t seen = 0;
        const Observer observer = [&](ValueId value, const Tensor& tensor) {
            const Tensor floats = tensor.toFloat();
            moments[value].add(channelView(floats, values.at(value)));
            if (++seen == values.size())
                run.cancel(); // what lies behind is not needed
        };
        const auto done = runner.run(batch, config, wanted, observer, run);
        if (!done &&
            !(done.error().code == Error::Cancelled && seen == values.size() && !progress.cancelled()))
            return done.error();
        return {};
    };
    BITWRIGHT_CHECK(forEachBatch(runner, data, part, body));
    return moments;
}

} // namespace bitwright
