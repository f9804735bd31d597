// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QFrame>
#include <QList>

#include <functional>
#include <utility>

class QHBoxLayout;
class QLabel;
class QTimer;

namespace bitwright {

/// One sentence above the pages that blocks nothing; failures stay until closed, notes leave after a while.
class MessageBar : public QFrame {
    Q_OBJECT
public:
    explicit MessageBar(QWidget* parent = nullptr);

    void showFailure(const QString& title, const QString& message);
    void showNote(const QString& message);
    /// A question with its answers as buttons; stays until one is pressed or it is closed.
    void showOffer(const QString& message, const QList<std::pair<QString, std::function<void()>>>& answers);
    /// What was said does not matter any more; an offer stays.
    void clear();
    QString text() const;

protected:
    void changeEvent(QEvent* event) override;

private:
    void display(const QString& message, bool failure);
    void applyColors();

    QLabel *m_glyph, *m_text;
    QHBoxLayout* m_answers;
    QTimer* m_timer;
    bool m_failure = false, m_offer = false;
};

} // namespace bitwright
