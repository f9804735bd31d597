// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/base/atomic_file.h"
#include "core/io/encodings_import.h"
#include "core/workbench.h"

namespace bitwright::workbench {

Result<QuantPlan> readPlan(const Model& model, const std::string& path)
{
    BITWRIGHT_TRY(const std::string text, readFile(path, size_t(64) << 20));
    auto plan = looksLikeEncodings(text) ? planFromEncodings(model.graph(), text) : planFromJson(text);
    if (!plan) {
        const Error& bad = plan.error();
        return Error{bad.code == Error::InvalidArgument ? Error::Corrupt : bad.code, bad.text(), path};
    }
    return plan;
}

} // namespace bitwright::workbench
