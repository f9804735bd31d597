// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "widgets/plots/heat_grid.h"

#include <QWidget>

class QComboBox;

namespace bitwright {

class Document;
class HeatPanel;

/// Which classes are taken for which: float, quantized, and how the two differ.
class ConfusionView : public QWidget {
    Q_OBJECT
public:
    enum Which { Difference, Quantized, Float };

    explicit ConfusionView(Document* document, QWidget* parent = nullptr);

    HeatPanel* panel() const { return m_panel; }
    QComboBox* whichBox() const { return m_which; }

private:
    void refresh();

    Document* m_document;
    QComboBox* m_which;
    HeatPanel* m_panel;
};

/// Names of the classes of the open data, numbers where there are none.
QStringList classNames(const Document& document, int count);

} // namespace bitwright
