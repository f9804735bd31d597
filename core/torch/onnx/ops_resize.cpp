// SPDX-License-Identifier: GPL-3.0-or-later
// Resize and Upsample.
//
// LibTorch's own operators where they compute the same; else a weighted sum of shifted gathers, axis by axis.
#include "core/torch/onnx/simple_rows_p.h"
#include "core/torch/onnx/tensor_proto_p.h"

#include <ATen/ATen.h>

#include <algorithm>
#include <cmath>
#include <limits>
#include <numeric>

namespace bitwright::onnxin {
namespace {

struct Plan {
    std::string mode, coordinates, rounding;
    double cubic = -0.75, outside = 0;
    bool excludes = false, smooths = false;
    Numbers sizes;              ///< of every axis of the result
    std::vector<double> scales; ///< of every axis; 0 = what the sizes say
    std::vector<double> roi;    ///< starts, then ends, of every axis
};

struct Taps {
    std::vector<std::vector<int64_t>> index; ///< by tap, by position
    std::vector<std::vector<double>> weight;
    std::vector<bool> isOutside; ///< by position: beyond the crop
};

class Resizer {
public:
    explicit Resizer(Call& call)
        : m_call(call)
        , m_trace(call.trace)
        , m_x(call.required(0))
        , m_rank(size_t(call.rank()))
    {
    }

    Operands resize()
    {
        read();
        if (const char* kind = ownKind())
            return {emitOwn(kind)};
        const auto type = m_trace.type(m_x);
        Operand made = m_x;
        for (size_t axis = 0; axis < m_rank; ++axis)
            if (isResized(axis))
                made = interpolated(made, axis);
        return {cast(m_trace, made, type)};
    }

private:
    void read()
    {
        const bool isOld = m_call.node.op_type() == "Upsample" || m_call.version < 11;
        m_plan.mode = m_call.s("mode", "nearest");
        if (m_plan.mode == "bilinear" || m_plan.mode == "trilinear")
            m_plan.mode = "linear";
        m_plan.coordinates = m_call.s("coordinate_transformation_mode", isOld ? "asymmetric" : "half_pixel");
        m_plan.rounding = m_call.s("nearest_mode", isOld ? "floor" : "round_prefer_floor");
        m_plan.cubic = m_call.f("cubic_coeff_a", -0.75);
        m_plan.outside = m_call.f("extrapolation_value", 0);
        m_plan.excludes = m_call.i("exclude_outside", 0) != 0;
        m_plan.smooths = m_call.i("antialias", 0) != 0;
        if (isOld)
            readScales(m_call.hasAttribute("scales") ? m_call.floats("scales") : doubles(1));
        else if (m_call.has(3) && m_trace.elements(m_call.in(3)) > 0)
            readSizes();
        else
            readScales(doubles(2));
        if (m_plan.coordinates == "tf_crop_and_resize")
            readRoi();
    }

    std::vector<double> doubles(size_t input)
    {
        std::vector<double> list;
        for (const Number& number : m_trace.numbersOf(m_call.required(input))) {
            if (!number.isKnown())
                m_call.fail("computes its scales at run time, which is not supported");
            list.push_back(number.toDouble());
        }
        return list;
    }

    std::vector<size_t> axes() const
    {
        std::vector<size_t> list;
        for (const int64_t axis : m_call.ints("axes"))
            list.push_back(size_t(m_call.axisOf(axis, int64_t(m_rank))));
        if (list.empty())
            for (size_t i = 0; i < m_rank; ++i)
                list.push_back(i);
        return list;
    }

    void readScales(const std::vector<double>& given)
    {
        const std::vector<size_t> where = axes();
        if (given.size() != where.size())
            m_call.fail("has another number of scales than axes");
        m_plan.scales.assign(m_rank, 1);
        m_plan.sizes = m_trace.dims(m_x);
        for (size_t i = 0; i < where.size(); ++i) {
            const double scale = given[i];
            if (!(scale > 0) || scale > 1e4)
                m_call.fail("has an impossible scale");
            m_plan.scales[where[i]] = scale;
            Number& size = m_plan.sizes[where[i]];
            if (scale != 1)
                size = m_trace.number("aten::floor",
                                      {m_trace.number("aten::mul", {m_trace.number("aten::Float", {size}),
                                                                    Number(c10::IValue(scale))})});
        }
    }

