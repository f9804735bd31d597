// SPDX-License-Identifier: GPL-3.0-or-later
#include "widgets/actions.h"
#include "widgets/controller.h"
#include "widgets/dialogs/glossary_dialog.h"
#include "widgets/dialogs/plot_export_dialog.h"
#include "widgets/dialogs/preferences_dialog.h"
#include "widgets/layouts.h"
#include "widgets/main_window.h"
#include "widgets/pages/layer_page.h"
#include "widgets/pages/layer_table.h"
#include "widgets/pages/start_page.h"
#include "widgets/pages/training_page.h"
#include "widgets/pages/why_page.h"

#include <QActionGroup>
#include <QApplication>
#include <QClipboard>
#include <QDir>
#include <QDockWidget>
#include <QFileInfo>
#include <QInputDialog>
#include <QMenu>
#include <QSettings>
#include <QStatusBar>

#include <algorithm>

namespace bitwright {

void MainWindow::createTools()
{
    Actions& a = *m_actions;
    connect(a.resetLayout, &QAction::triggered, m_layouts, &Layouts::reset);
    connect(a.saveLayout, &QAction::triggered, this, [this] {
        const QString name =
            QInputDialog::getText(this, tr("Save layout"), tr("Name of the layout:")).trimmed();
        if (!name.isEmpty())
            m_layouts->save(name);
    });
    connect(a.preferences, &QAction::triggered, this, &MainWindow::editPreferences);
    connect(a.glossary, &QAction::triggered, this, [this] {
        auto* dialog = new GlossaryDialog(this);
        dialog->setAttribute(Qt::WA_DeleteOnClose);
        dialog->show();
    });
    connect(a.exportPlots, &QAction::triggered, this, [this] {
        const QString key = QStringLiteral("folders/plots");
        auto* dialog =
            new PlotExportDialog(m_pages, QSettings().value(key, QDir::homePath()).toString(), this);
        dialog->setAttribute(Qt::WA_DeleteOnClose);
        connect(dialog, &QDialog::finished, this, [this, dialog, key] {
            if (m_settings == Settings::Use)
                QSettings().setValue(key, dialog->folder());
        });
        dialog->show();
    });
    connect(a.copyCommand, &QAction::triggered, this, [this] {
        QApplication::clipboard()->setText(m_controller->lastCommand());
        statusBar()->showMessage(tr("Copied: %1").arg(m_controller->lastCommand()), 8000);
    });
    connect(m_start, &StartPage::chosen, this, &MainWindow::openPath);
    connect(m_start, &StartPage::sampleChosen, this, [this](const SampleModel& sample) {
        m_controller->openModel(sample.path);
        if (!sample.data.isEmpty())
            m_controller->openData(sample.data);
    });
    connect(page<WhyPage>(), &WhyPage::channelRemovalWanted, this, [this](double share) {
        page<TrainingPage>()->proposeChannelRemoval(share);
        findChild<QAction*>(QStringLiteral("go-training"))->trigger();
    });
    const auto showStart = [this] {
        m_start->setVisible(!m_document.model());
        m_layerPage->setVisible(m_document.model() != nullptr);
    };
    connect(&m_document, &Document::modelChanged, this, showStart);
    showStart();
}

void MainWindow::fillLayouts(QMenu* menu)
{
    menu->clear();
    const auto docksOf = [](std::initializer_list<PagePlace> places) {
        QStringList names;
        for (const PageRow& row : pageTable()) {
            if (std::find(places.begin(), places.end(), row.place) != places.end())
                names << QLatin1String(row.name) + QStringLiteral("Dock");
        }
        return names;
    };
    const std::pair<QString, QStringList> builtIn[]{
        {tr("&Layers only"), {}},
        {tr("Layers and &details"), docksOf({PagePlace::Details, PagePlace::Side})},
        {tr("Layers and &results"), docksOf({PagePlace::Results})},
    };
    for (const auto& [text, docks] : builtIn) {
        QAction* action = menu->addAction(text);
        action->setToolTip(tr("Show these views only"));
        connect(action, &QAction::triggered, this, [this, docks = docks] { m_layouts->showOnly(docks); });
    }
    const QStringList names = m_layouts->names();
    if (!names.isEmpty())
        menu->addSeparator();
    for (const QString& name : names) {
        QString text = name;
        QAction* action = menu->addAction(text.replace(u'&', QStringLiteral("&&")));
        action->setToolTip(tr("A layout that you saved"));
        connect(action, &QAction::triggered, this, [this, name] { m_layouts->apply(name); });
    }
    menu->addSeparator();
    menu->addAction(m_actions->saveLayout);
    for (const QString& name : names) {
        QString text = name;
        QAction* action = menu->addAction(tr("Forget “%1”").arg(text.replace(u'&', QStringLiteral("&&"))));
        action->setToolTip(tr("Remove this layout from the list"));
        connect(action, &QAction::triggered, this, [this, name] { m_layouts->remove(name); });
    }
}

void MainWindow::editPreferences()
{
    auto* dialog = new PreferencesDialog(m_preferences, this);
    dialog->setAttribute(Qt::WA_DeleteOnClose);
    connect(dialog, &QDialog::accepted, this, [this, dialog] { setPreferences(dialog->preferences()); });
    dialog->open();
}

void MainWindow::setPreferences(const Preferences& preferences)
{
    m_preferences = preferences;
    applyTheme(preferences.theme);
    setColorMap(preferences.colors);
    for (QAction* action : m_actions->themes->actions())
        action->setChecked(action->data().toInt() == int(preferences.theme));
    m_controller->setSampling(preferences.calibrationSamples, preferences.batch);
    if (m_settings == Settings::Use)
        preferences.store();
}

void MainWindow::setTheme(Theme theme)
{
    Preferences changed = m_preferences;
    changed.theme = theme;
    setPreferences(changed);
}

void MainWindow::restoreSettings()
{
    if (m_settings == Settings::Ignore) {
        Preferences fixed;
        fixed.theme = Theme::Light;
        setPreferences(fixed);
        return;
    }
    setPreferences(Preferences::load());
    const QSettings settings;
    restoreGeometry(settings.value(QStringLiteral("window/geometry")).toByteArray());
    restoreState(settings.value(QStringLiteral("window/state")).toByteArray());
    m_layerPage->table()->restoreColumns(settings.value(QStringLiteral("layers/columns")).toByteArray());
}

} // namespace bitwright
