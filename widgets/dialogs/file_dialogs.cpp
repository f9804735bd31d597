// SPDX-License-Identifier: GPL-3.0-or-later
#include "widgets/dialogs/file_dialogs.h"

#include <QCoreApplication>
#include <QDir>
#include <QFileDialog>
#include <QFileInfo>
#include <QSettings>

namespace bitwright {

namespace {

QString tr(const char* text)
{
    return QCoreApplication::translate("bitwright", text);
}

QString remembered(const QString& purpose)
{
    return QSettings().value(QStringLiteral("folders/") + purpose, QDir::homePath()).toString();
}

QString remember(const QString& purpose, const QString& path)
{
    if (!path.isEmpty())
        QSettings().setValue(QStringLiteral("folders/") + purpose, QFileInfo(path).absolutePath());
    return path;
}

} // namespace

QString chooseModel(QWidget* parent)
{
    const QString purpose = QStringLiteral("model");
    return remember(purpose, QFileDialog::getOpenFileName(
                                 parent, tr("Open model"), remembered(purpose),
                                 tr("Models and weights (*.pt *.pth *.ts *.jit *.torchscript *.onnx "
                                    "*.safetensors *.index.json *.bin *.ckpt *.keras *.h5);;All files (*)")));
}

QString chooseDataFile(QWidget* parent)
{
    const QString purpose = QStringLiteral("data");
    return remember(purpose, QFileDialog::getOpenFileName(
                                 parent, tr("Open data file"), remembered(purpose),
                                 tr("Data (*.h5 *.hdf5 *.npy *.npz *.gz *ubyte *.bin);;All files (*)")));
}

QString chooseDataFolder(QWidget* parent)
{
    const QString purpose = QStringLiteral("data");
    return remember(purpose,
                    QFileDialog::getExistingDirectory(parent, tr("Open data folder"), remembered(purpose)));
}

QString choosePlan(QWidget* parent)
{
    const QString purpose = QStringLiteral("plan");
    return remember(purpose, QFileDialog::getOpenFileName(parent, tr("Open plan"), remembered(purpose),
                                                          tr("Plans (*.json);;All files (*)")));
}

QString choosePlanToSave(QWidget* parent, const QString& modelPath)
{
    const QString purpose = QStringLiteral("plan");
    const QString name = QFileInfo(modelPath).completeBaseName() + QStringLiteral("-plan.json");
    QFileDialog dialog(parent, tr("Save plan"), remembered(purpose), tr("Plans (*.json)"));
    dialog.setAcceptMode(QFileDialog::AcceptSave);
    dialog.setDefaultSuffix(QStringLiteral("json"));
    dialog.selectFile(name);
    return dialog.exec() == QDialog::Accepted ? remember(purpose, dialog.selectedFiles().value(0))
                                              : QString();
}

QString chooseSession(QWidget* parent)
{
    const QString purpose = QStringLiteral("session");
    return remember(purpose, QFileDialog::getOpenFileName(parent, tr("Open session"), remembered(purpose),
                                                          tr("Sessions (*.bitwright);;All files (*)")));
}

QString chooseSessionToSave(QWidget* parent, const QString& suggestion)
{
    const QString purpose = QStringLiteral("session");
    QFileDialog dialog(parent, tr("Save session"), remembered(purpose), tr("Sessions (*.bitwright)"));
    dialog.setAcceptMode(QFileDialog::AcceptSave);
    dialog.setDefaultSuffix(QStringLiteral("bitwright"));
    dialog.selectFile(suggestion);
    return dialog.exec() == QDialog::Accepted ? remember(purpose, dialog.selectedFiles().value(0))
                                              : QString();
}

QString chooseMovedModel(QWidget* parent, const QString& name)
{
    const QString purpose = QStringLiteral("model");
    return remember(purpose, QFileDialog::getOpenFileName(parent, tr("Where is %1 now?").arg(name),
                                                          remembered(purpose), tr("All files (*)")));
}

} // namespace bitwright
