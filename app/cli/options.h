// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/workbench.h"

#include <optional>
#include <string>
#include <vector>

namespace CLI {
class App;
class Validator;
} // namespace CLI

namespace bitwright::cli {

/// What the options of the command line say, before anything was opened. One set for all verbs; each verb
/// offers the groups that mean something to it.
struct Options {
    std::string model;
    std::vector<std::string> inputShapes; ///< "C,H,W" each
    bool noFold = false;

    std::string data, split, layout;
    std::optional<double> scale;
    std::vector<double> mean, std;
    std::string resize, crop; ///< "HxW"

    int64_t limit = -1; ///< -1 = the verb's default
    int64_t calibLimit = 512;
    int64_t batch = 32;
    uint64_t seed = 0;
    int threads = 0; ///< 0 = all cores

    std::string plan, weights, activations;
    std::vector<std::string> layers; ///< "GLOB=RULE"
    int firstLast = 0;               ///< bits; 0 = not asked for

    std::string json; ///< file, "-" = standard output, "" = a table for people
    bool quiet = false;
};

/// Refuses what is no finite number from `low` to `high`.
CLI::Validator numberFrom(double low = -1e300, double high = 1e300);

/// MODEL, --input-shape, --no-fold, --json, --quiet, --threads, --seed.
void addModelOptions(CLI::App& verb, Options& options);
/// --data, --split, --layout, --scale, --mean, --std, --resize, --crop, --batch, --limit. `limitHelp` says
/// what the limit means to the verb and its default.
void addDataOptions(CLI::App& verb, Options& options, const std::string& limitHelp);
/// --calib-limit and the plan: --plan, --weights, --activations, --layer, --first-last.
void addPlanOptions(CLI::App& verb, Options& options);

/// The options were checked while they were parsed.
OpenOptions openOptions(const Options& options);
Preprocess preprocessOptions(const Options& options);

} // namespace bitwright::cli
