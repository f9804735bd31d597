// SPDX-License-Identifier: GPL-3.0-or-later
// Recurrent layers and cells.
#include "core/torch/onnx_write/writer_p.h"

#include <ATen/ATen.h>

#include <numeric>

namespace bitwright::onnx_write {
namespace {

/// The gates of a kind of network: PyTorch's place of each of ONNX's gates.
struct Gates {
    const char* type;
    std::vector<int64_t> order;
};

Gates gatesOf(const std::string& kind)
{
    if (kind == "LSTM")
        return {"LSTM", {0, 3, 1, 2}}; // i f g o -> i o f c
    if (kind == "GRU")
        return {"GRU", {1, 0, 2}}; // r z n -> z r h
    return {"RNN", {0}};
}

class Recurrent {
public:
    Recurrent(Op& op, const std::string& kind)
        : m_op(op)
        , m_kind(kind)
        , m_gates(gatesOf(kind))
        , m_weights(op.arg("params").elements)
        , m_hasBias(op.flag("has_biases"))
        , m_layers(op.integer("num_layers"))
        , m_directions(op.flag("bidirectional") ? 2 : 1)
        , m_batchFirst(op.flag("batch_first"))
    {
        const size_t each = m_hasBias ? 4 : 2;
        if (m_weights.size() != each * size_t(m_layers * m_directions))
            op.w.refuse("An LSTM with a projection has no ONNX operator");
        if (op.in[0]->rank() != 3)
            op.w.refuse("A recurrent layer without a batch cannot be written as ONNX");
        m_hidden = m_weights[1]->shape[0][1];
        for (const int64_t gate : m_gates.order)
            for (int64_t i = 0; i < m_hidden; ++i)
                m_rows.push_back(gate * m_hidden + i);
    }

    void write()
    {
        const std::vector<int64_t> swap{1, 0, 2};
        std::string value = m_op.x(0);
        if (m_batchFirst)
            value = m_op.help("Transpose", {value}, {{"perm", swap}});
        std::vector<std::string> hidden, cells;
        for (int64_t layer = 0; layer < m_layers; ++layer) {
            const auto outputs = writeLayer(layer, value);
            value = joined(outputs[0]);
            hidden.push_back(outputs[1]);
            if (outputs.size() > 2)
                cells.push_back(outputs[2]);
        }
        if (m_batchFirst)
            value = m_op.help("Transpose", {value}, {{"perm", swap}});
        m_op.give(value, 0);
        m_op.give(stacked(hidden), 1);
        if (!cells.empty())
            m_op.give(stacked(cells), 2);
    }

private:
    std::string stacked(const std::vector<std::string>& parts)
    {
        return parts.size() == 1 ? parts[0] : m_op.help("Concat", parts, {{"axis", int64_t(0)}});
    }

    /// A parameter in ONNX's order of gates, with an axis for the direction.
    std::string rearranged(Term& term)
    {
        if (!term.parameter.empty())
            return m_op.w.parameter(term.parameter, nullptr, &m_rows).name;
        if (!term.isConstant())
            m_op.w.refuse("A recurrent layer computes its weights while it runs");
        const at::Tensor rows = at::tensor(c10::ArrayRef<int64_t>(m_rows), at::kLong);
        return m_op.w.b.tensor(term.at[0].toTensor().detach().index_select(0, rows).unsqueeze(0), {});
    }

    /// Parameter `which` (w_ih, w_hh, b_ih, b_hh) of all directions of a layer.
    std::string weight(int64_t layer, size_t which)
    {
        const size_t each = m_hasBias ? 4 : 2;
        std::vector<std::string> parts;
        for (int64_t direction = 0; direction < m_directions; ++direction)
            parts.push_back(rearranged(*m_weights[size_t(layer * m_directions + direction) * each + which]));
        return stacked(parts);
    }

    std::string bias(int64_t layer)
    {
        if (!m_hasBias)
            return {};
        return m_op.help("Concat", {weight(layer, 2), weight(layer, 3)}, {{"axis", int64_t(1)}});
    }

    /// The state of a layer at the start; "" for zeros.
    std::string state(int64_t layer, size_t which)
    {
        Term& states = m_op.in[1]->isList ? *m_op.in[1]->elements.at(which) : *m_op.in[1];
        const bool isKnown = !states.data && states.isTensor;
        if (isKnown && !states.at[0].toTensor().any().item<bool>() &&
            !states.at[1].toTensor().any().item<bool>())
            return {};
        const std::string all = m_op.w.nameAs(states, c10::kFloat);
        if (m_layers == 1)
            return all;
        const int64_t first = layer * m_directions;
        return m_op.help("Slice", {all, m_op.w.b.ints({first}), m_op.w.b.ints({first + m_directions}),
                                   m_op.w.b.ints({0})});
    }

