// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QString>

class QWidget;

namespace bitwright {

/// Each asks for a path with the folder that was used last for that purpose; empty = cancelled.
QString chooseModel(QWidget* parent);
QString chooseDataFile(QWidget* parent);
QString chooseDataFolder(QWidget* parent);
QString choosePlan(QWidget* parent);
QString choosePlanToSave(QWidget* parent, const QString& modelPath);
QString chooseSession(QWidget* parent);
QString chooseSessionToSave(QWidget* parent, const QString& suggestion);
/// The model of a session, which was called `name`.
QString chooseMovedModel(QWidget* parent, const QString& name);

} // namespace bitwright
