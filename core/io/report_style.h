// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

namespace bitwright {

/// The style sheet of reports: light and dark, narrow and wide, screen and paper.
const char* reportStyle();

} // namespace bitwright
