// SPDX-License-Identifier: GPL-3.0-or-later
#include "widgets/pages/evaluation_page.h"

#include "widgets/actions.h"
#include "widgets/document.h"
#include "widgets/format.h"
#include "widgets/model_kind.h"
#include "widgets/models/class_model.h"
#include "widgets/pages/confusion_view.h"
#include "widgets/pages/empty_state.h"
#include "widgets/pages/flip_view.h"
#include "widgets/pages/prediction_line.h"
#include "widgets/pages/table_style.h"
#include "widgets/plots/heat_map.h"
#include "widgets/plots/heat_panel.h"
#include "widgets/theme.h"

#include <QHeaderView>
#include <QLabel>
#include <QLocale>
#include <QSortFilterProxyModel>
#include <QStackedLayout>
#include <QTabBar>
#include <QTableWidget>
#include <QTimer>
#include <QToolButton>
#include <QVBoxLayout>

#include <algorithm>
#include <cmath>
#include <utility>

namespace bitwright {

namespace {

enum Column { Name, Float, TunedFloat, Quantized, Difference, Saturated, ColumnCount };

/// Half the 95 % interval of a share measured on n samples (Wilson, Agresti and Coull 1998).
double confidence(double share, qint64 n)
{
    constexpr double z = 1.959964;
    return n > 0 ? z / (1 + z * z / double(n)) *
                       std::sqrt(share * (1 - share) / double(n) + z * z / (4.0 * double(n) * double(n)))
                 : 0;
}

QString signedText(double value, int digits)
{
    const QString sign = value > 0 ? QStringLiteral("+") : value < 0 ? QStringLiteral("−") : QString();
    return sign + QLocale().toString(std::abs(value), 'f', digits);
}

} // namespace

EvaluationPage::EvaluationPage(const Workspace& workspace)
    : m_document(workspace.document)
    , m_actions(workspace.actions)
    , m_stack(new QStackedLayout)
    , m_views(new QStackedLayout)
    , m_tabs(new QTabBar)
    , m_prediction(new PredictionLine(workspace.document))
    , m_confusion(new ConfusionView(workspace.document))
    , m_flips(new FlipView(workspace))
    , m_classModel(new ClassModel(this))
    , m_classes(new QTableView)
    , m_empty(new EmptyState({}, {}))
    , m_headline(new QLabel)
    , m_note(new QLabel)
    , m_table(new QTableWidget(0, ColumnCount))
{
    for (QAction* action : {m_actions->openModel, m_actions->openData, m_actions->evaluate})
        m_empty->addAction(action);
    m_stack->addWidget(m_empty);
    m_stack->addWidget(buildContent());
    m_prediction->setContentsMargins(8, 4, 8, 0);
    auto* layout = new QVBoxLayout(this);
    layout->setContentsMargins(0, 0, 0, 0);
    layout->setSpacing(0);
    layout->addWidget(m_prediction);
    layout->addLayout(m_stack, 1);
    for (auto signal : {&Document::evaluationChanged, &Document::modelChanged, &Document::dataChanged})
        connect(m_document, signal, this, &EvaluationPage::schedule);
    connect(m_document, &Document::planChanged, this, &EvaluationPage::schedule);
    connect(m_flips, &FlipView::upToDate, this, &Page::upToDate);
    connect(m_flips, &FlipView::failed, this, &Page::failed);
    refresh();
}

void EvaluationPage::prepareTable()
{
    m_table->setHorizontalHeaderLabels(
        {tr("Measure"), tr("Float"), tr("Float, tuned"), tr("Quantized"), tr("Difference"), tr("16-bit sums")});
    const QString helps[]{tr("Pointing at a row explains it"),
                          tr("The model as it was opened, without quantization"),
                          tr("The tuned weights without quantization"), tr("The model under the plan"),
                          tr("Quantized minus float"),
                          tr("The model under the plan in ONNX Runtime on x86 processors without VNNI, where "
                             "sums of two products saturate at 16 bits")};
    for (int column = 0; column < ColumnCount; ++column)
        m_table->horizontalHeaderItem(column)->setToolTip(helps[column]);
    m_table->setAccessibleName(tr("Evaluation"));
    auto* classes = new QSortFilterProxyModel(this);
    classes->setSourceModel(m_classModel);
    classes->setSortRole(ClassModel::kSortRole);
    m_classes->setModel(classes);
    m_classes->setSortingEnabled(true);
    m_classes->sortByColumn(ClassModel::RecallChange, Qt::AscendingOrder);
    m_classes->setAccessibleName(tr("Precision and recall by class"));
    for (QTableView* table : std::initializer_list<QTableView*>{m_table, m_classes}) {
        styleTable(table);
        table->horizontalHeader()->setSectionResizeMode(QHeaderView::ResizeToContents);
    }
    // The figures stand together at the right.
    m_table->horizontalHeader()->setStretchLastSection(false);
    m_table->horizontalHeader()->setSectionResizeMode(Name, QHeaderView::Stretch);
    // Seven columns in a narrow dock: headings of two lines, and no scrolling to the side.
    QHeaderView* heading = m_classes->horizontalHeader();
    heading->setSectionResizeMode(QHeaderView::Stretch);
    heading->setStretchLastSection(false); // would keep a width of its own
    heading->setMinimumSectionSize(fontMetrics().averageCharWidth() * 6);
    heading->setDefaultAlignment(Qt::AlignCenter | Qt::Alignment(Qt::TextWordWrap));
    heading->setMinimumHeight(2 * fontMetrics().lineSpacing() + 8);
    m_classes->setHorizontalScrollBarPolicy(Qt::ScrollBarAlwaysOff);
    m_classes->verticalHeader()->setDefaultSectionSize(fontMetrics().height() + 5);
    // All measures without scrolling where the page has its usual height.
    m_table->verticalHeader()->setDefaultSectionSize(fontMetrics().height() + 4);
}

QWidget* EvaluationPage::buildSummary()
{
    m_headline->setTextFormat(Qt::PlainText);
    QFont large = font();
    large.setPointSizeF(large.pointSizeF() * 1.25);
    m_headline->setFont(large);
    m_note->setWordWrap(true);
    auto* summary = new QWidget;
    auto* layout = new QVBoxLayout(summary);
    layout->setContentsMargins(0, 0, 0, 0);
    layout->setSpacing(4);
    auto* head = new QHBoxLayout;
    head->setSpacing(12);
    head->addWidget(m_headline);
    head->addWidget(m_note, 1);
    auto* saturate = new QToolButton;
    saturate->setDefaultAction(m_actions->saturate);
    saturate->setAccessibleName(tr("Evaluate with 16-bit sums too"));
    head->addWidget(saturate, 0, Qt::AlignTop);
    layout->addLayout(head);
    layout->addWidget(m_table, 1);
    return summary;
}

QWidget* EvaluationPage::buildContent()
{
    prepareTable();
    m_tabs->setAccessibleName(tr("Part of the evaluation"));
    m_tabs->setDocumentMode(true);
    m_tabs->setDrawBase(false);
    m_tabs->setExpanding(false);
    for (const QString& title : {tr("Summary"), tr("Confusion"), tr("Classes"), tr("Changed samples")})
        m_tabs->addTab(title);
    for (QWidget* view : std::initializer_list<QWidget*>{buildSummary(), m_confusion, m_classes, m_flips})
        m_views->addWidget(view);
    connect(m_tabs, &QTabBar::currentChanged, m_views, &QStackedLayout::setCurrentIndex);
    auto* content = new QWidget;
    auto* layout = new QVBoxLayout(content);
    layout->setContentsMargins(8, 4, 8, 8);
    layout->setSpacing(4);
    layout->addWidget(m_tabs);
    layout->addLayout(m_views, 1);
    return content;
}

bool EvaluationPage::isUpToDate() const
{
    return !m_scheduled && m_flips->isUpToDate();
}

QStringList EvaluationPage::views() const
{
    return {QStringLiteral("summary"), QStringLiteral("confusion"), QStringLiteral("classes"),
            QStringLiteral("samples")};
}

void EvaluationPage::showView(const QString& name)
{
    m_tabs->setCurrentIndex(std::max(0, int(views().indexOf(name))));
}

QList<Exportable> EvaluationPage::exportables() const
{
    HeatMap* map = m_confusion->panel()->map();
    return {{QStringLiteral("confusion"), map->accessibleName(), map, [map] {
                 const HeatGridPtr grid = map->grid();
                 return grid ? grid->csv() : QString();
             }}};
}

const Quality& EvaluationPage::baseline() const
{
    const auto& original = m_document->originalQuality();
    return m_document->isTuned() && original ? *original : m_document->evaluation()->evaluation.floating;
}

void EvaluationPage::addLine(const Line& line)
{
    const int row = m_table->rowCount();
    m_table->insertRow(row);
    const QString texts[]{line.name, line.floating, line.tuned, line.quantized, line.difference, line.saturated};
    for (int column = 0; column < ColumnCount; ++column) {
        auto* item = new QTableWidgetItem(texts[column]);
        item->setToolTip(line.help);
        item->setTextAlignment((column == 0 ? Qt::AlignLeft : Qt::AlignRight) | Qt::AlignVCenter);
        m_table->setItem(row, column, item);
    }
}

void EvaluationPage::addQuality(const QString& name, const QString& help, Measure measure, bool isShare)
{
    const Evaluation& e = m_document->evaluation()->evaluation;
    const auto &floating = baseline().*measure, &tuned = e.floating.*measure, &quantized = e.quantized.*measure;
    if (!floating || !tuned || !quantized)
        return;
    const auto& saturation = m_document->saturation();
    const auto saturated = saturation ? saturation->evaluation.quantized.*measure : std::optional<double>();
    const auto text = [&e, isShare](double value) {
        return isShare ? EvaluationPage::tr("%1 ± %2").arg(
                             percentText(value, 2),
                             QLocale().toString(100 * confidence(value, e.quantized.samples), 'f', 2))
                       : QLocale().toString(value, 'f', 4);
    };
    const double change = *quantized - *floating;
    addLine({name, help, text(*floating), text(*quantized),
             isShare ? tr("%1 points").arg(signedText(100 * change, 2)) : signedText(change, 4),
             text(*tuned), saturated ? text(*saturated) : QString()});
}

void EvaluationPage::fill()
{
    const QString interval = tr("Share of samples; ± is half the 95 % confidence interval (Wilson).");
    addQuality(tr("Top-1 accuracy"), interval, &Quality::top1, true);
    addQuality(tr("Top-5 accuracy"), interval, &Quality::top5, true);
    addQuality(tr("Cross entropy (nat)"), tr("Mean loss over the samples; lower is better."), &Quality::loss,
               false);
    addQuality(tr("Macro F1"), tr("Mean over the classes of the harmonic mean of precision and recall."),
               &Quality::macroF1, false);
    addRest();
}

void EvaluationPage::addRest()
{
    const Evaluation& e = m_document->evaluation()->evaluation;
    const Cost& cost = m_document->evaluation()->cost;
    const auto& saturated = m_document->saturation();
    if (e.agreement)
        addLine({m_document->isTuned() ? tr("Same top-1 as tuned float") : tr("Same top-1 as float"),
                tr("Share of samples for which both models predict the same class."), {},
                percentText(*e.agreement, 2), {}, {},
                saturated && saturated->evaluation.agreement ? percentText(*saturated->evaluation.agreement, 2)
                                                             : QString()});
    addLine({tr("Output SQNR"), tr("Signal-to-quantization-noise ratio of the model's output."), {},
            decibelText(e.outputSqnrDb), {}, {}, saturated ? decibelText(saturated->evaluation.outputSqnrDb) : QString()});
    const double ratio = cost.quantizedBytes > 0 ? double(cost.floatBytes) / double(cost.quantizedBytes) : 0;
    addLine({tr("Size"), tr("All parameters; packed with scales and zero points."), bytesText(cost.floatBytes),
            bytesText(cost.quantizedBytes), tr("%1× smaller").arg(QLocale().toString(ratio, 'f', 2))});
    addLine({tr("Size, Huffman coded"), tr("The same with entropy-coded weights, as in Deep Compression."), {},
            bytesText(cost.huffmanBytes), {}});
    if (cost.sparseBytes < cost.quantizedBytes)
        addLine({tr("Size without zeros"),
                tr("Packed non-zero weights with a bitmap or run lengths, where that is smaller."), {},
                bytesText(cost.sparseBytes), {}});
    addLine({tr("Bit operations"), tr("Multiply-accumulates × weight bits × activation bits, one sample."),
            shortCountText(double(cost.macs) * 32 * 32), shortCountText(cost.bops), {}});
    addLine({tr("Energy estimate"),
            tr("One sample, arithmetic and memory, after %1.").arg(QString::fromLatin1(energyTableName())),
            {}, tr("%1 µJ").arg(numberText(cost.energyPj * 1e-6, 4)), {}});
}

QString EvaluationPage::saturationText(const workbench::Saturation& saturation)
{
    const auto worst = std::max_element(
        saturation.layers.begin(), saturation.layers.end(),
        [](const auto& a, const auto& b) { return a.changed < b.changed; });
    if (worst == saturation.layers.end() || worst->changed == 0)
        return tr("No sum leaves 16 bits.");
    return tr("16-bit sums: most often wrong in %1 (%2 of its outputs).")
        .arg(QString::fromStdString(worst->layer), percentText(worst->changed, 2));
}

// Several signals tell of one step: other weights have another plan and another evaluation.
void EvaluationPage::schedule()
{
    if (std::exchange(m_scheduled, true))
        return;
    QTimer::singleShot(0, this, [this] {
        m_scheduled = false;
        refresh();
        Q_EMIT upToDate();
    });
}

void EvaluationPage::refresh()
{
    const auto& evaluation = m_document->evaluation();
    m_stack->setCurrentIndex(evaluation ? 1 : 0);
    const bool runs = !m_document->model() || m_document->model()->hasGraph();
    m_empty->offer({!m_document->model() || !runs ? m_actions->openModel
                    : m_document->data()          ? m_actions->evaluate
                                                  : m_actions->openData});
    m_empty->setTexts(runs ? tr("Not evaluated yet") : tr("There is no accuracy"),
                      runs ? tr("Evaluate runs the float and the quantized model over the "
                                "open data and compares them.")
                           : whyNotRun(*m_document));
    if (!evaluation)
        return;
    m_table->setRowCount(0);
    m_table->setColumnHidden(TunedFloat, !m_document->isTuned());
    m_table->setColumnHidden(Saturated, !m_document->saturation());
    fill();
    const int classCount = int(evaluation->evaluation.floating.confusion.size());
    m_classModel->setEvaluation(evaluation->evaluation, classNames(*m_document, classCount));
    const Evaluation& e = evaluation->evaluation;
    const QString samples = tr("%Ln sample(s)", nullptr, int(e.floating.samples));
    if (baseline().top1 && e.quantized.top1)
        m_headline->setText(
            tr("%1 → %2 top-1").arg(percentText(*baseline().top1, 2), percentText(*e.quantized.top1, 2)));
    else
        m_headline->setText(tr("Output SQNR %1").arg(decibelText(e.outputSqnrDb)));
    QStringList notes{tr("Measured on %1.").arg(samples)};
    if (e.partial)
        notes << tr("Partial: the evaluation was cancelled.");
    if (const auto& saturation = m_document->saturation())
        notes << saturationText(*saturation);
    if (!m_document->isEvaluationCurrent())
        notes << tr("The plan has changed since: evaluate again.");
    m_note->setText(notes.join(QLatin1Char(' ')));
    QPalette colors = palette();
    if (e.partial || !m_document->isEvaluationCurrent())
        colors.setColor(QPalette::WindowText, roleColor(Role::Bad, palette()));
    m_note->setPalette(colors);
}

} // namespace bitwright
