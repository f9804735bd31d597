// SPDX-License-Identifier: GPL-3.0-or-later
#include "widgets/page.h"
#include "widgets/pages/configurations_page.h"
#include "widgets/pages/error_maps_page.h"
#include "widgets/pages/evaluation_page.h"
#include "widgets/pages/graph_page.h"
#include "widgets/pages/histogram_page.h"
#include "widgets/pages/history_page.h"
#include "widgets/pages/jobs_page.h"
#include "widgets/pages/training_page.h"
#include "widgets/pages/why_page.h"

namespace bitwright {

namespace {

template<typename T>
Page* make(const Workspace& workspace)
{
    return new T(workspace);
}

} // namespace

const std::vector<PageRow>& pageTable()
{
    static const std::vector<PageRow> rows = {
        {"graph", QT_TRANSLATE_NOOP("Pages", "Model graph"), PagePlace::Side, make<GraphPage>},
        {"distribution", QT_TRANSLATE_NOOP("Pages", "Distribution"), PagePlace::Details, make<HistogramPage>},
        {"errors", QT_TRANSLATE_NOOP("Pages", "Error maps"), PagePlace::Details, make<ErrorMapsPage>},
        {"configurations", QT_TRANSLATE_NOOP("Pages", "Configurations"), PagePlace::Details,
         make<ConfigurationsPage>},
        {"training", QT_TRANSLATE_NOOP("Pages", "Training"), PagePlace::Details, make<TrainingPage>},
        {"accuracy", QT_TRANSLATE_NOOP("Pages", "Accuracy"), PagePlace::Results, make<EvaluationPage>},
        {"why", QT_TRANSLATE_NOOP("Pages", "Why"), PagePlace::Results, make<WhyPage>},
        {"history", QT_TRANSLATE_NOOP("Pages", "History"), PagePlace::Results, make<HistoryPage>},
        {"jobs", QT_TRANSLATE_NOOP("Pages", "Jobs"), PagePlace::Results, make<JobsPage>},
    };
    return rows;
}

} // namespace bitwright
