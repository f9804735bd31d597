// SPDX-License-Identifier: GPL-3.0-or-later
#include "tests/io/weights/weights_case.h"
#include "tests/temporary_folder.h"
#include "tests/zip_bomb.h"

#include <cstring>
#include <ctime>

using namespace bitwright;
using namespace bitwright::test;

namespace {

/// A safetensors file of this header and so many bytes of data.
std::string safetensors(const std::string& header, size_t data, uint64_t length = 0)
{
    const uint64_t size = length ? length : header.size();
    return std::string(reinterpret_cast<const char*>(&size), 8) + header + std::string(data, '\0');
}

std::string entry(const std::string& name, const std::string& shape, const std::string& offsets,
                  const std::string& dtype = "F32")
{
    return "\"" + name + "\":{\"dtype\":\"" + dtype + "\",\"shape\":" + shape +
           ",\"data_offsets\":" + offsets + "}";
}

/// An uncompressed zip archive, as torch.save writes one.
class Archive {
public:
    Archive& add(const std::string& name, const std::string& data)
    {
        const auto offset = uint32_t(m_bytes.size());
        const std::string rest = number(20, 2) + number(0, 2) + number(0, 2) + number(0, 4) +
                                 number(crc(data), 4) + number(data.size(), 4) + number(data.size(), 4) +
                                 number(name.size(), 2) + number(0, 2);
        m_bytes += "PK\3\4" + rest + name + data;
        m_directory +=
            "PK\1\2" + number(20, 2) + rest + number(0, 6) + number(0, 4) + number(offset, 4) + name;
        ++m_count;
        return *this;
    }
    std::string bytes() const
    {
        return m_bytes + m_directory + "PK\5\6" + number(0, 4) + number(m_count, 2) + number(m_count, 2) +
               number(m_directory.size(), 4) + number(m_bytes.size(), 4) + number(0, 2);
    }

private:
    static std::string number(uint64_t value, size_t bytes)
    {
        return std::string(reinterpret_cast<const char*>(&value), bytes);
    }
    static uint32_t crc(const std::string& data)
    {
        uint32_t sum = ~0u;
        for (const char c : data) {
            sum ^= uint8_t(c);
            for (int i = 0; i < 8; ++i)
                sum = sum >> 1 ^ (sum & 1 ? 0xedb88320u : 0);
        }
        return ~sum;
    }

    std::string m_bytes, m_directory;
    uint64_t m_count = 0;
};

/// A state_dict {"w": tensor} by hand, in protocol 0: sizes and strides as tuples of "(I3\nI4\n".
std::string tensorPickle(const std::string& size, const std::string& stride, const std::string& offset,
                         const std::string& count,
                         const std::string& function = "torch._utils\n_rebuild_tensor_v2")
{
    return "}V"
           "w\nc" +
           function + "\n((Vstorage\nctorch\nFloatStorage\nV0\nVcpu\nI" + count + "\ntQI" + offset + "\n(" +
           size + "t(" + stride + "tI00\nNtRs.";
}

class WeightsHostile : public testing::Test {
protected:
    Error errorOf(const std::string& bytes)
    {
        const std::clock_t begun = std::clock(); // of this process: other programs do not count
        const auto runner = openWeights(m_folder.write("file", bytes));
        EXPECT_LT(std::clock() - begun, 5 * CLOCKS_PER_SEC);
        return runner ? Error{Error::Internal, "it opened", "x"} : runner.error();
    }
    Error errorOfPickle(const std::string& pickle, size_t storage = 48)
    {
        return errorOf(
            Archive().add("a/data.pkl", pickle).add("a/data/0", std::string(storage, 'x')).bytes());
    }

    TemporaryFolder m_folder;
};

} // namespace

TEST_F(WeightsHostile, SafetensorsWithImpossibleHeadersAreRefused)
{
    const std::string one = entry("a", "[2,2]", "[0,16]");
    expectSentence(errorOf(safetensors("{" + one + "}", 15)), "outside");
    expectSentence(errorOf(safetensors("{" + one + "}", 16, uint64_t(1) << 63)), "100 MB");
    expectSentence(errorOf(safetensors("{" + one + "}", 16, ~uint64_t(0))), "100 MB");
    expectSentence(errorOf(safetensors("{" + one + "}", 16, 1000)), "ends behind");
    expectSentence(errorOf(safetensors("{" + one + "}", 16, 1)), "ends behind");
    expectSentence(errorOf(safetensors("{" + one + ",", 16)), "no JSON");
    expectSentence(errorOf(safetensors("{" + one + "," + entry("b", "[2]", "[8,16]") + "}", 16)), "overlaps");
    expectSentence(errorOf(safetensors("{" + one + "," + one + "}", 16)), "two tensors");
    expectSentence(errorOf(safetensors("{" + entry("a", "[2,2]", "[0,12]") + "}", 16)), "does not fit");
    expectSentence(errorOf(safetensors("{" + entry("a", "[4294967296,4294967296]", "[0,16]") + "}", 16)),
                   "does not fit");
    expectSentence(errorOf(safetensors("{" + entry("a", "[-1]", "[0,16]") + "}", 16)), "out of range");
    expectSentence(errorOf(safetensors("{" + entry("a", "[2,2]", "[16,0]") + "}", 16)), "outside");
    expectSentence(errorOf(safetensors("{" + entry("a", "[2,2]", "[0]") + "}", 16)), "outside");
    expectSentence(errorOf(safetensors("{\"a\":3}", 16)), "no JSON");
    expectSentence(errorOf(safetensors("{\"a\":" + std::string(1 << 20, '['), 16)), "nested");
    expectSentence(errorOf(safetensors("{}", 0)), "no tensors");
    expectSentence(errorOf(safetensors("{" + entry("a", "[4]", "[0,2]", "F4") + "}", 2)), "no tensors");
}

