// SPDX-License-Identifier: GPL-3.0-or-later
#include "widgets/models/layer_rule.h"

#include "widgets/document.h"
#include "widgets/models/layer_metrics.h"

#include <QCoreApplication>
#include <QRegularExpression>

#include <functional>
#include <vector>

namespace bitwright {

struct LayerRule::Node {
    enum Kind { Test, And, Or, Not };
    Kind kind = Test;
    std::vector<std::shared_ptr<const Node>> parts;
    std::function<bool(const Document&, int row)> test;

    bool matches(const Document& document, int row) const
    {
        switch (kind) {
        case Test:
            return test(document, row);
        case And:
            return parts[0]->matches(document, row) && parts[1]->matches(document, row);
        case Or:
            return parts[0]->matches(document, row) || parts[1]->matches(document, row);
        case Not:
            return !parts[0]->matches(document, row);
        }
        return false;
    }
};

namespace {

using Node = LayerRule::Node;
using NodePtr = std::shared_ptr<const Node>;
using Test = std::function<bool(const Document&, int)>;

/// Deeper nesting than any sensible rule; keeps the recursion of parser and match bounded.
constexpr int kMaxDepth = 50;

QString tr(const char* text)
{
    return QCoreApplication::translate("bitwright", text);
}

Error wrong(const QString& message)
{
    return {Error::InvalidArgument, message.toStdString(), {}};
}

NodePtr leaf(Test test)
{
    return std::make_shared<Node>(Node{Node::Test, {}, std::move(test)});
}

NodePtr join(Node::Kind kind, std::vector<NodePtr> parts)
{
    return std::make_shared<Node>(Node{kind, std::move(parts), {}});
}

QString nameText(const Document& document, int row)
{
    return QString::fromStdString(document.row(row).name);
}

QString opText(const Document& document, int row)
{
    const Layer* layer = document.row(row).layer;
    return layer ? QString::fromStdString(layer->label) : QStringLiteral("input");
}

const LayerPlan* entryOf(const Document& document, int row)
{
    const auto it = document.plan().layers.find(document.row(row).name);
    return it == document.plan().layers.end() ? nullptr : &it->second;
}

QString noteText(const Document& document, int row)
{
    const LayerPlan* entry = entryOf(document, row);
    return entry ? QString::fromStdString(entry->note) : QString();
}

bool isLocked(const Document& document, int row)
{
    const LayerPlan* entry = entryOf(document, row);
    return entry && entry->locked;
}

bool isException(const Document& document, int row)
{
    const LayerPlan* entry = entryOf(document, row);
    const QuantPlan& plan = document.plan();
    return entry && ((entry->weights && *entry->weights != plan.defaultWeights) ||
                     (entry->activations && *entry->activations != plan.defaultActivations));
}

bool hasWeights(const Document& document, int row)
{
    return document.row(row).hasWeights();
}

using Text = QString (*)(const Document&, int);
using Flag = bool (*)(const Document&, int);

Text textField(const QString& key)
{
    return key == u"name" || key == u"layer"    ? nameText
           : key == u"op" || key == u"operator" ? opText
           : key == u"note"                     ? noteText
                                                : nullptr;
}

Flag flagField(const QString& key)
{
    return key == u"locked"      ? isLocked
           : key == u"exception" ? isException
           : key == u"weights"   ? hasWeights
                                 : nullptr;
}

const LayerMetricRow* numberField(QString key)
{
    key.replace(QRegularExpression(QStringLiteral("^w(eights)?-")), QStringLiteral("weight-"));
    key.replace(QRegularExpression(QStringLiteral("^a(ct|ctivations)?-")), QStringLiteral("activation-"));
    if (key == u"sqnr" || key == u"mse" || key == u"cosine" || key == u"bits" || key == u"clipped")
        key.prepend(QStringLiteral("weight-"));
    if (key == u"params")
        key = QStringLiteral("parameters");
    return findMetric(key);
}

Result<double> readNumber(const QString& text)
{
    static const QRegularExpression form(QStringLiteral("^([+-]?[0-9.]+(?:e[+-]?[0-9]+)?)\\s*([a-z%]*)$"),
                                         QRegularExpression::CaseInsensitiveOption);
    const auto match = form.match(text);
    bool ok = match.hasMatch();
    const double value = ok ? match.captured(1).toDouble(&ok) : 0;
    const QString unit = match.captured(2).toLower();
    const std::pair<const char*, double> units[]{{"", 1},     {"db", 1},   {"b", 1},    {"bytes", 1},
                                                 {"bits", 1}, {"%", 0.01}, {"k", 1e3},  {"m", 1e6},
                                                 {"g", 1e9},  {"kb", 1e3}, {"mb", 1e6}, {"gb", 1e9}};
    for (const auto& [name, factor] : units) {
        if (ok && unit == QLatin1String(name))
            return value * factor;
    }
    return wrong(tr("\"%1\" is not a number; write for example 20 dB, 1 %, 100k or 2 MB.").arg(text));
}

/// Recursive descent over the text; see the grammar in the header.
class Parser {
    Q_DECLARE_TR_FUNCTIONS(bitwright::Parser)

public:
    explicit Parser(const QString& text)
        : m_text(text)
    {
    }

