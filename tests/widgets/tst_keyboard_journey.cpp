// SPDX-License-Identifier: GPL-3.0-or-later
// The whole way through the window by keys alone: every key goes where the focus is, as from a keyboard.
#include "tests/widgets/fake_model.h"
#include "widgets/dialogs/command_palette.h"
#include "widgets/dialogs/export_dialog.h"
#include "widgets/models/config_model.h"
#include "widgets/pages/configurations_page.h"
#include "widgets/pages/layer_page.h"
#include "widgets/pages/layer_table.h"
#include "widgets/plots/threshold_handle.h"

#include <QApplication>
#include <QComboBox>
#include <QDir>
#include <QFileDialog>
#include <QInputDialog>
#include <QItemSelectionModel>
#include <QTableView>
#include <QTest>
#include <QTimer>

#include <functional>
#include <utility>

using namespace bitwright;
using namespace bitwright::test;

namespace {

QWidget* focused()
{
    if (QWidget* popup = QApplication::activePopupWidget())
        return popup;
    QWidget* modal = QApplication::activeModalWidget();
    QWidget* focus = QApplication::focusWidget();
    return modal && (!focus || !modal->isAncestorOf(focus)) ? modal : focus;
}

class KeyboardJourney : public WindowTest {
protected:
    void SetUp() override
    {
        WindowTest::SetUp();
        backToTheWindow();
    }
    /// What a window manager does when a dialog has closed.
    void backToTheWindow()
    {
        window.activateWindow();
        ASSERT_TRUE(QTest::qWaitForWindowActive(&window));
    }
    void press(int key, Qt::KeyboardModifiers modifiers = {})
    {
        QWidget* target = focused();
        QTest::keyClick(target ? target : &window, Qt::Key(key), modifiers);
    }
    void type(const QString& text)
    {
        ASSERT_NE(focused(), nullptr);
        QTest::keyClicks(focused(), text);
    }
    bool settled(const std::function<bool()>& also)
    {
        return waitFor([&] { return also() && window.isSettled(); });
    }
    /// Presses a key that opens a dialog which runs its own loop, types into the dialog and presses Enter until
    /// it closes: the first Enter may only take what the completer proposes.
    template<typename Dialog>
    void answer(int key, Qt::KeyboardModifiers modifiers, const QString& text)
    {
        QTimer poll;
        int turns = 0;
        bool typed = false;
        QObject::connect(&poll, &QTimer::timeout, &window, [&] {
            auto* dialog = qobject_cast<Dialog*>(QApplication::activeModalWidget());
            if (++turns > 400 && dialog) {
                const QWidget* focus = QApplication::focusWidget();
                ADD_FAILURE() << "the dialog stays open: " << dialog->windowTitle().toStdString() << ", focus "
                              << (focus ? focus->metaObject()->className() : "nowhere");
                dialog->reject();
            }
            if (!dialog || !dialog->isVisible())
                return;
            if (!dialog->isAncestorOf(QApplication::focusWidget())) {
                dialog->activateWindow(); // a window manager would have
                return;
            }
            if (!std::exchange(typed, true))
                type(text);
            else
                press(Qt::Key_Return);
        });
        poll.start(25);
        press(key, modifiers);
        backToTheWindow();
    }
    template<typename Widget>
    bool tabTo()
    {
        for (int i = 0; i < 60; ++i) {
            if (qobject_cast<Widget*>(QApplication::focusWidget()))
                return true;
            press(Qt::Key_Tab);
        }
        return false;
    }
};

} // namespace

