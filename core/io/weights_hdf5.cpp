// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/io/weights_hdf5.h"

#include "core/base/hdf5_file.h"
#include "core/quant/entry_layout.h"
#include "core/quant/quantize.h"

#include <numeric>

namespace bitwright {
namespace {

constexpr const char* kReadme =
    R"(Quantized weights of a neural network. Each group "parameters/NAME" is one parameter.

A group with a dataset "values" holds a parameter that is not quantized.
The other groups hold "codes" (uint8: codes of "bits" bits each, one behind the other, least significant bit
first), "shape", "scale" and "zero_point" (one entry for the tensor, for each channel of "axis", or for each
group of "group" elements of a channel), and, for formats that are no integer grid, a "table" of values.
Decode with h5py and NumPy:

    import h5py, numpy as np
    def read(g):
        if "values" in g: return g["values"][()]
        a, shape = g.attrs, tuple(g["shape"][()])
        bits, axis, group = int(a["bits"]), int(a["axis"]), int(a["group"])
        raw = np.unpackbits(g["codes"][()], bitorder="little")[:bits * int(np.prod(shape))]
        q = raw.reshape(-1, bits).astype(np.int64) @ (1 << np.arange(bits)) + int(a["code_offset"])
        q = q.reshape(shape)
        rows = np.moveaxis(q, axis, 0) if axis >= 0 else q[None]
        moved = rows.shape
        q = rows.reshape(moved[0], -1)
        spread = lambda v: np.repeat(v.reshape(q.shape[0], -1), group or q.shape[1], axis=1)[:, :q.shape[1]]
        if a["format"] == "bfloat16":
            x = (q.astype(np.uint32) << 16).view(np.float32)
        elif a["format"] == "codebook":
            entry = spread(np.arange(len(g["table"])))
            x = g["table"][()][entry, q]
        elif "table" in g:
            x = spread(g["scale"][()]) * g["table"][()][0][q - int(a["code_offset"])]
        else:
            x = (q - spread(g["zero_point"][()])).astype(np.float32) * spread(g["scale"][()])
        x = x.reshape(moved)
        return np.moveaxis(x, 0, axis) if axis >= 0 else x[0]
    weights = {n: read(g) for n, g in h5py.File("FILE.h5")["parameters"].items()}
)";

H5Type h5Type(DType type)
{
    switch (type) {
    case DType::F16:
        return H5Type::F16;
    case DType::F64:
        return H5Type::F64;
    case DType::I64:
        return H5Type::I64;
    case DType::I32:
        return H5Type::I32;
    case DType::U8:
        return H5Type::U8;
    default:
        return H5Type::F32;
    }
}

/// What the stored code 0 stands for.
int32_t codeOffset(const QuantParams& params)
{
    if (params.format == Format::Int)
        return params.qmin;
    return params.format == Format::Ternary ? -1 : 0;
}

int codeBits(const QuantParams& params)
{
    switch (params.format) {
    case Format::Binary:
        return 1;
    case Format::Ternary:
        return 2;
    case Format::Minifloat:
        return 1 + params.exponentBits + params.mantissaBits;
    case Format::BFloat16:
        return 16;
    default:
        return params.bits;
    }
}

/// One parameter of the file.
class ParameterWriter {
public:
    ParameterWriter(Hdf5File& file, const std::string& name)
        : m_file(file)
        , m_key("parameters/" + name)
    {
    }

    Result<void> values(const Tensor& tensor)
    {
        const bool own = h5Type(tensor.dtype()) != H5Type::F32 || tensor.dtype() == DType::F32;
        const Tensor stored = own ? tensor : tensor.toFloat();
        return m_file.write(m_key + "/values", h5Type(stored.dtype()), stored.shape(), stored.data());
    }

    Result<void> half(const Tensor& tensor, const QuantParams& params)
    {
        const std::vector<int32_t> codes = quantizeToCodes(tensor, params);
        const std::vector<uint16_t> patterns(codes.begin(), codes.end());
        return m_file.write(m_key + "/values", H5Type::F16, tensor.shape(), patterns.data());
    }

