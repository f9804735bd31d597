// SPDX-License-Identifier: GPL-3.0-or-later
// What an ONNX value is while a file is being read.
#pragma once

#include <ATen/core/Tensor.h>
#include <ATen/core/ivalue.h>
#include <torch/csrc/jit/ir/ir.h>

#include <cstdint>
#include <initializer_list>
#include <memory>
#include <string>
#include <variant>
#include <vector>

namespace bitwright::onnxin {

/// An int, double or bool that depends on shapes alone: known, or computed by the graph at run time.
struct Number {
    c10::IValue known;
    torch::jit::Value* value = nullptr; ///< null when known

    Number() = default;
    Number(int64_t v)
        : known(v)
    {
    }
    explicit Number(c10::IValue v)
        : known(std::move(v))
    {
    }
    bool isKnown() const { return !value; }
    bool isKnown(int64_t v) const { return !value && known.isInt() && known.toInt() == v; }
    int64_t toInt() const { return known.isBool() ? int64_t(known.toBool()) : known.toScalar().toLong(); }
    double toDouble() const { return known.isBool() ? double(known.toBool()) : known.toScalar().toDouble(); }
};
using Numbers = std::vector<Number>;

struct Encoding;
struct Dynamic;

struct Operand {
    enum class Kind : uint8_t {
        Missing,  ///< an optional input that is not given
        Graph,    ///< a tensor that the graph computes
        Constant, ///< a tensor that is known
        Shape     ///< a small integer (or float, bool) tensor of numbers, at least one of them dynamic
    };
    Kind kind = Kind::Missing;
    torch::jit::Value* value = nullptr;
    at::Tensor tensor;
    std::string name; ///< of the initializer that a constant is or was made from, or of the ONNX value
    Numbers numbers;
    std::vector<int64_t> sizes; ///< of Shape
    int elemType = 0;           ///< TensorProto::DataType of the file; LibTorch has fewer; 0 = as LibTorch's
    std::shared_ptr<const Encoding> encoding; ///< the float value that an integer tensor stands for
    std::shared_ptr<const Dynamic> dynamic;   ///< its part in a product that is quantized at run time
    int rounded = -1; ///< of a float constant: which of the reader's encodings says how the file rounds it

    explicit operator bool() const { return kind != Kind::Missing; }
    bool isGraph() const { return kind == Kind::Graph; }
    bool isConstant() const { return kind == Kind::Constant; }
    bool isShape() const { return kind == Kind::Shape; }
};
using Operands = std::vector<Operand>;

struct IntegerRange {
    int64_t low = 0, high = 255;
};

/// How an integer tensor encodes a float one: real = (q - zeroPoint) * scale.
struct Encoding {
    Operand real;
    at::Tensor scale, zeroPoint;
    int axis = -1; ///< -1 = per tensor
};

inline Operand constant(at::Tensor tensor, std::string name = {})
{
    Operand made;
    made.kind = Operand::Kind::Constant;
    made.tensor = std::move(tensor);
    made.name = std::move(name);
    return made;
}

/// An argument of an operator of LibTorch.
struct Arg {
    std::variant<c10::IValue, Operand, Number, Numbers, Operands> value;

    Arg(Operand v)
        : value(std::move(v))
    {
    }
    Arg(Number v)
        : value(std::move(v))
    {
    }
    Arg(Numbers v)
        : value(std::move(v))
    {
    }
    Arg(Operands v)
        : value(std::move(v))
    {
    }
    Arg(c10::IValue v)
        : value(std::move(v))
    {
    }
    Arg(int v)
        : value(c10::IValue(int64_t(v)))
    {
    }
    Arg(int64_t v)
        : value(c10::IValue(v))
    {
    }
    Arg(double v)
        : value(c10::IValue(v))
    {
    }
    Arg(bool v)
        : value(c10::IValue(v))
    {
    }
    Arg(const char* v)
        : value(c10::IValue(std::string(v)))
    {
    }
    Arg(c10::ScalarType v)
        : value(c10::IValue(int64_t(v)))
    {
    }
    Arg(std::nullptr_t)
        : value(c10::IValue())
    {
    }
    Arg(const std::vector<int64_t>& v)
        : value(c10::IValue(c10::List<int64_t>(v)))
    {
    }
    Arg(const std::vector<double>& v)
        : value(c10::IValue(c10::List<double>(v)))
    {
    }
};
using Args = std::vector<Arg>;

} // namespace bitwright::onnxin