TEST_F(KeyboardJourney, fromOpenToExportWithoutTheMouse)
{
    Document* document = window.document();
    QUndoStack* stack = document->undoStack();
    answer<QFileDialog>(Qt::Key_O, Qt::ControlModifier, writeFakeModel(folder, "model.bin", kSmallModel));
    ASSERT_TRUE(settled([&] { return document->model() != nullptr; }));
    EXPECT_EQ(QApplication::focusWidget(), window.layerPage()->table());
    ASSERT_EQ(window.selection()->currentIndex().row(), document->worstRow()) << "the worst layer is selected";
    answer<QFileDialog>(Qt::Key_O, Qt::ControlModifier | Qt::ShiftModifier, writeData(folder));
    ASSERT_TRUE(settled([&] { return document->calibration() != nullptr; }));

    // The worst layer by its own key, its bits by a digit.
    press(Qt::Key_0, Qt::AltModifier);
    press(Qt::Key_Down);
    press(Qt::Key_J, Qt::ControlModifier);
    const std::string worst = document->row(document->worstRow()).name;
    EXPECT_EQ(document->row(window.selection()->currentIndex().row()).name, worst);
    press(Qt::Key_4);
    EXPECT_EQ(document->plan().weights(worst).bits, 4);
    ASSERT_TRUE(settled([] { return true; }));

    // A threshold of its histogram, and a name for what came out.
    press(Qt::Key_2, Qt::AltModifier);
    ASSERT_TRUE(tabTo<ThresholdHandle>());
    const int steps = stack->count();
    press(Qt::Key_Right);
    ASSERT_TRUE(settled([&] { return stack->count() == steps + 1; }));
    EXPECT_EQ(document->plan().weights(worst).bits, 4);
    EXPECT_NE(document->plan().weights(worst), QuantSpec::defaultWeights(4)) << "the range is another";
    press(Qt::Key_F5);
    ASSERT_TRUE(settled([&] { return document->isEvaluationCurrent(); }));
    press(Qt::Key_K, Qt::ControlModifier);
    auto* palette = window.findChild<CommandPalette*>();
    ASSERT_NE(palette, nullptr);
    palette->activateWindow();
    ASSERT_TRUE(waitFor([&] { return QApplication::focusWidget() == palette->edit(); }));
    type("take snapshot");
    answer<QInputDialog>(Qt::Key_Return, {}, "cut");
    ASSERT_EQ(document->snapshots().size(), 1u);
    EXPECT_EQ(document->snapshots()[0].name, "cut");

    // Back, and both side by side.
    while (stack->canUndo())
        press(Qt::Key_Z, Qt::ControlModifier);
    EXPECT_EQ(document->plan().weights(worst).bits, 8);
    auto* page = window.page<ConfigurationsPage>();
    press(Qt::Key_4, Qt::AltModifier);
    ASSERT_TRUE(settled([&] { return page->model()->rowCount() == 2; }));
    ASSERT_TRUE(tabTo<QTableView>());
    ASSERT_EQ(QApplication::focusWidget(), page->list());
    press(Qt::Key_Home, Qt::ControlModifier);
    press(Qt::Key_Space);
    press(Qt::Key_Down);
    press(Qt::Key_Space);
    EXPECT_EQ(page->model()->checkedRows(), (QList<int>{0, 1}));
    EXPECT_EQ(page->difference()->rowCount(), 1);
    press(Qt::Key_Return);
    EXPECT_EQ(document->plan().weights(worst).bits, 4) << "Enter applies it";
    ASSERT_TRUE(settled([] { return true; }));

    press(Qt::Key_E, Qt::ControlModifier);
    auto* dialog = window.findChild<ExportDialog*>();
    ASSERT_NE(dialog, nullptr);
    dialog->activateWindow();
    ASSERT_TRUE(waitFor([&] { return dialog->isAncestorOf(QApplication::focusWidget()); }));
    ASSERT_TRUE(tabTo<QComboBox>());
    auto* format = qobject_cast<QComboBox*>(QApplication::focusWidget());
    EXPECT_EQ(format->accessibleName(), "Format") << "it comes first";
    type("weights");
    EXPECT_EQ(format->currentText(), "weights-hdf5");
    press(Qt::Key_Return);
    const auto written = [this] { return !QDir(folder.path()).entryList({"*weights-hdf5*"}).isEmpty(); };
    ASSERT_TRUE(settled(written));
    press(Qt::Key_Escape);
    EXPECT_FALSE(dialog->isVisible());
}
