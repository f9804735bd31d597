// SPDX-License-Identifier: GPL-3.0-or-later
// From ONNX's graphs, node by node, to one graph of LibTorch's operators.
#pragma once

#include "core/torch/file_encoding_p.h"
#include "core/torch/onnx/call_p.h"
#include "core/torch/onnx/external_files_p.h"

#include <functional>
#include <map>
#include <memory>
#include <set>
#include <string>
#include <unordered_map>
#include <vector>

namespace bitwright::onnxin {

/// What the nodes of one graph can read: its own values, then those of the graphs around it.
struct Scope {
    const Scope* outer = nullptr;
    std::unordered_map<std::string, Operand> values;
    const Operand* find(const std::string& name) const;
};

/// What a value of the graph was called in the file.
using ValueNames = std::unordered_map<const torch::jit::Value*, std::string>;

class Reader {
public:
    /// Weights may stay in `model` and `files` for as long as they are used.
    Reader(std::shared_ptr<const onnx::ModelProto> model, ExternalFiles& files, Trace& trace);

    /// Converts the nodes of the model's graph; `inputs` by name.
    Operands readModel(const std::unordered_map<std::string, Operand>& inputs);
    /// Converts a graph that a control operator holds, at the trace's insertion point.
    Operands readBody(const onnx::GraphProto& graph, const Operands& inputs);

    const ValueNames& valueNames() const { return m_valueNames; }
    at::Tensor tensorOf(const onnx::TensorProto& proto) const;
    /// How many inputs of nodes, and outputs of the model, are this value.
    size_t readsOf(const torch::jit::Value* value) const;
    /// The transposed matrix, the same one for all who ask; a view where the matrix itself is a parameter.
    Operand transposed(const Operand& matrix);
    /// The file rounds `real`, a value of the graph or (`block`: see FileEncoding) a constant. Gives the
    /// index of what was noted, or -1.
    int noteEncoding(const Operand& real, const Encoding& encoding, const IntegerRange& range,
                     int64_t block = 0);
    /// `made` of the constant `from` is rounded as that is; `move` makes the same of factors of its size.
    /// Axes may fall away in front.
    void noteMoved(const Operand& from, Operands& made, const std::function<Operands(const Operand&)>& move);
    /// What is noted of `from`, which falls away, holds for `to`.
    void moveEncodings(const torch::jit::Value* from, const torch::jit::Value* to);
    const std::vector<FileEncoding>& encodings() const { return m_encodings; }

private:
    Operands readGraph(const onnx::GraphProto& graph, Scope& scope);
    void readInitializers(const onnx::GraphProto& graph, Scope& scope);
    void readNode(const onnx::NodeProto& node, Scope& scope);
    Operands convert(const onnx::NodeProto& node, Operands inputs);
    Operands readFunction(const onnx::FunctionProto& function, const onnx::NodeProto& node, Operands inputs);
    void place(const onnx::NodeProto& node, const Operands& made, Scope& scope);
    void countReads(const onnx::GraphProto& graph);
    void noteParts(Call& call, Convert converter, Operands& made);
    void releaseInputs(const onnx::NodeProto& node, const Scope& scope);
    bool isTop(const Scope& scope) const { return !m_inFunction && !scope.outer; }
    std::string scopeName(const onnx::NodeProto& node);
    [[noreturn]] void fail(const onnx::NodeProto& node, const std::string& reason) const;

    /// The values of the graph that the examples of `operand` are read from.
    static std::vector<const torch::jit::Value*> valuesBehind(const Operand& operand);

    std::shared_ptr<const onnx::ModelProto> m_model;
    ExternalFiles& m_files;
    Trace& m_trace;
    Scope* m_scope = nullptr; ///< of the node that is being converted
    std::map<std::string, int> m_versions;
    std::map<std::pair<std::string, std::string>, const onnx::FunctionProto*> m_functions;
    std::unordered_map<std::string, size_t> m_reads, m_readsLeft;
    std::unordered_map<const torch::jit::Value*, size_t> m_names; ///< that will be read and need the value
    std::map<std::string, int> m_unnamed; ///< nodes without a name so far, by operator
    ValueNames m_valueNames;
    std::set<const torch::jit::Value*> m_shared;                     ///< values with several names
    std::map<const void*, std::pair<Operand, Operand>> m_transposed; ///< by TensorImpl: matrix, transposed
    std::vector<FileEncoding> m_encodings;
    std::map<std::string, int> m_parts; ///< of rounded constants, so far
    int m_depth = 0;
    bool m_inFunction = false;
};

} // namespace bitwright::onnxin
