// SPDX-License-Identifier: GPL-3.0-or-later
#include "widgets/plots/tensor_errors.h"

#include "core/quant/quantize.h"

#include <QCoreApplication>

#include <algorithm>

namespace bitwright {

namespace {

QString tr(const char* text)
{
    return QCoreApplication::translate("bitwright", text);
}

void nameGrid(HeatGrid& grid, TensorView view)
{
    grid.rowTitle = tr("Output channel");
    grid.columnTitle = tr("Input channel");
    grid.square = true;
    grid.scale = view == TensorView::Channels ? HeatGrid::Scale::Sequential : HeatGrid::Scale::Diverging;
    grid.title = view == TensorView::Channels    ? tr("RMS error")
                 : view == TensorView::Float     ? tr("Float value")
                 : view == TensorView::Quantized ? tr("Quantized value")
                                                 : tr("Error, quantized − float");
}

/// Root mean square error of every (row, column) over the kernel.
void fillChannels(HeatGrid& grid, const WeightAxes& axes, std::span<const float> x, std::span<const float> q)
{
    for (int64_t r = 0; r < axes.rows; ++r) {
        for (int64_t c = 0; c < axes.columns; ++c) {
            double sum = 0;
            for (int64_t k = 0; k < axes.depth; ++k) {
                const size_t i = size_t(axes.offset(r, c, k));
                sum += std::pow(double(q[i]) - x[i], 2);
            }
            grid.values[size_t(r * axes.columns + c)] = float(std::sqrt(sum / double(axes.depth)));
        }
    }
}

void fillElements(HeatGrid& grid, const WeightErrorMap& map, std::span<const float> x,
                  std::span<const float> q)
{
    const WeightAxes& axes = map.axes;
    const int64_t depth = map.slice < 0 ? axes.depth : 1;
    size_t cell = 0;
    for (int64_t r = 0; r < axes.rows; ++r) {
        for (int64_t c = 0; c < axes.columns; ++c) {
            for (int64_t k = 0; k < depth; ++k) {
                const size_t i = size_t(axes.offset(r, c, map.slice < 0 ? k : map.slice));
                grid.values[cell++] = map.view == TensorView::Float       ? x[i]
                                      : map.view == TensorView::Quantized ? q[i]
                                                                          : q[i] - x[i];
            }
        }
    }
}

} // namespace

WeightAxes WeightAxes::of(const WeightRef& weight)
{
    WeightAxes axes;
    const int dims = int(weight.shape.size());
    std::vector<int64_t> strides(size_t(dims), 1);
    for (int d = dims - 2; d >= 0; --d)
        strides[size_t(d)] = strides[size_t(d) + 1] * weight.shape[size_t(d) + 1];
    axes.depthOffsets = {0};
    axes.depthNames = {""};
    const int input = dims < 2                                                          ? -1
                      : weight.inputAxis >= 0 && weight.inputAxis != weight.channelAxis ? weight.inputAxis
                                                                                        : -1;
    for (int d = 0; d < dims; ++d) {
        const int64_t size = weight.shape[size_t(d)], stride = strides[size_t(d)];
        if (d == weight.channelAxis) {
            axes.rows = size;
            axes.rowStride = stride;
        } else if (d == input) {
            axes.columns = size;
            axes.columnStride = stride;
        } else {
            std::vector<int64_t> offsets;
            std::vector<std::string> names;
            for (size_t k = 0; k < axes.depthOffsets.size(); ++k) {
                for (int64_t i = 0; i < size; ++i) {
                    offsets.push_back(axes.depthOffsets[k] + i * stride);
                    names.push_back(axes.depthNames[k] + (axes.depthNames[k].empty() ? "" : ", ") +
                                    std::to_string(i));
                }
            }
            axes.depthOffsets = std::move(offsets);
            axes.depthNames = std::move(names);
        }
    }
    axes.depth = int64_t(axes.depthOffsets.size());
    return axes;
}

WeightErrorMap::Element WeightErrorMap::element(int row, int column) const
{
    const bool all = slice < 0;
    Element element;
    element.index = axes.offset(row, all ? column / axes.depth : column, all ? column % axes.depth : slice);
    element.value = element.quantized = tensor.floats()[size_t(element.index)];
    if (quantizer) {
        quantizer->apply(&element.value, &element.quantized, element.index, 1);
        quantizer->codes(&element.value, &element.code, element.index, 1);
    }
    return element;
}

Result<WeightErrorMap> weightErrorMap(const Model& model, const Layer& layer, size_t index,
                                      const QuantPlan& plan, TensorView view, int slice, Progress& progress)
{
    WeightErrorMap map;
    const WeightRef& weight = layer.weights[index];
    map.axes = WeightAxes::of(weight);
    map.view = view;
    map.slice = slice < map.axes.depth ? slice : -1;
    BITWRIGHT_TRY(const Tensor stored, model.runner->parameter(weight.parameter));
    map.tensor = stored.toFloat();
    Tensor quantized = map.tensor;
    if (!plan.weights(layer.name).isFloat32()) {
        BITWRIGHT_TRY(const LayerReport report, weightReport(*model.runner, layer, plan));
        const QuantParams& params = report.weightTensors[index].params;
        map.quantizer = std::make_shared<Quantizer>(params, map.tensor.shape());
        quantized = fakeQuantize(map.tensor, params);
    }
    if (progress.cancelled())
        return cancelledError();
    auto grid = std::make_shared<HeatGrid>();
    nameGrid(*grid, view);
    const bool wide = view != TensorView::Channels && map.slice < 0;
    grid->rows = int(map.axes.rows);
    grid->columns = int(map.axes.columns * (wide ? map.axes.depth : 1));
    grid->values.resize(size_t(grid->rows) * size_t(grid->columns));
    if (view == TensorView::Channels)
        fillChannels(*grid, map.axes, map.tensor.floats(), quantized.floats());
    else
        fillElements(*grid, map, map.tensor.floats(), quantized.floats());
    grid->fitScale();
    grid->buildPyramid();
    map.grid = std::move(grid);
    return map;
}

namespace {

/// How the elements of an activation lie on the screen.
struct Mosaic {
    int64_t channels = 1, height = 1, width = 1;
    int64_t across = 1; ///< maps side by side

