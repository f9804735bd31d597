// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/io/sweep_journal.h"

#include "core/analysis/sensitivity_units.h"
#include "core/io/session_file.h"
#include "core/io/session_json.h"

#include <nlohmann/json.hpp>

#include <filesystem>
#include <fstream>

namespace bitwright {

std::string sweepJournalOf(const std::string& session)
{
    return session + ".sweep";
}

Result<void> appendToSweepJournal(const std::string& path, const QuantPlan& plan,
                                  const SensitivityTable& unit)
{
    std::error_code unknown;
    const bool begins = !std::filesystem::exists(path, unknown);
    std::string lines;
    if (begins)
        lines = nlohmann::json(planToJson(plan)).dump() + "\n";
    lines += exactJson(unit).dump() + "\n";
    std::ofstream file(path, std::ios::binary | std::ios::app);
    if (!file.write(lines.data(), std::streamsize(lines.size())).flush())
        return Error{Error::Io, "The file cannot be written.", path};
    return {};
}

Result<SweepJournal> readSweepJournal(const std::string& path)
{
    std::ifstream file(path, std::ios::binary);
    if (!file)
        return Error{Error::NotFound, "There is no such file.", path};
    const auto next = [&file] {
        std::string line;
        std::getline(file, line);
        return nlohmann::json::parse(line, nullptr, /*allow_exceptions=*/false);
    };
    const nlohmann::json first = next();
    if (!first.is_string())
        return Error{Error::Corrupt, "It is no record of a sweep.", path};
    SweepJournal journal;
    BITWRIGHT_TRY(journal.plan, planFromJson(first.get<std::string>()));
    while (file) {
        auto unit = sensitivityFromExact(next());
        if (!unit)
            break;
        journal.units.push_back(*std::move(unit));
    }
    return journal;
}

void addSweepJournal(SessionData& session, const SweepJournal& journal)
{
    if (journal.units.empty())
        return;
    const auto& saved = session.sensitivity;
    const bool isSame =
        saved && session.sweptPlan == journal.plan && saved->samples == journal.units.front().samples;
    SensitivityTable table = isSame ? *saved : SensitivityTable();
    table.partial = !isSame || saved->partial;
    for (const SensitivityTable& unit : journal.units)
        mergeSensitivity(table, unit);
    session.sweptPlan = journal.plan;
    session.sensitivity = std::make_shared<const SensitivityTable>(std::move(table));
}

} // namespace bitwright
