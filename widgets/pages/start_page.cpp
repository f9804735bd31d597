// SPDX-License-Identifier: GPL-3.0-or-later
#include "widgets/pages/start_page.h"

#include "widgets/actions.h"
#include "widgets/models/action_model.h"
#include "widgets/recent_files.h"
#include "widgets/theme.h"

#include <QAction>
#include <QCommandLinkButton>
#include <QCoreApplication>
#include <QDir>
#include <QEvent>
#include <QFileInfo>
#include <QFrame>
#include <QGridLayout>
#include <QLabel>
#include <QScrollArea>
#include <QVBoxLayout>

namespace bitwright {

namespace {

constexpr int kMostRecent = 6;
constexpr int kGap = 20;

struct SampleRow {
    const char *file, *title, *description;
};

constexpr SampleRow kSamples[]{
    {"dwcnn", QT_TRANSLATE_NOOP("StartPage", "Depthwise CNN"),
     QT_TRANSLATE_NOOP("StartPage", "Breaks at 8 bits with one scale per tensor: the classic hard case")},
    {"cnn", QT_TRANSLATE_NOOP("StartPage", "Small CNN"),
     QT_TRANSLATE_NOOP("StartPage", "Three convolutions, two fully connected layers")},
    {"vit", QT_TRANSLATE_NOOP("StartPage", "Vision transformer"),
     QT_TRANSLATE_NOOP("StartPage", "Four blocks of attention")},
    {"lstm", QT_TRANSLATE_NOOP("StartPage", "LSTM"),
     QT_TRANSLATE_NOOP("StartPage", "A recurrent layer over rows")},
    {"mlp", QT_TRANSLATE_NOOP("StartPage", "Perceptron"),
     QT_TRANSLATE_NOOP("StartPage", "Three fully connected layers")},
};

QLabel* heading(const QString& text)
{
    auto* label = new QLabel(text);
    QFont font = label->font();
    font.setBold(true);
    font.setPointSizeF(font.pointSizeF() * 1.1);
    label->setFont(font);
    return label;
}

QCommandLinkButton* link(const QString& title, const QString& description, const QIcon& icon = {})
{
    auto* button = new QCommandLinkButton(title, description);
    button->setIcon(icon);
    button->setIconSize({20, 20});
    button->setAccessibleName(title);
    button->setAccessibleDescription(description);
    button->setMinimumWidth(button->fontMetrics().averageCharWidth() * 36);
    return button;
}

/// A widget with `title` above what `layout` gets next.
QWidget* section(const QString& title, QVBoxLayout*& layout)
{
    auto* widget = new QWidget;
    layout = new QVBoxLayout(widget);
    layout->setContentsMargins(0, 0, 0, 0);
    layout->setSpacing(2);
    layout->addWidget(heading(title));
    return widget;
}

QString shortFolder(const QString& path)
{
    QString folder = QDir::toNativeSeparators(QFileInfo(path).absolutePath());
    if (folder.startsWith(QDir::homePath()))
        folder.replace(0, QDir::homePath().size(), QStringLiteral("~"));
    return folder;
}

} // namespace

QList<SampleModel> sampleModels()
{
    QList<SampleModel> samples;
    const QDir program(QCoreApplication::applicationDirPath());
    for (const char* folder :
         {"../share/bitwright/sample_models", "../../../sample_models", "../../sample_models"}) {
        const QDir dir(QDir::cleanPath(program.filePath(QLatin1String(folder))));
        const QString data = dir.filePath(QStringLiteral("fashion_mnist_mini.h5"));
        for (const SampleRow& row : kSamples) {
            const QString path = dir.filePath(QLatin1String(row.file) + QStringLiteral(".pt"));
            if (QFileInfo::exists(path))
                samples.append({path, QFileInfo::exists(data) ? data : QString(),
                                QCoreApplication::translate("StartPage", row.title),
                                QCoreApplication::translate("StartPage", row.description)});
        }
        if (!samples.isEmpty())
            break;
    }
    return samples;
}

StartPage::StartPage(Actions* actions, const QList<RecentFiles*>& recent, QWidget* parent)
    : QWidget(parent)
    , m_recent(recent)
{
    auto* title = new QLabel(tr("Bitwright"));
    QFont font = title->font();
    font.setPointSizeF(font.pointSizeF() * 2);
    title->setFont(font);
    auto* subtitle = new QLabel(tr("See what quantization does to every layer, and decide its precision."));
    subtitle->setObjectName(QStringLiteral("subtitle"));
    auto* inner = new QWidget;
    auto* grid = new QGridLayout(inner);
    grid->setContentsMargins(kGap * 2, kGap, kGap * 2, kGap);
    grid->setHorizontalSpacing(kGap * 2);
    grid->setVerticalSpacing(kGap);
    auto* head = new QVBoxLayout;
    head->setSpacing(2);
    head->addWidget(title);
    head->addWidget(subtitle);
    grid->addLayout(head, 0, 0, 1, 3);
    grid->addWidget(buildStart(actions), 1, 0, Qt::AlignTop);
    grid->addWidget(buildRecent(), 1, 1, Qt::AlignTop);
    grid->addWidget(buildSamples(), 1, 2, Qt::AlignTop);
    grid->addWidget(buildSteps(), 2, 0, 1, 3, Qt::AlignTop);
    for (int column = 0; column < 3; ++column)
        grid->setColumnStretch(column, 1);
    grid->setRowStretch(3, 1);
    auto* scroll = new QScrollArea;
    scroll->setWidget(inner);
    scroll->setWidgetResizable(true);
    scroll->setFrameShape(QFrame::NoFrame);
    scroll->setAccessibleName(tr("Start"));
    auto* layout = new QVBoxLayout(this);
    layout->setContentsMargins(0, 0, 0, 0);
    layout->addWidget(scroll);
    setAccessibleName(tr("Start page"));
    refresh();
    applyColors();
}

QWidget* StartPage::buildStart(Actions* actions)
{
    QVBoxLayout* layout = nullptr;
    QWidget* widget = section(tr("Start"), layout);
    for (QAction* action : {actions->openModel, actions->openSession, actions->openData}) {
        auto* button = link(plainText(action->text()), Actions::help(action), action->icon());
        connect(button, &QAbstractButton::clicked, action, &QAction::trigger);
        connect(action, &QAction::changed, button, [button, action] { button->setIcon(action->icon()); });
        layout->addWidget(button);
    }
    auto* hint = new QLabel(tr("Or drop a model, data, a plan or a session anywhere on this window."));
    hint->setObjectName(QStringLiteral("hint"));
    hint->setWordWrap(true);
    layout->addWidget(hint);
    return widget;
}

QWidget* StartPage::buildRecent()
{
    return section(tr("Recent"), m_recentLayout);
}

QWidget* StartPage::buildSamples()
{
    QVBoxLayout* layout = nullptr;
    QWidget* widget = section(tr("Sample models"), layout);
    const QList<SampleModel> samples = sampleModels();
    for (const SampleModel& sample : samples) {
        auto* button = link(sample.title, sample.description);
        button->setToolTip(tr("Opens %1 with its data").arg(sample.path));
        connect(button, &QAbstractButton::clicked, this, [this, sample] { Q_EMIT sampleChosen(sample); });
        layout->addWidget(button);
    }
    if (samples.isEmpty())
        layout->addWidget(new QLabel(tr("The sample models are not installed.")));
    return widget;
}

QWidget* StartPage::buildSteps()
{
    QVBoxLayout* layout = nullptr;
    QWidget* widget = section(tr("What to do first"), layout);
    const QString steps[]{
        tr("1.  Open a model: the layer table shows the error of its weights at 8 bits at once."),
        tr("2.  Open data: calibration measures the activations, and their errors appear."),
        tr("3.  The worst layer is selected. Press 1 to 8 to set its bits and watch every number follow."),
        tr("4.  Press F5 to measure the accuracy, Ctrl+Z to take a step back, Ctrl+E to export."),
        tr("Ctrl+K finds any action by its name.")};
    for (const QString& step : steps) {
        auto* label = new QLabel(step);
        label->setWordWrap(true);
        layout->addWidget(label);
    }
    return widget;
}

void StartPage::refresh()
{
    while (QLayoutItem* item = m_recentLayout->count() > 1 ? m_recentLayout->takeAt(1) : nullptr) {
        delete item->widget();
        delete item;
    }
    int shown = 0;
    for (const RecentFiles* recent : m_recent) {
        for (const QString& path : recent->paths()) {
            if (++shown > kMostRecent)
                break;
            auto* button = link(QFileInfo(path).fileName(), shortFolder(path));
            const bool exists = QFileInfo::exists(path);
            button->setEnabled(exists);
            button->setToolTip(exists ? path : tr("%1 does not exist any more.").arg(path));
            connect(button, &QAbstractButton::clicked, this, [this, path] { Q_EMIT chosen(path); });
            m_recentLayout->addWidget(button);
        }
    }
    if (shown == 0)
        m_recentLayout->addWidget(new QLabel(tr("Nothing yet.")));
}

void StartPage::applyColors()
{
    QPalette dimmed = palette();
    dimmed.setColor(QPalette::WindowText, dimmedText(palette()));
    for (const char* name : {"subtitle", "hint"}) {
        if (auto* label = findChild<QLabel*>(QLatin1String(name)))
            label->setPalette(dimmed);
    }
}

void StartPage::showEvent(QShowEvent* event)
{
    refresh();
    QWidget::showEvent(event);
}

void StartPage::changeEvent(QEvent* event)
{
    QWidget::changeEvent(event);
    if (event->type() == QEvent::PaletteChange)
        applyColors();
}

} // namespace bitwright
