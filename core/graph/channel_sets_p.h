// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/graph/channel_groups.h"

#include <algorithm>

namespace bitwright {

/// Disjoint sets of channels that go together; some are fixed: they stay.
class ChannelSets {
public:
    int32_t add()
    {
        m_parents.push_back(int32_t(m_parents.size()));
        m_fixed.push_back(false);
        return m_parents.back();
    }
    ChannelMap::Channels add(int64_t count)
    {
        ChannelMap::Channels made(static_cast<size_t>(count));
        std::generate(made.begin(), made.end(), [&] { return add(); });
        return made;
    }
    int32_t find(int32_t channel)
    {
        while (m_parents[size_t(channel)] != channel)
            channel = m_parents[size_t(channel)] = m_parents[size_t(m_parents[size_t(channel)])];
        return channel;
    }
    void fix(int32_t channel)
    {
        if (channel != kNone)
            m_fixed[size_t(find(channel))] = true;
    }
    bool isFixed(int32_t channel) { return channel == kNone || m_fixed[size_t(find(channel))]; }
    void join(int32_t a, int32_t b)
    {
        if (a == kNone || b == kNone)
            return fix(a == kNone ? b : a);
        const int32_t first = find(std::min(a, b)), second = find(std::max(a, b));
        m_fixed[size_t(first)] = m_fixed[size_t(first)] || m_fixed[size_t(second)];
        m_parents[size_t(second)] = first;
    }
    void fix(const ChannelMap::Channels& channels)
    {
        for (const int32_t channel : channels)
            fix(channel);
    }
    void join(const ChannelMap::Channels& a, const ChannelMap::Channels& b)
    {
        if (a.size() != b.size())
            return fix(a), fix(b);
        for (size_t i = 0; i < a.size(); ++i)
            join(a[i], b[i]);
    }
    size_t size() const { return m_parents.size(); }

private:
    std::vector<int32_t> m_parents;
    std::vector<bool> m_fixed;
};

} // namespace bitwright
