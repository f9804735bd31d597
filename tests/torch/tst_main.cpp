// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/torch/torch_backend.h"

#include <gtest/gtest.h>

int main(int argc, char** argv)
{
    bitwright::prepareTorchProcess();
    bitwright::startTorch(2);
    testing::InitGoogleTest(&argc, argv);
    return RUN_ALL_TESTS();
}
