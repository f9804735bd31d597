// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <set>
#include <string>

namespace bitwright {

/// Whether an operator depends on sizes and types of its tensors, but not on their elements.
inline bool readsMetadataOnly(const std::string& kind)
{
    static const std::set<std::string> kinds{"aten::size",
                                             "aten::dim",
                                             "aten::numel",
                                             "aten::len",
                                             "aten::is_floating_point",
                                             "prim::dtype",
                                             "prim::device",
                                             "prim::layout",
                                             "aten::zeros_like",
                                             "aten::ones_like",
                                             "aten::full_like",
                                             "aten::empty_like",
                                             "aten::new_zeros",
                                             "aten::new_ones",
                                             "aten::new_full",
                                             "aten::new_empty",
                                             "prim::is_cuda",
                                             "aten::is_complex",
                                             "aten::stride",
                                             "aten::sym_size",
                                             "prim::requires_grad",
                                             "prim::shape",
                                             "aten::__is__",
                                             "aten::__isnot__",
                                             "prim::isinstance",
                                             "aten::keys",
                                             "prim::is_quantized",
                                             "aten::is_contiguous"};
    return kinds.count(kind) > 0;
}

} // namespace bitwright
