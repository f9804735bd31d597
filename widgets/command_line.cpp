// SPDX-License-Identifier: GPL-3.0-or-later
#include "widgets/command_line.h"

#include <QRegularExpression>

#include <algorithm>

namespace bitwright {

namespace {

const QString kPlanFile = QStringLiteral("plan.json");

QString text(const QuantSpec& spec)
{
    return QString::fromStdString(shortForm(spec));
}

QString quoted(const QString& argument)
{
    static const QRegularExpression plain(QStringLiteral("^[A-Za-z0-9_./:=@%+,-]+$"));
    if (plain.match(argument).hasMatch())
        return argument;
    QString inside = argument;
    return u'\'' + inside.replace(u'\'', QStringLiteral("'\\''")) + u'\'';
}

/// Learned ranges have no short form.
bool needsFile(const QuantPlan& plan)
{
    return std::any_of(plan.layers.begin(), plan.layers.end(), [](const auto& entry) {
        const LayerPlan& layer = entry.second;
        return (layer.weights && !layer.weights->ranges.empty()) ||
               (layer.activations && !layer.activations->ranges.empty());
    });
}

void addPlan(QStringList& arguments, const QuantPlan& plan)
{
    if (needsFile(plan)) {
        arguments << QStringLiteral("--plan") << kPlanFile;
        return;
    }
    arguments << QStringLiteral("--weights") << text(plan.defaultWeights) << QStringLiteral("--activations")
              << text(plan.defaultActivations);
    for (const auto& [name, layer] : plan.layers) {
        QStringList parts;
        if (layer.weights)
            parts << QStringLiteral("W:") + text(*layer.weights);
        if (layer.activations)
            parts << QStringLiteral("A:") + text(*layer.activations);
        if (!parts.isEmpty())
            arguments << QStringLiteral("--layer") << QString::fromStdString(name) + u'=' + parts.join(u',');
    }
}

} // namespace

QStringList commandArguments(const DoneVerb& done)
{
    const char* const verbs[]{"stats", "evaluate", "export"};
    QStringList arguments{QLatin1String(verbs[done.verb]), done.model};
    if (!done.data.isEmpty())
        arguments << QStringLiteral("--data") << done.data;
    if (done.verb != DoneVerb::Calibrate)
        addPlan(arguments, done.plan);
    const bool statistics = done.verb == DoneVerb::Calibrate;
    arguments << (statistics ? QStringLiteral("--limit") : QStringLiteral("--calib-limit"))
              << QString::number(done.samples) << QStringLiteral("--batch") << QString::number(done.batch);
    if (done.verb == DoneVerb::Export)
        arguments << QStringLiteral("--format") << done.format << QStringLiteral("--out") << done.out;
    return arguments << done.further;
}

QString commandLine(const DoneVerb& done)
{
    QStringList words{QStringLiteral("bitwright-cli")};
    for (const QString& argument : commandArguments(done))
        words << quoted(argument);
    const QString command = words.join(u' ');
    if (done.verb == DoneVerb::Calibrate || !needsFile(done.plan))
        return command;
    return QObject::tr("# The plan holds learned ranges: save it as %1 first.").arg(kPlanFile) + u'\n' +
           command;
}

} // namespace bitwright
