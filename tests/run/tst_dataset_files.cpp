// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/base/hdf5_file.h"
#include "core/run/splits.h"
#include "tests/run/files.h"

namespace bitwright {
namespace {

struct DatasetFiles : FilesTest {
    static Preprocess raw()
    {
        Preprocess preprocess;
        preprocess.scale = 1;
        return preprocess;
    }
    void writeHdf5(const std::vector<std::pair<std::string, std::vector<int64_t>>>& keys,
                   H5Type type = H5Type::U8)
    {
        auto file = Hdf5File::create(folder / "a.h5");
        const std::string bytes = counting(1 << 16);
        for (const auto& [key, shape] : keys)
            ASSERT_TRUE(file->write(key, type, shape, bytes.data()));
        ASSERT_TRUE(file->close());
    }
};

TEST_F(DatasetFiles, RefusesWhatIsNoDataset)
{
    EXPECT_EQ(open(folder / "none").error().code, Error::NotFound);
    EXPECT_EQ(open(folder).error().code, Error::NotFound);
    EXPECT_EQ(open(put("empty", "")).error().code, Error::Unsupported);
    EXPECT_EQ(open(put("text", "hello, this is no data")).error().code, Error::Unsupported);
    EXPECT_EQ(open(put("gz", "\x1f\x8b garbage garbage")).error().code, Error::Corrupt);
    EXPECT_FALSE(open(put("zip.npz", "PK\x03\x04 garbage")));
}

TEST_F(DatasetFiles, IdxPairIsFoundFromFolderAndFromImageFile)
{
    const std::string images = put("t10k-images-idx3-ubyte", idx(8, {2, 2, 3}, counting(12)));
    put("t10k-labels-idx1-ubyte", idx(8, {2}, {4, 9}));
    putGzip("train-images-idx3-ubyte.gz", idx(8, {3, 2, 3}, counting(18)));
    putGzip("train-labels-idx1-ubyte.gz", idx(8, {3}, {1, 2, 3}));
    for (const std::string& path : {folder.string(), images}) {
        const auto test = open(path, "", raw());
        ASSERT_TRUE(test) << test.error().text();
        EXPECT_EQ((*test)->sampleShape(), (Shape{1, 2, 3}));
        EXPECT_EQ(all(**test), (std::vector<float>{0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11}));
        EXPECT_EQ(allLabels(**test), (std::vector<int64_t>{4, 9}));
        const auto train = open(path, "train");
        ASSERT_TRUE(train) << train.error().text();
        EXPECT_EQ((*train)->size(), 3);
        EXPECT_FLOAT_EQ(all(**train)[17], 17 / 255.f);
        EXPECT_EQ((*train)->describe(), "3 images 2x3 (IDX), 4 classes");
    }
}

TEST_F(DatasetFiles, ATrainSplitThatIsDamagedIsNotTakenForNone)
{
    const std::string train = idx(8, {3, 2, 3}, counting(18));
    put("t10k-images-idx3-ubyte", idx(8, {2, 2, 3}, counting(12)));
    EXPECT_EQ(open(folder, "train").error().code, Error::NotFound);
    for (const size_t size : {train.size() - 1, size_t(10), size_t(0)}) {
        put("train-images-idx3-ubyte", train.substr(0, size));
        EXPECT_EQ(open(folder, "train").error().code, Error::Corrupt) << size;
        EXPECT_TRUE(open(folder));
    }
}

TEST_F(DatasetFiles, SayWhichPartOfTheirSourceTheyAre)
{
    const auto splits = [&](const fs::path& path) {
        std::vector<std::string> all;
        for (const char* split : {"", "test", "train"}) {
            const auto data = open(path, split);
            all.push_back(data ? splitOf(**data) : data.error().text());
        }
        return all;
    };
    const std::vector<std::string> both{"test", "test", "train"}, one(3);
    writeHdf5({{"images", {4, 3, 5, 5}}, {"labels", {4}}});
    EXPECT_EQ(splits(folder / "a.h5"), one);
    writeHdf5({{"train_images", {3, 2, 2, 1}}, {"val_images", {2, 2, 2, 1}}});
    EXPECT_EQ(splits(folder / "a.h5"), both);
    const std::string dict = "{'descr': '|u1', 'fortran_order': False, 'shape': (2, 3), }\n";
    put("npy/x.npy", npy(dict, counting(6)));
    EXPECT_EQ(splits(folder / "npy"), one);
    EXPECT_EQ(splits(folder / "npy/x.npy"), one);
    put("pair/x_train.npy", npy(dict, counting(6)));
    put("pair/x_test.npy", npy(dict, counting(6)));
    EXPECT_EQ(splits(folder / "pair"), both);
    put("idx/images-idx3-ubyte", idx(8, {2, 2, 3}, counting(12)));
    EXPECT_EQ(splits(folder / "idx"), one);
    put("mnist/train-images-idx3-ubyte", idx(8, {2, 2, 3}, counting(12)));
    put("mnist/t10k-images-idx3-ubyte", idx(8, {2, 2, 3}, counting(12)));
    EXPECT_EQ(splits(folder / "mnist"), both);
    const std::string image = "P5 2 1 255\n12";
    put("classes/a/1.pgm", image);
    put("classes/b/1.pgm", image);
    EXPECT_EQ(splits(folder / "classes"), one);
    put("splits/train/a/1.pgm", image);
    put("splits/test/a/1.pgm", image);
    EXPECT_EQ(splits(folder / "splits"), both);
}

TEST_F(DatasetFiles, IdxKeepsBigEndianNumbers)
{
    put("images", idx(0x0b, {1, 1, 2}, {1, 2, '\xff', '\xfe'}));
    const auto data = open(folder / "images");
    ASSERT_TRUE(data) << data.error().text();
    const auto sample = (*data)->images(std::vector<int64_t>{0});
    EXPECT_EQ(sample->dtype(), DType::I64);
    EXPECT_EQ(all(**data), (std::vector<float>{258, -2}));
    EXPECT_FALSE((*data)->hasLabels());
    EXPECT_EQ(allLabels(**data), (std::vector<int64_t>{-1}));
}

TEST_F(DatasetFiles, IdxThatIsDamagedIsRefused)
{
    const std::string good = idx(8, {2, 2, 3}, counting(12));
    EXPECT_EQ(open(put("a", good.substr(0, good.size() - 1))).error().code, Error::Corrupt);
    EXPECT_EQ(open(put("a", good + "x")).error().code, Error::Corrupt);
    EXPECT_EQ(open(put("a", idx(8, {0xffffffff, 0xffffffff, 0xffffffff}, "x"))).error().code, Error::Limit);
    EXPECT_EQ(open(put("a", idx(8, {0xffffffff, 28, 28}, "x"))).error().code, Error::Corrupt);
    EXPECT_FALSE(open(putGzip("a", idx(8, {0xffffff, 1}, "x"))));
    EXPECT_FALSE(open(putGzip("a", idx(8, {0xffffffff, 0xffff}, "x"))));
    EXPECT_EQ(open(put("a", idx(8, {0, 2, 2}, ""))).error().code, Error::Unsupported);
    putGzip("a.gz", idx(8, {20, 2, 3}, counting(120)));
    tryDamaged("a.gz", 1);
    put("images", idx(8, {2, 2, 2}, counting(8)));
    put("labels", idx(8, {3}, counting(3)));
    const auto mismatch = open(folder / "images");
    ASSERT_FALSE(mismatch);
    EXPECT_EQ(mismatch.error().message, "There are 2 samples but 3 labels.");
}

TEST_F(DatasetFiles, GzipWithAWrongChecksumIsRefused)
{
    const std::string path = putGzip("a.gz", idx(8, {20, 2, 3}, counting(120)));
    std::string bytes = get("a.gz");
    bytes[bytes.size() - 6] ^= 1;
    EXPECT_EQ(open(put("a.gz", bytes)).error().code, Error::Corrupt);
}

TEST_F(DatasetFiles, Hdf5SplitsAreFoundUnderEverySpelling)
{
    using Keys = std::vector<std::pair<std::string, std::vector<int64_t>>>;
    const auto spellings = {
        Keys{{"train/images", {3, 2, 2, 1}},
             {"train/labels", {3}},
             {"test/images", {2, 2, 2, 1}},
             {"test/labels", {2}}},
        Keys{{"train_images", {3, 2, 2, 1}},
             {"train_labels", {3}},
             {"test_images", {2, 2, 2, 1}},
             {"test_labels", {2}}},
        Keys{{"images_train", {3, 2, 2, 1}},
             {"labels_train", {3}},
             {"images_val", {2, 2, 2, 1}},
             {"labels_val", {2}}},
        Keys{{"x_train", {3, 2, 2, 1}}, {"y_train", {3}}, {"x_test", {2, 2, 2, 1}}, {"y_test", {2, 1}}}};
    for (const Keys& keys : spellings) {
        writeHdf5(keys);
        for (const auto& [split, size] : {std::pair{"", 2}, {"test", 2}, {"train", 3}}) {
            const auto data = open(folder / "a.h5", split, raw());
            ASSERT_TRUE(data) << data.error().text();
            EXPECT_EQ((*data)->size(), size);
            EXPECT_EQ((*data)->sampleShape(), (Shape{1, 2, 2}));
            EXPECT_EQ(all(**data)[5], 5);
            EXPECT_EQ(allLabels(**data)[1], 1);
        }
        EXPECT_EQ(open(folder / "a.h5", "other").error().code, Error::NotFound);
    }
}

TEST_F(DatasetFiles, Hdf5WithoutSplitsServesEverySplit)
{
    writeHdf5({{"images", {4, 3, 5, 5}}, {"labels", {4}}});
    for (const char* split : {"", "train", "test"})
        EXPECT_EQ((*open(folder / "a.h5", split))->sampleShape(), (Shape{3, 5, 5}));
}

TEST_F(DatasetFiles, Hdf5RowsComeInTheOrderThatIsAskedFor)
{
    writeHdf5({{"images", {100, 1, 2}}});
    const auto data = open(folder / "a.h5", "", raw());
    const std::vector<int64_t> indices = {7, 99, 0, 8, 7, 6};
    const auto images = (*data)->images(indices);
    ASSERT_TRUE(images);
    EXPECT_EQ(images->shape(), (Shape{6, 1, 1, 2}));
    for (size_t i = 0; i < indices.size(); ++i)
        EXPECT_EQ(images->floats()[2 * i], float(2 * indices[i]));
    EXPECT_EQ((*data)->images(std::vector<int64_t>{100}).error().code, Error::InvalidArgument);
    EXPECT_EQ((*data)->labels(std::vector<int64_t>{-1}).error().code, Error::InvalidArgument);
}

TEST_F(DatasetFiles, Hdf5ThatDoesNotFitIsRefusedWithTheReason)
{
    writeHdf5({{"pictures", {4, 3}}, {"others", {4}}});
    EXPECT_NE(open(folder / "a.h5").error().message.find("others, pictures"), std::string::npos);
    writeHdf5({{"images", {4, 3, 5, 5}}, {"labels", {3}}});
    EXPECT_EQ(open(folder / "a.h5").error().code, Error::Corrupt);
    writeHdf5({{"images", {4, 3, 5, 5}}, {"labels", {4, 10}}});
    EXPECT_EQ(open(folder / "a.h5").error().code, Error::Unsupported);
    writeHdf5({{"images", {}}});
    EXPECT_EQ(open(folder / "a.h5").error().code, Error::Unsupported);
    writeHdf5({{"images", {0, 3, 5, 5}}});
    EXPECT_EQ(open(folder / "a.h5").error().code, Error::Unsupported);
    writeHdf5({{"images", {20, 3, 5, 5}}, {"labels", {20}}});
    tryDamaged("a.h5", 41);
}

TEST_F(DatasetFiles, NpyIsReadInEveryVersionAndByteOrder)
{
    for (const int version : {1, 2}) {
        put("images.npy",
            npy("{'descr': '|u1', 'fortran_order': False, 'shape': (2, 2, 2), }\n", counting(8), version));
        put("labels.npy",
            npy("{'descr': '>i2', 'fortran_order': False, 'shape': (2,), }\n", {0, 5, 1, 0}, version));
        for (const fs::path& path : {folder, folder / "images.npy"}) {
            const auto data = open(path, "", raw());
            ASSERT_TRUE(data) << data.error().text();
            EXPECT_EQ(all(**data), (std::vector<float>{0, 1, 2, 3, 4, 5, 6, 7}));
            EXPECT_EQ(allLabels(**data), (std::vector<int64_t>{5, 256}));
        }
    }
}

TEST_F(DatasetFiles, NpyKeepsUnsignedNumbersOfEveryWidth)
{
    const auto read = [&](const std::string& type, const std::string& bytes) {
        put("a.npy", npy("{'descr': '" + type + "', 'fortran_order': False, 'shape': (1, 2), }\n", bytes));
        const auto data = open(folder / "a.npy");
        EXPECT_TRUE(data) << data.error().text();
        const auto row = (*data)->images(std::vector<int64_t>{0});
        EXPECT_EQ(row->dtype(), DType::I64);
        return std::vector<int64_t>{static_cast<const int64_t*>(row->data())[0],
                                    static_cast<const int64_t*>(row->data())[1]};
    };
    using Pair = std::vector<int64_t>;
    EXPECT_EQ(read("<u2", {1, 0, '\xff', '\xff'}), (Pair{1, 65535}));
    EXPECT_EQ(read(">u4", {0, 0, 1, 0, '\xff', '\xff', '\xff', '\xff'}), (Pair{256, 4294967295}));
    EXPECT_EQ(read("<u8", std::string("\2\0\0\0\0\0\0\0", 8) + std::string(8, '\xff')),
              (Pair{2, std::numeric_limits<int64_t>::max()}));
    put("x.npy", npy("{'descr': '|u1', 'fortran_order': False, 'shape': (2, 3), }\n", counting(6)));
    put("y.npy", npy("{'descr': '<u2', 'fortran_order': False, 'shape': (2,), }\n", {3, 0, 1, 1}));
    EXPECT_EQ(allLabels(**open(folder / "x.npy")), (Pair{3, 257}));
}

TEST_F(DatasetFiles, NpyThatCannotBeReadIsRefusedWithTheReason)
{
    const auto refuse = [&](const std::string& dict, const std::string& elements) {
        const auto data = open(put("a.npy", npy(dict, elements)));
        EXPECT_FALSE(data) << dict;
        return data ? Error{} : data.error();
    };
    EXPECT_NE(refuse("{'descr': '<f4', 'fortran_order': True, 'shape': (2, 2)}", std::string(16, 'x'))
                  .message.find("ascontiguousarray"),
              std::string::npos);
    EXPECT_EQ(refuse("{'descr': '|O', 'fortran_order': False, 'shape': (2,)}", "x").code, Error::Unsupported);
    EXPECT_EQ(refuse("{'descr': '<U5', 'fortran_order': False, 'shape': (2,)}", "x").code,
              Error::Unsupported);
    EXPECT_EQ(refuse("{'descr': [('a', '<f4')], 'fortran_order': False, 'shape': (2,)}", "x").code,
              Error::Unsupported);
    EXPECT_EQ(refuse("{'descr': '<f4', 'fortran_order': False, 'shape': (2, 2)}", "short").code,
              Error::Corrupt);
    EXPECT_EQ(refuse("{'descr': '<f4', 'fortran_order': False, 'shape': (4611686018427387904, 4)}", "").code,
              Error::Limit);
    EXPECT_EQ(refuse("{'descr': '<f4', 'fortran_order': False, 'shape': (99999999999999999999,)}", "").code,
              Error::Corrupt);
    EXPECT_EQ(refuse("{'descr': '<f4', 'fortran_order': False, 'shape': (-1, 4)}", "").code, Error::Corrupt);
    EXPECT_EQ(refuse("", "").code, Error::Corrupt);
    EXPECT_EQ(refuse("{'descr': '<f4', 'fortran_order': False, 'shape': ()}", "abcd").code,
              Error::Unsupported);
    put("a.npy", npy("{'descr': '<f4', 'fortran_order': False, 'shape': (2, 2)}", std::string(16, 'x')));
    tryDamaged("a.npy", 1);
}

TEST_F(DatasetFiles, NpzOfNumpyIsRead)
{
    if (!python("numpy"))
        GTEST_SKIP() << "numpy is not installed";
    ASSERT_TRUE(runPython(R"(
import numpy as np
x = np.arange(24, dtype=np.float16).reshape(2, 3, 2, 2)
for name, save in ('plain', np.savez), ('packed', np.savez_compressed):
    save(name, x_train=x, y_train=np.array([1., 2.]), x_test=x[:1] + 100, y_test=[[7]])
np.save('half.npy', x)
)"));
    for (const char* name : {"plain.npz", "packed.npz"}) {
        const auto train = open(folder / name, "train"), test = open(folder / name);
        ASSERT_TRUE(train) << train.error().text();
        EXPECT_EQ((*train)->sampleShape(), (Shape{3, 2, 2}));
        EXPECT_EQ(all(**train)[23], 23);
        EXPECT_EQ(allLabels(**train), (std::vector<int64_t>{1, 2}));
        EXPECT_EQ(all(**test)[3], 103);
        EXPECT_EQ(allLabels(**test), (std::vector<int64_t>{7}));
        tryDamaged(name, 7);
    }
    EXPECT_EQ(all(**open(folder / "half.npy"))[5], 5);
}

TEST_F(DatasetFiles, CifarRecordsAreRead)
{
    std::string batch, test = std::string(1, 9) + std::string(3072, 'b');
    for (int i = 0; i < 3; ++i)
        batch += std::string(1, char(i)) + std::string(3072, char('a' + i));
    put("data_batch_1.bin", batch);
    put("data_batch_2.bin", test);
    put("test_batch.bin", test);
    put("batches.meta.txt", "airplane\ncar\n\n");
    const auto train = open(folder, "train", raw());
    ASSERT_TRUE(train) << train.error().text();
    EXPECT_EQ(allLabels(**train), (std::vector<int64_t>{0, 1, 2, 9}));
    EXPECT_EQ((*train)->sampleShape(), (Shape{3, 32, 32}));
    EXPECT_EQ((*train)->classes(), (std::vector<std::string>{"airplane", "car"}));
    EXPECT_EQ(all(**train)[2 * 3072], 'c');
    EXPECT_EQ(all(**train)[3 * 3072 + 3071], 'b');
    EXPECT_EQ((*open(folder))->size(), 1);
    EXPECT_FALSE(open(put("cut.bin", batch.substr(1))));
    EXPECT_FALSE(open(put("wrong.bin", std::string(1, 77) + std::string(3072, 'x'))));
}

TEST_F(DatasetFiles, Cifar100GivesTheFineLabels)
{
    put("train.bin", std::string("\x05\x63", 2) + counting(3072));
    put("fine_label_names.txt", "apple\nfish\n");
    const auto data = open(folder / "train.bin");
    ASSERT_TRUE(data) << data.error().text();
    EXPECT_EQ(allLabels(**data), (std::vector<int64_t>{99}));
    EXPECT_EQ((*data)->describe(), "1 images 3x32x32 (CIFAR-100), 2 classes");
}

TEST_F(DatasetFiles, WhatIsNoImageKeepsItsShapeAndIntegersStayIntegers)
{
    const auto check = [&](const std::string& type, const std::string& shape, size_t bytes,
                           const Shape& sample, DType dtype) {
        put("a.npy", npy("{'descr': '" + type + "', 'fortran_order': False, 'shape': " + shape + "}",
                         std::string(bytes, '\0')));
        const auto data = open(folder / "a.npy");
        ASSERT_TRUE(data) << data.error().text();
        EXPECT_EQ((*data)->sampleShape(), sample) << type << shape;
        EXPECT_EQ((*data)->images(std::vector<int64_t>{0})->dtype(), dtype) << type << shape;
    };
    check("<i8", "(2, 5)", 80, {5}, DType::I64);
    check("<i4", "(2, 5)", 40, {5}, DType::I64);
    check("<f4", "(2, 5)", 40, {5}, DType::F32);
    check("<f8", "(2, 5, 4)", 320, {5, 4}, DType::F32);
    check("|u1", "(2, 5, 4)", 40, {1, 5, 4}, DType::F32);
    check("|u1", "(2, 5)", 10, {5}, DType::F32);
    check("<f4", "(2, 5, 6, 3)", 720, {3, 5, 6}, DType::F32);
    check("<f4", "(2, 3, 5, 6)", 720, {3, 5, 6}, DType::F32);
    check("<f4", "(2, 7, 5, 6)", 1680, {7, 5, 6}, DType::F32);
    check("<i4", "(2, 5, 6, 1)", 240, {1, 5, 6}, DType::F32);
}

} // namespace
} // namespace bitwright
