// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

class QTableView;

namespace bitwright {

/// How every plain table of the window looks and behaves: whole rows, no grid, no editing, Tab leaves it.
void styleTable(QTableView* table);

} // namespace bitwright
