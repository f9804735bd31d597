// SPDX-License-Identifier: GPL-3.0-or-later
#include "widgets/actions.h"

#include "widgets/controller.h"
#include "widgets/document.h"
#include "widgets/job_runner.h"

#include <QAction>
#include <QActionGroup>
#include <QItemSelectionModel>

namespace bitwright {

namespace {

constexpr const char* kHelp = "bitwrightHelp";
constexpr const char* kIcon = "bitwrightIcon";
constexpr const char* kReason = "bitwrightReason";

} // namespace

Actions::Actions(Document* document, Controller* controller, JobRunner* runner,
                 QItemSelectionModel* selection, QObject* parent)
    : QObject(parent)
    , m_document(document)
    , m_controller(controller)
    , m_runner(runner)
    , m_selection(selection)
{
    createFileActions();
    createEditActions();
    createLayerActions();
    createRunActions();
    createViewActions();
    nameActions();
    for (auto signal : {&Document::modelChanged, &Document::dataChanged, &Document::calibrationChanged})
        connect(document, signal, this, &Actions::refresh);
    connect(document, &Document::planChanged, this, &Actions::refresh);
    connect(document->undoStack(), &QUndoStack::indexChanged, this, &Actions::refresh);
    connect(document->undoStack(), &QUndoStack::cleanChanged, this, &Actions::refresh);
    connect(runner, &JobRunner::jobChanged, this, &Actions::refresh);
    connect(runner, &JobRunner::jobAdded, this, &Actions::refresh);
    connect(selection, &QItemSelectionModel::selectionChanged, this, &Actions::refresh);
    refresh();
}

QAction* Actions::make(const QString& text, const QString& help, const QString& icon)
{
    auto* action = new QAction(text, this);
    action->setProperty(kHelp, help);
    action->setProperty(kIcon, icon);
    m_all.append(action);
    return action;
}

QList<QAction*> Actions::all() const
{
    return m_all;
}

void Actions::add(QAction* action, const QString& id)
{
    if (action->objectName().isEmpty())
        action->setObjectName(id);
    if (!m_all.contains(action))
        m_all.append(action);
}

void Actions::nameActions()
{
    const std::pair<QAction*, const char*> names[]{{openModel, "openModel"},
                                                   {openData, "openData"},
                                                   {openDataFolder, "openDataFolder"},
                                                   {openPlan, "openPlan"},
                                                   {savePlan, "savePlan"},
                                                   {openSession, "openSession"},
                                                   {saveSession, "saveSession"},
                                                   {saveSessionAs, "saveSessionAs"},
                                                   {quit, "quit"},
                                                   {undo, "undo"},
                                                   {redo, "redo"},
                                                   {find, "find"},
                                                   {resetLayers, "resetLayers"},
                                                   {resetAll, "resetAll"},
                                                   {raiseEnds, "raiseEnds"},
                                                   {selectWorst, "selectWorst"},
                                                   {editLayers, "editLayers"},
                                                   {lockLayers, "lockLayers"},
                                                   {noteLayers, "noteLayers"},
                                                   {selectByRule, "selectByRule"},
                                                   {showExceptions, "showExceptions"},
                                                   {calibrate, "calibrate"},
                                                   {evaluate, "evaluate"},
                                                   {saturate, "saturate"},
                                                   {exportModel, "exportModel"},
                                                   {stop, "stop"},
                                                   {fullScreen, "fullScreen"},
                                                   {resetLayout, "resetLayout"},
                                                   {commandPalette, "commandPalette"},
                                                   {editShortcuts, "editShortcuts"},
                                                   {saveLayout, "saveLayout"},
                                                   {preferences, "preferences"},
                                                   {glossary, "glossary"},
                                                   {exportPlots, "exportPlots"},
                                                   {copyCommand, "copyCommand"},
                                                   {about, "about"}};
    for (const auto& [action, name] : names)
        action->setObjectName(QLatin1String(name));
    for (QAction* action : std::as_const(weightBits))
        action->setObjectName(QStringLiteral("weightBits") + action->data().toString());
    for (QAction* action : themes->actions())
        action->setObjectName(QStringLiteral("theme-") + themeName(Theme(action->data().toInt())));
}

void Actions::createFileActions()
{
    openModel = make(tr("&Open model…"), tr("Open a model file"), QStringLiteral("model"));
    openModel->setIconText(tr("Open model"));
    openModel->setShortcuts(QKeySequence::Open);
    openData =
        make(tr("Open &data…"), tr("Open a data set to calibrate and evaluate with"), QStringLiteral("data"));
    openData->setIconText(tr("Open data"));
    openData->setShortcut(Qt::CTRL | Qt::SHIFT | Qt::Key_O);
    openDataFolder = make(tr("Open data f&older…"),
                          tr("Open a folder with one sub-folder per class, or with IDX or CIFAR files"));
    openPlan = make(tr("Open &plan…"), tr("Replace the plan by that of a file (can be undone)"));
    savePlan = make(tr("Sa&ve plan as…"), tr("Write the precision of every layer to a file"));
    openSession =
        make(tr("Open s&ession…"), tr("Open a piece of work as it was saved"), QStringLiteral("session"));
    saveSession =
        make(tr("&Save session"), tr("Write model, data, plan, measurements and views to a session file"));
    saveSession->setShortcuts(QKeySequence::Save);
    saveSessionAs = make(tr("Save session &as…"), tr("Write the session to another file"));
    saveSessionAs->setShortcut(Qt::CTRL | Qt::SHIFT | Qt::Key_S);
    quit = make(tr("&Quit"), tr("Close Bitwright"));
    quit->setShortcuts(QKeySequence::Quit);
    quit->setMenuRole(QAction::QuitRole);
}

void Actions::createEditActions()
{
    undo = m_document->undoStack()->createUndoAction(this, tr("&Undo"));
    redo = m_document->undoStack()->createRedoAction(this, tr("&Redo"));
    const std::pair<QAction*, QKeySequence::StandardKey> history[]{{undo, QKeySequence::Undo},
                                                                   {redo, QKeySequence::Redo}};
    for (const auto& [action, key] : history) {
        action->setShortcuts(key);
        action->setIconText(action == undo ? tr("Undo") : tr("Redo"));
        action->setProperty(kIcon, action == undo ? QStringLiteral("undo") : QStringLiteral("redo"));
        m_all.append(action);
    }
    find = make(tr("&Find layer"), tr("Filter the layer table"));
    find->setShortcuts(QKeySequence::Find);
    selectWorst = make(tr("Select &worst layer"), tr("Select the layer whose weights have the least SQNR"));
    selectWorst->setShortcut(Qt::CTRL | Qt::Key_J);
    resetLayers = make(tr("R&eset layers"), tr("Take the defaults again for the selected layers"));
    resetLayers->setShortcut(QKeySequence::Delete);
    resetAll = make(tr("Reset &all layers"), tr("Take the defaults again for every layer"));
    raiseEnds =
        make(tr("&First and last layer at 8 bits"),
             tr("The ends of a model often suffer most from few bits: 8 for their weights and inputs"));
    for (int bits = 1; bits <= 8; ++bits) {
        QAction* action = make(tr("Weights to &%n bit(s)", nullptr, bits),
                               tr("Set the weights of the selected layers to %n bit(s)", nullptr, bits));
        action->setShortcut(QKeySequence(Qt::Key_0 + bits));
        action->setData(QString::number(bits));
        weightBits.append(action);
    }
    QAction* floating =
        make(tr("Weights to &float"), tr("Leave the weights of the selected layers unquantized"));
    floating->setShortcut(Qt::Key_0);
    floating->setData(QStringLiteral("float"));
    weightBits.append(floating);
}

void Actions::createLayerActions()
{
    editLayers =
        make(tr("&Edit layers…"), tr("Set bits, scheme, granularity and range of the selected layers"));
    editLayers->setShortcut(Qt::Key_F4);
    lockLayers =
        make(tr("&Lock or unlock"), tr("Keep the selected layers as they are, or release them again"));
    lockLayers->setShortcut(Qt::CTRL | Qt::Key_L);
    noteLayers = make(tr("&Note…"), tr("Write a note to the selected layers"));
    noteLayers->setShortcut(Qt::CTRL | Qt::SHIFT | Qt::Key_N);
    selectByRule = make(tr("Select by &rule…"), tr("Select the layers that meet a condition"));
    selectByRule->setShortcut(Qt::CTRL | Qt::SHIFT | Qt::Key_F);
    showExceptions =
        make(tr("E&xceptions only"), tr("Show the defaults and only the layers that deviate from them"));
    showExceptions->setCheckable(true);
    showExceptions->setShortcut(Qt::CTRL | Qt::SHIFT | Qt::Key_X);
}

void Actions::createRunActions()
{
    calibrate = make(tr("&Calibrate"), tr("Measure the activations of every layer on the open data"),
                     QStringLiteral("calibrate"));
    calibrate->setIconText(tr("Calibrate"));
    calibrate->setShortcut(Qt::Key_F6);
    evaluate = make(tr("&Evaluate"), tr("Compare the float and the quantized model on the open data"),
                    QStringLiteral("evaluate"));
    evaluate->setIconText(tr("Evaluate"));
    evaluate->setShortcut(Qt::Key_F5);
    saturate = make(tr("Evaluate with 16-&bit sums too"),
                    tr("Evaluate also tells the accuracy to expect on x86 processors without VNNI, which add "
                       "8-bit products in 16 bits that saturate"));
    saturate->setIconText(tr("16-bit sums"));
    saturate->setCheckable(true);
    exportModel = make(tr("E&xport…"), tr("Write the quantized model"), QStringLiteral("export"));
    exportModel->setIconText(tr("Export"));
    exportModel->setShortcut(Qt::CTRL | Qt::Key_E);
    exportPlots = make(tr("Export &plots…"), tr("Write plots as PNG, SVG, PDF or CSV"));
    exportPlots->setShortcut(Qt::CTRL | Qt::SHIFT | Qt::Key_E);
    copyCommand =
        make(tr("&Copy as command line"), tr("Copy the call of bitwright-cli that does what was done last"));
    copyCommand->setShortcut(Qt::CTRL | Qt::ALT | Qt::Key_C);
    stop = make(tr("&Stop"), tr("Cancel the running job"), QStringLiteral("stop"));
    stop->setShortcut(Qt::SHIFT | Qt::Key_F5);
}

void Actions::createViewActions()
{
    fullScreen = make(tr("&Full screen"), tr("Use the whole screen"));
    fullScreen->setShortcuts(QKeySequence::FullScreen);
    fullScreen->setCheckable(true);
    resetLayout = make(tr("&Reset layout"), tr("Put every view back to its first place"));
    saveLayout = make(tr("&Save layout…"), tr("Keep where the views are now under a name"));
    preferences = make(tr("&Preferences…"), tr("Theme, colour map, language, and how much is measured"));
    preferences->setShortcuts(QKeySequence::Preferences);
    preferences->setMenuRole(QAction::PreferencesRole);
    glossary = make(tr("&Glossary…"), tr("Every term of this window in one sentence"));
    glossary->setShortcuts(QKeySequence::HelpContents);
    commandPalette = make(tr("&Command palette…"), tr("Find any action by its name"));
    commandPalette->setShortcuts({Qt::CTRL | Qt::Key_K, Qt::CTRL | Qt::SHIFT | Qt::Key_P});
    editShortcuts = make(tr("&Keyboard shortcuts…"), tr("See and change the keys of every action"));
    about = make(tr("&About Bitwright"), tr("Version and licence"));
    about->setMenuRole(QAction::AboutRole);
    themes = new QActionGroup(this);
    const std::pair<Theme, QString> names[]{
        {Theme::System, tr("&System")}, {Theme::Light, tr("&Light")}, {Theme::Dark, tr("&Dark")}};
    for (const auto& [theme, text] : names) {
        QAction* action = make(text, tr("Colours of the window"));
        action->setCheckable(true);
        action->setData(int(theme));
        themes->addAction(action);
    }
}

void Actions::updateIcons(const QPalette& palette)
{
    for (QAction* action : std::as_const(m_all)) {
        const QString name = action->property(kIcon).toString();
        if (!name.isEmpty())
            action->setIcon(themedIcon(name, palette));
    }
}

QString Actions::reason(const QAction* action)
{
    return action->isEnabled() ? QString() : action->property(kReason).toString();
}

QString Actions::help(const QAction* action)
{
    return action->property(kHelp).isValid() ? action->property(kHelp).toString()
                                             : action->toolTip().section(u'\n', 0, 0);
}

void Actions::setReason(QAction* action, const QString& reason)
{
    action->setEnabled(reason.isEmpty());
    action->setProperty(kReason, reason);
    // Others write the shortcut into their tooltip themselves.
    const bool ours = action->property(kHelp).isValid();
    QString tip = help(action);
    if (ours && !action->shortcut().isEmpty())
        tip = tr("%1 (%2)").arg(tip, action->shortcut().toString(QKeySequence::NativeText));
    if (!reason.isEmpty())
        tip += QLatin1Char('\n') + reason;
    action->setToolTip(tip);
    action->setStatusTip(reason.isEmpty() ? help(action) : reason);
}

void Actions::refresh()
{
    const bool model = m_document->model() != nullptr;
    const QString noModel = model ? QString() : tr("Open a model first.");
    const QString noLayer = !noModel.isEmpty()            ? noModel
                            : m_selection->hasSelection() ? QString()
                                                          : tr("Select layers first.");
    for (QAction* action :
         {openModel, openData, openDataFolder, openPlan, openSession, quit, fullScreen, resetLayout,
          saveLayout, commandPalette, editShortcuts, preferences, glossary, about})
        setReason(action, {});
    for (QAction* action : themes->actions())
        setReason(action, {});
    for (QAction* action : {savePlan, saveSession, saveSessionAs})
        setReason(action, noModel);
    setReason(find, noModel);
    setReason(selectWorst, !model                       ? noModel
                           : m_document->worstRow() < 0 ? tr("No error is known yet.")
                                                        : QString());
    setReason(selectByRule, noModel);
    setReason(showExceptions, noModel);
    for (QAction* action : {resetLayers, editLayers, lockLayers, noteLayers})
        setReason(action, noLayer);
    setReason(resetAll, !model                              ? noModel
                        : m_document->plan().layers.empty() ? tr("Every layer follows the defaults.")
                                                            : QString());
    setReason(raiseEnds, !model ? noModel
                         : m_document->model()->hasGraph()
                             ? QString()
                             : tr("Weights alone have no first and last layer."));
    for (QAction* action : std::as_const(weightBits))
        setReason(action, noLayer);
    setReason(calibrate, m_controller->whyNotCalibrate());
    setReason(evaluate, m_controller->whyNotEvaluate());
    setReason(exportModel, m_controller->whyNotExport());
    setReason(exportPlots, noModel);
    setReason(copyCommand, m_controller->lastCommand().isEmpty()
                               ? tr("Nothing has been calibrated, evaluated or exported yet.")
                               : QString());
    setReason(stop, m_runner->current() ? QString() : tr("No job is running."));
    const QUndoStack* stack = m_document->undoStack();
    undo->setProperty(kHelp,
                      stack->canUndo() ? tr("Undo: %1").arg(stack->undoText()) : tr("Undo the last change"));
    redo->setProperty(kHelp,
                      stack->canRedo() ? tr("Redo: %1").arg(stack->redoText()) : tr("Redo what was undone"));
    setReason(undo, stack->canUndo() ? QString() : tr("Nothing has been changed yet."));
    setReason(redo, stack->canRedo() ? QString() : tr("Nothing has been undone."));
}

} // namespace bitwright
