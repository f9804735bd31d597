// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/base/atomic_file.h"
#include "widgets/core_messages.h"
#include "widgets/format.h"

#include <QCoreApplication>
#include <QRegularExpression>
#include <QTranslator>

#include <gtest/gtest.h>

#include <filesystem>

namespace bitwright {
namespace {

/// Answers in a language in which the order of the parts is another.
class Backwards : public QTranslator {
public:
    bool isEmpty() const override { return false; }
    QString translate(const char* context, const char* source, const char*, int) const override
    {
        if (qstrcmp(context, "Core") != 0)
            return {};
        const QString text = QString::fromUtf8(source);
        if (text == "There are %1 samples but %2 labels.")
            return QStringLiteral("%2 Etiketten, %1 Proben");
        return text == "There is no such file." ? QStringLiteral("Datei fehlt") : QString();
    }
};

TEST(CoreMessages, AreFoundWhateverStandsInThem)
{
    Backwards translator;
    QCoreApplication::installTranslator(&translator);
    EXPECT_EQ(coreText("There is no such file."), "Datei fehlt");
    EXPECT_EQ(coreText("There are 12 samples but 7 labels."), "7 Etiketten, 12 Proben");
    EXPECT_EQ(coreText("There are %2 samples but %1 labels."), "%1 Etiketten, %2 Proben") << "filled in once";
    EXPECT_EQ(coreText("Nobody knows this sentence."), "Nobody knows this sentence.");
    EXPECT_EQ(errorText({Error::NotFound, "There is no such file.", "a/b.pt"}), "a/b.pt: Datei fehlt");
    QCoreApplication::removeTranslator(&translator);
    EXPECT_EQ(coreText("There are 12 samples but 7 labels."), "There are 12 samples but 7 labels.");
}

/// All sources of the core with literals joined as the compiler joins them.
QString coreSources()
{
    QString all;
    for (const auto& entry : std::filesystem::recursive_directory_iterator(BITWRIGHT_SOURCE_DIR "/core"))
        if (entry.path().extension() == ".cpp")
            all += QString::fromStdString(*readFile(entry.path().string()));
    static const QRegularExpression joint(QStringLiteral("(?<!\\\\)\"\\s+\""));
    return all.remove(joint).replace(QStringLiteral("\\\""), QStringLiteral("\""));
}

TEST(CoreMessages, StandInTheCore)
{
    static const QRegularExpression place(QStringLiteral("%[1-9]"));
    const QString sources = coreSources();
    for (const char* message : coreMessages())
        for (const QString& part : QString::fromUtf8(message).split(place))
            EXPECT_TRUE(part.size() < 4 || sources.contains(part)) << message << " [" << part.toStdString() << "]";
}

} // namespace
} // namespace bitwright
