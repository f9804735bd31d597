// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace bitwright {

/// A file that was written, as it lies on the disk.
struct ExportedFile {
    std::string path, sha256;
    int64_t bytes = 0;

    bool operator==(const ExportedFile&) const = default;
};

/// The file loaded again against the simulation, over the same samples.
struct Parity {
    int64_t samples = 0;
    double maxAbs = 0;                   ///< largest |file - simulation| over all outputs
    double sqnrDb = 0;                   ///< of the file's outputs against the simulation's; +inf = equal
    std::optional<double> top1Agreement; ///< share in [0, 1]; empty when the model does not classify

    bool operator==(const Parity&) const = default;
};

/// What an export wrote; `parity` only for formats that run.
struct ExportResult {
    std::vector<ExportedFile> files;
    std::optional<Parity> parity;
    std::string engine;             ///< name of the integer engine that packed the weights, or ""
    std::vector<std::string> notes;    ///< one sentence each
    std::vector<std::string> warnings; ///< what makes the files useless, one sentence each

    bool operator==(const ExportResult&) const = default;
};

} // namespace bitwright