TEST_F(WeightsHostile, TensorsThatLeaveTheirStorageAreRefused)
{
    EXPECT_EQ(errorOfPickle(tensorPickle("I3\nI4\n", "I4\nI1\n", "0", "12")).message, "it opened");
    expectSentence(errorOfPickle(tensorPickle("I3\nI5\n", "I5\nI1\n", "0", "12")), "outside");
    expectSentence(errorOfPickle(tensorPickle("I3\nI4\n", "I4\nI1\n", "1", "12")), "outside");
    expectSentence(errorOfPickle(tensorPickle("I3\nI4\n", "I4\nI1\n", "-1", "12")), "outside");
    expectSentence(errorOfPickle(tensorPickle("I3\nI4\n", "I4\nI-1\n", "0", "12")), "outside");
    expectSentence(errorOfPickle(tensorPickle("I3\nI4\n", "I4\nI1\n", "0", "1200")), "outside");
    expectSentence(errorOfPickle(tensorPickle("I3\nI9223372036854775807\n", "I4\nI1\n", "0", "12")),
                   "outside");
    expectSentence(errorOfPickle(tensorPickle("I3\nI4\n", "I9223372036854775807\nI1\n", "0", "12")),
                   "outside");
    expectSentence(errorOfPickle(tensorPickle("I3000000\nI400000\n", "I0\nI0\n", "0", "12")), "repeated");
    expectSentence(errorOfPickle(tensorPickle("I3\n", "I4\nI1\n", "0", "12")), "no tensors");
    expectSentence(errorOfPickle(tensorPickle("I3\nI4\n", "I4\nI1\n", "0", "12", "posix\nsystem")),
                   "posix.system");
    expectSentence(
        errorOf(Archive().add("a/data.pkl", tensorPickle("I3\nI4\n", "I4\nI1\n", "0", "12")).bytes()),
        "no such entry");
}

TEST_F(WeightsHostile, PicklesThatNeverEndStayBounded)
{
    const std::string deep = std::string(2'000'000, ']') + std::string(1'999'999, 'a') + ".";
    expectSentence(errorOfPickle(deep), "");                                        // nested lists
    expectSentence(errorOfPickle(std::string(30 << 20, ']')), "too much");          // many objects
    expectSentence(errorOfPickle("]" + std::string(30 << 20, '2')), "too much");    // many references
    expectSentence(errorOfPickle("]" + std::string(30 << 20, '\x94')), "too much"); // a memo of them
    expectSentence(errorOfPickle(std::string("]q\0h\0a.", 7)), "no tensors");       // holds itself
    std::string doubling = "(lp0\n0";
    for (int i = 1; i < 200; ++i) // each list holds the one before twice
        doubling +=
            "(g" + std::to_string(i - 1) + "\ng" + std::to_string(i - 1) + "\nlp" + std::to_string(i) + "\n0";
    expectSentence(errorOfPickle(doubling + "g199\n."), "no tensors");
    expectSentence(errorOfPickle(std::string("r\xff\xff\xff\xff.", 6)), "damaged");
    expectSentence(errorOfPickle(std::string("\x8d\xff\xff\xff\xff\xff\xff\xff\x7f.", 10)), "damaged");
    expectSentence(errorOfPickle(std::string("X\xff\xff\xff\x0f.", 6)), "");
    for (const char* text : {"", ".", "0.", "t.", "R.", "a.", "s.", "b.", "Q.", "h.", "(.", "}(Va\nu.",
                             "g5\n.", "cposix\n", "Ix\n.", "\x82.", "}Vw\nVw\nVw\nu."})
        expectSentence(errorOfPickle(text), "");
}

