// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/analysis/channel_ranges.h"

#include <algorithm>
#include <numeric>

namespace bitwright {

namespace {

/// The value below which `share` of the ascending `values` lie.
double quantile(const std::vector<double>& values, double share)
{
    const double at = share * double(values.size() - 1);
    const auto below = size_t(at);
    const size_t above = std::min(below + 1, values.size() - 1);
    return values[below] + (at - double(below)) * (values[above] - values[below]);
}

} // namespace

ChannelSummary summarizeChannels(const std::vector<Moments>& channels)
{
    ChannelSummary summary;
    std::vector<double> widths;
    for (const Moments& moments : channels) {
        ChannelRange channel;
        if (moments.count > 0)
            channel.range = {moments.min, moments.max};
        channel.width = std::max(double(channel.range.hi), 0.0) - std::min(double(channel.range.lo), 0.0);
        if (channel.isDead())
            ++summary.dead;
        else
            widths.push_back(channel.width);
        summary.channels.push_back(channel);
    }
    if (widths.empty())
        return summary;
    std::sort(widths.begin(), widths.end());
    summary.medianWidth = quantile(widths, 0.5);
    summary.widthRatio = quantile(widths, 0.9) / quantile(widths, 0.1);
    for (ChannelRange& channel : summary.channels)
        channel.ratio = channel.width / summary.medianWidth;
    return summary;
}

int64_t ChannelSummary::widest() const
{
    const auto narrower = [](const ChannelRange& a, const ChannelRange& b) { return a.width < b.width; };
    const auto it = std::max_element(channels.begin(), channels.end(), narrower);
    return it == channels.end() ? -1 : it - channels.begin();
}

std::vector<int64_t> ChannelSummary::byWidth() const
{
    std::vector<int64_t> order(channels.size());
    std::iota(order.begin(), order.end(), 0);
    std::stable_sort(order.begin(), order.end(), [this](int64_t a, int64_t b) {
        return channels[size_t(a)].width > channels[size_t(b)].width;
    });
    return order;
}

std::vector<int64_t> ChannelSummary::above(double k) const
{
    std::vector<int64_t> order = byWidth();
    std::erase_if(order, [this, k](int64_t c) { return !(channels[size_t(c)].ratio > k); });
    return order;
}

} // namespace bitwright
