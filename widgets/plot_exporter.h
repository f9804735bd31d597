// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "widgets/plots/plot_export.h"

#include <QHash>
#include <QJsonObject>
#include <QMainWindow>
#include <QObject>
#include <QPointer>
#include <QStringList>
#include <QTimer>

namespace bitwright {

/// One view of one page; an empty view is the page as it is.
struct PlotSource {
    QPointer<Page> page;
    QString view;
};
/// Every view of every page that has something to export.
QList<PlotSource> plotSources(const QList<Page*>& pages);

/// Writes the plots of many views one after the other: shows a view, waits until it is true to the document,
/// writes, and at the end shows again what was shown before. Never blocks the window.
class PlotExporter : public QObject {
    Q_OBJECT
public:
    explicit PlotExporter(QObject* parent = nullptr);

    /// Files are named PAGE[-VIEW][-PLOT].SUFFIX; a format that a plot has not (CSV of a picture) is left
    /// out.
    void start(const QList<PlotSource>& sources, const QList<PlotFormat>& formats, const QString& folder);
    bool isRunning() const { return m_running; }

Q_SIGNALS:
    void progressed(int done, int total);
    /// `failure`: one sentence, or empty.
    void finished(const QStringList& files, const QString& failure);

private:
    void step();
    void show(const PlotSource& source);
    bool write(const PlotSource& source);
    void finish(const QString& failure);

    QTimer m_poll;
    QList<PlotSource> m_sources;
    QList<PlotFormat> m_formats;
    QString m_folder;
    QStringList m_files;
    QPointer<QMainWindow> m_window;
    QByteArray m_layout;
    QHash<Page*, QJsonObject> m_before;
    qsizetype m_next = 0;
    int m_waited = 0;
    bool m_running = false, m_shown = false;
};

} // namespace bitwright
