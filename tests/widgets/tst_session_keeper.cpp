// SPDX-License-Identifier: GPL-3.0-or-later
#include "tests/widgets/fake_model.h"
#include "widgets/actions.h"
#include "widgets/controller.h"
#include "widgets/message_bar.h"
#include "widgets/pages/configurations_page.h"
#include "widgets/pages/histogram_page.h"
#include "widgets/pages/layer_page.h"
#include "widgets/pages/training_page.h"
#include "widgets/plots/histogram_plot.h"
#include "widgets/session_keeper.h"
#include "widgets/training.h"

#include <QAction>
#include <QApplication>
#include <QDir>
#include <QDockWidget>
#include <QFile>
#include <QFileDialog>
#include <QLineEdit>
#include <QMessageBox>
#include <QPushButton>
#include <QTableView>
#include <QTimer>

using namespace bitwright;
using namespace bitwright::test;

class SessionKeeperTest : public WindowTest {
protected:
    /// A calibrated, edited and evaluated piece of work.
    void work()
    {
        open(kSmallModel);
        window.controller()->openData(writeData(folder));
        ASSERT_TRUE(waitFor([this] { return window.document()->calibration() && window.isSettled(); }));
        window.selectRow(row("b"));
        window.actions()->weightBits[2]->trigger();
        window.controller()->evaluate();
        ASSERT_TRUE(waitFor([this] { return window.document()->evaluation() && window.isSettled(); }));
    }

    QString save()
    {
        const QString path = folder.filePath("work.bitwright");
        window.session()->save(path);
        EXPECT_TRUE(waitFor([&] { return window.session()->path() == path; }));
        return path;
    }

    static bool openIn(MainWindow& other, const QString& path)
    {
        other.show();
        other.openPath(path);
        return waitFor([&] { return other.session()->path() == path && other.isSettled(); });
    }

    /// Answers the question for the moved model by its button, and the file dialog behind it by `path`.
    static void answerMoved(QObject* context, const QString& path)
    {
        auto* poll = new QTimer(context);
        QObject::connect(poll, &QTimer::timeout, context, [poll, path] {
            QWidget* modal = QApplication::activeModalWidget();
            if (auto* box = qobject_cast<QMessageBox*>(modal)) {
                box->defaultButton()->click();
            } else if (auto* dialog = qobject_cast<QFileDialog*>(modal)) {
                poll->stop();
                dialog->setDirectory(QFileInfo(path).absolutePath());
                dialog->findChild<QLineEdit*>()->setText(path);
                static_cast<QDialog*>(dialog)->accept();
            }
        });
        poll->start(20);
    }
};

TEST_F(SessionKeeperTest, whatIsMeasuredWhileItSavesStaysUnsaved)
{
    work();
    Document& document = *window.document();
    document.addSnapshot("first");
    window.session()->save(folder.filePath("work.bitwright"));
    document.addSnapshot("second"); // the file is being written without it
    ASSERT_TRUE(waitFor([this] { return !window.session()->path().isEmpty(); }));
    EXPECT_TRUE(window.session()->hasUnsavedResults());
    save();
    ASSERT_TRUE(waitFor([this] { return window.isSettled(); }));
    EXPECT_FALSE(window.session()->hasUnsavedResults());
}

