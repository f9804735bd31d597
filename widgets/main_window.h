// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "widgets/document.h"
#include "widgets/job_runner.h"
#include "widgets/page.h"
#include "widgets/preferences.h"
#include "widgets/theme.h"

#include <QMainWindow>

class QItemSelectionModel;

namespace bitwright {

class Actions;
class Autosave;
class Controller;
class LayerModel;
class LayerPage;
class LiveReports;
class MessageBar;
class Layouts;
class RecentFiles;
class SessionKeeper;
class Shortcuts;
class StartPage;
struct ActionEntry;

/// Docks, menus and the connections between pages; everything else lives in the parts it owns.
class MainWindow : public QMainWindow {
    Q_OBJECT
public:
    /// Whether theme, geometry and recent files are read from and written to the settings.
    enum class Settings { Use, Ignore };

    explicit MainWindow(Settings settings = Settings::Use, QWidget* parent = nullptr);
    ~MainWindow() override;

    Document* document() { return &m_document; }
    JobRunner* runner() { return &m_runner; }
    Controller* controller() { return m_controller; }
    Actions* actions() { return m_actions; }
    LayerPage* layerPage() { return m_layerPage; }
    /// All pages in the order of the page table.
    const QList<Page*>& pages() const { return m_pages; }
    template<typename T>
    T* page() const
    {
        return findChild<T*>();
    }
    MessageBar* messageBar() { return m_messageBar; }
    QItemSelectionModel* selection() { return m_selection; }
    Shortcuts* shortcuts() { return m_shortcuts; }
    /// What the command palette lists: every action of the menus and the pages.
    QList<ActionEntry> actionEntries();

    /// No job runs and every number on the screen belongs to the plan as it is.
    bool isSettled() const;
    void setTheme(Theme theme);
    void setPreferences(const Preferences& preferences);
    const Preferences& preferences() const { return m_preferences; }
    StartPage* startPage() { return m_start; }
    Layouts* layouts() { return m_layouts; }
    SessionKeeper* session() { return m_session; }
    /// Null with Settings::Ignore.
    Autosave* autosave() { return m_autosave; }
    /// Opens whatever it is; asks first when that replaces work that is not saved.
    void openPath(const QString& path);
    void selectRow(int row);

Q_SIGNALS:
    void settled();

protected:
    void dragEnterEvent(QDragEnterEvent* event) override;
    void dropEvent(QDropEvent* event) override;
    void closeEvent(QCloseEvent* event) override;
    void changeEvent(QEvent* event) override;

private:
    void createPages();
    void createDocks();
    QDockWidget* addPage(const PageRow& row);
    void createMenus();
    void createViewMenu();
    void fillGoMenu(QMenu* menu);
    void gatherActions();
    void createToolBar();
    void connectActions();
    void connectMenus();
    void connectMessages();
    void fillRecent(QMenu* menu);
    void editSelected(const QString& token);
    QList<int> selectedRows() const;
    void selectWorstOnce();
    void updateTitle();
    void savePlan();
    void restoreSettings();
    void createTools();
    void fillLayouts(QMenu* menu);
    void editPreferences();
    void createSession();
    void createAutosave();
    bool saveSession(const QString& path);
    /// Offers to save; false when the user would rather stay.
    bool mayDiscard();
    QJsonObject viewState();
    void restoreView(const QJsonObject& state);
    void checkSettled();

    Document m_document;
    JobRunner m_runner;
    Settings m_settings;
    LayerModel* m_layerModel;
    QItemSelectionModel* m_selection;
    Controller* m_controller;
    LiveReports* m_liveReports;
    Actions* m_actions;
    Shortcuts* m_shortcuts;
    Layouts* m_layouts;
    Preferences m_preferences;
    StartPage* m_start = nullptr;
    SessionKeeper* m_session;
    Autosave* m_autosave = nullptr;
    RecentFiles *m_recentModels, *m_recentData, *m_recentSessions;
    LayerPage* m_layerPage = nullptr;
    MessageBar* m_messageBar = nullptr;
    QList<Page*> m_pages;
    QList<QDockWidget*> m_docks;
    QList<QAction*> m_goActions; ///< "go to" the layers, then every page
    bool m_worstPending = false, m_rankPending = false;
};

} // namespace bitwright
