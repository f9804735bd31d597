// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/calib/flat_stats.h"

#include "core/run/workers.h"

#include <algorithm>
#include <limits>

namespace bitwright {
namespace {

constexpr int64_t kMostCount = int64_t(1) << 60;

Error damaged()
{
    return {Error::Corrupt, "The statistics are damaged; calibrate again.", {}};
}

void addMoments(FlatStats& t, const Moments& moments)
{
    t.counts.push_back(moments.count);
    t.extremes.insert(t.extremes.end(), {moments.min, moments.max});
    for (const ExactSum* sum : {&moments.sum, &moments.sumSquares, &moments.sumAbs}) {
        const ExactSum::Parts parts = sum->parts();
        t.layouts.insert(t.layouts.end(),
                         {uint8_t(parts.first), uint8_t(parts.digits.size()), uint8_t(parts.negative)});
        t.digits.insert(t.digits.end(), parts.digits.begin(), parts.digits.end());
    }
}

void addSite(FlatStats& t, int64_t set, ValueId id, const TensorStats& s)
{
    const Histogram& h = s.histogram;
    t.sites.insert(t.sites.end(), {set, int64_t(id), s.channelAxis, s.zeros, s.nonFinite, h.exponent(),
                                   h.firstBin(), int64_t(h.counts().size()), s.samples,
                                   int64_t(s.shape.size()), int64_t(s.channels.size())});
    t.averages.insert(t.averages.end(), {s.emaMin, s.emaMax});
    t.shapes.insert(t.shapes.end(), s.shape.begin(), s.shape.end());
    t.bins.insert(t.bins.end(), h.counts().begin(), h.counts().end());
    addMoments(t, s.all);
    for (const Moments& channel : s.channels)
        addMoments(t, channel);
}

/// Walks through the tables; `ok` is false as soon as something does not fit.
struct Reader {
    const FlatStats& t;
    bool ok = true;
    size_t shape = 0, bin = 0, moment = 0, digit = 0;

    ExactSum sum(size_t index)
    {
        ExactSum::Parts parts;
        parts.first = t.layouts[3 * index];
        const size_t count = t.layouts[3 * index + 1];
        parts.negative = t.layouts[3 * index + 2] != 0;
        if (parts.first + count > ExactSum::kDigits || digit + count > t.digits.size()) {
            ok = false;
            return {};
        }
        parts.digits.assign(t.digits.begin() + ptrdiff_t(digit), t.digits.begin() + ptrdiff_t(digit + count));
        digit += count;
        return ExactSum::fromParts(parts);
    }

    Moments moments()
    {
        Moments m;
        if (!ok || moment >= t.counts.size()) {
            ok = false;
            return m;
        }
        m.count = t.counts[moment];
        m.min = t.extremes[2 * moment];
        m.max = t.extremes[2 * moment + 1];
        ok = m.count >= 0 && m.count <= kMostCount;
        for (size_t i = 0; i < 3; ++i)
            *(i == 0 ? &m.sum : i == 1 ? &m.sumSquares : &m.sumAbs) = sum(3 * moment + i);
        ++moment;
        return m;
    }

    template<typename Out>
    void take(const std::vector<int64_t>& from, size_t& at, int64_t count, Out& out)
    {
        if (count < 0 || uint64_t(count) > from.size() - at) {
            ok = false;
            return;
        }
        out.assign(from.begin() + ptrdiff_t(at), from.begin() + ptrdiff_t(at) + count);
        at += size_t(count);
        ok = ok && std::all_of(out.begin(), out.end(), [](int64_t n) { return isCount(n); });
    }

    /// -most..most; the absolute value of the lowest integer would overflow.
    static bool isWithin(int64_t value, int64_t most) { return value >= -most && value <= most; }

    static bool isCount(int64_t value) { return value >= 0 && value <= kMostCount; }

