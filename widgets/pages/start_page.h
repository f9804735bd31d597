// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QList>
#include <QString>
#include <QWidget>

class QCommandLinkButton;
class QVBoxLayout;

namespace bitwright {

class Actions;
class RecentFiles;

/// A model that comes with the program, and data for it.
struct SampleModel {
    QString path, data;
    QString title, description;
};
/// Those that are there: installed beside the program, or in the tree that it was built from.
QList<SampleModel> sampleModels();

/// What the window shows before a model is open: where to begin, what comes next, recent work and the
/// samples.
class StartPage : public QWidget {
    Q_OBJECT
public:
    /// Newest sessions first, then models.
    StartPage(Actions* actions, const QList<RecentFiles*>& recent, QWidget* parent = nullptr);

    /// Reads the recent files again.
    void refresh();

Q_SIGNALS:
    void chosen(const QString& path);
    void sampleChosen(const bitwright::SampleModel& sample);

protected:
    void showEvent(QShowEvent* event) override;
    void changeEvent(QEvent* event) override;

private:
    QWidget* buildStart(Actions* actions);
    QWidget* buildSamples();
    QWidget* buildRecent();
    QWidget* buildSteps();
    void applyColors();

    QList<RecentFiles*> m_recent;
    QVBoxLayout* m_recentLayout = nullptr;
};

} // namespace bitwright
