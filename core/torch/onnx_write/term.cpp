// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/torch/onnx_write/term_p.h"

#include <ATen/ATen.h>
#include <ATen/core/Dict.h>
#include <ATen/core/List.h>

#include <algorithm>

namespace bitwright::onnx_write {
namespace {

bool sameTensor(const at::Tensor& a, const at::Tensor& b)
{
    return a.scalar_type() == b.scalar_type() && a.sizes() == b.sizes() &&
           (a.is_same(b) || at::equal(a, b) || (a.is_floating_point() && at::allclose(a, b, 0, 0, true)));
}

bool sameValue(const c10::IValue& a, const c10::IValue& b)
{
    if (a.isTensor() && b.isTensor())
        return a.toTensor().defined() == b.toTensor().defined() &&
               (!a.toTensor().defined() || sameTensor(a.toTensor(), b.toTensor()));
    if (a.isInt() && b.isInt())
        return a.toInt() == b.toInt();
    if (a.isDouble() && b.isDouble())
        return a.toDouble() == b.toDouble();
    if (a.isIntList() && b.isIntList())
        return a.toIntVector() == b.toIntVector();
    if (a.isDoubleList() && b.isDoubleList())
        return a.toDoubleVector() == b.toDoubleVector();
    if (a.isBool() && b.isBool())
        return a.toBool() == b.toBool();
    if (a.isString() && b.isString())
        return a.toStringRef() == b.toStringRef();
    return a.tagKind() == b.tagKind();
}

bool holdsTensors(const c10::TypePtr& type)
{
    if (type->kind() == c10::TypeKind::TensorType)
        return true;
    const auto& inside = type->containedTypes();
    return std::any_of(inside.begin(), inside.end(), [](const c10::TypePtr& t) { return holdsTensors(t); });
}

void describeTensor(Term& term, const c10::IValue& a, const c10::IValue& b)
{
    term.isTensor = true;
    term.type = a.toTensor().scalar_type();
    term.shape = {a.toTensor().sizes().vec(), b.toTensor().sizes().vec()};
}

std::vector<c10::IValue> elementsOf(const c10::IValue& value)
{
    if (value.isTuple())
        return value.toTupleRef().elements();
    if (value.isList()) {
        const auto list = value.toListRef();
        return std::vector<c10::IValue>(list.begin(), list.end()); // braces would make two booleans
    }
    std::vector<c10::IValue> values;
    for (const auto& entry : value.toGenericDict())
        values.push_back(entry.value());
    return values;
}

void describeNumber(Term& term, const c10::IValue& value)
{
    if (value.isInt())
        term.type = c10::kLong;
    else if (value.isBool())
        term.type = c10::kBool;
}

} // namespace

Shape Term::dims() const
{
    Shape dims = shape[0];
    for (size_t i = 0; i < dims.size(); ++i)
        if (i >= shape[1].size() || shape[1][i] != dims[i])
            dims[i] = -1;
    return dims;
}

bool Term::anyData() const
{
    return data || std::any_of(elements.begin(), elements.end(),
                               [](const TermPtr& element) { return element->anyData(); });
}

bool Term::isConstant() const
{
    return !anyData() && sameValue(at[0], at[1]) &&
           std::all_of(elements.begin(), elements.end(),
                       [](const TermPtr& element) { return element->isConstant(); });
}

TermPtr describe(const c10::IValue& a, const c10::IValue& b, bool data)
{
    const auto term = std::make_shared<Term>();
    term->data = data;
    if (a.isTensor() && a.toTensor().defined() && b.isTensor() && b.toTensor().defined()) {
        describeTensor(*term, a, b);
    } else if ((a.isTuple() || a.isList() || a.isGenericDict()) && holdsTensors(a.type())) {
        term->isList = true;
        const auto left = elementsOf(a), right = elementsOf(b);
        for (size_t i = 0; i < left.size() && i < right.size(); ++i)
            term->elements.push_back(describe(left[i], right[i], data));
        if (a.isGenericDict())
            for (const auto& entry : a.toGenericDict())
                term->keys.push_back(entry.key().isString() ? entry.key().toStringRef()
                                                            : c10::str(entry.key()));
    } else {
        describeNumber(*term, a);
    }
    if (!data)
        term->at = {a, b};
    else if (term->isList)
        term->data = false; // its elements do
    return term;
}

} // namespace bitwright::onnx_write