    std::vector<std::string> writeLayer(int64_t layer, const std::string& input)
    {
        const bool isLstm = m_kind == "LSTM";
        Attributes attributes{{"hidden_size", m_hidden},
                              {"direction", std::string(m_directions == 2 ? "bidirectional" : "forward")}};
        if (m_kind == "GRU")
            attributes.push_back({"linear_before_reset", int64_t(1)});
        std::vector<std::string> inputs{input, weight(layer, 0), weight(layer, 1), bias(layer),
                                        "",    state(layer, 0)};
        if (isLstm)
            inputs.push_back(state(layer, 1));
        const std::string name = m_op.w.base + (layer ? ".layer" + std::to_string(layer) : "");
        auto outputs = m_op.w.b.nodes(m_gates.type, inputs, attributes, name, isLstm ? 3 : 2);
        if (m_kind == "Relu") {
            onnx::GraphProto& graph = m_op.w.b.graph();
            onnx::AttributeProto& made = *graph.mutable_node(graph.node_size() - 1)->add_attribute();
            made.set_name("activations");
            made.set_type(onnx::AttributeProto::STRINGS);
            for (int64_t i = 0; i < m_directions; ++i)
                made.add_strings("Relu");
        }
        return outputs;
    }

    /// [T, D, N, H] -> [T, N, D H]
    std::string joined(const std::string& outputs)
    {
        if (m_directions == 1)
            return m_op.help("Squeeze", {outputs, m_op.w.b.ints({1})});
        const std::string turned =
            m_op.help("Transpose", {outputs}, {{"perm", std::vector<int64_t>{0, 2, 1, 3}}});
        std::array<Shape, 2> from, shape;
        for (size_t k = 0; k < 2; ++k) {
            const Shape& in = m_op.in[0]->shape[k];
            const int64_t steps = in[m_batchFirst ? 1 : 0], samples = in[m_batchFirst ? 0 : 1];
            from[k] = {steps, samples, m_directions, m_hidden};
            shape[k] = {steps, samples, m_directions * m_hidden};
        }
        return m_op.reshape(turned, from, shape);
    }

    Op& m_op;
    std::string m_kind;
    Gates m_gates;
    Terms m_weights;
    bool m_hasBias;
    int64_t m_layers, m_directions;
    bool m_batchFirst;
    int64_t m_hidden = 0;
    std::vector<int64_t> m_rows;
};

void recurrent(Op& op, const char* kind)
{
    if (op.node->maybeSchema()->argumentIndexWithName("batch_sizes"))
        op.w.refuse("A recurrent layer reads packed sequences, which ONNX does not have");
    Recurrent(op, kind).write();
}

std::string product(Op& op, Term& input, const char* weight, const char* bias)
{
    Term* biasTerm = op.has(bias) ? &op.arg(bias) : nullptr;
    const auto [weightName, biasName] = op.w.weightAndBias(op.arg(weight), biasTerm, input);
    return op.help("Gemm", {op.w.name(input), weightName, biasName}, {{"transB", int64_t(1)}});
}

std::vector<std::string> gates(Op& op, const std::string& value, size_t count)
{
    const int64_t hidden = op.out[0]->shape[0].back();
    return op.w.b.nodes("Split", {value, op.w.b.ints(std::vector<int64_t>(count, hidden))},
                        {{"axis", int64_t(-1)}}, op.w.base + "/Split", count);
}

void lstmCell(Op& op, const char*)
{
    Term& hidden = *op.in[1]->elements.at(0);
    const std::string sum =
        op.help("Add", {product(op, *op.in[0], "w_ih", "b_ih"), product(op, hidden, "w_hh", "b_hh")});
    const auto g = gates(op, sum, 4);
    const std::string kept =
        op.help("Mul", {op.help("Sigmoid", {g[1]}), op.w.name(*op.in[1]->elements.at(1))});
    const std::string added = op.help("Mul", {op.help("Sigmoid", {g[0]}), op.help("Tanh", {g[2]})});
    const std::string cell = op.help("Add", {kept, added});
    op.give(op.main("Mul", {op.help("Sigmoid", {g[3]}), op.help("Tanh", {cell})}), 0);
    op.give(cell, 1);
}

void gruCell(Op& op, const char*)
{
    Term& hidden = op.arg("hx");
    const auto i = gates(op, product(op, *op.in[0], "w_ih", "b_ih"), 3);
    const auto h = gates(op, product(op, hidden, "w_hh", "b_hh"), 3);
    const std::string reset = op.help("Sigmoid", {op.help("Add", {i[0], h[0]})});
    const std::string update = op.help("Sigmoid", {op.help("Add", {i[1], h[1]})});
    const std::string fresh = op.help("Tanh", {op.help("Add", {i[2], op.help("Mul", {reset, h[2]})})});
    const std::string difference = op.help("Sub", {op.w.name(hidden), fresh});
    op.give(op.main("Add", {fresh, op.help("Mul", {update, difference})}));
}

void plainCell(Op& op, const char* activation)
{
    const std::string sum =
        op.help("Add", {product(op, *op.in[0], "w_ih", "b_ih"), product(op, op.arg("hx"), "w_hh", "b_hh")});
    op.give(op.main(activation, {sum}));
}

} // namespace

Rows recurrentRows()
{
    return {{"aten::lstm", recurrent, "LSTM"},
            {"aten::gru", recurrent, "GRU"},
            {"aten::rnn_tanh", recurrent, "Tanh"},
            {"aten::rnn_relu", recurrent, "Relu"},
            {"aten::lstm_cell", lstmCell},
            {"aten::gru_cell", gruCell},
            {"aten::rnn_tanh_cell", plainCell, "Tanh"},
            {"aten::rnn_relu_cell", plainCell, "Relu"}};
}

} // namespace bitwright::onnx_write