    void readSizes()
    {
        const std::vector<size_t> where = axes();
        const Numbers given = m_trace.numbersOf(m_call.in(3));
        if (given.size() != where.size())
            m_call.fail("has another number of sizes than axes");
        m_plan.scales.assign(m_rank, 0);
        m_plan.sizes = m_trace.dims(m_x);
        const std::string policy = m_call.s("keep_aspect_ratio_policy", "stretch");
        for (size_t i = 0; i < where.size(); ++i)
            // A batch of one in a file is any batch, as in Reshape.
            if (!keeps(given[i], where[i]) &&
                (m_plan.sizes[where[i]].isKnown() || where[i] > 0 || !given[i].isKnown()))
                m_plan.sizes[where[i]] = given[i];
        if (policy == "stretch")
            return;
        double ratio = policy == "not_larger" ? std::numeric_limits<double>::infinity() : 0;
        for (const size_t axis : where) {
            const double one = m_plan.sizes[axis].toDouble() / m_trace.dim(m_x, int64_t(axis)).toDouble();
            ratio = policy == "not_larger" ? std::min(ratio, one) : std::max(ratio, one);
        }
        for (const size_t axis : where) {
            m_plan.scales[axis] = ratio;
            m_plan.sizes[axis] =
                Number(int64_t(std::floor(m_trace.dim(m_x, int64_t(axis)).toDouble() * ratio + 0.5)));
        }
    }

    /// The number is computed, and in every example it is the size that the axis has.
    bool keeps(const Number& given, size_t axis)
    {
        const Number old = m_trace.dim(m_x, int64_t(axis));
        if (!given.value || !old.value)
            return false;
        const auto a = m_trace.samplesOf(given.value), b = m_trace.samplesOf(old.value);
        return std::equal(a.begin(), a.end(), b.begin(), b.end(), [](const c10::IValue& x, const c10::IValue& y) {
            return x.isInt() && y.isInt() && x.toInt() == y.toInt();
        });
    }

    void readRoi()
    {
        const std::vector<double> given = doubles(1);
        const std::vector<size_t> where = axes();
        m_plan.roi.assign(2 * m_rank, 0);
        std::fill(m_plan.roi.begin() + int64_t(m_rank), m_plan.roi.end(), 1.0);
        if (given.size() != 2 * where.size())
            m_call.fail("has a region of another number of axes");
        for (size_t i = 0; i < where.size(); ++i) {
            m_plan.roi[where[i]] = given[i];
            m_plan.roi[where[i] + m_rank] = given[i + where.size()];
        }
    }

    bool isResized(size_t axis) const
    {
        if (m_plan.coordinates == "tf_crop_and_resize" &&
            (m_plan.roi[axis] != 0 || m_plan.roi[axis + m_rank] != 1))
            return true;
        const Number old = m_trace.dim(m_x, int64_t(axis));
        const Number& fresh = m_plan.sizes[axis];
        if (m_plan.scales[axis] == 1)
            return false;
        return !(old.isKnown() && fresh.isKnown(old.toInt())) && !(old.value && old.value == fresh.value);
    }

    /// Every spatial axis grows by a whole factor.
    bool hasWholeFactors() const
    {
        for (size_t axis = 2; axis < m_rank; ++axis) {
            double scale = m_plan.scales[axis];
            if (scale == 0) {
                const Number old = m_trace.dim(m_x, int64_t(axis));
                if (!old.isKnown() || !m_plan.sizes[axis].isKnown())
                    return false;
                scale = m_plan.sizes[axis].toDouble() / old.toDouble();
            }
            if (scale < 1 || scale != std::floor(scale))
                return false;
        }
        return true;
    }

