// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/run/stored_samples.h"

#include <array>

namespace bitwright {
namespace {

// The first pair whose images are there wins; labels are looked for under every name.
constexpr std::array kImages = {"images", "image", "x", "X", "data", "inputs", "input", "samples"};
constexpr std::array kLabels = {"labels", "label", "y", "Y", "targets", "target", "classes"};

template<typename Names>
std::string findAny(const std::set<std::string>& names, const Names& wanted, const std::string& before,
                    const std::string& after)
{
    for (const char* name : wanted)
        if (names.count(before + name + after))
            return before + name + after;
    return {};
}

DataKeys findIn(const std::set<std::string>& names, const std::string& before, const std::string& after)
{
    return {findAny(names, kImages, before, after), findAny(names, kLabels, before, after), {}};
}

/// "test/images", "test_images", "images_test", in this order.
DataKeys findSplit(const std::set<std::string>& names, const std::string& spelling)
{
    for (const auto& [before, after] : {std::pair{spelling + "/", std::string()},
                                        {spelling + "_", std::string()},
                                        {std::string(), "_" + spelling}})
        if (DataKeys keys = findIn(names, before, after); !keys.images.empty()) {
            keys.split = splitNamed(spelling);
            return keys;
        }
    return {};
}

} // namespace

std::vector<std::string> splitSpellings(const std::string& split)
{
    const std::vector<std::string> test = {"test", "val", "valid", "validation", "t10k", "eval"};
    const std::vector<std::string> train = {"train", "training"};
    if (split == "test" || split == "val" || split == "validation") {
        std::vector<std::string> all = test;
        all.insert(all.begin(), split);
        return all;
    }
    if (split == "train")
        return train;
    if (!split.empty())
        return {split};
    std::vector<std::string> all = test;
    all.insert(all.end(), train.begin(), train.end());
    return all;
}

std::string splitNamed(const std::string& spelling)
{
    for (const char* split : {"train", "test"})
        for (const std::string& known : splitSpellings(split))
            if (known == spelling)
                return split;
    return spelling;
}

Result<DataKeys> findDataKeys(const std::set<std::string>& names, const std::string& split,
                              const std::string& where)
{
    for (const std::string& spelling : splitSpellings(split))
        if (const DataKeys keys = findSplit(names, spelling); !keys.images.empty())
            return keys;
    bool hasSplits = false;
    for (const std::string& spelling : splitSpellings({}))
        hasSplits = hasSplits || !findSplit(names, spelling).images.empty();
    // A source without splits has only one answer, whatever split is asked for.
    if (const DataKeys keys = findIn(names, {}, {}); !hasSplits && !keys.images.empty())
        return keys;
    if (names.size() == 1 && !hasSplits)
        return DataKeys{*names.begin(), {}, {}};
    std::string list;
    for (const std::string& name : names)
        list += (list.empty() ? "" : ", ") + name;
    if (hasSplits)
        return Error{Error::NotFound, "There is no split \"" + split + "\"; the file holds: " + list + ".",
                     where};
    return Error{
        Error::NotFound,
        "No images were found; name them \"images\" and \"labels\" (or x and y, in groups or with prefixes "
        "train and test); the file holds: " +
            (list.empty() ? "nothing" : list) + ".",
        where};
}

} // namespace bitwright