TEST_F(WeightsHostile, PartsThatAreThereTwiceHaveTheirNamesTwice)
{
    const std::string tensor = tensorPickle("I3\nI4\n", "I4\nI1\n", "0", "12"),
                      part = tensor.substr(0, tensor.size() - 1);
    const auto runner = openWeights(
        m_folder.write("file", Archive()
                                   .add("a/data.pkl", "}Vencoder\n" + part + "p1\nsVdecoder\ng1\ns.")
                                   .add("a/data/0", std::string(48, 'x'))
                                   .bytes()));
    ASSERT_TRUE(runner) << runner.error().text();
    ASSERT_EQ((*runner)->graph().parameters.size(), 1u);
    EXPECT_EQ((*runner)->graph().parameters[0].name, "encoder.w");
    EXPECT_EQ((*runner)->graph().parameters[0].aliases, std::vector<std::string>{"decoder.w"});
}

TEST_F(WeightsHostile, LongNamesAndDeepDictionariesAreRefused)
{
    const std::string tensor = tensorPickle("I3\nI4\n", "I4\nI1\n", "0", "12"),
                      body = tensor.substr(0, tensor.size() - 1);
    const std::string key(4000, 'k');
    expectSentence(errorOfPickle("}V" + key + "\n}V" + key + "\n" + body + "ss."), "longer than 4096");
    std::string nested, end;
    for (int i = 0; i < 300; ++i) {
        nested += "}Va\n";
        end += "s";
    }
    expectSentence(errorOfPickle(nested + body + end + "."), "nested");
}

TEST_F(WeightsHostile, PackedWeightsWithImpossibleCodesAreRefused)
{
    const std::string path = m_folder.file("packed.h5");
    for (const char* offset : {"-2**63", "2**63-1", "-65537"}) {
        exportWeights(Tensor::fromFloats({2, 7}, std::vector<float>(14, 0.5f)), path);
        m_folder.write("damage.py",
                       std::string("import h5py, numpy\n"
                                   "f = h5py.File('packed.h5', 'r+')\n"
                                   "f['parameters/binary'].attrs['code_offset'] = numpy.int64(") +
                           offset + ")\n");
        if (std::system(("cd " + m_folder.path().string() + " && /usr/bin/python3 damage.py").c_str()) != 0)
            GTEST_SKIP() << "h5py is not installed";
        EXPECT_EQ(errorOf(contentsOf(path)).code, Error::Corrupt) << offset;
    }
}

TEST_F(WeightsHostile, ArchivesThatGrowAreNotUnpacked)
{
    const std::string path = m_folder.write("bomb.keras", zipBomb("model.weights.h5"));
    Progress progress;
    const auto file = openKerasArchive(path, progress);
    ASSERT_FALSE(file);
    EXPECT_EQ(file.error().code, Error::Limit) << file.error().text();
}

TEST_F(WeightsHostile, IndexesThatLeaveTheirFolderAreRefused)
{
    const auto index = [](const std::string& file) { return "{\"weight_map\":{\"a\":\"" + file + "\"}}"; };
    expectSentence(errorOf(index("../x.safetensors")), "same folder");
    expectSentence(errorOf(index("/etc/passwd")), "same folder");
    expectSentence(errorOf(index("gone.safetensors")), "Cannot open");
    expectSentence(errorOf(index("file")), "no weights"); // itself
    expectSentence(errorOf("{\"weight_map\":["), "weight_map");
    expectSentence(errorOf("{\"weight_map\":{\"a\":[]}}"), "same folder");
    m_folder.write("x.safetensors", safetensors("{" + ::entry("b", "[2]", "[0,8]") + "}", 8));
    expectSentence(errorOf(index("x.safetensors")), "it is not");
}

TEST_F(WeightsHostile, NobodyTakesWhatIsNoFileOfWeights)
{
    for (const char* text : {"", "x", "hello", "{}", "PK\3\4", "\x80\2", "\x89HDF\r\n\x1a\n", "PK\5\6"})
        expectSentence(errorOf(text), "No reader");
    EXPECT_FALSE(openWeights("/no/such/file"));
    EXPECT_FALSE(openWeights("/tmp"));
}

TEST_F(WeightsHostile, FilesTruncatedAnywhereAreRefusedOrStillReadable)
{
    SKIP_WITHOUT_CASES();
    for (const std::string& path : weightsCases()) {
        const std::string whole = contentsOf(path);
        const bool hdf5 = path.ends_with(".h5"); // a child process each
        for (size_t i = 0; i < 50; i += hdf5 ? 5 : 1)
            survives(m_folder.write("file", whole.substr(0, whole.size() * i / 50)));
        if (path.ends_with(".safetensors")) {
            EXPECT_FALSE(survives(m_folder.write("file", whole.substr(0, whole.size() - 1)))) << path;
        }
    }
}

TEST_F(WeightsHostile, FilesWithFlippedBytesAreRefusedOrStillReadable)
{
    SKIP_WITHOUT_CASES();
    std::mt19937 random(1);
    for (const std::string& path : weightsCases()) {
        const std::string whole = contentsOf(path);
        for (int i = 0; i < (path.ends_with(".h5") || path.ends_with(".keras") ? 6 : 40); ++i)
            survives(m_folder.write("file", damagedBytes(whole, whole, random)));
    }
}