    const char* ownKind() const
    {
        if (m_rank < 3 || m_rank > 5 || isResized(0) || isResized(1) ||
            !c10::isFloatingType(m_trace.type(m_x)))
            return nullptr;
        const auto& at = m_plan.coordinates;
        const bool hasOne = std::any_of(m_plan.sizes.begin() + 2, m_plan.sizes.end(),
                                        [](const Number& size) { return size.isKnown(1); });
        const bool half = at == "half_pixel" || (at == "pytorch_half_pixel" && !hasOne);
        const size_t i = m_rank - 3;
        if (m_plan.mode == "nearest") {
            const bool floors = at == "asymmetric" && m_plan.rounding == "floor";
            const bool same = hasWholeFactors() && ((half && m_plan.rounding.starts_with("round")) || floors);
            static const char* const kinds[] = {"aten::upsample_nearest1d", "aten::upsample_nearest2d",
                                                "aten::upsample_nearest3d"};
            return floors || same ? kinds[i] : nullptr;
        }
        if (m_plan.excludes || (!half && at != "align_corners"))
            return nullptr;
        if (m_plan.mode == "linear") {
            static const char* const kinds[] = {"aten::upsample_linear1d", "aten::upsample_bilinear2d",
                                                "aten::upsample_trilinear3d"};
            if (m_plan.smooths)
                return i == 1 ? "aten::_upsample_bilinear2d_aa" : nullptr;
            return kinds[i];
        }
        if (m_plan.mode != "cubic" || i != 1 || std::abs(m_plan.cubic + (m_plan.smooths ? 0.5 : 0.75)) > 1e-6)
            return nullptr;
        return m_plan.smooths ? "aten::_upsample_bicubic2d_aa" : "aten::upsample_bicubic2d";
    }

    Operand emitOwn(const char* kind)
    {
        const Numbers sizes(m_plan.sizes.begin() + 2, m_plan.sizes.end());
        Args args = {m_x, sizes};
        if (m_plan.mode != "nearest")
            args.emplace_back(m_plan.coordinates == "align_corners");
        for (size_t axis = 2; axis < m_rank; ++axis) {
            if (m_plan.scales[axis] > 0)
                args.emplace_back(m_plan.scales[axis]);
            else
                args.emplace_back(nullptr);
        }
        return m_trace.emit(kind, args);
    }

    double source(size_t axis, int64_t position, int64_t in, int64_t out) const
    {
        const double scale = m_plan.scales[axis] > 0 ? m_plan.scales[axis] : double(out) / double(in);
        const auto& at = m_plan.coordinates;
        const double x = double(position);
        if (at == "align_corners")
            return out == 1 ? 0 : x * double(in - 1) / double(out - 1);
        if (at == "asymmetric")
            return x / scale;
        if (at == "pytorch_half_pixel" && out == 1)
            return 0;
        if (at == "tf_half_pixel_for_nn")
            return (x + 0.5) / scale;
        if (at == "tf_crop_and_resize") {
            const double start = m_plan.roi[axis], end = m_plan.roi[axis + m_rank];
            return out > 1 ? start * double(in - 1) + x * (end - start) * double(in - 1) / double(out - 1)
                           : 0.5 * (start + end) * double(in - 1);
        }
        if (at == "half_pixel_symmetric") {
            const double adjust = double(out) / (double(in) * scale), center = double(in) / 2;
            return center * (1 - adjust) + (x + 0.5) / scale - 0.5;
        }
        return (x + 0.5) / scale - 0.5;
    }

    double rounded(double x) const
    {
        if (m_plan.rounding == "floor")
            return std::floor(x);
        if (m_plan.rounding == "ceil")
            return std::ceil(x);
        return m_plan.rounding == "round_prefer_ceil" ? std::floor(x + 0.5) : std::ceil(x - 0.5);
    }

