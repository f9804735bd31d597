// SPDX-License-Identifier: GPL-3.0-or-later
// Criteria 17, 24 and 31 in one piece of work: channels are removed and the rest is trained, evaluated, compared,
// undone, exported, saved and opened again.
#include "tests/bench/window_bench.h"
#include "widgets/controller.h"
#include "widgets/models/config_model.h"
#include "widgets/pages/configurations_page.h"
#include "widgets/pages/training_page.h"
#include "widgets/session_keeper.h"
#include "widgets/training.h"

#include <QTemporaryDir>

namespace bitwright::bench {

namespace {

void yes(Sheet& sheet, int criterion, const QString& what, bool is)
{
    sheet.add(criterion, what, QStringLiteral("yes"), is ? QStringLiteral("yes") : QStringLiteral("no"), is);
}

int64_t parameters(const Document& document)
{
    return totals(document.model()->graph()).params;
}

void train(Stage& stage, const QString& out)
{
    auto* training = stage.window.page<TrainingPage>()->training();
    TrainOptions options = *training->defaults(QStringLiteral("quick"));
    options.epochs = 2;
    options.stepsPerEpoch = 30;
    options.prune.kind = PruneOptions::Channels;
    options.prune.share = 0.3;
    stage.settleMs([&] { training->start(options, out); });
}

bool exportsTo(Stage& stage, const QString& format, const QString& path)
{
    bool exported = false;
    const auto connection =
        QObject::connect(stage.window.controller(), &Controller::exportEnded, &stage.window,
                         [&](const QString& message) { exported = message.isEmpty(); });
    stage.settleMs([&] { stage.window.controller()->exportTo(format, path); });
    QObject::disconnect(connection);
    return exported;
}

void reopen(Sheet& sheet, const Stage& before, const QString& session)
{
    const Document& a = *const_cast<Stage&>(before).window.document();
    Stage other;
    other.window.openPath(session);
    other.waitUntil([&] { return !other.window.session()->path().isEmpty() && other.window.isSettled(); });
    const Document& b = *other.window.document();
    const bool same = b.model() && b.plan() == a.plan() && parameters(b) == parameters(a) && b.evaluation() &&
                      b.evaluation()->evaluation == a.evaluation()->evaluation;
    yes(sheet, 31, QStringLiteral("the session opens with the same weights, plan and evaluation"), same);
    yes(sheet, 31, QStringLiteral("and knows the float accuracy of the model that was opened first"),
        b.isTuned() && b.originalQuality() && a.originalQuality() && *b.originalQuality() == *a.originalQuality());
    bool reports = b.rowCount() == a.rowCount();
    for (int row = 0; row < b.rowCount() && reports; ++row) {
        const LayerReport *x = a.report(row), *y = b.report(row);
        reports = x && y && (!x->weight || x->weight->error.sqnrDb() == y->weight->error.sqnrDb());
    }
    yes(sheet, 17, QStringLiteral("the error of every layer is the same bit for bit"), reports);
}

} // namespace

void measureTuning(Sheet& sheet, const Samples& samples)
{
    const QTemporaryDir folder;
    Stage stage;
    stage.open(samples.model("dwcnn"), samples.data());
    Document* document = stage.window.document();
    stage.settleMs([&] { stage.window.controller()->evaluate(); });
    document->addSnapshot(QStringLiteral("opened"));
    const int64_t before = parameters(*document);
    const QuantPlan plan = document->plan();
    train(stage, folder.filePath(QStringLiteral("small.pt")));
    const int64_t after = parameters(*document);
    sheet.add(24, QStringLiteral("30 % of the channels removed and trained: parameters"),
              QStringLiteral("< %1").arg(before), QString::number(after), after < before);
    stage.settleMs([&] { stage.window.controller()->evaluate(); });
    yes(sheet, 24, QStringLiteral("evaluated, against the float model that was opened"),
        document->isEvaluationCurrent() && document->isTuned() && document->originalQuality());
    document->addSnapshot(QStringLiteral("small"));
    stage.settle();
    auto* page = stage.window.page<ConfigurationsPage>();
    for (int row = 0; row < 3; ++row)
        page->model()->setData(page->model()->index(row, 0), row > 0 ? Qt::Checked : Qt::Unchecked,
                               Qt::CheckStateRole);
    page->showView(QStringLiteral("histograms"));
    stage.raise("configurations");
    yes(sheet, 24, QStringLiteral("compared with the configuration before"),
        page->model()->configurations().size() >= 3 && page->model()->checkedRows().size() == 2);
    stage.settleMs([&] { document->undoStack()->undo(); });
    yes(sheet, 24, QStringLiteral("undone: the model and the plan that were opened"),
        parameters(*document) == before && document->plan() == plan && !document->isTuned());
    stage.settleMs([&] { document->undoStack()->redo(); });
    stage.settleMs([&] { stage.window.controller()->evaluate(); });
    for (const auto& [format, name] : {std::pair("onnx-qdq", "small.onnx"), std::pair("torchscript-int8", "small8.pt")})
        yes(sheet, 17, QStringLiteral("the smaller model exported as ") + QLatin1String(format),
            exportsTo(stage, QLatin1String(format), folder.filePath(QLatin1String(name))));
    const QString session = folder.filePath(QStringLiteral("work.bitwright"));
    if (!stage.window.session()->saveNow(session))
        return yes(sheet, 31, QStringLiteral("the session is saved"), false);
    reopen(sheet, stage, session);
}

} // namespace bitwright::bench
