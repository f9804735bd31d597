// SPDX-License-Identifier: GPL-3.0-or-later
#include "tests/widgets/fake_model.h"
#include "widgets/dialogs/plot_export_dialog.h"
#include "widgets/pages/layer_page.h"
#include "widgets/pages/start_page.h"
#include "widgets/recent_files.h"

#include <QCommandLinkButton>
#include <QDir>
#include <QFile>
#include <QLineEdit>
#include <QListWidget>
#include <QPushButton>
#include <QSettings>
#include <QTest>

using namespace bitwright;
using namespace bitwright::test;

class StartPageTest : public WindowTest {
protected:
    void TearDown() override { QSettings().clear(); }
    QCommandLinkButton* link(const QString& text)
    {
        for (auto* button : window.startPage()->findChildren<QCommandLinkButton*>()) {
            if (button->text() == text)
                return button;
        }
        return nullptr;
    }
};

TEST_F(StartPageTest, isThereUntilAModelIsOpen)
{
    EXPECT_TRUE(window.startPage()->isVisible());
    EXPECT_FALSE(window.layerPage()->isVisible());
    ASSERT_NE(link("Open model…"), nullptr);
    open(kSmallModel);
    EXPECT_FALSE(window.startPage()->isVisible());
    EXPECT_TRUE(window.layerPage()->isVisible());
}

TEST_F(StartPageTest, opensRecentFilesAndGreysMissingOnes)
{
    const QString path = writeFakeModel(folder, "recent.fake", kSmallModel);
    RecentFiles recent("recent/models");
    recent.add(folder.filePath("gone.fake"));
    recent.add(path);
    window.startPage()->refresh();
    ASSERT_NE(link("gone.fake"), nullptr);
    EXPECT_FALSE(link("gone.fake")->isEnabled());
    EXPECT_TRUE(link("gone.fake")->toolTip().contains("does not exist"));
    ASSERT_NE(link("recent.fake"), nullptr);
    link("recent.fake")->setFocus();
    QTest::keyClick(link("recent.fake"), Qt::Key_Space);
    EXPECT_TRUE(waitFor([this] { return window.document()->model() && window.isSettled(); }));
}

TEST_F(StartPageTest, theSampleModelsOfTheTreeAreOffered)
{
    const auto samples = sampleModels();
    ASSERT_EQ(samples.size(), 5);
    for (const SampleModel& sample : samples) {
        EXPECT_TRUE(QFile::exists(sample.path));
        EXPECT_TRUE(QFile::exists(sample.data));
        EXPECT_NE(link(sample.title), nullptr);
    }
}

TEST_F(StartPageTest, allPlotsAreExportedInOneGo)
{
    open(kSmallModel);
    window.selectRow(row("a"));
    ASSERT_TRUE(waitFor([this] { return window.isSettled(); }));
    const QString out = folder.filePath("plots");
    PlotExportDialog dialog(window.pages(), out, &window);
    dialog.show();
    EXPECT_GE(dialog.list()->count(), 2);
    QTest::mouseClick(dialog.exportButton(), Qt::LeftButton);
    EXPECT_FALSE(dialog.exportButton()->isEnabled());
    ASSERT_TRUE(waitFor([&] { return dialog.exportButton()->isEnabled(); }));
    const QStringList files = QDir(out).entryList({"*.png"}, QDir::Files);
    EXPECT_GE(files.size(), 3) << "views without calibration have no plot";
    EXPECT_TRUE(files.contains("distribution-weights.png")) << files.join(' ').toStdString();
    dialog.folderEdit()->setText("/proc/nowhere");
    QTest::mouseClick(dialog.exportButton(), Qt::LeftButton);
    ASSERT_TRUE(waitFor([&] { return dialog.exportButton()->isEnabled(); }));
    EXPECT_TRUE(dialog.resultText().contains("/proc/nowhere"));
}