    Result<NodePtr> whole()
    {
        BITWRIGHT_TRY(NodePtr node, either(0));
        skip();
        if (m_at < m_text.size())
            return wrong(tr("\"%1\" is left over; join conditions with and / or.").arg(m_text.mid(m_at)));
        return node;
    }

private:
    void skip()
    {
        while (m_at < m_text.size() && m_text[m_at].isSpace())
            ++m_at;
    }

    /// Takes a word of the grammar if it stands here.
    bool take(const QString& word)
    {
        skip();
        if (QStringView(m_text).mid(m_at, word.size()).compare(word, Qt::CaseInsensitive) != 0)
            return false;
        const qsizetype end = m_at + word.size();
        if (word[0].isLetter() && end < m_text.size() &&
            (m_text[end].isLetterOrNumber() || m_text[end] == u'-'))
            return false;
        m_at = end;
        return true;
    }

    Result<NodePtr> either(int depth)
    {
        BITWRIGHT_TRY(NodePtr node, both(depth));
        for (int terms = depth; take(QStringLiteral("or")); ++terms) {
            if (terms > kMaxDepth)
                return tooLong();
            BITWRIGHT_TRY(NodePtr right, both(depth));
            node = join(Node::Or, {node, right});
        }
        return node;
    }

    Result<NodePtr> both(int depth)
    {
        BITWRIGHT_TRY(NodePtr node, unary(depth));
        for (int terms = depth; take(QStringLiteral("and")); ++terms) {
            if (terms > kMaxDepth)
                return tooLong();
            BITWRIGHT_TRY(NodePtr right, unary(depth));
            node = join(Node::And, {node, right});
        }
        return node;
    }

    Result<NodePtr> unary(int depth)
    {
        if (depth > kMaxDepth)
            return tooLong();
        if (take(QStringLiteral("not"))) {
            BITWRIGHT_TRY(NodePtr node, unary(depth + 1));
            return join(Node::Not, {node});
        }
        if (!take(QStringLiteral("(")))
            return condition();
        BITWRIGHT_TRY(NodePtr node, either(depth + 1));
        if (!take(QStringLiteral(")")))
            return wrong(tr("A closing parenthesis is missing."));
        return node;
    }

    static Error tooLong() { return wrong(tr("The rule has too many conditions.")); }

    /// The words up to an operator, a keyword or a parenthesis, joined by '-'.
    QString field()
    {
        QStringList words;
        while (true) {
            skip();
            const qsizetype start = m_at;
            for (const char* keyword : {"and", "or", "not"}) {
                if (take(QLatin1String(keyword))) {
                    m_at = start;
                    return words.join(u'-');
                }
            }
            while (m_at < m_text.size() &&
                   (m_text[m_at].isLetterOrNumber() || m_text[m_at] == u'-' || m_text[m_at] == u'_'))
                ++m_at;
            if (m_at == start)
                return words.join(u'-');
            words << m_text.mid(start, m_at - start).toLower();
        }
    }

    QString comparison()
    {
        for (const char* name : {"<=", ">=", "!=", "==", "!~", "<", ">", "=", "~", "≤", "≥", "≠"}) {
            if (take(QString::fromUtf8(name))) {
                const QString op = QString::fromUtf8(name);
                return op == u"≤"    ? QStringLiteral("<=")
                       : op == u"≥"  ? QStringLiteral(">=")
                       : op == u"≠"  ? QStringLiteral("!=")
                       : op == u"==" ? QStringLiteral("=")
                                     : op;
            }
        }
        return {};
    }

