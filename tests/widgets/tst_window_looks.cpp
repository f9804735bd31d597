// SPDX-License-Identifier: GPL-3.0-or-later
#include "tests/widgets/fake_model.h"
#include "widgets/page.h"

#include <QDockWidget>
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
        std::fprintf(stderr, "%s %d x %d\n", qPrintable(page->objectName()), page->minimumSizeHint().width(),
                     page->minimumSizeHint().height());
        for (const QString& view : page->views()) {
            page->showView(view);
            ASSERT_TRUE(waitFor([this] { return window.isSettled(); }));
            EXPECT_EQ(window.size(), small) << qPrintable(page->objectName() + u' ' + view);
        }
    }
}
