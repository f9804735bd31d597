// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/run/export_details.h"

#include <algorithm>
#include <charconv>

namespace bitwright {
namespace {

std::string oneLine(std::string text)
{
    std::replace(text.begin(), text.end(), '\n', ' ');
    return text;
}

void read(std::string_view key, std::string_view value, ExportDetails& details)
{
    if (key == "opset")
        std::from_chars(value.data(), value.data() + value.size(), details.opset);
    else if (key == "target")
        details.target = value;
    else if (key == "path")
        details.finalPath = value;
    else
        details.metadata[std::string(key)] = value;
}

} // namespace

std::string formatWith(const std::string& name, const ExportDetails& details)
{
    std::string format = name;
    const auto add = [&](const std::string& key, const std::string& value) {
        if (!value.empty())
            format += "\n" + key + "=" + oneLine(value);
    };
    add("path", details.finalPath);
    add("opset", details.opset > 0 ? std::to_string(details.opset) : std::string());
    add("target", details.target);
    for (const auto& [key, value] : details.metadata)
        add(key, value);
    return format;
}

std::string formatName(std::string_view format)
{
    return std::string(format.substr(0, format.find('\n')));
}

ExportDetails detailsOf(std::string_view format)
{
    ExportDetails details;
    for (size_t at = format.find('\n'); at != std::string_view::npos;) {
        const size_t end = format.find('\n', at + 1);
        const std::string_view line =
            format.substr(at + 1, end == std::string_view::npos ? end : end - at - 1);
        if (const size_t equal = line.find('='); equal != std::string_view::npos)
            read(line.substr(0, equal), line.substr(equal + 1), details);
        at = end;
    }
    return details;
}

} // namespace bitwright
