// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "widgets/page.h"

namespace bitwright {

/// Every step of the undo history; a click goes back or forward to it.
class HistoryPage : public Page {
    Q_OBJECT
public:
    explicit HistoryPage(const Workspace& workspace);
};

} // namespace bitwright
