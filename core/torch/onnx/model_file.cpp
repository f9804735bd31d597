// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/torch/onnx/model_file_p.h"

#include <google/protobuf/io/coded_stream.h>
#include <google/protobuf/io/zero_copy_stream_impl.h>
#include <google/protobuf/stubs/logging.h>

#include <algorithm>
#include <fstream>
#include <limits>
#include <set>

namespace bitwright::onnxin {
namespace {

constexpr int64_t kNewestIr = 13;
constexpr double kQuickToRun = 256e6; ///< bytes of weights

bool endsLikeOnnx(const std::string& path)
{
    return path.size() > 5 && path.compare(path.size() - 5, 5, ".onnx") == 0;
}

/// A walk over the first fields of a message, as far as the bytes reach.
class FieldWalk {
public:
    explicit FieldWalk(const std::string& bytes)
        : m_bytes(bytes)
    {
    }

    /// Every field so far is one of a ModelProto; at least one field that only it has was there.
    bool isModel(uint64_t fileBytes)
    {
        bool known = false;
        for (int fields = 0; fields < 8 && m_at < m_bytes.size(); ++fields) {
            const uint64_t tag = varint();
            const uint64_t number = tag >> 3, wire = tag & 7;
            const bool isNumber = number == 1 || number == 5;
            const bool isBytes =
                (number >= 2 && number <= 8 && number != 5) || number == 14 || number == 20 || number == 25;
            if ((!isNumber || wire != 0) && (!isBytes || wire != 2))
                return false;
            const size_t behindTag = m_at;
            const uint64_t value = varint();
            if (m_isCut)
                return known && behindTag > 1;
            if (number == 1 && (value == 0 || value > 100))
                return false;
            known |= number == 1 || number == 7 || number == 8;
            if (wire == 2) {
                if (value > fileBytes)
                    return known;
                m_at += size_t(value);
            }
        }
        return known;
    }

private:
    uint64_t varint()
    {
        uint64_t value = 0;
        for (int shift = 0; shift < 64; shift += 7) {
            if (m_at >= m_bytes.size()) {
                m_isCut = true;
                return value;
            }
            const uint8_t byte = uint8_t(m_bytes[m_at++]);
            value |= uint64_t(byte & 127) << shift;
            if (byte < 128)
                return value;
        }
        m_isCut = true;
        return value;
    }

    const std::string& m_bytes;
    size_t m_at = 0;
    bool m_isCut = false;
};

Error corrupt(const std::string& what, const std::string& path)
{
    return {Error::Corrupt, what, path};
}

Result<void> check(const onnx::ModelProto& model, const std::string& path)
{
    if (model.ir_version() > kNewestIr)
        return Error{Error::Unsupported,
                     "The file is of ONNX IR version " + std::to_string(model.ir_version()) +
                         ", which is newer than this program; save it with IR version 10.",
                     path};
    if (!model.has_graph())
        return corrupt("The file holds no graph; it is truncated or not an ONNX model.", path);
    if (model.graph().node_size() == 0 && model.graph().output_size() == 0)
        return corrupt("The graph is empty.", path);
    if (model.graph().output_size() == 0)
        return corrupt("The graph has no outputs; it is truncated or damaged.", path);
    return {};
}

} // namespace

bool looksLikeOnnx(const std::string& path)
{
    std::ifstream file(path, std::ios::binary | std::ios::ate);
    const auto end = file ? std::streamoff(file.tellg()) : std::streamoff(-1);
    if (end <= 0)
        return endsLikeOnnx(path);
    std::string head(size_t(std::min<std::streamoff>(end, 4096)), '\0');
    file.seekg(0);
    file.read(head.data(), std::streamsize(head.size()));
    return FieldWalk(head).isModel(uint64_t(end)) || endsLikeOnnx(path);
}

Result<std::unique_ptr<onnx::ModelProto>> loadModel(const std::string& path)
{
    std::ifstream file(path, std::ios::binary | std::ios::ate);
    const auto end = file ? std::streamoff(file.tellg()) : std::streamoff(-1);
    if (end < 0)
        return Error{Error::Io, "The file cannot be read.", path};
    if (end == 0)
        return corrupt("The file is empty.", path);
    if (end > std::numeric_limits<int32_t>::max())
        return Error{Error::Limit,
                     "The file is larger than 2 GB; save its weights as external data beside it.", path};
    file.seekg(0);
    google::protobuf::LogSilencer quiet;
    google::protobuf::io::IstreamInputStream stream(&file);
    google::protobuf::io::CodedInputStream coded(&stream);
    auto model = std::make_unique<onnx::ModelProto>();
    if (!model->ParseFromCodedStream(&coded) || !coded.ConsumedEntireMessage())
        return corrupt("The ONNX file is truncated or damaged; get it again.", path);
    BITWRIGHT_CHECK(check(*model, path));
    return model;
}

bool isTooLargeToRun(const onnx::ModelProto& model)
{
    static const std::set<std::string> dataDecides = {
        "Compress", "If", "Loop", "NonMaxSuppression", "NonZero", "Scan", "Unique"};
    double bytes = 0;
    for (const auto& tensor : model.graph().initializer()) {
        double elements = 1;
        for (const int64_t size : tensor.dims())
            elements *= double(size);
        bytes += elements * (tensor.data_type() == onnx::TensorProto::FLOAT ? 4 : 1);
    }
    const auto decides = [](const onnx::NodeProto& node) { return dataDecides.count(node.op_type()) > 0; };
    return bytes > kQuickToRun &&
           std::none_of(model.graph().node().begin(), model.graph().node().end(), decides) &&
           std::none_of(model.functions().begin(), model.functions().end(), [&](const auto& function) {
               return std::any_of(function.node().begin(), function.node().end(), decides);
           });
}

} // namespace bitwright::onnxin