    Result<void> codes(const Tensor& tensor, const QuantParams& params)
    {
        std::vector<int32_t> codes = quantizeToCodes(tensor, params);
        const int32_t offset = codeOffset(params);
        for (int32_t& code : codes)
            code -= offset;
        const std::vector<uint8_t> packed = packBits(codes, codeBits(params));
        const Shape& shape = tensor.shape();
        BITWRIGHT_CHECK(write("codes", H5Type::U8, packed));
        BITWRIGHT_CHECK(write("shape", H5Type::I64, std::vector<int64_t>(shape.begin(), shape.end())));
        BITWRIGHT_CHECK(attributes(params, offset));
        if (params.format == Format::BFloat16)
            return {};
        BITWRIGHT_CHECK(write("scale", H5Type::F32, params.scale));
        std::vector<int32_t> zeros = params.zeroPoint;
        zeros.resize(params.scale.size());
        BITWRIGHT_CHECK(write("zero_point", H5Type::I32, zeros));
        return params.format == Format::Int ? Result<void>() : table(params);
    }

private:
    template<typename T>
    Result<void> write(const std::string& name, H5Type type, const std::vector<T>& values)
    {
        return m_file.write(m_key + "/" + name, type, {int64_t(values.size())}, values.data());
    }

    Result<void> attributes(const QuantParams& params, int32_t offset)
    {
        const bool perTensor = params.scale.size() <= 1;
        BITWRIGHT_CHECK(m_file.writeAttribute(m_key, "format", formatName(params.format)));
        BITWRIGHT_CHECK(m_file.writeAttribute(m_key, "bits", int64_t(codeBits(params))));
        BITWRIGHT_CHECK(m_file.writeAttribute(m_key, "code_offset", int64_t(offset)));
        BITWRIGHT_CHECK(m_file.writeAttribute(m_key, "axis", int64_t(perTensor ? -1 : params.axis)));
        return m_file.writeAttribute(m_key, "group", perTensor ? int64_t(0) : params.group);
    }

    /// Values of all codes: those of every entry for a codebook, those at scale 1 for the other formats.
    Result<void> table(const QuantParams& params)
    {
        const int64_t width = int64_t(1) << codeBits(params);
        std::vector<float> values = params.codebook;
        if (params.format != Format::Codebook) {
            QuantParams unit = params;
            unit.scale = {1};
            unit.zeroPoint = {0};
            unit.axis = -1;
            unit.group = 0;
            std::vector<int32_t> codes(static_cast<size_t>(width));
            std::iota(codes.begin(), codes.end(), codeOffset(params));
            const Tensor all = dequantize(codes, {width}, unit);
            values.assign(all.floats().begin(), all.floats().end());
        }
        return m_file.write(m_key + "/table", H5Type::F32, {int64_t(values.size()) / width, width},
                            values.data());
    }

    Hdf5File& m_file;
    std::string m_key;
};

} // namespace

std::vector<uint8_t> packBits(std::span<const int32_t> codes, int bits)
{
    std::vector<uint8_t> packed((codes.size() * size_t(bits) + 7) / 8);
    uint64_t pending = 0;
    int count = 0;
    size_t to = 0;
    for (const int32_t code : codes) {
        pending |= uint64_t(uint32_t(code) & ((1u << bits) - 1)) << count;
        for (count += bits; count >= 8; count -= 8, pending >>= 8)
            packed[to++] = uint8_t(pending);
    }
    if (count > 0)
        packed[to] = uint8_t(pending);
    return packed;
}

Result<void> writeWeightsHdf5(const ModelRunner& runner, const ResolvedPlan& plan,
                              const std::string& modelSha256, const std::string& provenance,
                              const std::string& path, Progress& progress)
{
    BITWRIGHT_TRY(Hdf5File file, Hdf5File::create(path));
    const std::vector<Parameter>& parameters = runner.graph().parameters;
    progress.begin("Writing weights", int64_t(parameters.size()));
    for (const Parameter& parameter : parameters) {
        if (progress.cancelled())
            return cancelledError();
        BITWRIGHT_TRY(const Tensor tensor, runner.parameter(parameter.name));
        ParameterWriter writer(file, parameter.name);
        const auto site = plan.weights.find(parameter.name);
        if (site == plan.weights.end() || site->second.format == Format::Float32)
            BITWRIGHT_CHECK(writer.values(tensor));
        else if (site->second.format == Format::Float16)
            BITWRIGHT_CHECK(writer.half(tensor, site->second));
        else
            BITWRIGHT_CHECK(writer.codes(tensor, site->second));
        progress.advance();
    }
    BITWRIGHT_CHECK(file.writeAttribute("", "format", std::string("bitwright-weights")));
    BITWRIGHT_CHECK(file.writeAttribute("", "version", int64_t(1)));
    BITWRIGHT_CHECK(file.writeAttribute("", "model_sha256", modelSha256));
    BITWRIGHT_CHECK(file.writeAttribute("", "provenance", provenance));
    BITWRIGHT_CHECK(file.writeAttribute("", "readme", std::string(kReadme)));
    return file.close();
}

} // namespace bitwright
