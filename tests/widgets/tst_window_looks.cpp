// SPDX-License-Identifier: GPL-3.0-or-later
#include "tests/widgets/fake_model.h"
#include "widgets/page.h"

#include <QDir>
#include <QDirIterator>
#include <QDockWidget>
#include <QFile>
#include <QHeaderView>
#include <QRegularExpression>
#include <QTableView>
#include <QTest>

using namespace bitwright;
using namespace bitwright::test;

class WindowLooks : public WindowTest {
protected:
    void raise(Page* page)
    {
        auto* dock = qobject_cast<QDockWidget*>(page->parentWidget());
        ASSERT_NE(dock, nullptr);
        dock->raise();
        QTest::qWait(0);
    }
};

TEST_F(WindowLooks, noViewMakesASmallWindowGrow)
{
    open(kSmallModel);
    constexpr QSize small(1024, 640);
    window.resize(small);
    QTest::qWait(0);
    EXPECT_EQ(window.size(), small) << "at first";
    for (Page* page : window.pages()) {
        raise(page);
        EXPECT_EQ(window.size(), small) << qPrintable(page->objectName());
        for (const QString& view : page->views()) {
            page->showView(view);
            ASSERT_TRUE(waitFor([this] { return window.isSettled(); }));
            EXPECT_EQ(window.size(), small) << qPrintable(page->objectName() + u' ' + view);
        }
    }
}

TEST_F(WindowLooks, everyHeadingOfATableExplainsItself)
{
    open(kSmallModel);
    int seen = 0;
    for (const QTableView* table : window.findChildren<QTableView*>()) {
        for (int section = 0; section < table->model()->columnCount(); ++section) {
            const QString title = table->model()->headerData(section, Qt::Horizontal).toString();
            if (title.isEmpty() || table->horizontalHeader()->isHidden())
                continue;
            ++seen;
            EXPECT_FALSE(
                table->model()->headerData(section, Qt::Horizontal, Qt::ToolTipRole).toString().isEmpty())
                << qPrintable(table->accessibleName() + QStringLiteral(": ") + title);
        }
    }
    EXPECT_GT(seen, 50);
}

TEST(Translations, everyStageThatTheCoreReportsIsKnownInChinese)
{
    const QDir root(QStringLiteral(BITWRIGHT_SOURCE_DIR));
    QFile file(root.filePath("resources/translations/bitwright_zh_CN.ts"));
    ASSERT_TRUE(file.open(QIODevice::ReadOnly));
    const QString text = QString::fromUtf8(file.readAll());
    const qsizetype begin = text.indexOf("<name>Progress</name>");
    ASSERT_GE(begin, 0);
    const QString context = text.mid(begin, text.indexOf("</context>", begin) - begin);
    static const QRegularExpression stage(QStringLiteral("\\bbegin\\(\\s*\"([^\"]+)\""));
    int found = 0;
    for (const char* folder : {"core", "widgets"}) {
        QDirIterator it(root.filePath(folder), {"*.cpp", "*.h"}, QDir::Files, QDirIterator::Subdirectories);
        while (it.hasNext()) {
            QFile source(it.next());
            ASSERT_TRUE(source.open(QIODevice::ReadOnly));
            for (auto match = stage.globalMatch(QString::fromUtf8(source.readAll())); match.hasNext();
                 ++found) {
                const QString name = match.next().captured(1);
                EXPECT_TRUE(context.contains("<source>" + name.toHtmlEscaped() + "</source>"))
                    << qPrintable(name) << ": add it to the stages of widgets/models/job_model.cpp";
            }
        }
    }
    EXPECT_GT(found, 15);
}