TEST_F(SessionKeeperTest, reopenedItHasTheSameNumbersBitForBitWithoutMeasuringAgain)
{
    work();
    window.document()->setSaturation({window.document()->evaluation()->evaluation, {{"a", 0.25, 0.125}}});
    const QString path = save();
    EXPECT_TRUE(window.document()->undoStack()->isClean());
    MainWindow other(MainWindow::Settings::Ignore);
    ASSERT_TRUE(openIn(other, path));
    const Document& a = *window.document();
    const Document& b = *other.document();
    EXPECT_EQ(b.plan(), a.plan());
    EXPECT_EQ(*b.calibration(), *a.calibration());
    ASSERT_TRUE(b.evaluation());
    EXPECT_EQ(b.evaluation()->evaluation, a.evaluation()->evaluation);
    EXPECT_EQ(b.evaluation()->cost, a.evaluation()->cost);
    EXPECT_EQ(b.saturation(), a.saturation());
    EXPECT_TRUE(b.isEvaluationCurrent());
    EXPECT_EQ(b.data()->size(), 96);
    ASSERT_EQ(a.rowCount(), b.rowCount());
    for (int row = 0; row < a.rowCount(); ++row) {
        const LayerReport *x = a.report(row), *y = b.report(row);
        ASSERT_EQ(x != nullptr, y != nullptr);
        if (x && x->weight) {
            EXPECT_EQ(x->weight->error.sqnrDb(), y->weight->error.sqnrDb());
        }
        if (x && x->activation) {
            EXPECT_EQ(x->activation->error.sqnrDb(), y->activation->error.sqnrDb());
        }
    }
    for (const JobInfo& job : other.runner()->jobs())
        EXPECT_FALSE(job.title.contains("Calibrate") || job.title.contains("Evaluate"));
    EXPECT_FALSE(other.isWindowModified());
    EXPECT_TRUE(other.windowTitle().startsWith("work.bitwright"));
}

TEST_F(SessionKeeperTest, reopenedItHasTheSweepTheSnapshotsAndEveryMeasurement)
{
    work();
    SensitivityTable table;
    table.samples = 7;
    table.partial = true;
    table.cells.push_back({.layer = "c", .bits = 3, .outputSqnrDb = 12.25, .kl = 0.1});
    window.document()->setSensitivity(table, window.document()->plan());
    window.document()->addSnapshot("before");
    EXPECT_TRUE(window.session()->hasUnsavedResults());
    const QString path = save();
    EXPECT_FALSE(window.session()->hasUnsavedResults());
    MainWindow other(MainWindow::Settings::Ignore);
    ASSERT_TRUE(openIn(other, path));
    const Document& a = *window.document();
    const Document& b = *other.document();
    EXPECT_EQ(b.sensitivity(), a.sensitivity());
    EXPECT_EQ(b.sweptPlan(), a.sweptPlan());
    ASSERT_EQ(b.snapshots().size(), 1u);
    EXPECT_EQ(b.snapshots()[0].name, "before");
    EXPECT_EQ(b.snapshots()[0].plan, a.snapshots()[0].plan);
    ASSERT_EQ(b.measurements().size(), a.measurements().size());
    ASSERT_FALSE(b.measurements().empty());
    EXPECT_EQ(b.measurements()[0].plan, a.measurements()[0].plan);
    EXPECT_EQ(b.measurements()[0].result.cost, a.measurements()[0].result.cost);
    EXPECT_FALSE(other.session()->hasUnsavedResults());
}

TEST_F(SessionKeeperTest, reopenedItShowsTheSameScreen)
{
    work();
    window.layerPage()->filterEdit()->setText("a|b|c");
    window.layerPage()->table()->sortByColumn(LayerModel::Parameters, Qt::DescendingOrder);
    window.selectRow(row("c"));
    window.findChild<QDockWidget*>("jobsDock")->hide();
    window.page<HistogramPage>()->showView("activations");
    for (QAction* action : window.page<HistogramPage>()->viewActions()) {
        if (action->isCheckable())
            action->setChecked(true);
    }
    ASSERT_TRUE(window.page<HistogramPage>()->plot()->isLogarithmic());
    const QString path = save();
    MainWindow other(MainWindow::Settings::Ignore);
    ASSERT_TRUE(openIn(other, path));
    EXPECT_EQ(other.layerPage()->filterEdit()->text(), "a|b|c");
    const auto shown = [](MainWindow& w) {
        QStringList names;
        auto* model = w.layerPage()->table()->model();
        for (int row = 0; row < model->rowCount(); ++row)
            names << model->index(row, 0).data().toString();
        return names;
    };
    EXPECT_EQ(shown(other), shown(window));
    EXPECT_EQ(other.selection()->currentIndex().row(), row("c"));
    EXPECT_TRUE(other.selection()->isRowSelected(row("c")));
    EXPECT_TRUE(other.findChild<QDockWidget*>("jobsDock")->isHidden());
    EXPECT_EQ(other.page<HistogramPage>()->plot()->accessibleDescription(),
              window.page<HistogramPage>()->plot()->accessibleDescription());
    EXPECT_TRUE(other.page<HistogramPage>()->plot()->isLogarithmic());
}

