// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/analysis/budget.h"
#include "tests/support.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <limits>
#include <random>

namespace bitwright {
namespace {

/// Layers of 4, 8, 12, ... inputs in a row, and cells whose damage falls by a random factor with every bit.
struct Problem {
    Graph graph;
    SensitivityTable table;
    std::vector<int> bits{2, 3, 4, 6, 8};

    explicit Problem(int layers, unsigned seed = 1)
    {
        std::mt19937 random(seed);
        std::uniform_real_distribution<double> factor(0.1, 0.9);
        for (int i = 0; i < layers; ++i) {
            Layer layer;
            layer.id = LayerId(i);
            layer.name = "l" + std::to_string(i);
            layer.weights.push_back({layer.name + ".weight", {8, 4 * (i + 1)}});
            graph.layers.push_back(layer);
            double damage = factor(random) / layers;
            for (const int b : bits) {
                table.cells.push_back(
                    {.layer = layer.name, .bits = b, .outputSqnrDb = -10 * std::log10(damage), .kl = damage});
                damage *= factor(random);
            }
        }
    }
    int64_t elements(size_t layer) const { return 8 * 4 * int64_t(layer + 1); }
    double damage(const QuantPlan& plan) const
    {
        double sum = 0;
        for (const SensitivityCell& cell : table.cells)
            sum += plan.weights(cell.layer).bits == cell.bits ? *cell.kl : 0;
        return sum;
    }
    /// The least damage of all plans within the budget, by trying every one.
    double best(double average) const
    {
        const size_t n = graph.layers.size();
        int64_t all = 0;
        for (size_t i = 0; i < n; ++i)
            all += elements(i);
        double least = std::numeric_limits<double>::max();
        std::vector<size_t> at(n);
        while (true) {
            double sum = 0, cost = 0;
            for (size_t i = 0; i < n; ++i) {
                sum += *table.cells[i * bits.size() + at[i]].kl;
                cost += double(elements(i) * bits[at[i]]);
            }
            if (cost <= average * double(all) + 1e-6)
                least = std::min(least, sum);
            size_t i = 0;
            while (i < n && ++at[i] == bits.size())
                at[i++] = 0;
            if (i == n)
                return least;
        }
    }
    /// The most that one step of one layer saves.
    double largestStep() const
    {
        double largest = 0;
        for (size_t i = 0; i + 1 < table.cells.size(); ++i)
            if (table.cells[i].layer == table.cells[i + 1].layer)
                largest = std::max(largest, *table.cells[i].kl - *table.cells[i + 1].kl);
        return largest;
    }
};

TEST(Budget, IsKeptAndAtMostOneStepFromTheBestPlan)
{
    for (unsigned seed = 1; seed < 9; ++seed) {
        const Problem problem(6, seed);
        double before = std::numeric_limits<double>::max();
        for (const double average : {2.0, 2.5, 3.3, 4.0, 5.1, 8.0}) {
            const auto made = planWithinBudget(problem.graph, problem.table, {}, average);
            ASSERT_TRUE(made);
            EXPECT_LE(made->averageBits(), average + 1e-9);
            const double damage = problem.damage(made->plan), best = problem.best(average);
            EXPECT_GE(damage, best - 1e-12);
            EXPECT_LE(damage, best + problem.largestStep()) << average;
            before = damage;
        }
        EXPECT_NEAR(before, problem.best(8), 1e-12);
    }
}

TEST(Budget, LeavesLockedAndFloatLayersAsTheyAreAndCountsWhatIsLocked)
{
    const Problem problem(4);
    QuantPlan plan;
    plan.layers["l3"].locked = true;
    QuantSpec floating;
    floating.format = Format::Float32;
    plan.setWeights("l1", floating);
    const auto made = planWithinBudget(problem.graph, problem.table, plan, 6);
    ASSERT_TRUE(made);
    EXPECT_EQ(made->plan.weights("l3"), plan.weights("l3"));
    EXPECT_EQ(made->plan.weights("l1"), floating);
    EXPECT_EQ(made->weights, problem.elements(0) + problem.elements(2) + problem.elements(3));
    EXPECT_LE(made->averageBits(), 6);
    const auto tooSmall = planWithinBudget(problem.graph, problem.table, plan, 2);
    ASSERT_FALSE(tooSmall);
    EXPECT_EQ(tooSmall.error().code, Error::InvalidArgument);
    EXPECT_EQ(planWithinBudget(problem.graph, problem.table, plan, NAN).error().code, Error::InvalidArgument);
    EXPECT_TRUE(planWithinBudget(problem.graph, problem.table, plan,
                                 leastAverageBits(problem.graph, problem.table, plan)));
    EXPECT_NE(tooSmall.error().message.find("5.00"), std::string::npos) << tooSmall.error().message;
}

TEST(Budget, NeverPaysForBitsThatSaveNothing)
{
    Problem problem(1);
    for (SensitivityCell& cell : problem.table.cells)
        cell.kl = cell.bits == 3 ? 0.1 : 0.2;
    EXPECT_EQ(planWithinBudget(problem.graph, problem.table, {}, 8)->plan.weights("l0").bits, 3);
}

TEST(Budget, SaysWhetherTheSweepIsMissingOrNoLayerIsFree)
{
    const Problem problem(3);
    const Error unswept = planWithinBudget(problem.graph, {}, {}, 4).error();
    EXPECT_EQ(unswept.code, Error::Unsupported);
    EXPECT_NE(unswept.message.find("run the sensitivity sweep"), std::string::npos) << unswept.message;
    QuantPlan plan;
    for (const Layer& layer : problem.graph.layers)
        plan.layers[layer.name].locked = true;
    const Error locked = planWithinBudget(problem.graph, problem.table, plan, 4).error();
    EXPECT_EQ(locked.code, Error::Unsupported);
    EXPECT_NE(locked.message.find("locked"), std::string::npos) << locked.message;
}

} // namespace
} // namespace bitwright
