// SPDX-License-Identifier: GPL-3.0-or-later
// Channels of a real model are removed in the window and the rest is trained, evaluated, compared and undone.
#include "core/torch/torch_backend.h"
#include "widgets/controller.h"
#include "widgets/main_window.h"
#include "widgets/models/config_model.h"
#include "widgets/pages/configurations_page.h"
#include "widgets/pages/training_page.h"
#include "widgets/training.h"

#include <QApplication>
#include <QTemporaryDir>
#include <QTest>

#include <gtest/gtest.h>

#include <algorithm>

using namespace bitwright;

namespace {

int64_t parameters(const Document& document)
{
    return totals(document.model()->graph()).params;
}

struct ChannelRemoval : testing::Test {
    bool settle()
    {
        QCoreApplication::processEvents();
        return QTest::qWaitFor([this] { return window.isSettled(); }, 60000);
    }
    void SetUp() override
    {
        const QString samples = QStringLiteral(BITWRIGHT_SOURCE_DIR "/sample_models/");
        window.show();
        window.controller()->openModel(samples + QStringLiteral("dwcnn.pt"));
        window.controller()->openData(samples + QStringLiteral("fashion_mnist_mini.h5"));
        ASSERT_TRUE(settle());
        ASSERT_TRUE(document.calibration());
    }
    void evaluate()
    {
        window.controller()->evaluate();
        ASSERT_TRUE(settle());
        ASSERT_TRUE(document.isEvaluationCurrent());
    }
    /// A few steps without 30 % of the channels.
    void train()
    {
        Training* training = window.page<TrainingPage>()->training();
        TrainOptions options = *training->defaults(QStringLiteral("quick"));
        options.epochs = 1;
        options.stepsPerEpoch = 4;
        options.prune.kind = PruneOptions::Channels;
        options.prune.share = 0.3;
        training->start(options, folder.filePath(QStringLiteral("small.pt")));
        ASSERT_TRUE(settle());
        ASSERT_TRUE(training->result());
    }

    QTemporaryDir folder;
    MainWindow window{MainWindow::Settings::Ignore};
    Document& document = *window.document();
};

TEST_F(ChannelRemoval, givesASmallerModelThatIsComparedAndUndone)
{
    evaluate();
    const auto opened = document.evaluation()->evaluation;
    const int64_t before = parameters(document);
    const qint64 bytes = document.size().bytes;
    const QuantPlan plan = document.plan();
    train();
    const int64_t after = parameters(document);
    EXPECT_LT(after, before * 85 / 100) << "30 % of the channels are at least 15 % of the parameters";
    EXPECT_LT(document.size().bytes, bytes);
    ASSERT_EQ(document.undoStack()->count(), 1);

    evaluate();
    EXPECT_TRUE(document.isTuned());
    ASSERT_TRUE(document.originalQuality());
    EXPECT_EQ(*document.originalQuality(), opened.floating)
        << "the float model that was opened stays the baseline";
    EXPECT_NE(document.evaluation()->evaluation.quantized, opened.quantized);

    document.addSnapshot(QStringLiteral("small"));
    ASSERT_TRUE(settle());
    ConfigModel* model = window.page<ConfigurationsPage>()->model();
    const auto& all = model->configurations();
    ASSERT_GE(all.size(), 2u) << "the small model, and the one that was opened and evaluated";
    for (int row = 0; row < model->rowCount(); ++row)
        model->setData(model->index(row, 0), Qt::Checked, Qt::CheckStateRole);
    EXPECT_GE(model->checkedRows().size(), 2);
    const auto original = std::find_if(
        all.begin(), all.end(), [this](const Configuration& c) { return c.model == document.original(); });
    ASSERT_NE(original, all.end());
    ASSERT_TRUE(original->cost && all.front().cost);
    EXPECT_LT(all.front().cost->quantizedBytes, original->cost->quantizedBytes);

    document.undoStack()->undo();
    ASSERT_TRUE(settle());
    EXPECT_EQ(parameters(document), before);
    EXPECT_EQ(document.plan(), plan);
    EXPECT_FALSE(document.isTuned());
    EXPECT_EQ(document.size().bytes, bytes);
    ASSERT_TRUE(document.isEvaluationCurrent()) << "what was measured before comes back with the weights";
    EXPECT_EQ(document.evaluation()->evaluation.quantized, opened.quantized);
    document.undoStack()->redo();
    ASSERT_TRUE(settle());
    EXPECT_EQ(parameters(document), after);
}

} // namespace

int main(int argc, char** argv)
{
    prepareTorchProcess();
    testing::InitGoogleTest(&argc, argv);
    QApplication app(argc, argv);
    startTorch(0);
    registerBackend(torchScriptBackend());
    return RUN_ALL_TESTS();
}
