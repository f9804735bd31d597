// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/run/dataset.h"

#include <nlohmann/json.hpp>

#include <cmath>

namespace bitwright {
namespace {

using nlohmann::json;

Error bad(const std::string& key, const std::string& message)
{
    return {Error::InvalidArgument, message, "preprocess." + key};
}

/// A number, or a list of numbers.
Result<std::vector<double>> numbers(const json& value, const std::string& key)
{
    const json list = value.is_array() ? value : json::array({value});
    std::vector<double> all;
    for (const json& item : list) {
        if (!item.is_number())
            return bad(key, "A number or a list of numbers is expected.");
        all.push_back(item.get<double>());
    }
    return all;
}

/// [H, W].
Result<std::array<int64_t, 2>> sides(const json& value, const std::string& key)
{
    if (!value.is_array() || value.size() != 2 || !value[0].is_number_integer() ||
        !value[1].is_number_integer())
        return bad(key, "Height and width are expected, as in [224, 224].");
    const std::array<int64_t, 2> both = {value[0].get<int64_t>(), value[1].get<int64_t>()};
    if (both[0] < 1 || both[1] < 1 || both[0] > 32768 || both[1] > 32768)
        return bad(key, "Height and width must lie between 1 and 32768.");
    return both;
}

Result<void> readMember(Preprocess& into, const std::string& key, const json& value)
{
    if (key == "layout") {
        if (value != "nhwc" && value != "nchw")
            return bad(key, "\"nhwc\" or \"nchw\" is expected.");
        into.layout = value.get<std::string>();
    } else if (key == "scale") {
        if (!value.is_number() || !std::isfinite(value.get<double>()) || value.get<double>() == 0)
            return bad(key, "A number other than 0 is expected.");
        into.scale = value.get<double>();
    } else if (key == "mean") {
        BITWRIGHT_TRY(into.mean, numbers(value, key));
    } else if (key == "std") {
        BITWRIGHT_TRY(into.std, numbers(value, key));
        for (const double deviation : into.std)
            if (!(deviation > 0))
                return bad(key, "Deviations must be above 0.");
    } else if (key == "resize") {
        BITWRIGHT_TRY(into.resize, sides(value, key));
    } else if (key == "crop") {
        BITWRIGHT_TRY(into.crop, sides(value, key));
    } else {
        return bad(key, "There is no such key; the keys are layout, scale, mean, std, resize, crop.");
    }
    return {};
}

} // namespace

Result<Preprocess> preprocessFromJson(const json& object)
{
    if (!object.is_object())
        return Error{Error::InvalidArgument, "An object is expected.", "preprocess"};
    Preprocess preprocess;
    for (const auto& [key, value] : object.items())
        if (!value.is_null())
            BITWRIGHT_CHECK(readMember(preprocess, key, value));
    return preprocess;
}

json preprocessToJson(const Preprocess& preprocess)
{
    json object = json::object();
    if (preprocess.layout)
        object["layout"] = *preprocess.layout;
    if (preprocess.scale)
        object["scale"] = *preprocess.scale;
    if (!preprocess.mean.empty())
        object["mean"] = preprocess.mean;
    if (!preprocess.std.empty())
        object["std"] = preprocess.std;
    if (preprocess.resize)
        object["resize"] = *preprocess.resize;
    if (preprocess.crop)
        object["crop"] = *preprocess.crop;
    return object;
}

Preprocess merged(const Preprocess& over, const Preprocess& under)
{
    Preprocess result = over;
    if (!result.layout)
        result.layout = under.layout;
    if (!result.scale)
        result.scale = under.scale;
    if (result.mean.empty())
        result.mean = under.mean;
    if (result.std.empty())
        result.std = under.std;
    if (!result.resize)
        result.resize = under.resize;
    if (!result.crop)
        result.crop = under.crop;
    return result;
}

} // namespace bitwright
