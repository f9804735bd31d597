// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "widgets/page.h"

class QComboBox;
class QLabel;
class QLineEdit;
class QPushButton;
class QStackedLayout;
class QTabBar;

namespace bitwright {

class EmptyState;
class RepairGroup;
class Training;
class TrainingOptions;
class TrainingPlot;

/// Quantization-aware training of the open model under its plan: options, the course of the run, and what it
/// brought. The result is one undo step.
class TrainingPage : public Page {
    Q_OBJECT
public:
    explicit TrainingPage(const Workspace& workspace);

    Training* training() const { return m_training; }
    TrainingOptions* options() const { return m_options; }
    TrainingPlot* plot() const { return m_plot; }
    RepairGroup* repairs() const { return m_repairs; }
    EmptyState* emptyState() const { return m_empty; }
    /// Puts the removal of a share of the channels into the options; Train then does it.
    void proposeChannelRemoval(double share);

    QStringList views() const override;
    void showView(const QString& name) override;
    QList<QAction*> viewActions() const override;

private:
    QWidget* buildOptions();
    QWidget* buildRun();
    void connectAll();
    void applyPreset();
    void estimate();
    void start();
    /// The file to write, or empty with a message to the user.
    QString checkedFile();
    void chooseFile();
    void refreshState();
    void refreshRun();
    QString proposedFile() const;
    QString resultText() const;
    QString repairText() const;

    Workspace m_workspace;
    Training* m_training;
    TrainingOptions* m_options;
    TrainingPlot* m_plot;
    EmptyState* m_empty;
    RepairGroup* m_repairs;
    QStackedLayout* m_stack;
    QStackedLayout* m_course = nullptr; ///< of the training, or that there is none
    QComboBox* m_preset;
    QLineEdit* m_file;
    QLabel *m_memory, *m_status;
    QTabBar* m_tabs;
    QAction *m_start, *m_pause, *m_stop, *m_cancel;
    bool m_edited = false; ///< by the user since the preset was chosen
    bool m_scheduled = false;
};

} // namespace bitwright
