// SPDX-License-Identifier: GPL-3.0-or-later
#include "widgets/pages/confusion_view.h"

#include "widgets/document.h"
#include "widgets/plots/heat_map.h"
#include "widgets/plots/heat_panel.h"

#include <QComboBox>
#include <QHBoxLayout>
#include <QLabel>
#include <QLocale>

namespace bitwright {

QStringList classNames(const Document& document, int count)
{
    std::vector<std::string> names =
        document.data() ? document.data()->classes() : std::vector<std::string>();
    if (names.empty() && document.model())
        names = document.model()->sidecar.classes;
    QStringList result;
    for (int i = 0; i < count; ++i)
        result << (size_t(i) < names.size() ? QString::fromStdString(names[size_t(i)]) : QString::number(i));
    return result;
}

ConfusionView::ConfusionView(Document* document, QWidget* parent)
    : QWidget(parent)
    , m_document(document)
    , m_which(new QComboBox)
    , m_panel(new HeatPanel(tr("Confusion matrix")))
{
    m_which->addItems({tr("Difference, quantized − float"), tr("Quantized"), tr("Float")});
    m_which->setAccessibleName(tr("Which confusion matrix"));
    auto* bar = new QHBoxLayout;
    bar->addWidget(m_which);
    auto* words = new QLabel(tr("Rows: true class; columns: predicted class; samples."));
    words->setWordWrap(true);
    bar->addWidget(words, 1);
    auto* layout = new QVBoxLayout(this);
    layout->setContentsMargins(0, 0, 0, 0);
    layout->setSpacing(4);
    layout->addLayout(bar);
    layout->addWidget(m_panel, 1);
    m_panel->map()->setDescription([this](int row, int column) {
        const HeatGridPtr& grid = m_panel->map()->grid();
        return tr("%1 taken for %2: %3 samples")
            .arg(grid->rowName(row), grid->columnName(column), grid->valueText(row, column));
    });
    connect(m_which, &QComboBox::currentIndexChanged, this, &ConfusionView::refresh);
    connect(document, &Document::evaluationChanged, this, &ConfusionView::refresh);
    refresh();
}

void ConfusionView::refresh()
{
    const auto& evaluation = m_document->evaluation();
    if (!evaluation || evaluation->evaluation.floating.confusion.empty()) {
        m_panel->setGrid(nullptr);
        return;
    }
    const auto &a = evaluation->evaluation.floating.confusion,
               &b = evaluation->evaluation.quantized.confusion;
    auto grid = std::make_shared<HeatGrid>();
    grid->rows = grid->columns = int(std::min(a.size(), b.size()));
    grid->rowNames = grid->columnNames = classNames(*m_document, grid->rows);
    grid->rowTitle = tr("True class");
    grid->columnTitle = tr("Predicted class");
    grid->title = m_which->currentText();
    grid->unit = tr("samples");
    grid->decimals = 0;
    const Which which = Which(m_which->currentIndex());
    for (int r = 0; r < grid->rows; ++r) {
        for (int c = 0; c < grid->columns; ++c) {
            const int64_t x = a[size_t(r)][size_t(c)], y = b[size_t(r)][size_t(c)];
            grid->values.push_back(float(which == Difference ? y - x : which == Quantized ? y : x));
        }
    }
    if (which == Difference) {
        grid->scale = HeatGrid::Scale::Diverging;
    } else {
        // The diagonal would hide the mistakes beside it.
        grid->logarithmic = true;
    }
    grid->fitScale();
    if (grid->logarithmic)
        grid->low = 1;
    m_panel->setGrid(std::move(grid));
}

} // namespace bitwright
