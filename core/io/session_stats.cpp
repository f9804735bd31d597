// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/io/session_stats.h"

#include <algorithm>
#include <cstdlib>
#include <limits>

namespace bitwright {
namespace {

constexpr const char* kGroup = "calibration/";
constexpr int64_t kMostValues = int64_t(1) << 31; ///< of one dataset, against damaged files
constexpr int64_t kMostCount = int64_t(1) << 60;

/// Columns of "sites".
enum Column {
    Set, ///< 0 = all samples, 1.. = the prefixes
    Id,
    ChannelAxis,
    Zeros,
    NonFinite,
    Exponent,
    FirstBin,
    Bins,
    Samples,
    Rank,
    Channels,
    Columns
};

/// The datasets in memory.
struct Tables {
    std::vector<int64_t> sets;   ///< samples of every set
    std::vector<int64_t> sites;  ///< [S, Columns]
    std::vector<float> averages; ///< [S, 2]
    std::vector<int64_t> shapes, bins, counts;
    std::vector<float> extremes;  ///< [M, 2]
    std::vector<uint8_t> layouts; ///< [M, 3 sums, 3]: first digit, digits, negative
    std::vector<uint32_t> digits;
};

Error damaged()
{
    return {Error::Corrupt, "The statistics of this session are damaged; calibrate again.", {}};
}

void addMoments(Tables& t, const Moments& moments)
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

void addSite(Tables& t, int64_t set, ValueId id, const TensorStats& s)
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

template<typename T>
Result<void> put(Hdf5File& file, const char* name, H5Type type, const std::vector<T>& values,
                 int64_t columns = 1)
{
    if (values.empty())
        return {};
    std::vector<int64_t> shape{int64_t(values.size()) / columns};
    if (columns > 1)
        shape.push_back(columns);
    return file.write(kGroup + std::string(name), type, shape, values.data(), 1);
}

template<typename T>
Result<std::vector<T>> take(const Hdf5File& file, const char* name, H5Type type, int64_t columns = 1)
{
    const std::string key = kGroup + std::string(name);
    if (!file.has(key))
        return std::vector<T>();
    BITWRIGHT_TRY(const H5Info info, file.info(key));
    const bool fits = info.type == type && info.shape.size() == (columns > 1 ? 2u : 1u) &&
                      (columns == 1 || info.shape[1] == columns) && info.shape[0] <= kMostValues / columns;
    if (!fits)
        return damaged();
    std::vector<T> values(size_t(info.shape[0] * columns));
    BITWRIGHT_CHECK(file.readRows(key, 0, info.shape[0], values.data()));
    return values;
}

/// Walks through the tables; `ok` is false as soon as something does not fit.
struct Reader {
    const Tables& t;
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
        ok = ok && std::all_of(out.begin(), out.end(), [](int64_t n) { return n >= 0 && n <= kMostCount; });
    }

    TensorStats site(size_t index)
    {
        const int64_t* row = t.sites.data() + index * Columns;
        TensorStats s;
        std::vector<int64_t> counts;
        ok = ok && row[ChannelAxis] >= -1 && row[ChannelAxis] < 16 && row[Zeros] >= 0 &&
             row[NonFinite] >= 0 && std::abs(row[Exponent]) <= 1100 && row[Bins] <= Histogram::kBins &&
             row[Rank] <= 16 && row[Channels] >= 0 && row[Channels] <= kMostChannels &&
             std::abs(row[FirstBin]) <= kMostCount;
        if (!ok)
            return s;
        take(t.shapes, shape, row[Rank], s.shape);
        take(t.bins, bin, row[Bins], counts);
        s.histogram = Histogram::fromParts(int(row[Exponent]), row[FirstBin], std::move(counts));
        s.channelAxis = int(row[ChannelAxis]);
        s.zeros = row[Zeros];
        s.nonFinite = row[NonFinite];
        s.samples = row[Samples];
        s.emaMin = t.averages[2 * index];
        s.emaMax = t.averages[2 * index + 1];
        s.all = moments();
        for (int64_t c = 0; ok && c < row[Channels]; ++c)
            s.channels.push_back(moments());
        return s;
    }
};

Result<Tables> takeTables(const Hdf5File& file)
{
    Tables t;
    BITWRIGHT_TRY(t.sets, take<int64_t>(file, "sets", H5Type::I64));
    BITWRIGHT_TRY(t.sites, take<int64_t>(file, "sites", H5Type::I64, Columns));
    BITWRIGHT_TRY(t.averages, take<float>(file, "averages", H5Type::F32, 2));
    BITWRIGHT_TRY(t.shapes, take<int64_t>(file, "shapes", H5Type::I64));
    BITWRIGHT_TRY(t.bins, take<int64_t>(file, "bins", H5Type::I64));
    BITWRIGHT_TRY(t.counts, take<int64_t>(file, "counts", H5Type::I64));
    BITWRIGHT_TRY(t.extremes, take<float>(file, "extremes", H5Type::F32, 2));
    BITWRIGHT_TRY(t.layouts, take<uint8_t>(file, "sum_layouts", H5Type::U8, 9));
    BITWRIGHT_TRY(t.digits, take<uint32_t>(file, "sum_digits", H5Type::U32));
    const bool alike = t.averages.size() * Columns == t.sites.size() * 2 &&
                       t.extremes.size() == t.counts.size() * 2 && t.layouts.size() == t.counts.size() * 9 &&
                       t.sets.size() >= 1;
    if (!alike)
        return damaged();
    return t;
}

} // namespace