TEST_F(SessionKeeperTest, aMovedModelIsAskedForOnceAndKnownByItsContents)
{
    work();
    const QString path = save();
    const QString moved = folder.filePath("elsewhere/model.fake");
    ASSERT_TRUE(QDir(folder.path()).mkpath("elsewhere"));
    ASSERT_TRUE(QFile::rename(folder.filePath("model.fake"), moved));
    MainWindow other(MainWindow::Settings::Ignore);
    answerMoved(&other, moved);
    ASSERT_TRUE(openIn(other, path));
    EXPECT_EQ(other.document()->model()->path, moved.toStdString());
    EXPECT_TRUE(other.document()->calibration());
    // Saved again, it is known where the model lies.
    other.session()->save(path);
    ASSERT_TRUE(waitFor([&] { return other.isSettled(); }));
    MainWindow third(MainWindow::Settings::Ignore);
    EXPECT_TRUE(openIn(third, path));
}

TEST_F(SessionKeeperTest, anotherModelIsRefusedInOneSentence)
{
    work();
    const QString path = save();
    QFile::remove(folder.filePath("model.fake"));
    const QString wrong = writeFakeModel(folder, "wrong.fake", "x = input 8\na = linear x 4\n");
    MainWindow other(MainWindow::Settings::Ignore);
    other.show();
    answerMoved(&other, wrong);
    other.openPath(path);
    ASSERT_TRUE(waitFor([&] { return other.messageBar()->isVisible(); }));
    EXPECT_TRUE(other.messageBar()->text().contains("not the model of the session"));
    EXPECT_EQ(other.document()->model(), nullptr);
}

TEST_F(SessionKeeperTest, aModelThatLiesBesideTheSessionIsFoundWithoutAsking)
{
    work();
    const QString path = save();
    ASSERT_TRUE(QDir(folder.path()).mkpath("archive"));
    const QString copied = folder.filePath("archive/work.bitwright");
    ASSERT_TRUE(QFile::copy(path, copied));
    ASSERT_TRUE(QFile::rename(folder.filePath("model.fake"), folder.filePath("archive/model.fake")));
    MainWindow other(MainWindow::Settings::Ignore);
    EXPECT_TRUE(openIn(other, copied));
}

TEST_F(SessionKeeperTest, aTruncatedSessionLeavesTheOpenWorkAndSaysWhy)
{
    work();
    const QString path = save();
    QFile file(path);
    ASSERT_TRUE(file.resize(file.size() / 2));
    const auto before = window.document()->model();
    window.openPath(path);
    ASSERT_TRUE(waitFor([this] { return window.messageBar()->isVisible(); }));
    EXPECT_EQ(window.messageBar()->text().count('\n'), 0);
    EXPECT_TRUE(window.messageBar()->text().contains("work.bitwright"));
    EXPECT_EQ(window.document()->model(), before);
    EXPECT_TRUE(window.document()->calibration());
}

TEST_F(SessionKeeperTest, missingDataIsSaidAndTheMeasurementsStay)
{
    work();
    const QString path = save();
    QFile::remove(folder.filePath("data.h5"));
    MainWindow other(MainWindow::Settings::Ignore);
    ASSERT_TRUE(openIn(other, path));
    EXPECT_EQ(other.document()->data(), nullptr);
    EXPECT_TRUE(other.document()->calibration());
    EXPECT_TRUE(other.messageBar()->text().contains("data.h5"));
}

