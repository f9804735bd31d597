// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/io/session_stats.h"

#include "core/calib/flat_stats.h"

namespace bitwright {
namespace {

constexpr const char* kGroup = "calibration/";
constexpr int64_t kMostValues = int64_t(1) << 31; ///< of one dataset, against damaged files

Error damaged()
{
    return {Error::Corrupt, "The statistics of this session are damaged; calibrate again.", {}};
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

Result<FlatStats> takeFlat(const Hdf5File& file)
{
    FlatStats t;
    BITWRIGHT_TRY(t.sets, take<int64_t>(file, "sets", H5Type::I64));
    BITWRIGHT_TRY(t.sites, take<int64_t>(file, "sites", H5Type::I64, FlatStats::Columns));
    BITWRIGHT_TRY(t.averages, take<float>(file, "averages", H5Type::F32, 2));
    BITWRIGHT_TRY(t.shapes, take<int64_t>(file, "shapes", H5Type::I64));
    BITWRIGHT_TRY(t.bins, take<int64_t>(file, "bins", H5Type::I64));
    BITWRIGHT_TRY(t.counts, take<int64_t>(file, "counts", H5Type::I64));
    BITWRIGHT_TRY(t.extremes, take<float>(file, "extremes", H5Type::F32, 2));
    BITWRIGHT_TRY(t.layouts, take<uint8_t>(file, "sum_layouts", H5Type::U8, 9));
    BITWRIGHT_TRY(t.digits, take<uint32_t>(file, "sum_digits", H5Type::U32));
    return t;
}

} // namespace

Result<void> writeCalibration(Hdf5File& file, const CalibrationResult& calibration)
{
    const FlatStats t = flattened(calibration);
    BITWRIGHT_CHECK(put(file, "sets", H5Type::I64, t.sets));
    BITWRIGHT_CHECK(put(file, "sites", H5Type::I64, t.sites, FlatStats::Columns));
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
    BITWRIGHT_TRY(const FlatStats t, takeFlat(file));
    BITWRIGHT_TRY(const auto partial, take<uint8_t>(file, "partial", H5Type::U8));
    if (partial.size() != 1)
        return damaged();
    BITWRIGHT_TRY(CalibrationResult calibration, unflattened(t));
    calibration.partial = partial.front() != 0;
    return calibration;
}

} // namespace bitwright
