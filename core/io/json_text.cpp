// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/io/json_text.h"

#include <nlohmann/json.hpp>

#include <algorithm>

namespace bitwright {
namespace {

using Json = nlohmann::ordered_json;

std::string scalar(const Json& json)
{
    return json.dump(-1, ' ', false, Json::error_handler_t::replace);
}

bool isFlat(const Json& json)
{
    return json.empty() || (json.is_array() && std::none_of(json.begin(), json.end(),
                                                            [](const Json& j) { return j.is_structured(); }));
}

void flat(const Json& json, std::string& out)
{
    out += '[';
    for (size_t i = 0; i < json.size(); ++i)
        (out += i ? ", " : "") += scalar(json[i]);
    out += ']';
}

void print(const Json& json, size_t depth, std::string& out)
{
    if (!json.is_structured() || (json.is_object() && json.empty())) {
        out += scalar(json);
        return;
    }
    if (isFlat(json))
        return flat(json, out);
    const std::string indent(2 * depth + 2, ' ');
    out += json.is_object() ? "{" : "[";
    bool first = true;
    for (const auto& item : json.items()) {
        (out += first ? "\n" : ",\n") += indent;
        if (json.is_object())
            out += scalar(item.key()) + ": ";
        print(item.value(), depth + 1, out);
        first = false;
    }
    out += '\n';
    out.append(2 * depth, ' ');
    out += json.is_object() ? '}' : ']';
}

} // namespace

std::string jsonText(const Json& json)
{
    std::string out;
    print(json, 0, out);
    return out + "\n";
}

} // namespace bitwright
