// SPDX-License-Identifier: GPL-3.0-or-later
// From a TorchScript file to a program and what describes it.
#pragma once

#include "core/base/mapped_file.h"
#include "core/graph/graph.h"
#include "core/run/backend.h"
#include "core/torch/example_input_p.h"
#include "core/torch/file_encoding_p.h"
#include "core/torch/passes_p.h"
#include "core/torch/program_p.h"

#include <torch/csrc/jit/api/module.h>

#include <memory>
#include <string>
#include <vector>

namespace bitwright {

/// Everything that running, describing and exporting a model needs. Immutable after the import.
struct ImportedModel {
    std::string path;
    torch::jit::Module module; ///< as loaded, in eval mode: what a writer starts from
    LiftedGraph lifted;        ///< as it runs: spliced, normalized, batch-norm folded
    LiftedGraph original;      ///< inlined and lifted only; what decides branches for other input sizes
    InputPlan inputs;
    bool fixedBatch = false;                        ///< forward accepts batch size 1 only
    bool sizesDecide = false;                       ///< branches were spliced because of tensor sizes
    bool sizesOnly = false;                         ///< example runs leave large layers out, see runForSizes
    std::vector<std::shared_ptr<const MappedFile>> files; ///< that weights are in
    bool moduleIsCurrent = true;                    ///< `module` holds the numbers of `lifted` (before folding)
    BranchRecord branches;                          ///< of the example run, by nodes of `original`
    bool scopesNameOperators = false;               ///< a node's scope is the operator's own name in the file
    std::vector<std::string> outputNames;           ///< of the file; empty: where they lie in the result
    std::unordered_map<const torch::jit::Value*, std::string> valueNames; ///< of the file
    std::vector<FileEncoding> encodings;            ///< what the file rounds, and how
    std::shared_ptr<const FileQuantization> fileQuantization; ///< what `encodings` come to; may be null
    std::shared_ptr<const Program> program;         ///< of `lifted`
    std::shared_ptr<const Program> originalProgram; ///< of `original`; null when nothing was spliced by size
};

/// Throws; call inside guarded().
std::shared_ptr<ImportedModel> importTorchScript(const std::string& path, const OpenOptions& options,
                                                 Progress& progress, const StopCheck& stop);

} // namespace bitwright
