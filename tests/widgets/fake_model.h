// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "tests/support.h"
#include "widgets/main_window.h"

#include <QTemporaryDir>

#include <gtest/gtest.h>

#include <memory>

namespace bitwright::test {

/// A backend whose files are texts for FakeRunner::fromText behind the line "fake model".
void registerFakeBackend();
/// Writes such a file into `folder` and returns its path.
QString writeFakeModel(const QTemporaryDir& folder, const QString& name, const std::string& text);

/// Writes 96 labelled samples of 8 numbers as HDF5 into `folder` and returns the path.
QString writeData(const QTemporaryDir& folder);

/// Three layers with weights (a is the largest, b is tiny) and an add.
extern const char* const kSmallModel;
/// The same as an opened model, without a file.
std::shared_ptr<const Model> fakeModel(const std::string& text = kSmallModel);

/// Turns the event loop until `done` or a time-out; returns whether it was done.
bool waitFor(const std::function<bool()>& done, int timeoutMs = 20000);

/// A shown window without settings, with a fake model opened by its controller.
class WindowTest : public testing::Test {
protected:
    void SetUp() override;
    void open(const std::string& text);
    int row(const std::string& name) { return window.document()->rowOf(name); }

    QTemporaryDir folder;
    MainWindow window{MainWindow::Settings::Ignore};
};

} // namespace bitwright::test
