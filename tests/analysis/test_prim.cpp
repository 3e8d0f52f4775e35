#include "analysis/statistics/prim.hpp"
#include "analysis/statistics/regression_tree.hpp"
#include "analysis/statistics/scrambled_sobol.hpp"
#include "sim/contract.hpp"
#include "sim/random/stream.hpp"

#include <catch2/catch.hpp>

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <functional>
#include <vector>

using namespace venturi;

namespace {

/// Points of the unit cube; the last column has four names.
BoxData scattered(std::size_t points, std::size_t numbers,
                  const std::function<bool(const std::vector<double>&)>& happens) {
    const std::vector<double> places = ScrambledSobol(numbers + 1, 5).points(points);
    BoxData data;
    data.columns.resize(numbers + 1);
    data.columns.back().names = 4;
    for (std::size_t point = 0; point < points; ++point) {
        std::vector<double> at(places.begin() + static_cast<std::ptrdiff_t>(point * (numbers + 1)),
                               places.begin() + static_cast<std::ptrdiff_t>((point + 1) * (numbers + 1)));
        at.back() = std::floor(4 * at.back());
        for (std::size_t column = 0; column <= numbers; ++column)
            data.columns[column].values.push_back(at[column]);
        data.happened.push_back(happens(at));
    }
    return data;
}

}  // namespace

TEST_CASE("a planted box is found, and nothing else is restricted", "[prim]") {
    const BoxData data = scattered(512, 4, [](const std::vector<double>& at) {
        return at[0] >= 0.3 && at[0] <= 0.8 && at[2] >= 0.4 && (at[4] == 1 || at[4] == 2);
    });
    const FoundBox found = find_box(data);
    CHECK(found.box.density() == 1);
    CHECK(found.box.coverage() == 1);
    CHECK(found.box.sides[0].restricted);
    CHECK(found.box.sides[2].restricted);
    CHECK(found.box.sides[4].restricted);
    CHECK_FALSE(found.box.sides[1].restricted);
    CHECK_FALSE(found.box.sides[3].restricted);
    // The ends are those of points in the box: within the largest gap between the points' coordinates of the
    // 77 points there, some 5 / 77 of the range of each.
    CHECK(found.box.sides[0].range.low == Approx(0.3).margin(0.05));
    CHECK(found.box.sides[0].range.low >= 0.3);
    CHECK(found.box.sides[0].range.high == Approx(0.8).margin(0.05));
    CHECK(found.box.sides[2].range.low == Approx(0.4).margin(0.05));
    CHECK(found.box.sides[4].allowed == std::vector<bool>{false, true, true, false});
    CHECK(found.box.hits == found.box.all_hits);
    CHECK(found.trajectory.front().points == 512);
    for (std::size_t i = 1; i < found.trajectory.size(); ++i)
        CHECK(found.trajectory[i].points < found.trajectory[i - 1].points);
}

TEST_CASE("a planted box is found on a grid of few values", "[prim]") {
    BoxData data;
    data.columns.resize(2);
    for (int x = 0; x < 6; ++x)
        for (int y = 0; y < 6; ++y) {
            data.columns[0].values.push_back(x);
            data.columns[1].values.push_back(y);
            data.happened.push_back(x >= 3 && y <= 2);
        }
    const Box box = find_box(data).box;
    CHECK(box.coverage() == 1);
    CHECK(box.density() == 1);
    CHECK(box.sides[0].range == Interval{3, 5});
    CHECK(box.sides[1].range == Interval{0, 2});
}

TEST_CASE("a box that was planted holds up under resampling, and chance does not", "[prim]") {
    const BoxData planted = scattered(256, 3, [](const std::vector<double>& at) { return at[1] > 0.7; });
    const BoxStability firm = box_stability(planted, {}, 40, 1);
    CHECK(firm.resamples == 40);
    CHECK(firm.restricted[1] == 1);
    CHECK(firm.restricted[0] < 0.2);
    CHECK(firm.density.low > 0.8);
    CHECK(firm.coverage.low > 0.7);
    CHECK(firm.low[1].low == Approx(0.7).margin(0.03));
    CHECK(firm.low[1].high == Approx(0.7).margin(0.06));
    // Happens by a coin that knows nothing of the inputs: outside the resample a box is no denser than all.
    std::uint64_t n = 0;
    const BoxData chance = scattered(256, 3, [&](const std::vector<double>&) {
        return unit_uniform(word_at({.seed = 8, .trajectory = 0, .agent = 0, .purpose = 0}, n++)) < 0.3;
    });
    CHECK(box_stability(chance, {}, 40, 1).density.high < 0.6);
}

TEST_CASE("with a density asked for, the largest box that has it is taken", "[prim]") {
    const BoxData data = scattered(512, 2, [](const std::vector<double>& at) { return at[0] + at[1] > 1.4; });
    const Box dense = find_box(data, {.least_density = 0.9}).box;
    CHECK(dense.density() >= 0.85);
    CHECK(find_box(data, {.least_density = 0.5}).box.points > dense.points);
    BoxData nothing = data;
    nothing.happened.assign(512, false);
    CHECK_THROWS_AS(find_box(nothing), ContractViolation);
}

TEST_CASE("a tree asks the questions that a step function answers to", "[tree]") {
    const BoxData data = scattered(256, 2, [](const std::vector<double>&) { return true; });
    std::vector<double> results;
    for (std::size_t point = 0; point < 256; ++point)
        results.push_back(data.columns[0].values[point] <= 0.5 ? 1.0
                          : data.columns[2].values[point] == 2 ? 7.0
                                                               : 3.0);
    const std::vector<TreeNode> tree = regression_tree(data.columns, results);
    CHECK(explained_by(tree, results) == Approx(1));
    REQUIRE(tree.size() == 5);
    REQUIRE(tree[0].question);
    CHECK(tree[0].points == 256);
    CHECK(tree[0].question->column == 0);
    CHECK(tree[0].question->at_most == Approx(0.5).margin(0.01));
    CHECK(tree[tree[0].question->left].mean == 1);
    const TreeNode& right = tree[tree[0].question->right];
    REQUIRE(right.question);
    CHECK(right.question->column == 2);
    CHECK_FALSE(right.question->names[2]);
    CHECK(right.question->names[0]);
    CHECK(tree[right.question->left].mean == 3);
    CHECK(tree[right.question->right].mean == 7);
    const std::vector<double> flat(256, 2.0);
    CHECK(regression_tree(data.columns, flat).size() == 1);
    CHECK(std::isnan(explained_by(regression_tree(data.columns, flat), flat)));
}
