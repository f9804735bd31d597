// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/base/atomic_file.h"
#include "core/base/sha256.h"
#include "core/io/report_html.h"
#include "core/workbench.h"

#include <cstdlib>
#include <ctime>

namespace bitwright::workbench {
namespace {

/// Today in UTC, or the day of SOURCE_DATE_EPOCH, with which builds are made reproducible.
std::string today()
{
    const char* fixed = std::getenv("SOURCE_DATE_EPOCH");
    const std::time_t now = fixed ? std::time_t(std::strtoll(fixed, nullptr, 10)) : std::time(nullptr);
    std::tm parts{};
    ::gmtime_r(&now, &parts);
    char text[32];
    return std::strftime(text, sizeof text, "%Y-%m-%d", &parts) ? text : "";
}

ReportData reportData(const ReportInput& input)
{
    ReportData data;
    data.modelPath = input.model->path;
    data.modelSha256 = input.model->sha256;
    data.modelFormat = input.model->format;
    data.modelBytes = input.model->fileBytes;
    data.runner = input.model->runner.get();
    data.plan = input.plan;
    data.calibration = input.calibration;
    data.layers = input.layers;
    data.sensitivity = input.sensitivity;
    data.classes = input.model->sidecar.classes;
    data.dataDescription = input.dataDescription;
    data.command = input.command;
    data.date = today();
    if (input.evaluation) {
        data.evaluation = &input.evaluation->evaluation;
        data.cost = &input.evaluation->cost;
    } else {
        data.cost = input.cost;
    }
    return data;
}

} // namespace

Result<ExportedFile> writeReport(const ReportInput& input, const std::string& path)
{
    BITWRIGHT_TRY(const std::string html, reportHtml(reportData(input)));
    BITWRIGHT_CHECK(writeFileAtomically(path, html));
    return ExportedFile{path, sha256(html.data(), html.size()), int64_t(html.size())};
}

} // namespace bitwright::workbench
