// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/io/weights/weights_runner.h"
#include "tests/widgets/fake_model.h"
#include "widgets/actions.h"
#include "widgets/controller.h"
#include "widgets/document.h"
#include "widgets/model_kind.h"
#include "widgets/pages/empty_state.h"
#include "widgets/pages/evaluation_page.h"
#include "widgets/pages/graph_page.h"
#include "widgets/pages/training_page.h"

#include <QAction>
#include <QFile>
#include <QPushButton>

#include <cmath>

using namespace bitwright;
using namespace bitwright::test;

namespace {

/// A window with a safetensors file of two layers.
class WeightsOnlyTest : public WindowTest {
protected:
    void SetUp() override
    {
        WindowTest::SetUp();
        static const bool registered = [] {
            for (Backend& backend : weightsBackends())
                registerBackend(std::move(backend));
            return true;
        }();
        ASSERT_TRUE(registered);
        const QByteArray header = R"({"a.weight":{"dtype":"F32","shape":[6,64],"data_offsets":[0,1536]},)"
                                  R"("b.weight":{"dtype":"F32","shape":[4,6],"data_offsets":[1536,1632]}})";
        std::vector<float> values(408);
        for (size_t i = 0; i < values.size(); ++i)
            values[i] = float(std::sin(double(i)));
        const quint64 length = quint64(header.size());
        QFile file(folder.filePath("m.safetensors"));
        ASSERT_TRUE(file.open(QIODevice::WriteOnly));
        file.write(reinterpret_cast<const char*>(&length), 8);
        file.write(header);
        file.write(reinterpret_cast<const char*>(values.data()), 1632);
        file.close();
        window.openPath(file.fileName());
        ASSERT_TRUE(waitFor([this] { return window.document()->model() && window.isSettled(); }));
    }

    template<typename PageType>
    QString emptyText()
    {
        const auto* empty = window.page<PageType>()->template findChild<EmptyState*>();
        return empty ? empty->accessibleDescription() : QString();
    }
};

} // namespace

TEST_F(WeightsOnlyTest, TheWindowSaysWhatIsOpen)
{
    EXPECT_EQ(modelKind(*window.document()), "weights only");
    EXPECT_TRUE(window.windowTitle().contains("m.safetensors[*] (weights only)"));
    EXPECT_EQ(window.document()->rowCount(), 2);
    open(kSmallModel);
    EXPECT_EQ(modelKind(*window.document()), "float graph");
    EXPECT_FALSE(window.windowTitle().contains("only"));
}

TEST_F(WeightsOnlyTest, WhatNeedsARunSaysWhyItIsNotThere)
{
    Actions* actions = window.actions();
    for (const QAction* action : {actions->calibrate, actions->evaluate}) {
        EXPECT_FALSE(action->isEnabled());
        EXPECT_TRUE(action->toolTip().contains("no graph")) << action->toolTip().toStdString();
    }
    EXPECT_TRUE(emptyText<GraphPage>().contains("no graph"));
    EXPECT_TRUE(emptyText<EvaluationPage>().contains("no graph"));
    EXPECT_TRUE(emptyText<TrainingPage>().contains("no graph"));
    open(kSmallModel);
    EXPECT_FALSE(emptyText<EvaluationPage>().contains("no graph"));
}

TEST_F(WeightsOnlyTest, EmptyPagesOfferOnlyWhatHelps)
{
    const auto offered = [](const QWidget* page) {
        QStringList texts;
        for (const QPushButton* button : page->findChild<EmptyState*>()->findChildren<QPushButton*>())
            if (!button->isHidden())
                texts << button->accessibleName();
        return texts;
    };
    EXPECT_EQ(offered(window.page<EvaluationPage>()), QStringList("Open model"));
    EXPECT_EQ(offered(window.page<TrainingPage>()), QStringList("Open model"));
    open(kSmallModel);
    EXPECT_EQ(offered(window.page<EvaluationPage>()), QStringList("Open data"));
    EXPECT_EQ(offered(window.page<TrainingPage>()), QStringList("Open data"));
    const auto data = normalDataset({8}, 20, 4, 3);
    window.document()->setData(data, data, "memory");
    ASSERT_TRUE(waitFor([this] { return window.isSettled(); }));
    EXPECT_EQ(offered(window.page<EvaluationPage>()), QStringList("Evaluate"));
}

TEST_F(WeightsOnlyTest, ErrorsSizeAndExportWork)
{
    ASSERT_TRUE(waitFor([this] { return window.document()->report(1) != nullptr; }));
    EXPECT_GT(window.document()->report(0)->weight->error.sqnrDb(), 30);
    EXPECT_EQ(window.document()->size().floatBytes, 1632);
    EXPECT_TRUE(window.document()->size().complete);
    EXPECT_TRUE(window.actions()->exportModel->isEnabled()) << "there is nothing to calibrate";
    std::vector<std::string> formats;
    for (const auto& format : workbench::exportFormats(*window.document()->model()))
        formats.push_back(format.name);
    EXPECT_EQ(formats, (std::vector<std::string>{"encodings", "encodings-0.6.1", "ort-overrides", "weights-hdf5", "plan"}));
    const QString out = folder.filePath("w.h5");
    window.controller()->exportTo("weights-hdf5", out);
    ASSERT_TRUE(waitFor([&] { return QFile::exists(out) && window.isSettled(); }));
}