TEST_F(SessionKeeperTest, whatIsEditedWhileItIsWrittenStaysUnsaved)
{
    work();
    window.session()->save(folder.filePath("work.bitwright"));
    window.actions()->weightBits[4]->trigger();
    ASSERT_TRUE(waitFor([this] { return window.isSettled() && !window.session()->path().isEmpty(); }));
    EXPECT_FALSE(window.document()->undoStack()->isClean());
}

TEST_F(SessionKeeperTest, reopenedItHasTheWeightsOfATrainingAndWhatWasMeasuredWithThem)
{
    work();
    const auto original = window.document()->model();
    window.document()->addSnapshot("before");
    Training* training = window.page<TrainingPage>()->training();
    const QString tuned = folder.filePath("tuned.bin");
    training->start(*training->defaults("quick"), tuned);
    ASSERT_TRUE(waitFor([&] { return training->result() && window.isSettled(); }));
    ASSERT_NE(window.document()->model(), original);
    window.document()->addSnapshot("after");
    window.document()->undoStack()->undo();
    ASSERT_EQ(window.document()->model(), original);
    ASSERT_TRUE(waitFor([this] { return window.isSettled(); }));
    const QString path = save();
    {
        MainWindow other(MainWindow::Settings::Ignore);
        ASSERT_TRUE(openIn(other, path));
        const auto& snapshots = other.document()->snapshots();
        ASSERT_EQ(snapshots.size(), 2u);
        EXPECT_EQ(snapshots[0].model, other.document()->model());
        EXPECT_EQ(snapshots[1].model->path, tuned.toStdString());
        EXPECT_EQ(snapshots[1].plan, window.document()->snapshots()[1].plan);
        const auto& measured = other.document()->measurements();
        ASSERT_EQ(measured.size(), window.document()->measurements().size());
        EXPECT_EQ(measured.back().model, snapshots[1].model);
        EXPECT_EQ(measured.back().result.evaluation.quantized.top1,
                  window.document()->measurements().back().result.evaluation.quantized.top1);
        auto* page = other.page<ConfigurationsPage>();
        ASSERT_TRUE(page->apply(2)) << "the weights can be taken back";
        EXPECT_EQ(other.document()->model(), snapshots[1].model);
    }
    ASSERT_TRUE(QFile::remove(tuned));
    MainWindow another(MainWindow::Settings::Ignore);
    ASSERT_TRUE(openIn(another, path));
    EXPECT_EQ(another.document()->snapshots().size(), 1u) << "what is gone is left out, the rest is there";
    EXPECT_TRUE(another.messageBar()->isVisible());
}

TEST_F(SessionKeeperTest, reopenedWithTunedWeightsItKnowsWhatWasOpenedAtFirst)
{
    work();
    const auto original = window.document()->model();
    Training* training = window.page<TrainingPage>()->training();
    training->start(*training->defaults("quick"), folder.filePath("tuned.bin"));
    ASSERT_TRUE(waitFor([&] { return training->result() && window.isSettled(); }));
    ASSERT_TRUE(window.document()->isTuned());
    const Quality baseline = *window.document()->originalQuality();
    const QString path = save();
    MainWindow other(MainWindow::Settings::Ignore);
    ASSERT_TRUE(openIn(other, path));
    EXPECT_TRUE(other.document()->isTuned());
    EXPECT_EQ(other.document()->original()->path, original->path);
    ASSERT_TRUE(other.document()->originalQuality());
    EXPECT_EQ(*other.document()->originalQuality(), baseline);
    ASSERT_TRUE(QFile::remove(folder.filePath("model.fake")));
    MainWindow another(MainWindow::Settings::Ignore);
    ASSERT_TRUE(openIn(another, path)) << "the tuned weights can be worked on without them";
    EXPECT_FALSE(another.document()->isTuned());
    EXPECT_TRUE(another.messageBar()->isVisible());
}