    /// Weights of the pixels around a position that lies `t` behind the one at index `count / 2 - 1`.
    std::vector<double> kernel(double t) const
    {
        if (m_plan.mode == "linear")
            return {1 - t, t};
        const double a = m_plan.cubic;
        const auto near = [a](double x) { return ((a + 2) * x - (a + 3)) * x * x + 1; };
        const auto far = [a](double x) { return ((a * x - 5 * a) * x + 8 * a) * x - 4 * a; };
        return {far(t + 1), near(t), near(1 - t), far(2 - t)};
    }

    Taps taps(size_t axis, int64_t in, int64_t out) const
    {
        Taps made;
        const size_t count = m_plan.mode == "nearest" ? 1 : m_plan.mode == "linear" ? 2 : 4;
        made.index.resize(count);
        made.weight.resize(count);
        for (int64_t position = 0; position < out; ++position) {
            const double x = source(axis, position, in, out);
            made.isOutside.push_back(m_plan.coordinates == "tf_crop_and_resize" &&
                                     (x < 0 || x > double(in - 1)));
            const double base = count == 1 ? rounded(x) : std::floor(x);
            std::vector<double> weights = count == 1 ? std::vector<double>{1} : kernel(x - base);
            double sum = 0;
            for (size_t k = 0; k < count; ++k) {
                const double at = base + double(k) - (count == 4 ? 1 : 0);
                if (m_plan.excludes && (at < 0 || at > double(in - 1)))
                    weights[k] = 0;
                sum += weights[k];
                made.index[k].push_back(int64_t(std::clamp(at, 0.0, double(in - 1))));
            }
            for (size_t k = 0; k < count; ++k)
                made.weight[k].push_back(m_plan.excludes ? weights[k] / sum : weights[k]);
        }
        return made;
    }

    Operand interpolated(const Operand& x, size_t axis)
    {
        const Number in = m_trace.dim(x, int64_t(axis)), out = m_plan.sizes[axis];
        if (!in.isKnown() || !out.isKnown())
            m_call.fail("resizes an axis of any size in the mode " + m_plan.mode + " " + m_plan.coordinates +
                        ", which is not supported");
        if (out.toInt() < 0 || out.toInt() > (1 << 24) || in.toInt() < 1)
            m_call.fail("has an impossible size");
        if (m_plan.smooths || (m_plan.mode != "nearest" && m_plan.mode != "linear" && m_plan.mode != "cubic"))
            m_call.fail("has the mode " + m_plan.mode + " with these settings, which is not supported");
        const Taps taps = this->taps(axis, in.toInt(), out.toInt());
        std::vector<int64_t> shape(m_rank, 1);
        shape[axis] = out.toInt();
        Operand sum;
        for (size_t k = 0; k < taps.index.size(); ++k) {
            Operand part =
                m_trace.emit("aten::index_select", {x, int64_t(axis), constant(at::tensor(taps.index[k]))});
            if (taps.index.size() > 1)
                part = buffered("aten::mul", part, at::tensor(taps.weight[k], at::kFloat).reshape(shape));
            sum = sum ? m_trace.emit("aten::add", {sum, part}) : part;
        }
        if (std::none_of(taps.isOutside.begin(), taps.isOutside.end(), [](bool v) { return v; }))
            return sum;
        at::Tensor mask = at::empty({out.toInt()}, at::kBool);
        std::copy(taps.isOutside.begin(), taps.isOutside.end(), mask.data_ptr<bool>());
        return m_trace.emit("aten::masked_fill", {sum, constant(mask.reshape(shape)), m_plan.outside});
    }

    Operand buffered(const char* kind, const Operand& x, const at::Tensor& factors)
    {
        const Operand table = constant(factors);
        const Operand made = m_trace.emit(kind, {x, table});
        m_trace.markBuffer(table);
        return made;
    }

    Call& m_call;
    Trace& m_trace;
    Operand m_x;
    size_t m_rank;
    Plan m_plan;
};

Operands resize(Call& call)
{
    return Resizer(call).resize();
}

constexpr Row kResizeRows[] = {{"Resize", resize}, {"Upsample", resize}};

} // namespace

std::span<const Row> resizeRows()
{
    return kResizeRows;
}

} // namespace bitwright::onnxin
