// SPDX-License-Identifier: GPL-3.0-or-later
#include "widgets/page.h"

#include "widgets/plots/plot_export.h"

namespace bitwright {

QList<Exportable> Page::exportables() const
{
    return customPlotsOf(this);
}

} // namespace bitwright
