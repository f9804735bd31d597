// SPDX-License-Identifier: GPL-3.0-or-later
// LSTM, GRU, RNN.
//
// LibTorch's own operators where they compute the same; else one step after another in a loop, behind one
// linear layer for the inputs of all steps.
#include "core/torch/onnx/simple_rows_p.h"

#include <ATen/ATen.h>

#include <map>

namespace bitwright::onnxin {
namespace {

constexpr const char* kRecurrentScript = R"(
def act(x, name: str):
    if name == "Sigmoid":
        y = torch.sigmoid(x)
    elif name == "Tanh":
        y = torch.tanh(x)
    elif name == "Relu":
        y = torch.relu(x)
    elif name == "HardSigmoid":
        y = torch.clamp(x * 0.2 + 0.5, 0.0, 1.0)
    elif name == "LeakyRelu":
        y = torch.leaky_relu(x, 0.01)
    elif name == "Softplus":
        y = torch.softplus(x)
    else:
        y = x / (1.0 + torch.abs(x))
    return y

def limited(x, clip: float):
    if clip > 0.0:
        x = torch.clamp(x, -clip, clip)
    return x

def lstm_steps(xw, r, p, h, c, lens, clip: float, coupled: bool, f: str, g: str, k: str):
    ys: List[Tensor] = []
    pi, po, pf = torch.chunk(p, 3, 0)
    for t in range(xw.size(0)):
        i, o, m, n = torch.chunk(xw[t] + torch.matmul(h, r.t()), 4, -1)
        i = act(limited(i + pi * c, clip), f)
        if coupled:
            m = 1.0 - i
        else:
            m = act(limited(m + pf * c, clip), f)
        c2 = m * c + i * act(limited(n, clip), g)
        h2 = act(limited(o + po * c2, clip), f) * act(c2, k)
        on = (lens > t).unsqueeze(-1)
        c = torch.where(on, c2, c)
        h = torch.where(on, h2, h)
        ys = ys + [torch.where(on, h2, torch.zeros_like(h2))]
    return torch.stack(ys, 0), h, c

def gru_steps(xw, r, rb, h, lens, clip: float, before: bool, f: str, g: str):
    ys: List[Tensor] = []
    rz, rr, rh = torch.chunk(r, 3, 0)
    bz, br, bh = torch.chunk(rb, 3, 0)
    for t in range(xw.size(0)):
        z, s, n = torch.chunk(xw[t], 3, -1)
        z = act(limited(z + torch.matmul(h, rz.t()) + bz, clip), f)
        s = act(limited(s + torch.matmul(h, rr.t()) + br, clip), f)
        if before:
            n = n + s * (torch.matmul(h, rh.t()) + bh)
        else:
            n = n + torch.matmul(s * h, rh.t()) + bh
        h2 = (1.0 - z) * act(limited(n, clip), g) + z * h
        on = (lens > t).unsqueeze(-1)
        h = torch.where(on, h2, h)
        ys = ys + [torch.where(on, h2, torch.zeros_like(h2))]
    return torch.stack(ys, 0), h

def rnn_steps(xw, r, h, lens, clip: float, f: str):
    ys: List[Tensor] = []
    for t in range(xw.size(0)):
        h2 = act(limited(xw[t] + torch.matmul(h, r.t()), clip), f)
        on = (lens > t).unsqueeze(-1)
        h = torch.where(on, h2, h)
        ys = ys + [torch.where(on, h2, torch.zeros_like(h2))]
    return torch.stack(ys, 0), h

def backwards(x, lens):
    # Each sequence of [time, batch, ...] from its own end.
    t = torch.arange(x.size(0)).unsqueeze(1)
    n = lens.unsqueeze(0)
    index = torch.where(t < n, n - 1 - t, t).unsqueeze(-1)
    return torch.gather(x, 0, index.expand(x.size()))
)";

enum class Cell : uint8_t { Lstm, Gru, Rnn };

class Recurrent {
public:
    Recurrent(Call& call, Cell cell)
        : m_call(call)
        , m_trace(call.trace)
        , m_cell(cell)
        , m_gates(cell == Cell::Lstm  ? 4
                  : cell == Cell::Gru ? 3
                                      : 1)
        , m_batchFirst(call.i("layout", 0) != 0)
    {
    }

