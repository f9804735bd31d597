// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/base/hdf5_file.h"
#include "core/io/weights_hdf5.h"
#include "core/quant/entry_layout.h"
#include "core/quant/quantize.h"
#include "tests/io/fake_model.h"
#include "tests/temporary_folder.h"

#include <gtest/gtest.h>

#include <cstdlib>
#include <filesystem>
#include <fstream>

namespace bitwright {
namespace {

using test::waves;

class WeightsHdf5 : public testing::Test {
protected:
    void add(const std::string& name, const Tensor& tensor, const QuantParams& params)
    {
        m_runner.graphValue.parameters.push_back({name, tensor.dtype(), tensor.shape(), false, {}});
        m_runner.parameters[name] = tensor;
        m_plan.weights[name] = params;
    }

    /// A weight in every format and granularity.
    void addAll()
    {
        const Tensor w = waves({6, 5, 3, 3});
        const auto with = [&](const std::string& text, int axis) {
            const QuantSpec spec = *parseSpec(text, QuantSpec::defaultWeights());
            if (!spec.hasRange())
                return paramsFromValues(spec, w, axis);
            const int64_t group = spec.granularity == Granularity::Group ? spec.group : 0;
            const bool whole = spec.granularity == Granularity::Tensor;
            return paramsFromRanges(spec, entryRanges(w, whole ? -1 : axis, group), axis);
        };
        for (const char* text :
             {"8:symmetric:tensor", "8:symmetric:channel", "4:asymmetric:channel", "3:symmetric:group=7",
              "1:asymmetric:tensor", "16:symmetric:channel", "binary", "ternary", "codebook4", "log4", "e4m3",
              "e2m1", "float16", "bfloat16"}) {
            std::string name = text;
            for (char& c : name)
                c = c == ':' || c == '=' ? '_' : c;
            add(name, w, with(text, 0));
            add(name + ".transposed", w, with(text, 1));
        }
    }

    Result<void> write() const
    {
        Progress progress;
        return writeWeightsHdf5(m_runner, m_plan, "abc", "a test", m_folder.file("w.h5"), progress);
    }

    test::StubRunner m_runner;
    ResolvedPlan m_plan;
    test::TemporaryFolder m_folder;
};

TEST_F(WeightsHdf5, PacksBitsLeastSignificantFirst)
{
    const std::vector<int32_t> three = {1, 2, 7, 5};
    EXPECT_EQ(packBits(three, 3), (std::vector<uint8_t>{0xD1, 0x0B}));
    const std::vector<int32_t> sixteen = {0x1234};
    EXPECT_EQ(packBits(sixteen, 16), (std::vector<uint8_t>{0x34, 0x12}));
    EXPECT_TRUE(packBits({}, 4).empty());
}

TEST_F(WeightsHdf5, TakesTheBytesOfItsBits)
{
    add("w", waves({64, 64}),
        test::integerParams(3, -4, 3, std::vector<float>(64, 0.1F), std::vector<int32_t>(64), 0));
    ASSERT_TRUE(write());
    const auto opened = Hdf5File::open(m_folder.file("w.h5"));
    ASSERT_TRUE(opened);
    EXPECT_EQ(opened->info("parameters/w/codes")->shape, (std::vector<int64_t>{64 * 64 * 3 / 8}));
    EXPECT_EQ(*opened->readAttribute("", "model_sha256"), "abc");
}

TEST_F(WeightsHdf5, DecodesToTheFakeQuantizedWeightsByItsOwnReadme)
{
    if (std::system("/usr/bin/python3 -c 'import h5py, numpy' 2>/dev/null") != 0)
        GTEST_SKIP() << "h5py is not installed";
    addAll();
    m_plan.weights["e2m1"].format = Format::Float32; // and one that stays as it is
    ASSERT_TRUE(write());
    for (const auto& [name, params] : m_plan.weights) {
        const Tensor expected = fakeQuantize(m_runner.parameters[name], params);
        std::ofstream(m_folder.file(name + ".f32"), std::ios::binary)
            .write(static_cast<const char*>(expected.data()), expected.bytes());
    }
    std::ofstream(m_folder.file("check.py")) << R"(
import h5py, numpy as np, textwrap
f = h5py.File("w.h5")
readme = f.attrs["readme"]
lines = [l[4:] for l in readme.splitlines() if l.startswith("    ")]
exec("\n".join(lines).replace("FILE.h5", "w.h5"))
assert len(weights) == 28, len(weights)
for name, x in weights.items():
    expected = np.fromfile(name + ".f32", np.float32).reshape(x.shape)
    assert x.astype(np.float32).tobytes() == expected.tobytes() or np.array_equal(x, expected), name
    assert x.shape == (6, 5, 3, 3)
)";
    EXPECT_EQ(std::system(("cd " + m_folder.path().string() + " && /usr/bin/python3 check.py").c_str()), 0);
}

TEST_F(WeightsHdf5, GivesTheErrorOfAFolderThatDoesNotExist)
{
    Progress progress;
    const auto written = writeWeightsHdf5(m_runner, m_plan, "", "", "/no/such/folder/w.h5", progress);
    ASSERT_FALSE(written);
    EXPECT_NE(written.error().text().find("/no/such/folder"), std::string::npos);
}

} // namespace
} // namespace bitwright
