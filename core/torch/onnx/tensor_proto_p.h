// SPDX-License-Identifier: GPL-3.0-or-later
// Tensors of ONNX files.
#pragma once

#include "core/torch/onnx/external_files_p.h"

#include <ATen/core/Tensor.h>
#include <onnx/onnx_pb.h>

#include <memory>
#include <string>

namespace bitwright::onnxin {

/// TensorProto::DataType, with the values that the packaged library does not know yet.
enum ElemType {
    kUndefined = 0,
    kFloat32 = 1,
    kUint8 = 2,
    kInt8 = 3,
    kUint16 = 4,
    kInt16 = 5,
    kInt32 = 6,
    kInt64 = 7,
    kString = 8,
    kBoolean = 9,
    kFloat16 = 10,
    kDouble = 11,
    kUint32 = 12,
    kUint64 = 13,
    kComplex64 = 14,
    kComplex128 = 15,
    kBFloat16 = 16,
    kFloat8E4M3FN = 17,
    kFloat8E4M3FNUZ = 18,
    kFloat8E5M2 = 19,
    kFloat8E5M2FNUZ = 20,
    kUint4 = 21,
    kInt4 = 22,
};

/// "float16", "uint4", ...
std::string elemTypeName(int type);
/// LibTorch's type that holds the values: 16-bit floats are computed in float32, unsigned and 4-bit integers
/// in the next wider or equal type that LibTorch has. Throws Stop(Unsupported) for strings and complex
/// numbers.
c10::ScalarType scalarTypeOf(int elemType);
/// ElemType of what LibTorch computes.
int elemTypeOf(c10::ScalarType type);

/// The tensor. Large ones are the bytes themselves: of external data, and where `keeper` keeps `proto`, of
/// the message. Throws Stop with a sentence that names the tensor. What the file says of sizes is never
/// trusted but compared with what is there.
at::Tensor tensorFrom(const onnx::TensorProto& proto, ExternalFiles& files,
                      const std::shared_ptr<const void>& keeper = nullptr);

} // namespace bitwright::onnxin
