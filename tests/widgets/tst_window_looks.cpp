// SPDX-License-Identifier: GPL-3.0-or-later
#include "tests/widgets/fake_model.h"
#include "widgets/controller.h"
#include "widgets/page.h"
#include "widgets/theme.h"

#include <QAbstractButton>
#include <QCheckBox>
#include <QDir>
#include <QDirIterator>
#include <QDockWidget>
#include <QFile>
#include <QHeaderView>
#include <QLabel>
#include <QRegularExpression>
#include <QStyleOptionButton>
#include <QTabBar>
#include <QTableView>
#include <QTest>
#include <QTranslator>

#include <algorithm>

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

TEST_F(WindowLooks, boxesToCheckAreSeenInBothThemes)
{
    for (const Theme theme : {Theme::Light, Theme::Dark}) {
        window.setTheme(theme);
        QCheckBox box;
        box.resize(box.sizeHint());
        const QImage image = box.grab().toImage();
        QStyleOptionButton option;
        option.initFrom(&box);
        const QRect indicator = box.style()->subElementRect(QStyle::SE_CheckBoxIndicator, &option, &box);
        const int edge = qGray(image.pixel(indicator.left(), indicator.center().y()));
        const int around = qGray(image.pixel(image.width() - 1, image.height() - 1));
        EXPECT_GT(std::abs(edge - around), 50) << themeName(theme).toStdString();
    }
    window.setTheme(Theme::System);
}

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

TEST_F(WindowLooks, noTableScrollsSidewaysInTheUsualLayout)
{
    const auto data = normalDataset({8}, 200, 4, 3);
    open(kSmallModel);
    window.resize(1400, 900);
    window.document()->setData(data, data, QStringLiteral("samples"));
    window.controller()->evaluate();
    ASSERT_TRUE(waitFor([this] { return window.document()->evaluation() && window.isSettled(); }));
    int seen = 0;
    for (Page* page : window.pages()) {
        raise(page);
        for (const QString& view : page->views().isEmpty() ? QStringList{QString()} : page->views()) {
            page->showView(view);
            ASSERT_TRUE(waitFor([this] { return window.isSettled(); }));
            QTest::qWait(20);
            for (const QTableView* table : page->findChildren<QTableView*>()) {
                if (!table->isVisible())
                    continue;
                ++seen;
                EXPECT_LE(table->horizontalHeader()->length(), table->viewport()->width())
                    << qPrintable(table->accessibleName()) << ", " << table->width() << " wide";
            }
        }
    }
    EXPECT_GE(seen, 7);
}

namespace {

/// Texts that their widget is too small for.
QStringList clippedTexts(const QWidget& root)
{
    QStringList clipped;
    const auto check = [&](const QWidget* widget, const QString& text, int needed, int there) {
        if (needed > there)
            clipped << QStringLiteral("%1 (%2 of %3)").arg(text).arg(there).arg(needed) +
                           QLatin1String(widget->metaObject()->className());
    };
    for (const QLabel* label : root.findChildren<QLabel*>()) {
        // Those that may be elided say so by their policy; those of several lines grow downwards.
        const bool gives = label->sizePolicy().horizontalPolicy() == QSizePolicy::Ignored;
        if (!label->isVisible() || label->text().isEmpty() || gives || label->text().contains(u'<'))
            continue;
        if (label->wordWrap())
            check(label, label->text(), label->heightForWidth(label->width()), label->height());
        else
            check(label, label->text(), label->fontMetrics().horizontalAdvance(label->text()),
                  label->width());
    }
    for (const QAbstractButton* button : root.findChildren<QAbstractButton*>()) {
        if (button->isVisible() && !button->text().isEmpty())
            check(button, button->text(), button->minimumSizeHint().width(), button->width());
    }
    for (const QTabBar* tabs : root.findChildren<QTabBar*>()) {
        for (int i = 0; i < tabs->count() && tabs->isVisible(); ++i)
            check(tabs, tabs->tabText(i), tabs->fontMetrics().horizontalAdvance(tabs->tabText(i)),
                  tabs->tabRect(i).width());
    }
    for (const QHeaderView* header : root.findChildren<QHeaderView*>()) {
        for (int i = 0; i < header->count() && header->isVisible(); ++i) {
            const QString text = header->model()->headerData(i, header->orientation()).toString();
            int longest = 0; // word: headings may have two lines
            for (const QString& word : text.split(u' '))
                longest = std::max(longest, header->fontMetrics().horizontalAdvance(word));
            if (!header->isSectionHidden(i) && header->orientation() == Qt::Horizontal)
                check(header, text, longest, header->sectionSize(i));
        }
    }
    return clipped;
}

} // namespace

TEST(Looks, noTextIsClippedInEitherLanguage)
{
    for (const char* language : {"en", "zh_CN"}) {
        QTranslator translator;
        ASSERT_TRUE(translator.load(QStringLiteral(":/i18n/bitwright_") + QLatin1String(language)));
        QCoreApplication::installTranslator(&translator);
        MainWindow window(MainWindow::Settings::Ignore);
        window.resize(1400, 900);
        window.show();
        const auto data = normalDataset({8}, 200, 4, 3);
        window.document()->setModel(fakeModel());
        window.document()->setData(data, data, QStringLiteral("samples"));
        window.controller()->evaluate();
        ASSERT_TRUE(waitFor([&] { return window.document()->evaluation() && window.isSettled(); }));
        window.selectRow(1);
        for (Page* page : window.pages()) {
            qobject_cast<QDockWidget*>(page->parentWidget())->raise();
            for (const QString& view : page->views().isEmpty() ? QStringList{QString()} : page->views()) {
                page->showView(view);
                ASSERT_TRUE(waitFor([&] { return window.isSettled(); }));
                QTest::qWait(20);
                EXPECT_EQ(clippedTexts(*page).join(QLatin1String("; ")), QString())
                    << language << ' ' << qPrintable(page->objectName() + u' ' + view);
            }
        }
        EXPECT_EQ(clippedTexts(window).join(QLatin1String("; ")), QString()) << language;
        QCoreApplication::removeTranslator(&translator);
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
