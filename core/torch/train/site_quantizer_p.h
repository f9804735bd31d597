// SPDX-License-Identifier: GPL-3.0-or-later
// A tensor that is fake-quantized while training, and the methods that do it.
#pragma once

#include "core/quant/quant_params.h"
#include "core/run/trainer.h"

#include <ATen/core/Tensor.h>

#include <memory>
#include <string>
#include <vector>

namespace bitwright {

/// One site of the plan.
struct Site {
    std::string layer; ///< or inputLayerName(i)
    bool weight = false;
    QuantSpec spec;
    QuantParams start; ///< the grid to begin with, in the units of what apply() gets
    bool dynamic = false;
    double position = 0; ///< in the model, 0 = first, 1 = last
};

/// When something is asked.
struct Moment {
    double progress = 1;   ///< share of the run that is done
    bool training = false; ///< statistics may move
};

/// Quantizes one site in the forward pass. Tensors of learned() are leaves; those of state() (learned ones
/// included) are what a checkpoint keeps, restored in place.
class SiteQuantizer {
public:
    explicit SiteQuantizer(Site site)
        : m_site(std::move(site))
    {
    }
    virtual ~SiteQuantizer() = default;

    const Site& site() const { return m_site; }
    /// Sees the values once before training: a weight, or the activations of a batch.
    virtual void begin(const at::Tensor& values) { (void)values; }
    virtual at::Tensor apply(const at::Tensor& x, const Moment& moment) = 0;
    virtual std::vector<at::Tensor> learned() const { return {}; }
    virtual std::vector<at::Tensor> state() const { return learned(); }
    /// After an optimizer step: back into what is allowed.
    virtual void project() {}
    /// The grid at the end of training, as it is now.
    virtual QuantParams params(const at::Tensor& values) const = 0;
    /// The float weight that is exported for the trained one.
    virtual at::Tensor exported(const at::Tensor& weight) const { return weight.detach(); }

protected:
    Site m_site;
};

/// Scale = first value * ratio, the ratio being the leaf, so that one learning rate serves all sites.
/// Scheme::PowerOfTwo rounds the result to a power of two, straight through.
class LearnedScale {
public:
    void start(const Site& site, const std::vector<float>& scales);
    at::Tensor value() const;
    const at::Tensor& ratio() const { return m_ratio; }
    const at::Tensor& first() const { return m_first; }
    void project();

private:
    at::Tensor m_first, m_ratio;
    bool m_powerOfTwo = false;
};

/// For each scale the one of least squared error among the start's, LSQ's 2 mean|x| / sqrt(qmax), and shrunk
/// and stretched forms of the start; large tensors are judged by a sample of their elements. Zero points
/// stay.
std::vector<float> bestScales(const at::Tensor& values, const QuantParams& start);

using MakeSite = std::unique_ptr<SiteQuantizer> (*)(const Site&);
std::unique_ptr<SiteQuantizer> makeFixedSte(const Site& site);
std::unique_ptr<SiteQuantizer> makeMovingSte(const Site& site);
std::unique_ptr<SiteQuantizer> makeLsq(const Site& site);
std::unique_ptr<SiteQuantizer> makeLsqPlus(const Site& site);
std::unique_ptr<SiteQuantizer> makePact(const Site& site);
std::unique_ptr<SiteQuantizer> makeCodebook(const Site& site);
std::unique_ptr<SiteQuantizer> makeDorefa(const Site& site);
std::unique_ptr<SiteQuantizer> makeGradualBits(const Site& site);
std::unique_ptr<SiteQuantizer> makeGradualLayers(const Site& site);
std::unique_ptr<SiteQuantizer> makeSoft(const Site& site);

/// One row a method; the names are those of trainMethods().
struct MethodRow {
    const char* name;
    MakeSite weight, activation;
};
const std::vector<MethodRow>& methodRows();
/// The quantizer of a site under a method. Formats without a uniform grid, dynamic sites and those that share
/// one scale over the whole model have no range to learn: they get the straight-through estimator.
std::unique_ptr<SiteQuantizer> makeSiteQuantizer(const std::string& method, const Site& site);

} // namespace bitwright
