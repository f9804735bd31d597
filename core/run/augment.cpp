// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/run/augment.h"

#include "core/base/parallel.h"
#include "core/base/split_mix.h"

#include <algorithm>
#include <cstring>

namespace bitwright {
namespace {

class Augmented final : public Dataset {
public:
    Augmented(std::shared_ptr<const Dataset> base, const Augmentation& how, uint64_t seed)
        : m_base(std::move(base))
        , m_how(how)
        , m_seed(seed)
    {
        const Shape shape = m_base->sampleShape();
        const Preprocess& pre = m_base->preprocess();
        const auto at = [](const std::vector<double>& list, size_t i, double other) {
            return list.empty() ? other : list[std::min(i, list.size() - 1)];
        };
        for (size_t c = 0; shape.size() == 3 && c < size_t(shape[0]); ++c)
            m_black.push_back(float((0 - at(pre.mean, c, 0)) / at(pre.std, c, 1)));
    }

    int64_t size() const override { return m_base->size(); }
    Shape sampleShape() const override { return m_base->sampleShape(); }
    bool hasLabels() const override { return m_base->hasLabels(); }
    std::vector<std::string> classes() const override { return m_base->classes(); }
    const Preprocess& preprocess() const override { return m_base->preprocess(); }
    std::string describe() const override { return m_base->describe(); }
    Result<std::vector<int64_t>> labels(std::span<const int64_t> indices) const override
    {
        return m_base->labels(indices);
    }

    Result<Tensor> images(std::span<const int64_t> indices) const override
    {
        BITWRIGHT_TRY(const Tensor plain, m_base->images(indices));
        if (plain.dim() != 4 || plain.dtype() != DType::F32)
            return plain;
        Tensor varied = Tensor::empty(DType::F32, plain.shape());
        std::memcpy(varied.mutableData(), plain.data(), size_t(plain.bytes()));
        const Shape& s = plain.shape();
        float* pixels = varied.mutableFloats().data();
        parallelFor(s[0], [&](int64_t i) {
            const uint64_t ofSample = splitMix(kSplitMixStep + uint64_t(indices[size_t(i)]));
            const uint64_t random = splitMix(kSplitMixStep + (m_seed ^ ofSample));
            const uint64_t span = uint64_t(2 * m_how.cropPadding + 1);
            const int64_t dx = int64_t((random >> 8) % span) - m_how.cropPadding;
            const int64_t dy = int64_t((random >> 32) % span) - m_how.cropPadding;
            shiftAndFlip(pixels + i * s[1] * s[2] * s[3], s[1], s[2], s[3], dx, dy,
                         m_how.flip && (random & 1), m_black);
        });
        return varied;
    }

private:
    std::shared_ptr<const Dataset> m_base;
    Augmentation m_how;
    uint64_t m_seed;
    std::vector<float> m_black;
};

} // namespace

void shiftAndFlip(float* image, int64_t channels, int64_t height, int64_t width, int64_t dx, int64_t dy,
                  bool flip, const std::vector<float>& black)
{
    if (dx == 0 && dy == 0 && !flip)
        return;
    std::vector<float> plane(size_t(height * width));
    for (int64_t c = 0; c < channels; ++c) {
        float* pixels = image + c * height * width;
        std::fill(plane.begin(), plane.end(), size_t(c) < black.size() ? black[size_t(c)] : 0.0f);
        for (int64_t y = std::max<int64_t>(0, -dy); y < std::min(height, height - dy); ++y)
            for (int64_t x = std::max<int64_t>(0, -dx); x < std::min(width, width - dx); ++x)
                plane[size_t(y * width + x)] = pixels[(y + dy) * width + x + dx];
        if (flip)
            for (int64_t y = 0; y < height; ++y)
                std::reverse(plane.begin() + y * width, plane.begin() + (y + 1) * width);
        std::memcpy(pixels, plane.data(), plane.size() * sizeof(float));
    }
}

std::shared_ptr<const Dataset> augmented(std::shared_ptr<const Dataset> dataset,
                                         const Augmentation& augmentation, uint64_t seed)
{
    if (!dataset || augmentation.isNone())
        return dataset;
    return std::make_shared<Augmented>(std::move(dataset), augmentation, seed);
}

} // namespace bitwright
