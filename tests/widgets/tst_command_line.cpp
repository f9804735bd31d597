// SPDX-License-Identifier: GPL-3.0-or-later
#include "tests/widgets/fake_model.h"
#include "widgets/actions.h"
#include "widgets/command_line.h"
#include "widgets/controller.h"
#include "widgets/dialogs/export_dialog.h"

#include <QAction>
#include <QApplication>
#include <QClipboard>
#include <QComboBox>
#include <QLabel>
#include <QProcess>

using namespace bitwright;
using namespace bitwright::test;

namespace {

QString valueOf(const QStringList& arguments, const QString& option)
{
    return arguments.value(arguments.indexOf(option) + 1);
}

/// What the command line makes of the arguments, by the functions that it uses.
QuantPlan planOf(const QStringList& arguments, const Graph& graph)
{
    QuantPlan plan;
    plan.defaultWeights =
        *parseSpec(valueOf(arguments, "--weights").toStdString(), QuantSpec::defaultWeights());
    plan.defaultActivations =
        *parseSpec(valueOf(arguments, "--activations").toStdString(), QuantSpec::defaultActivations());
    for (qsizetype i = 0; i + 1 < arguments.size(); ++i) {
        if (arguments[i] == "--layer") {
            const auto done = applyRule(plan, graph, arguments[i + 1].toStdString());
            EXPECT_TRUE(done) << done.error().text();
        }
    }
    return plan;
}

} // namespace

TEST(CommandLine, HoldsTheWholePlan)
{
    const auto model = fakeModel();
    DoneVerb done{DoneVerb::Evaluate, "/tmp/a model.pt", "/tmp/it's.h5", {}, 100, 16, {}, {}};
    done.plan.defaultWeights = *parseSpec("4:symmetric:group=16:mse", {});
    done.plan.setWeights("a", *parseSpec("e4m3", {}));
    done.plan.setActivations("b", *parseSpec("6:asymmetric:tensor:percentile=99.9", {}));
    done.plan.setActivations("input", QuantSpec::float32());
    done.plan.setWeights("c", *parseSpec("3:asymmetric:tensor:fixed=-0.5..0.75", {}));
    const QuantPlan again = planOf(commandArguments(done), model->graph());
    EXPECT_EQ(again.defaultWeights, done.plan.defaultWeights);
    EXPECT_EQ(again.defaultActivations, done.plan.defaultActivations);
    EXPECT_EQ(again.layers, done.plan.layers);
}

TEST(CommandLine, AsksForAFileWhereAPlanHasNoShortForm)
{
    DoneVerb done{DoneVerb::Evaluate, "/tmp/m.pt", "/tmp/d.h5", {}, 100, 16, {}, {}};
    QuantSpec learned = QuantSpec::defaultWeights();
    learned.estimator = Estimator::Fixed;
    learned.ranges = {{-1, 1}};
    done.plan.setWeights("a", learned);
    const QStringList arguments = commandArguments(done);
    EXPECT_EQ(arguments.value(arguments.indexOf("--plan") + 1), "plan.json");
    EXPECT_FALSE(arguments.contains("--weights"));
    const QString command = commandLine(done);
    EXPECT_TRUE(command.startsWith("# ") &&
                command.contains("save it as plan.json first.\nbitwright-cli evaluate"))
        << command.toStdString();
}

TEST(CommandLine, IsQuotedForTheShell)
{
    DoneVerb done{DoneVerb::Export, "/tmp/a model.pt", "/tmp/it's $x.h5", {}, 100, 16,
                  "encodings",      "/tmp/o.json"};
    done.plan.setWeights("a", *parseSpec("4", QuantSpec::defaultWeights()));
    QProcess shell;
    shell.start("/bin/sh", {"-c", "printf '%s\\n' " + commandLine(done).section(' ', 1)});
    ASSERT_TRUE(shell.waitForFinished());
    EXPECT_EQ(QString::fromUtf8(shell.readAllStandardOutput()).trimmed().split('\n'), commandArguments(done));
}

TEST(CommandLine, HoldsTheOptionsOfAnExport)
{
    DoneVerb done{DoneVerb::Export,        "/m.pt", {}, {}, 100, 16, "onnx-qdq", "/o.onnx",
                  {"--target", "tensorrt"}};
    EXPECT_TRUE(commandLine(done).endsWith("--format onnx-qdq --out /o.onnx --target tensorrt"))
        << commandLine(done).toStdString();
}

class CopyCommandTest : public WindowTest {};

TEST_F(CopyCommandTest, TheExportDialogSaysHowLargeTheFileWillBe)
{
    open(kSmallModel);
    ExportDialog dialog(window.controller(), window.document(), &window);
    auto* format = dialog.findChildren<QComboBox*>().value(0);
    ASSERT_EQ(format->accessibleName(), "Format");
    const auto size = [&] {
        for (const QLabel* label : dialog.findChildren<QLabel*>())
            if (label->accessibleName() == "Size")
                return label->text();
        return QString();
    };
    format->setCurrentText("weights-hdf5");
    const QString before = size();
    EXPECT_TRUE(before.startsWith("About ")) << before.toStdString();
    window.selectRow(row("a"));
    window.actions()->weightBits[1]->trigger();
    EXPECT_NE(size(), before);
    format->setCurrentText("encodings");
    EXPECT_EQ(size(), "Holds no weights");
}

TEST_F(CopyCommandTest, WhatWasDoneLastIsCopied)
{
    Actions& a = *window.actions();
    EXPECT_FALSE(a.copyCommand->isEnabled());
    EXPECT_FALSE(Actions::reason(a.copyCommand).isEmpty());
    open(kSmallModel);
    window.document()->setData(nullptr, nullptr, "/data/set.h5");
    window.controller()->calibrate();
    ASSERT_TRUE(waitFor([this] { return window.document()->calibration() && window.isSettled(); }));
    ASSERT_TRUE(a.copyCommand->isEnabled());
    a.copyCommand->trigger();
    EXPECT_EQ(QApplication::clipboard()->text(), "bitwright-cli stats " + folder.filePath("model.fake") +
                                                     " --data /data/set.h5 --limit 512 --batch 32");
    window.selectRow(row("a"));
    a.weightBits[1]->trigger();
    window.controller()->evaluate();
    ASSERT_TRUE(waitFor([this] { return window.document()->evaluation() && window.isSettled(); }));
    a.copyCommand->trigger();
    EXPECT_TRUE(QApplication::clipboard()->text().startsWith("bitwright-cli evaluate "));
    EXPECT_TRUE(QApplication::clipboard()->text().contains("--layer a=W:2:symmetric:channel:minmax"))
        << QApplication::clipboard()->text().toStdString();
}
