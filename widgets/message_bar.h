// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QFrame>

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
    QString text() const;

protected:
    void changeEvent(QEvent* event) override;

private:
    void display(const QString& message, bool failure);
    void applyColors();

    QLabel *m_glyph, *m_text;
    QTimer* m_timer;
    bool m_failure = false;
};

} // namespace bitwright