    Operands convert()
    {
        readInputs();
        return isPlain() ? plain() : stepwise();
    }

private:
    void readInputs()
    {
        const std::string direction = m_call.s("direction", "forward");
        m_reverse = direction == "reverse";
        m_directions = direction == "bidirectional" ? 2 : 1;
        m_x = m_call.required(0);
        if (m_batchFirst)
            m_x = m_trace.emit("aten::transpose", {m_x, 0, 1});
        m_batch = m_trace.dim(m_x, 1);
        const std::vector<int64_t> r = m_trace.exampleSizes(m_call.required(2));
        const std::vector<int64_t> w = m_trace.exampleSizes(m_call.required(1));
        if (r.size() != 3 || w.size() != 3 || r[0] != m_directions || w[0] != m_directions ||
            r[1] != m_gates * r[2] || w[1] != r[1])
            m_call.fail("has weights of impossible shapes");
        m_hidden = r[2];
        const std::string defaults[] = {"Sigmoid", "Tanh", "Tanh"};
        const std::string gru[] = {"Sigmoid", "Tanh"}, rnn[] = {"Tanh"};
        const auto* given = m_call.attribute("activations");
        for (int64_t d = 0; d < m_directions; ++d)
            for (int k = 0; k < functions(); ++k)
                m_activations.push_back(m_cell == Cell::Lstm  ? defaults[k]
                                        : m_cell == Cell::Gru ? gru[k]
                                                              : rnn[k]);
        m_isDefault = true;
        for (size_t i = 0; given && i < m_activations.size() && int(i) < given->strings_size(); ++i) {
            m_isDefault &= m_activations[i] == given->strings(int(i));
            m_activations[i] = given->strings(int(i));
        }
    }

    int functions() const { return m_cell == Cell::Lstm ? 3 : m_cell == Cell::Gru ? 2 : 1; }

    bool isPlain()
    {
        const bool isRelu =
            m_cell == Cell::Rnn && std::all_of(m_activations.begin(), m_activations.end(),
                                               [](const auto& name) { return name == "Relu"; });
        m_kind = m_cell == Cell::Lstm  ? "aten::lstm"
                 : m_cell == Cell::Gru ? "aten::gru"
                 : isRelu              ? "aten::rnn_relu"
                                       : "aten::rnn_tanh";
        const bool resetsBehind = m_cell != Cell::Gru || m_call.i("linear_before_reset", 0) != 0;
        return (m_isDefault || isRelu) && resetsBehind && !m_call.hasAttribute("clip") && !hasLengths() &&
               !m_call.has(7) && m_call.i("input_forget", 0) == 0;
    }

    /// Lengths that are all the whole length are none.
    bool hasLengths()
    {
        if (!m_call.has(4))
            return false;
        const Operand& lengths = m_call.in(4);
        const Number steps = m_trace.dim(m_x, 0);
        return !lengths.isConstant() || !steps.isKnown() ||
               !lengths.tensor.eq(steps.toInt()).all().item<bool>();
    }

    /// The gates in LibTorch's order: i o f c -> i f c o, z r h -> r z h.
    Operand reordered(const Operand& rows)
    {
        if (m_cell == Cell::Rnn)
            return rows;
        const Operands parts = m_trace.emitAll("aten::chunk", {rows, m_gates, 0});
        if (m_cell == Cell::Gru)
            return m_trace.emit("aten::cat", {Operands{parts[1], parts[0], parts[2]}, 0});
        return m_trace.emit("aten::cat", {Operands{parts[0], parts[2], parts[3], parts[1]}, 0});
    }