Result<void> writeCalibration(Hdf5File& file, const CalibrationResult& calibration)
{
    Tables t;
    t.sets.push_back(calibration.samples);
    for (const auto& [id, stats] : calibration.activations)
        addSite(t, 0, id, stats);
    for (const CalibrationPrefix& prefix : calibration.prefixes) {
        for (const auto& [id, stats] : prefix.activations)
            addSite(t, int64_t(t.sets.size()), id, stats);
        t.sets.push_back(prefix.samples);
    }
    BITWRIGHT_CHECK(put(file, "sets", H5Type::I64, t.sets));
    BITWRIGHT_CHECK(put(file, "sites", H5Type::I64, t.sites, Columns));
    BITWRIGHT_CHECK(put(file, "averages", H5Type::F32, t.averages, 2));
    BITWRIGHT_CHECK(put(file, "shapes", H5Type::I64, t.shapes));
    BITWRIGHT_CHECK(put(file, "bins", H5Type::I64, t.bins));
    BITWRIGHT_CHECK(put(file, "counts", H5Type::I64, t.counts));
    BITWRIGHT_CHECK(put(file, "extremes", H5Type::F32, t.extremes, 2));
    BITWRIGHT_CHECK(put(file, "sum_layouts", H5Type::U8, t.layouts, 9));
    BITWRIGHT_CHECK(put(file, "sum_digits", H5Type::U32, t.digits));
    const uint8_t partial = calibration.partial;
    return file.write(kGroup + std::string("partial"), H5Type::U8, {1}, &partial);
}

Result<CalibrationResult> readCalibration(const Hdf5File& file)
{
    BITWRIGHT_TRY(const Tables t, takeTables(file));
    BITWRIGHT_TRY(const auto partial, take<uint8_t>(file, "partial", H5Type::U8));
    if (partial.size() != 1)
        return damaged();
    CalibrationResult calibration;
    calibration.samples = t.sets.front();
    calibration.partial = partial.front() != 0;
    for (size_t i = 1; i < t.sets.size(); ++i)
        calibration.prefixes.push_back({t.sets[i], {}});
    Reader reader{t};
    for (size_t i = 0; reader.ok && i < t.sites.size() / Columns; ++i) {
        const int64_t* row = t.sites.data() + i * Columns;
        if (row[Set] < 0 || row[Set] >= int64_t(t.sets.size()) || row[Id] < 0 ||
            row[Id] > std::numeric_limits<ValueId>::max())
            return damaged();
        auto& sites =
            row[Set] == 0 ? calibration.activations : calibration.prefixes[size_t(row[Set]) - 1].activations;
        sites[ValueId(row[Id])] = reader.site(i);
    }
    const bool all = reader.shape == t.shapes.size() && reader.bin == t.bins.size() &&
                     reader.moment == t.counts.size() && reader.digit == t.digits.size();
    if (!reader.ok || !all)
        return damaged();
    return calibration;
}

} // namespace bitwright
