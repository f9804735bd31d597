// SPDX-License-Identifier: GPL-3.0-or-later
#include "widgets/plot_exporter.h"

#include <QDir>
#include <QDockWidget>

#include <utility>

namespace bitwright {

namespace {

constexpr int kPollMs = 20;
constexpr int kPatience = 60'000 / kPollMs;

} // namespace

QList<PlotSource> plotSources(const QList<Page*>& pages)
{
    QList<PlotSource> sources;
    for (Page* page : pages) {
        if (page->exportables().isEmpty())
            continue;
        const QStringList views = page->views();
        for (const QString& view : views)
            sources.append(PlotSource{page, view});
        if (views.isEmpty())
            sources.append(PlotSource{page, QString()});
    }
    return sources;
}

PlotExporter::PlotExporter(QObject* parent)
    : QObject(parent)
{
    m_poll.setInterval(kPollMs);
    connect(&m_poll, &QTimer::timeout, this, &PlotExporter::step);
}

void PlotExporter::start(const QList<PlotSource>& sources, const QList<PlotFormat>& formats,
                         const QString& folder)
{
    m_sources = sources;
    m_formats = formats;
    m_folder = folder;
    m_files.clear();
    m_before.clear();
    m_next = m_waited = 0;
    m_running = true;
    m_shown = false;
    m_window = sources.isEmpty() ? nullptr : qobject_cast<QMainWindow*>(sources.first().page->window());
    if (m_window)
        m_layout = m_window->saveState();
    if (!QDir().mkpath(folder)) {
        finish(tr("The folder %1 cannot be made; choose another one.").arg(folder));
        return;
    }
    m_poll.start();
}

void PlotExporter::step()
{
    if (m_next >= m_sources.size()) {
        finish({});
        return;
    }
    const PlotSource& source = m_sources[m_next];
    if (!source.page) {
        finish(tr("The window was closed."));
        return;
    }
    if (!std::exchange(m_shown, true)) {
        show(source);
        return;
    }
    if (!source.page->isUpToDate() && ++m_waited < kPatience)
        return;
    m_waited = 0;
    m_shown = false;
    ++m_next;
    if (write(source))
        Q_EMIT progressed(int(m_next), int(m_sources.size()));
}

void PlotExporter::show(const PlotSource& source)
{
    // A page behind the tab of another has neither its size nor, perhaps, its content.
    if (auto* dock = qobject_cast<QDockWidget*>(source.page->parentWidget())) {
        dock->show();
        dock->raise();
    }
    if (source.view.isEmpty())
        return;
    if (!m_before.contains(source.page))
        m_before.insert(source.page, source.page->viewState());
    source.page->showView(source.view);
}

bool PlotExporter::write(const PlotSource& source)
{
    const QList<Exportable> plots = source.page->exportables();
    for (const Exportable& plot : plots) {
        QString name = source.page->objectName();
        if (!source.view.isEmpty())
            name += u'-' + source.view;
        if (plots.size() > 1)
            name += u'-' + plot.name;
        for (PlotFormat format : std::as_const(m_formats)) {
            if (format == PlotFormat::Csv && !hasNumbers(plot))
                continue;
            const QString path = QDir(m_folder).filePath(name + plotSuffix(format));
            const QString failure = exportPlot(plot, format, path);
            if (!failure.isEmpty()) {
                finish(failure);
                return false;
            }
            m_files << path;
        }
    }
    return true;
}

void PlotExporter::finish(const QString& failure)
{
    m_poll.stop();
    m_running = false;
    for (auto it = m_before.cbegin(); it != m_before.cend(); ++it)
        it.key()->restoreView(it.value());
    if (m_window)
        m_window->restoreState(m_layout);
    Q_EMIT finished(m_files, failure);
}

} // namespace bitwright
