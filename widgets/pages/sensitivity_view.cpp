// SPDX-License-Identifier: GPL-3.0-or-later
#include "widgets/pages/sensitivity_view.h"

#include "core/analysis/sensitivity_units.h"
#include "widgets/actions.h"
#include "widgets/document.h"
#include "widgets/format.h"
#include "widgets/models/layer_model.h"
#include "widgets/plots/heat_map.h"
#include "widgets/plots/heat_panel.h"
#include "widgets/sweep.h"

#include <QAction>
#include <QComboBox>
#include <QHBoxLayout>
#include <QItemSelectionModel>
#include <QLabel>
#include <QLocale>
#include <QMenu>
#include <QSpinBox>
#include <QToolButton>

namespace bitwright {

namespace {

QComboBox* makeBox(const QStringList& texts, const QString& name, const QString& help)
{
    auto* box = new QComboBox;
    box->addItems(texts);
    box->setAccessibleName(name);
    box->setToolTip(help);
    return box;
}

QString siteText(SensitivityWhat what)
{
    return what == SensitivityWhat::Weights ? SensitivityView::tr("weights")
                                            : SensitivityView::tr("output activation");
}

} // namespace

SensitivityView::SensitivityView(const Workspace& workspace, QWidget* parent)
    : QWidget(parent)
    , m_workspace(workspace)
    , m_sweep(new Sweep(workspace.document, workspace.runner, this))
    , m_definition(new QLabel)
    , m_panel(new HeatPanel(tr("Sensitivity of layers by bit-width")))
{
    m_definition->setWordWrap(true);
    m_definition->setAccessibleName(tr("Definition of the error shown"));
    auto* layout = new QVBoxLayout(this);
    layout->setContentsMargins(0, 0, 0, 0);
    layout->setSpacing(4);
    layout->addWidget(buildBar());
    layout->addWidget(m_definition);
    layout->addWidget(m_panel, 1);
    m_panel->map()->setDescription([this](int row, int column) { return describe(row, column); });
    connect(m_panel->map(), &HeatMap::currentChanged, this, [this](int row, int) {
        if (row < m_rows.size())
            m_workspace.selection->setCurrentIndex(m_workspace.layers->index(m_rows[row], 0),
                                                   QItemSelectionModel::ClearAndSelect |
                                                       QItemSelectionModel::Rows);
    });
    connect(m_panel->map(), &HeatMap::activated, this, &SensitivityView::apply);
    connect(m_panel->map(), &HeatMap::contextMenuRequested, this, &SensitivityView::showMenu);
    Document* document = workspace.document;
    for (auto signal : {&Document::modelChanged, &Document::sensitivityChanged})
        connect(document, signal, this, &SensitivityView::refresh);
    connect(document, &Document::planChanged, this, &SensitivityView::refreshActions);
    for (auto signal : {&Document::dataChanged, &Document::calibrationChanged})
        connect(document, signal, this, &SensitivityView::refreshActions);
    connect(m_sweep, &Sweep::changed, this, &SensitivityView::refreshActions);
    connect(workspace.selection, &QItemSelectionModel::currentChanged, this,
            &SensitivityView::followSelection);
    refresh();
}

QWidget* SensitivityView::buildBar()
{
    m_mode = makeBox({tr("Enable one"), tr("Disable one"), tr("Local"), tr("Cumulative")},
                     tr("Kind of error"), tr("Which model the error is measured in"));
    m_what = makeBox({tr("Weights"), tr("Activations")}, tr("Tensors"), tr("Which tensors are swept"));
    m_metric = makeBox({tr("Output SQNR"), tr("KL divergence"), tr("Top-1 change"), tr("Loss change")},
                       tr("Metric"), tr("What the cells show"));
    m_samples = new QSpinBox;
    m_samples->setRange(16, 65536);
    m_samples->setSingleStep(64);
    m_samples->setValue(256);
    m_samples->setSuffix(tr(" samples"));
    m_samples->setAccessibleName(tr("Samples of the sweep"));
    m_samples->setToolTip(tr("How many samples of the open data every cell is measured on"));
    m_run = new QAction(this);
    m_run->setObjectName(QStringLiteral("sweep"));
    auto* button = new QToolButton;
    button->setDefaultAction(m_run);
    button->setToolButtonStyle(Qt::ToolButtonTextOnly);
    auto* bar = new QWidget;
    auto* layout = new QHBoxLayout(bar);
    layout->setContentsMargins(0, 0, 0, 0);
    for (QWidget* widget : std::initializer_list<QWidget*>{m_mode, m_what, m_metric, m_samples, button})
        layout->addWidget(widget);
    layout->addStretch(1);
    for (QComboBox* box : {m_mode, m_what, m_metric})
        connect(box, &QComboBox::currentIndexChanged, this, &SensitivityView::refresh);
    connect(m_run, &QAction::triggered, this,
            [this] { m_sweep->isRunning() ? m_sweep->pause() : m_sweep->start(mode(), m_samples->value()); });
    return bar;
}

SensitivityMode SensitivityView::mode() const
{
    constexpr SensitivityMode modes[]{SensitivityMode::EnableOne, SensitivityMode::DisableOne,
                                      SensitivityMode::Local, SensitivityMode::Cumulative};
    return modes[std::max(0, m_mode->currentIndex())];
}

SensitivityWhat SensitivityView::what() const
{
    return m_what->currentIndex() == 1 ? SensitivityWhat::Activations : SensitivityWhat::Weights;
}

SensitivityView::Metric SensitivityView::metric() const
{
    // Errors inside the model have no classes.
    const bool atOutput = mode() == SensitivityMode::EnableOne || mode() == SensitivityMode::DisableOne;
    return atOutput ? Metric(m_metric->currentIndex()) : OutputSqnr;
}

QString SensitivityView::definition(SensitivityMode mode)
{
    switch (mode) {
    case SensitivityMode::EnableOne:
        return tr(
            "Enable one: everything in float, only this tensor quantized; error at the model's output.");
    case SensitivityMode::DisableOne:
        return tr("Disable one: the whole plan with all these tensors at these bits, only this one in float; "
                  "error at the model's output, changes against the plan without the exception.");
    case SensitivityMode::Cumulative:
        return tr("Cumulative: the whole plan with all these tensors at these bits; error at this layer's "
                  "output.");
    case SensitivityMode::Local:
        break;
    }
    return tr("Local: everything in float, only this tensor quantized; error at this layer's own output.");
}

float SensitivityView::valueOf(const SensitivityCell& cell) const
{
    const SensitivityTable& table = m_workspace.document->sensitivity();
    const Quality* base = &table.baseline;
    for (const SensitivityBase& other : table.bases) {
        if (cell.mode == SensitivityMode::DisableOne && other.what == cell.what && other.bits == cell.bits)
            base = &other.quality;
    }
    switch (metric()) {
    case Kl:
        return cell.kl ? float(*cell.kl) : HeatGrid::nothing();
    case Top1Drop:
        return cell.top1 && base->top1 ? float(100 * (*cell.top1 - *base->top1)) : HeatGrid::nothing();
    case LossRise:
        return cell.loss && base->loss ? float(*cell.loss - *base->loss) : HeatGrid::nothing();
    case OutputSqnr:
        break;
    }
    return float(cell.outputSqnrDb);
}

HeatGridPtr SensitivityView::makeGrid()
{
    const Document& document = *m_workspace.document;
    auto grid = std::make_shared<HeatGrid>();
    m_rows.clear();
    for (int row = 0; row < document.rowCount(); ++row) {
        if (what() == SensitivityWhat::Activations || document.row(row).hasWeights())
            m_rows.append(row);
    }
    const std::vector<int> bits = Sweep::options(mode()).bits;
    grid->rows = int(m_rows.size());
    grid->columns = int(bits.size());
    grid->values.assign(size_t(grid->rows) * bits.size(), HeatGrid::nothing());
    for (const int row : std::as_const(m_rows))
        grid->rowNames << QString::fromStdString(document.row(row).name);
    for (const int b : bits)
        grid->columnNames << tr("%n bit(s)", nullptr, b);
    for (const SensitivityCell& cell : document.sensitivity().cells) {
        const auto column = std::find(bits.begin(), bits.end(), cell.bits) - bits.begin();
        const qsizetype row = m_rows.indexOf(document.rowOf(cell.layer));
        if (cell.mode == mode() && cell.what == what() && row >= 0 && column < grid->columns)
            grid->values[size_t(row) * bits.size() + size_t(column)] = valueOf(cell);
    }
    grid->rowTitle = tr("Layer");
    const QString titles[]{tr("SQNR"), tr("KL divergence"), tr("Top-1 change"), tr("Loss change")};
    const QString units[]{tr("dB"), tr("nat"), tr("points"), tr("nat")};
    const int decimals[]{1, -1, 2, 4};
    grid->title = titles[metric()];
    grid->unit = units[metric()];
    grid->decimals = decimals[metric()];
    grid->logarithmic = metric() == Kl;
    if (metric() == Top1Drop || metric() == LossRise)
        grid->scale = HeatGrid::Scale::Diverging;
    grid->fitScale();
    return grid;
}

void SensitivityView::refresh()
{
    m_workspace.document->setErrorMode(mode());
    const bool atOutput = mode() == SensitivityMode::EnableOne || mode() == SensitivityMode::DisableOne;
    m_metric->setEnabled(atOutput);
    m_metric->setToolTip(atOutput ? tr("What the cells show")
                                  : tr("Errors inside the model are measured as SQNR only."));
    m_panel->setGrid(makeGrid());
    refreshActions();
    followSelection();
}

void SensitivityView::refreshActions()
{
    const QString reason = m_sweep->whyNot();
    const bool running = m_sweep->isRunning();
    const auto& cells = m_workspace.document->sensitivity().cells;
    const bool begun = std::any_of(cells.begin(), cells.end(),
                                   [this](const SensitivityCell& cell) { return cell.mode == mode(); });
    const bool complete = begun && !running && m_sweep->isComplete(mode());
    m_run->setText(running ? tr("Pause") : complete || !begun ? tr("Sweep") : tr("Go on"));
    m_run->setToolTip(running ? tr("Pause the sweep; what is measured stays")
                              : tr("Measure the cells that are missing"));
    Actions::setReason(m_run, running ? QString() : reason);
    QString text = definition(mode());
    if (const qint64 samples = m_workspace.document->sensitivity().samples; begun && samples > 0)
        text += QLatin1Char(' ') + tr("Measured on %Ln sample(s).", nullptr, int(samples));
    if (begun && !running && !complete)
        text +=
            QLatin1Char(' ') + tr("Partial, or the plan has changed since: Go on measures what is missing.");
    m_definition->setText(text);
}

int SensitivityView::plannedBits(int row) const
{
    const QuantPlan& plan = m_workspace.document->plan();
    const std::string& name = m_workspace.document->row(row).name;
    const QuantSpec& spec = what() == SensitivityWhat::Weights ? plan.weights(name) : plan.activations(name);
    return spec.format == Format::Int ? spec.bits : 0;
}

void SensitivityView::followSelection()
{
    const QModelIndex current = m_workspace.selection->currentIndex();
    const qsizetype row = current.isValid() ? m_rows.indexOf(current.row()) : -1;
    if (row < 0 || m_panel->map()->currentCell().y() == row)
        return;
    // The cursor stands on the bits that the plan has.
    const std::vector<int> bits = Sweep::options(mode()).bits;
    const auto planned = std::find(bits.begin(), bits.end(), plannedBits(current.row()));
    m_panel->map()->setCurrentCell(int(row), planned == bits.end() ? 0 : int(planned - bits.begin()), false);
}

QString SensitivityView::describe(int row, int column) const
{
    const HeatGridPtr& grid = m_panel->map()->grid();
    if (!grid || row >= m_rows.size())
        return {};
    const QString value =
        grid->has(row, column) ? grid->valueText(row, column, true) : tr("not measured yet");
    const int planned = plannedBits(m_rows[row]);
    const QString plan =
        planned > 0 ? tr("the plan has %n bit(s)", nullptr, planned) : tr("float in the plan");
    return tr("%1, %2 at %3: %4 %5 (%6)")
        .arg(grid->rowName(row), siteText(what()), grid->columnName(column), grid->title, value, plan);
}

bool SensitivityView::apply(int row, int column)
{
    const std::vector<int> bits = Sweep::options(mode()).bits;
    if (row < 0 || row >= m_rows.size() || column < 0 || column >= int(bits.size()))
        return false;
    const auto field =
        what() == SensitivityWhat::Weights ? LayerModel::WeightBits : LayerModel::ActivationBits;
    return m_workspace.layers->editRows({m_rows[row]}, field, QString::number(bits[size_t(column)]));
}

void SensitivityView::showMenu(int row, int column, const QPoint& global)
{
    QMenu menu;
    const HeatGridPtr& grid = m_panel->map()->grid();
    QAction* set = menu.addAction(
        tr("Set %1 of %2 to %3").arg(siteText(what()), grid->rowName(row), grid->columnName(column)));
    if (menu.exec(global) == set)
        apply(row, column);
}

} // namespace bitwright