    /// What direction `d` has of an input, under a name of its own.
    Operand part(const Operand& input, int64_t d)
    {
        Operand made = m_trace.emit("aten::select", {input, 0, d});
        made.name = input.name;
        if (m_directions > 1 && !made.name.empty())
            made.name += d == 0 ? "_forward" : "_reverse";
        return made;
    }

    /// The weight of direction `d` in LibTorch's order, with the rounding of the file.
    Operand matrix(const Operand& input, int64_t d)
    {
        const auto move = [&](const Operand& all) {
            const Operand own = part(all, d);
            return Operands{named(m_trace.emit("aten::contiguous", {reordered(own)}), own.name)};
        };
        Operands made = move(input);
        m_call.reader.noteMoved(input, made, move);
        return made[0];
    }

    Operands biases(int64_t d)
    {
        const Operand both = part(m_call.in(3), d);
        Operands halves = m_trace.emitAll("aten::chunk", {both, 2, 0});
        for (size_t i = 0; i < 2; ++i)
            if (!both.name.empty())
                halves[i].name = both.name + (i == 0 ? "_input" : "_recurrent");
        return halves;
    }

    Operand named(Operand operand, const std::string& name)
    {
        operand.name = name;
        return operand;
    }

    /// [directions, batch, hidden]
    Operand state(size_t input)
    {
        if (!m_call.has(input))
            return m_trace.emit("aten::zeros", {Numbers{m_directions, m_batch, m_hidden}},
                                {{"dtype", m_trace.type(m_x)}});
        Operand made = m_call.in(input);
        if (m_batchFirst)
            made = m_trace.emit("aten::transpose", {made, 0, 1});
        const bool grows = !m_batch.isKnown() && m_trace.dim(made, 1).isKnown(1);
        return grows ? m_trace.emit("aten::expand", {made, Numbers{m_directions, m_batch, m_hidden}}) : made;
    }

    Operands plain()
    {
        Operands weights;
        for (int64_t d = 0; d < m_directions; ++d) {
            for (const size_t input : {1, 2})
                weights.push_back(matrix(m_call.in(input), d));
            if (m_call.has(3))
                for (const Operand& bias : biases(d))
                    weights.push_back(named(m_trace.emit("aten::contiguous", {reordered(bias)}), bias.name));
        }
        const Operand x = m_reverse ? m_trace.emit("aten::flip", {m_x, std::vector<int64_t>{0}}) : m_x;
        const Arg start = m_cell == Cell::Lstm ? Arg(Operands{state(5), state(6)}) : Arg(state(5));
        Operands made = m_trace.emitAll(
            m_kind, {x, start, weights, m_call.has(3), 1, 0.0, false, m_directions == 2, false});
        if (m_reverse)
            made[0] = m_trace.emit("aten::flip", {made[0], std::vector<int64_t>{0}});
        if (m_directions == 1) {
            made[0] = m_trace.emit("aten::unsqueeze", {made[0], 1});
        } else {
            const Numbers split = {m_trace.dim(made[0], 0), m_batch, m_directions, m_hidden};
            made[0] = m_trace.emit("aten::reshape", {made[0], split});
            made[0] = m_trace.emit("aten::transpose", {made[0], 1, 2});
        }
        return arranged(made);
    }

    /// From [time, directions, batch, hidden] and [directions, batch, hidden] to the layout of the file.
    Operands arranged(Operands made)
    {
        if (!m_batchFirst)
            return made;
        made[0] = m_trace.emit("aten::permute", {made[0], std::vector<int64_t>{2, 0, 1, 3}});
        for (size_t i = 1; i < made.size(); ++i)
            made[i] = m_trace.emit("aten::transpose", {made[i], 0, 1});
        return made;
    }