    TensorStats site(size_t index)
    {
        const int64_t* row = t.sites.data() + index * FlatStats::Columns;
        TensorStats s;
        std::vector<int64_t> counts;
        ok = ok && row[FlatStats::ChannelAxis] >= -1 && row[FlatStats::ChannelAxis] < 16 &&
             isCount(row[FlatStats::Zeros]) && isCount(row[FlatStats::NonFinite]) &&
             isWithin(row[FlatStats::Exponent], 1100) && row[FlatStats::Bins] <= Histogram::kBins &&
             row[FlatStats::Rank] <= 16 && row[FlatStats::Channels] >= 0 &&
             row[FlatStats::Channels] <= kMostChannels && isWithin(row[FlatStats::FirstBin], kMostCount);
        if (!ok)
            return s;
        take(t.shapes, shape, row[FlatStats::Rank], s.shape);
        take(t.bins, bin, row[FlatStats::Bins], counts);
        s.histogram =
            Histogram::fromParts(int(row[FlatStats::Exponent]), row[FlatStats::FirstBin], std::move(counts));
        s.channelAxis = int(row[FlatStats::ChannelAxis]);
        s.zeros = row[FlatStats::Zeros];
        s.nonFinite = row[FlatStats::NonFinite];
        s.samples = row[FlatStats::Samples];
        s.emaMin = t.averages[2 * index];
        s.emaMax = t.averages[2 * index + 1];
        s.all = moments();
        for (int64_t c = 0; ok && c < row[FlatStats::Channels]; ++c)
            s.channels.push_back(moments());
        return s;
    }
};

} // namespace

FlatStats flattened(const CalibrationResult& calibration)
{
    FlatStats t;
    t.sets.push_back(calibration.samples);
    for (const auto& [id, stats] : calibration.activations)
        addSite(t, 0, id, stats);
    for (const CalibrationPrefix& prefix : calibration.prefixes) {
        for (const auto& [id, stats] : prefix.activations)
            addSite(t, int64_t(t.sets.size()), id, stats);
        t.sets.push_back(prefix.samples);
    }
    return t;
}

Result<CalibrationResult> unflattened(const FlatStats& t)
{
    const bool alike = t.sites.size() % FlatStats::Columns == 0 &&
                       t.averages.size() * FlatStats::Columns == t.sites.size() * 2 &&
                       t.extremes.size() == t.counts.size() * 2 && t.layouts.size() == t.counts.size() * 9 &&
                       !t.sets.empty();
    if (!alike)
        return damaged();
    CalibrationResult calibration;
    calibration.samples = t.sets.front();
    for (size_t i = 1; i < t.sets.size(); ++i)
        calibration.prefixes.push_back({t.sets[i], {}});
    Reader reader{t};
    for (size_t i = 0; reader.ok && i < t.sites.size() / FlatStats::Columns; ++i) {
        const int64_t* row = t.sites.data() + i * FlatStats::Columns;
        const int64_t set = row[FlatStats::Set], id = row[FlatStats::Id];
        if (set < 0 || set >= int64_t(t.sets.size()) || id < 0 || id > std::numeric_limits<ValueId>::max())
            return damaged();
        auto& sites = set == 0 ? calibration.activations : calibration.prefixes[size_t(set) - 1].activations;
        sites[ValueId(id)] = reader.site(i);
    }
    const bool all = reader.shape == t.shapes.size() && reader.bin == t.bins.size() &&
                     reader.moment == t.counts.size() && reader.digit == t.digits.size();
    if (!reader.ok || !all)
        return damaged();
    return calibration;
}

std::string flatBytes(const CalibrationResult& calibration)
{
    const FlatStats t = flattened(calibration);
    std::string bytes;
    for (const auto* list : {&t.sets, &t.sites, &t.shapes, &t.bins, &t.counts})
        putAll(bytes, *list);
    for (const auto* list : {&t.averages, &t.extremes})
        putAll(bytes, *list);
    putAll(bytes, t.layouts);
    putAll(bytes, t.digits);
    return bytes;
}

Result<CalibrationResult> takeFlatBytes(std::string_view& from)
{
    FlatStats t;
    bool ok = true;
    for (auto* list : {&t.sets, &t.sites, &t.shapes, &t.bins, &t.counts})
        ok = ok && takeAll(from, *list);
    for (auto* list : {&t.averages, &t.extremes})
        ok = ok && takeAll(from, *list);
    if (!ok || !takeAll(from, t.layouts) || !takeAll(from, t.digits))
        return strangeWorker();
    return unflattened(t);
}

} // namespace bitwright
