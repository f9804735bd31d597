// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "widgets/page.h"
#include "widgets/pages/distribution_target.h"
#include "widgets/pages/range_panel.h"
#include "widgets/plots/site_distribution.h"
#include "widgets/view_update.h"

#include <QItemSelectionModel>

#include <memory>
#include <optional>

class QAction;
class QComboBox;
class QLabel;
class QStackedLayout;
class QStackedWidget;
class QTabBar;
class QTableView;
class QToolButton;

namespace bitwright {

class ChannelModel;
class ChannelPlot;
class EmptyState;
class HistogramPlot;
struct HistogramContents;
class StaircasePlot;
class StatisticsTable;

/// Distribution of the current layer: weights, input or output, float against quantized, as a histogram whose
/// thresholds can be dragged, as ranges of the channels, or as the staircase of the quantizer; with the
/// numbers beside. Every change of the range is a wish until it is released or applied, and then one undo
/// step.
class HistogramPage : public Page {
    Q_OBJECT
public:
    explicit HistogramPage(const Workspace& workspace);
    ~HistogramPage() override;

    EmptyState* emptyState() const { return m_empty; }
    HistogramPlot* plot() const { return m_plot; }
    ChannelPlot* channelPlot() const { return m_channelPlot; }
    RangePanel* rangePanel() const { return m_range; }
    QAction* logarithmicAction() const { return m_logarithmic; }
    enum View { Histogram, Channels, Table, Staircase };
    void show(View view, DistributionSite site);
    /// A channel of the weights alone; -1 = all.
    void showChannel(int64_t channel);
    /// What is shown; null before the first.
    const SiteDistribution* shown() const { return m_shown ? &*m_shown : nullptr; }

    /// The picture belongs to the plan and the selection as they are.
    bool isUpToDate() const override { return m_update.isUpToDate(); }
    QStringList views() const override;
    void showView(const QString& name) override;
    QString viewTitle(const QString& name) const override;
    QList<QAction*> viewActions() const override { return {m_logarithmic, m_reset}; }
    QJsonObject viewState() const override;
    void restoreView(const QJsonObject& state) override;

private:
    QWidget* buildBar();
    void connectBar();
    QWidget* buildContent();
    void buildChannelTable();
    void connectRange();
    void selectRow(const QModelIndex& current);
    void chooseSite();
    void chooseTensors();
    void startUpdate();
    /// The same tensor of the other selected layers.
    std::vector<DistributionTarget> otherTargets() const;
    std::function<Result<SiteDistribution>(Progress&)> makeWork(const DistributionTarget& target) const;
    void deliver(const Result<HistogramContents>& outcome);
    void showDistribution(const SiteDistribution& distribution, bool sameTensor);
    void showNumbers(const SiteDistribution& distribution);
    void showNothing(const QString& headline, const QString& text);
    void probe(double value);

    void forgetWish();
    void dragTo(Range range);
    /// Whether a dragged threshold cuts the ranges of many scales, which stay many.
    bool cutsScales() const;
    QuantSpec specOfRange(Range range) const;
    void measureCut();
    void wish(const RangePanel::Wish& wish);
    void applyWish();
    void setPlanRange(Range range, bool byKey);
    void pushSpec(const QuantSpec& spec, const QString& text, const QString& field);

    Document* m_document;
    JobRunner* m_runner;
    QItemSelectionModel* m_selection;
    QStackedLayout* m_stack;
    EmptyState* m_empty;
    HistogramPlot* m_plot;
    ChannelPlot* m_channelPlot;
    ChannelModel* m_channels;
    QTableView* m_channelTable = nullptr;
    StaircasePlot* m_staircase;
    StatisticsTable* m_numbers;
    RangePanel* m_range;
    QLabel *m_title = nullptr, *m_formula = nullptr;
    QTabBar* m_tabs = nullptr;
    QStackedWidget* m_views = nullptr;
    QComboBox *m_site = nullptr, *m_tensor = nullptr;
    QToolButton* m_allChannels = nullptr;
    QAction *m_logarithmic = nullptr, *m_reset = nullptr;
    QString m_shownKey; ///< tensor in the plot
    DistributionTarget m_target;
    std::optional<SiteDistribution> m_shown;
    std::unique_ptr<ThresholdModel> m_thresholds; ///< of m_shown
    std::optional<RangePanel::Wish> m_wish;
    /// The spec under the pointer while ranges of many scales are cut; its error is counted on the values.
    std::optional<QuantSpec> m_cut;
    ThresholdError m_cutWindow; ///< what the values outside cost
    int m_cutJob = 0;
    DistributionSite m_choice = DistributionSite::Weights; ///< the user's; rows without it show their output
    int64_t m_channel = -1;
    int m_row = -1;
    ViewUpdate m_update;
};

/// The spec that a wish for an activation comes to: with fewer samples, the range that they give, fixed.
QuantSpec specOfWish(const RangePanel::Wish& wish, const CalibrationResult& calibration, ValueId value);

} // namespace bitwright