    Operands steps(int64_t d, const Operand& x, const Operand& lengths)
    {
        const double clip = m_call.f("clip", 0);
        const auto zeros = [&](int64_t count) { return constant(at::zeros({count}, m_trace.type(m_x))); };
        Operand input, recurrent;
        if (m_call.has(3)) {
            const Operands halves = biases(d);
            input = m_cell == Cell::Gru
                        ? halves[0]
                        : named(m_trace.emit("aten::add", {halves[0], halves[1]}), halves[0].name);
            recurrent = halves[1];
        }
        const Operand xw = m_trace.emit("aten::linear", {x, part(m_call.in(1), d), input});
        const Operand r = m_trace.asGraph(part(m_call.in(2), d));
        const Operand h = m_trace.emit("aten::select", {state(5), 0, d});
        const auto function = [&](int k) {
            return Arg(c10::IValue(m_activations[size_t(d * functions() + k)]));
        };
        if (m_cell == Cell::Rnn)
            return m_trace.callAll(kRecurrentScript, "rnn_steps", {xw, r, h, lengths, clip, function(0)});
        if (m_cell == Cell::Gru)
            return m_trace.callAll(kRecurrentScript, "gru_steps",
                                   {xw, r, recurrent ? recurrent : zeros(3 * m_hidden), h, lengths, clip,
                                    m_call.i("linear_before_reset", 0) != 0, function(0), function(1)});
        const Operand peephole = m_call.has(7) ? part(m_call.in(7), d) : zeros(3 * m_hidden);
        const Operand c = m_trace.emit("aten::select", {state(6), 0, d});
        return m_trace.callAll(kRecurrentScript, "lstm_steps",
                               {xw, r, peephole, h, c, lengths, clip, m_call.i("input_forget", 0) != 0,
                                function(0), function(1), function(2)});
    }

    Operands stepwise()
    {
        checkActivations();
        const Operand lengths = m_call.has(4)
                                    ? cast(m_trace, m_call.in(4), c10::kLong)
                                    : m_trace.emit("aten::full", {Numbers{m_batch}, m_trace.dim(m_x, 0)},
                                                   {{"dtype", c10::kLong}});
        std::vector<Operands> results;
        for (int64_t d = 0; d < m_directions; ++d) {
            const bool backwards = m_reverse || d == 1;
            const Operand x = backwards ? m_trace.call(kRecurrentScript, "backwards", {m_x, lengths}) : m_x;
            results.push_back(steps(d, x, lengths));
            if (backwards)
                results.back()[0] = m_trace.call(kRecurrentScript, "backwards", {results.back()[0], lengths});
        }
        Operands made;
        for (size_t k = 0; k < results[0].size(); ++k) {
            Operands rows;
            for (const Operands& result : results)
                rows.push_back(result[k]);
            made.push_back(m_trace.emit("aten::stack", {rows, k == 0 ? 1 : 0}));
        }
        return arranged(made);
    }

    void checkActivations() const
    {
        for (const std::string& name : m_activations)
            if (name != "Sigmoid" && name != "Tanh" && name != "Relu" && name != "HardSigmoid" &&
                name != "LeakyRelu" && name != "Softplus" && name != "Softsign")
                m_call.fail("has the activation " + name + ", which is not supported");
    }

    Call& m_call;
    Trace& m_trace;
    Cell m_cell;
    int64_t m_gates;
    bool m_batchFirst, m_reverse = false, m_isDefault = true;
    int64_t m_directions = 1, m_hidden = 0;
    Number m_batch;
    Operand m_x;
    std::vector<std::string> m_activations;
    const char* m_kind = "";
};

template<Cell cell>
Operands recurrent(Call& call)
{
    return Recurrent(call, cell).convert();
}

constexpr Row kRecurrentRows[] = {
    {"LSTM", recurrent<Cell::Lstm>}, {"GRU", recurrent<Cell::Gru>}, {"RNN", recurrent<Cell::Rnn>}};

} // namespace

std::span<const Row> recurrentRows()
{
    return kRecurrentRows;
}

} // namespace bitwright::onnxin