    /// In quotes, or up to a space or a parenthesis that was not opened inside ("layer(1|2)").
    QString word()
    {
        skip();
        if (take(QStringLiteral("\""))) {
            const qsizetype end = m_text.indexOf(u'"', m_at);
            const QString value = m_text.mid(m_at, end < 0 ? -1 : end - m_at);
            m_at = end < 0 ? m_text.size() : end + 1;
            return value;
        }
        const qsizetype start = m_at;
        int open = 0;
        for (; m_at < m_text.size() && !m_text[m_at].isSpace(); ++m_at) {
            open += m_text[m_at] == u'(' ? 1 : m_text[m_at] == u')' ? -1 : 0;
            if (open < 0)
                break;
        }
        return m_text.mid(start, m_at - start);
    }

    /// A number may be followed by its unit: "20 dB", "1 %".
    QString numberWord()
    {
        QString value = word();
        const qsizetype start = m_at;
        const QString unit = word();
        if (readNumber(value + unit) && !readNumber(unit))
            return value + unit;
        m_at = start;
        return value;
    }

    Result<NodePtr> condition()
    {
        const QString key = field();
        if (key.isEmpty())
            return wrong(tr("A condition is missing, for example: weight SQNR < 20 dB"));
        if (const Flag flag = flagField(key)) {
            return leaf([flag](const Document& document, int row) { return flag(document, row); });
        }
        const Text text = textField(key);
        const LayerMetricRow* metric = text ? nullptr : numberField(key);
        if (!text && !metric)
            return wrong(tr("\"%1\" is not known; use name, op, note, locked, exception, weights or a metric "
                            "such as weight sqnr, activation mse, bits, size, params, macs.")
                             .arg(key));
        const QString op = comparison();
        if (op.isEmpty())
            return wrong(text ? tr("Behind %1 one of = != ~ !~ is expected.").arg(key)
                              : tr("Behind %1 one of < <= > >= = != is expected.").arg(key));
        return text ? textTest(text, op) : numberTest(*metric, op);
    }

    Result<NodePtr> textTest(Text text, const QString& op)
    {
        if (!op.contains(u'~') && op != u"=" && op != u"!=")
            return wrong(tr("Texts are compared by = != ~ !~."));
        const QString value = word();
        const bool negated = op.startsWith(u'!');
        if (!op.contains(u'~'))
            return leaf([=](const Document& document, int row) {
                return (text(document, row).compare(value, Qt::CaseInsensitive) == 0) != negated;
            });
        const QRegularExpression expression(value, QRegularExpression::CaseInsensitiveOption);
        if (!expression.isValid() || value.isEmpty())
            return wrong(tr("\"%1\" is not a regular expression: %2.").arg(value, expression.errorString()));
        return leaf([=](const Document& document, int row) {
            return expression.match(text(document, row)).hasMatch() != negated;
        });
    }

    Result<NodePtr> numberTest(const LayerMetricRow& metric, const QString& op)
    {
        if (op.contains(u'~'))
            return wrong(tr("Numbers are compared by < <= > >= = !=."));
        BITWRIGHT_TRY(const double value, readNumber(numberWord()));
        return leaf([&metric, op, value](const Document& document, int row) {
            const auto x = metric.value(document, row);
            if (!x)
                return false;
            return op == u"<"    ? *x < value
                   : op == u"<=" ? *x <= value
                   : op == u">"  ? *x > value
                   : op == u">=" ? *x >= value
                   : op == u"="  ? *x == value
                                 : *x != value;
        });
    }

    QString m_text;
    qsizetype m_at = 0;
};

} // namespace

Result<LayerRule> LayerRule::parse(const QString& text)
{
    LayerRule rule;
    BITWRIGHT_TRY(rule.m_root, Parser(text).whole());
    return rule;
}

bool LayerRule::matches(const Document& document, int row) const
{
    return m_root && m_root->matches(document, row);
}

QList<int> LayerRule::matchingRows(const Document& document) const
{
    QList<int> rows;
    for (int row = 0; row < document.rowCount(); ++row) {
        if (matches(document, row))
            rows.append(row);
    }
    return rows;
}

} // namespace bitwright
