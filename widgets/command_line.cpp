// SPDX-License-Identifier: GPL-3.0-or-later
#include "widgets/command_line.h"

#include <QRegularExpression>

namespace bitwright {

namespace {

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

void addPlan(QStringList& arguments, const QuantPlan& plan)
{
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
    return words.join(u' ');
}

} // namespace bitwright