    explicit Mosaic(const Shape& shape)
    {
        if (shape.size() >= 3) {
            channels = shape[0];
            height = shape[1];
            width = elementCount(shape) / std::max<int64_t>(1, channels * height);
        } else if (shape.size() == 2) {
            height = shape[0];
            width = shape[1];
        } else {
            width = elementCount(shape);
        }
    }
};

HeatGridPtr mosaicGrid(const Mosaic& m, std::span<const float> values, int64_t channel, HeatGrid grid)
{
    const int64_t shown = channel < 0 ? m.channels : 1, first = std::max<int64_t>(0, channel);
    // About twice as wide as high; a gap of one cell between maps.
    const int64_t across = std::clamp<int64_t>(
        int64_t(std::ceil(std::sqrt(1.4 * double(shown) * double(m.height) / double(m.width)))), 1, shown);
    const int64_t down = (shown + across - 1) / across;
    grid.rows = int(down * (m.height + 1) - 1);
    grid.columns = int(across * (m.width + 1) - 1);
    grid.square = true;
    grid.values.assign(size_t(grid.rows) * size_t(grid.columns), HeatGrid::nothing());
    for (int64_t c = 0; c < shown; ++c) {
        const int64_t top = c / across * (m.height + 1), left = c % across * (m.width + 1);
        for (int64_t y = 0; y < m.height; ++y) {
            const auto from = values.begin() + ((first + c) * m.height + y) * m.width;
            std::copy(from, from + m.width, grid.values.begin() + (top + y) * grid.columns + left);
        }
    }
    return std::make_shared<HeatGrid>(std::move(grid));
}

} // namespace

ActivationMaps activationMaps(const workbench::ActivationPair& pair, bool cumulative, int64_t channel)
{
    const Mosaic mosaic(pair.floating.shape());
    const std::span<const float> a = pair.floating.floats(),
                                 b = (cumulative ? pair.cumulative : pair.local).floats();
    std::vector<float> difference(a.size());
    for (size_t i = 0; i < a.size(); ++i)
        difference[i] = b[i] - a[i];
    const auto least = [](std::span<const float> v) { return *std::min_element(v.begin(), v.end()); };
    const auto most = [](std::span<const float> v) { return *std::max_element(v.begin(), v.end()); };
    HeatGrid value, error;
    // One scale for both, so that they can be compared.
    value.low = std::min(least(a), least(b));
    value.high = std::max(most(a), most(b));
    if (value.low < 0) {
        value.scale = HeatGrid::Scale::Diverging;
        value.high = std::max(std::abs(value.low), std::abs(value.high));
    }
    error.scale = HeatGrid::Scale::Diverging;
    error.high = std::max(std::abs(least(difference)), std::abs(most(difference)));
    ActivationMaps maps;
    maps.channels = mosaic.channels;
    value.title = tr("Float");
    maps.floating = mosaicGrid(mosaic, a, channel, value);
    value.title = tr("Quantized");
    maps.quantized = mosaicGrid(mosaic, b, channel, value);
    error.title = tr("Difference");
    maps.difference = mosaicGrid(mosaic, difference, channel, error);
    return maps;
}

} // namespace bitwright
