#include "agents/network/clearing.hpp"

#include <Eigen/IterativeLinearSolvers>
#include <Eigen/SparseCore>
#include <boost/graph/compressed_sparse_row_graph.hpp>
#include <boost/graph/strong_components.hpp>

#include <algorithm>
#include <cmath>
#include <limits>
#include <stdexcept>
#include <string>
#include <utility>

namespace venturi {

namespace {

constexpr double machine_epsilon = std::numeric_limits<double>::epsilon();
constexpr double rounding = 1e-13;  // of a node's debts, below which a shortfall is none
constexpr std::uint32_t no_place = std::numeric_limits<std::uint32_t>::max();

constexpr std::size_t patience = 12;                // sweeps of relaxation before equations are solved
constexpr std::size_t upward_patience = 1'000'000;  // where there are no equations to fall back upon
constexpr std::size_t allocation_free_limit = 64;   // nodes whose equations are solved without allocation
constexpr int most_iterations = 1000;               // of a Krylov method
constexpr std::size_t direct_limit = 3000;          // beyond, elimination takes too long

std::string written(double value) {
    return std::to_string(value);
}

std::string text_of(const Obligation& obligation, std::size_t index) {
    return "obligation " + std::to_string(index) + ", of node " + std::to_string(obligation.debtor)
           + " to node " + std::to_string(obligation.creditor);
}

void expect_share(double share, const char* name) {
    if (!(share >= 0 && share <= 1))
        throw std::invalid_argument(std::string(name) + " is " + written(share)
                                    + "; it lies between 0 and 1");
}

}  // namespace

void expect_sound(std::span<const Obligation> obligations, std::size_t nodes) {
    for (std::size_t i = 0; i < obligations.size(); ++i) {
        const Obligation& each = obligations[i];
        if (each.debtor >= nodes || each.creditor >= nodes)
            throw std::invalid_argument(text_of(each, i) + ", names no node; there are "
                                        + std::to_string(nodes));
        if (each.debtor == each.creditor)
            throw std::invalid_argument(text_of(each, i) + ", is one to itself");
        if (!std::isfinite(each.amount) || each.amount < 0)
            throw std::invalid_argument(text_of(each, i) + ", is over " + written(each.amount)
                                        + "; an amount is finite and not negative");
    }
}

void ClearingSolver::load(const ClearingSystem& system, const DefaultCosts& costs) {
    nodes_ = system.assets.size();
    costs_ = costs;
    expect_share(costs.asset_recovery, "asset_recovery");
    expect_share(costs.receipt_recovery, "receipt_recovery");
    if (!system.senior_debt.empty() && system.senior_debt.size() != nodes_)
        throw std::invalid_argument("there are " + std::to_string(system.senior_debt.size())
                                    + " senior debts for " + std::to_string(nodes_)
                                    + " nodes; there is one for each, or none");
    assets_.assign(nodes_, 0);
    senior_.assign(nodes_, 0);
    for (std::size_t i = 0; i < nodes_; ++i) {
        const double assets = system.assets[i];
        const double senior = system.senior_debt.empty() ? 0 : system.senior_debt[i];
        if (!std::isfinite(assets))
            throw std::invalid_argument("the assets of node " + std::to_string(i) + " are " + written(assets)
                                        + "; they are finite");
        if (!std::isfinite(senior) || senior < 0)
            throw std::invalid_argument("the senior debt of node " + std::to_string(i) + " is "
                                        + written(senior) + "; it is finite and not negative");
        assets_[i] = std::max(assets, 0.0);
        senior_[i] = senior + std::max(-assets, 0.0);
    }
    expect_sound(system.obligations, nodes_);
    index_obligations(system);

    result_.payments.assign(nodes_, 0);
    result_.recovery.assign(nodes_, 1);
    result_.equity.assign(nodes_, 0);
    result_.round.assign(nodes_, 0);
    result_.rounds = 0;
    receipts_.assign(nodes_, 0);
    defaulters_.clear();
    defaulters_obligations_ = 0;
    endangered_.clear();
    is_endangered_.assign(nodes_, 0);
    queue_.resize(nodes_);
    is_queued_.assign(nodes_, 0);
    queue_first_ = queue_size_ = 0;
    place_.assign(nodes_, no_place);
    payers_.clear();
    // Room that later calls may need, so that they find it whatever happens.
    defaulters_.reserve(nodes_);
    endangered_.reserve(nodes_);
    payers_.reserve(nodes_);
    solution_.reserve(nodes_);
    const std::size_t side = std::min(nodes_, allocation_free_limit);
    matrix_.reserve(side * side);
}

void ClearingSolver::index_obligations(const ClearingSystem& system) {
    result_.owed.assign(nodes_, 0);
    begin_.assign(nodes_ + 2, 0);
    for (const Obligation& each : system.obligations) {
        if (each.amount == 0) continue;
        result_.owed[each.debtor] += each.amount;
        ++begin_[each.debtor + 2];
    }
    for (std::size_t i = 2; i < begin_.size(); ++i) begin_[i] += begin_[i - 1];
    creditor_.resize(begin_.back());
    amount_.resize(begin_.back());
    for (const Obligation& each : system.obligations) {  // begin_[i + 1] walks from the begin of i to its end
        if (each.amount == 0) continue;
        const std::size_t position = begin_[each.debtor + 1]++;
        creditor_[position] = each.creditor;
        amount_[position] = each.amount;
    }
}

void ClearingSolver::add_up_receipts() {
    std::fill(receipts_.begin(), receipts_.end(), 0);
    for (std::size_t i = 0; i < nodes_; ++i)
        for (std::size_t k = begin_[i]; k < begin_[i + 1]; ++k)
            receipts_[creditor_[k]] += result_.recovery[i] * amount_[k];
}

bool ClearingSolver::is_short(std::size_t node) const {
    const double debts = senior_[node] + result_.owed[node];
    return debts - (assets_[node] + receipts_[node]) > rounding * debts;
}

/// What a defaulter has for those whom it owes, were there no bounds.
double ClearingSolver::estate(std::size_t node) const {
    return costs_.asset_recovery * assets_[node] + costs_.receipt_recovery * receipts_[node] - senior_[node];
}

void ClearingSolver::set_payment(std::size_t node, double payment) {
    result_.payments[node] = payment;
    result_.recovery[node] = payment / result_.owed[node];
}

/// As `set_payment`, and its creditors receive more or less at once.
void ClearingSolver::change_payment(std::size_t node, double payment) {
    const double before = result_.recovery[node];
    set_payment(node, payment);
    const double change = result_.recovery[node] - before;
    for (std::size_t k = begin_[node]; k < begin_[node + 1]; ++k)
        receipts_[creditor_[k]] += change * amount_[k];
}

void ClearingSolver::enqueue(std::size_t node) {
    if (is_queued_[node]) return;
    is_queued_[node] = 1;
    std::size_t last = queue_first_ + queue_size_++;
    if (last >= nodes_) last -= nodes_;
    queue_[last] = static_cast<std::uint32_t>(node);
}

std::size_t ClearingSolver::dequeue() {
    const std::size_t node = queue_[queue_first_];
    if (++queue_first_ == nodes_) queue_first_ = 0;
    --queue_size_;
    is_queued_[node] = 0;
    return node;
}

void ClearingSolver::notice_loss(std::size_t node) {
    if (result_.round[node] == 0) {
        if (!is_endangered_[node]) {
            is_endangered_[node] = 1;
            endangered_.push_back(static_cast<std::uint32_t>(node));
        }
    } else if (result_.payments[node] - std::max(estate(node), 0.0) > machine_epsilon * result_.owed[node]) {
        enqueue(node);
    }
}

/// Lowers the payments of defaulters to what they have until nothing changes; false where that takes long.
bool ClearingSolver::relax_downwards() {
    std::size_t effort = patience * (defaulters_.size() + defaulters_obligations_);
    while (queue_size_ > 0) {
        const std::size_t node = dequeue();
        const std::size_t cost = begin_[node + 1] - begin_[node] + 1;
        if (cost > effort) return false;
        effort -= cost;
        change_payment(node, std::clamp(estate(node), 0.0, result_.payments[node]));
        for (std::size_t k = begin_[node]; k < begin_[node + 1]; ++k) notice_loss(creditor_[k]);
    }
    return true;
}

/// Solves p = max(0, estate) among all defaulters, as one solves a Markov decision problem by policy
/// iteration (Howard): who pays something is guessed, the linear equations among payers are solved, and
/// guessed again. There is one solution only: a closed circle of defaulters has strictly less than it owes
/// outside.
void ClearingSolver::solve_defaulters() {
    while (queue_size_ > 0) static_cast<void>(dequeue());
    payers_.clear();
    for (const std::uint32_t node : defaulters_)
        if (result_.owed[node] > 0 && estate(node) > 0) payers_.push_back(node);
    // A guess may hold a whole closed circle, which has no solution. From nobody upwards, none ever does.
    bool solved = improve_payers();
    if (!solved) {
        payers_.clear();
        solved = improve_payers();
    }
    if (!solved)
        throw std::runtime_error("the equations among " + std::to_string(defaulters_.size())
                                 + " defaulters are too close to singular to be solved");
    for (const std::uint32_t node : defaulters_)
        if (result_.owed[node] > 0) set_payment(node, std::max(result_.payments[node], 0.0));
    add_up_receipts();
    for (std::size_t i = 0; i < nodes_; ++i) notice_loss(i);
    while (queue_size_ > 0) static_cast<void>(dequeue());  // what rounding left over
}

bool ClearingSolver::improve_payers() {
    for (std::size_t turn = 0; turn <= 2 * defaulters_.size() + 2; ++turn) {
        for (const std::uint32_t node : defaulters_)
            if (result_.owed[node] > 0) set_payment(node, 0);
        add_up_receipts();  // from those only whose payments are known
        solution_.clear();
        for (std::size_t i = 0; i < payers_.size(); ++i) {
            place_[payers_[i]] = static_cast<std::uint32_t>(i);
            solution_.push_back(estate(payers_[i]));
        }
        bool solved = solve_among(payers_, solution_);
        for (std::size_t i = 0; i < payers_.size(); ++i) {
            solved = solved && solution_[i] <= result_.owed[payers_[i]] * (1 + 1e-9);
            set_payment(payers_[i], solution_[i]);
        }
        add_up_receipts();
        const std::size_t before = payers_.size();
        std::size_t kept = 0;
        payers_.clear();
        for (const std::uint32_t node : defaulters_) {
            if (result_.owed[node] == 0) continue;
            const bool paid = std::exchange(place_[node], no_place) != no_place;
            const double margin = machine_epsilon * result_.owed[node];
            if (paid ? result_.payments[node] < -margin : estate(node) <= margin) continue;
            payers_.push_back(node);
            kept += paid;
        }
        if (!solved) return false;
        if (kept == before && payers_.size() == before) return true;
    }
    return false;
}

/// Solves x_i - beta · Σ_j (share of j's debts that it owes i) · x_j = b_i among nodes that `place_` numbers;
/// `solution` holds b, then x. Columns of the matrix sum to 0 or more, which makes elimination stable.
/// Returns false where there is no finite solution, or none is found.
bool ClearingSolver::solve_among(std::span<const std::uint32_t> nodes, std::span<double> solution) {
    if (nodes.size() <= allocation_free_limit)
        solve_dense(nodes, solution);
    else if (!solve_sparse(nodes, solution))
        return false;
    return std::all_of(solution.begin(), solution.end(), [](double value) { return std::isfinite(value); });
}

void ClearingSolver::solve_dense(std::span<const std::uint32_t> nodes, std::span<double> solution) {
    const std::size_t n = nodes.size();
    matrix_.assign(n * n, 0);
    const auto at = [&](std::size_t row, std::size_t column) -> double& { return matrix_[row + n * column]; };
    for (std::size_t j = 0; j < n; ++j) {
        at(j, j) += 1;
        const std::uint32_t node = nodes[j];
        for (std::size_t k = begin_[node]; k < begin_[node + 1]; ++k)
            if (const std::uint32_t i = place_[creditor_[k]]; i != no_place)
                at(i, j) -= costs_.receipt_recovery * amount_[k] / result_.owed[node];
    }
    // Elimination by hand and not Eigen's, which allocates; of such a matrix it needs no pivots. Most of the
    // matrix is 0, and much of it stays so.
    for (std::size_t j = 0; j < n; ++j) {
        for (std::size_t i = j + 1; i < n; ++i) at(i, j) /= at(j, j);
        for (std::size_t k = j + 1; k < n; ++k) {
            const double above = at(j, k);
            if (above == 0) continue;
            for (std::size_t i = j + 1; i < n; ++i) at(i, k) -= at(i, j) * above;
        }
        for (std::size_t i = j + 1; i < n; ++i) solution[i] -= at(i, j) * solution[j];
    }
    for (std::size_t j = n; j-- > 0;) {
        solution[j] /= at(j, j);
        for (std::size_t i = 0; i < j; ++i) solution[i] -= at(i, j) * solution[j];
    }
}

bool ClearingSolver::solve_sparse(std::span<const std::uint32_t> nodes, std::span<double> solution) {
    const auto n = static_cast<Eigen::Index>(nodes.size());
    std::vector<Eigen::Triplet<double>> entries;
    for (std::size_t j = 0; j < nodes.size(); ++j) {
        const std::uint32_t node = nodes[j];
        const auto column = static_cast<int>(j);
        entries.emplace_back(column, column, 1.0);
        for (std::size_t k = begin_[node]; k < begin_[node + 1]; ++k)
            if (const std::uint32_t i = place_[creditor_[k]]; i != no_place)
                entries.emplace_back(static_cast<int>(i), column,
                                     -costs_.receipt_recovery * amount_[k] / result_.owed[node]);
    }
    Eigen::SparseMatrix<double> matrix(n, n);
    matrix.setFromTriplets(entries.begin(), entries.end());
    Eigen::Map<Eigen::VectorXd> values(solution.data(), n);
    const Eigen::VectorXd right = values;
    // Twice, the second time for what the first left over: so the last digits are right.
    Eigen::BiCGSTAB<Eigen::SparseMatrix<double>> iteration(matrix);
    iteration.setTolerance(1e-14);
    iteration.setMaxIterations(most_iterations);
    values = iteration.solve(right);
    const Eigen::VectorXd left = right - matrix * values;
    if (left.lpNorm<1>() <= 1e-10 * right.lpNorm<1>()) {
        if (left.lpNorm<1>() > 0) values += iteration.solve(left);
        return true;
    }
    if (nodes.size() > direct_limit) return false;
    values = right;
    solve_dense(nodes, solution);
    return true;
}

const Clearing& ClearingSolver::finish() {
    add_up_receipts();
    for (std::size_t i = 0; i < nodes_; ++i) {
        const bool defaults = result_.round[i] != 0;
        const double means = defaults ? estate(i) : assets_[i] + receipts_[i] - senior_[i];
        result_.equity[i] = means - result_.owed[i];
    }
    return result_;
}

const Clearing& ClearingSolver::greatest(const ClearingSystem& system, const DefaultCosts& costs) {
    load(system, costs);
    result_.payments = result_.owed;
    add_up_receipts();
    for (std::size_t i = 0; i < nodes_; ++i) notice_loss(i);
    while (true) {
        const std::size_t before = defaulters_.size();
        for (const std::uint32_t node : endangered_) {
            is_endangered_[node] = 0;
            if (!is_short(node)) continue;
            defaulters_.push_back(node);
            defaulters_obligations_ += begin_[node + 1] - begin_[node];
        }
        endangered_.clear();
        if (defaulters_.size() == before) return finish();
        ++result_.rounds;
        for (std::size_t i = before; i < defaulters_.size(); ++i) {
            result_.round[defaulters_[i]] = result_.rounds;
            if (result_.owed[defaulters_[i]] > 0) enqueue(defaulters_[i]);
        }
        if (!relax_downwards()) solve_defaulters();
    }
}

const Clearing& ClearingSolver::least(const ClearingSystem& system, const DefaultCosts& costs) {
    if (costs.asset_recovery == 1 && costs.receipt_recovery == 1) {
        greatest(system, costs);
        empty_circles();
        return finish();
    }
    load(system, costs);
    for (std::size_t i = 0; i < nodes_; ++i)
        if (result_.owed[i] > 0) result_.recovery[i] = 0;
    relax_upwards();
    for (std::size_t i = 0; i < nodes_; ++i)
        if (is_short(i)) result_.round[i] = result_.rounds = 1;
    return finish();
}

/// Raises payments from nothing to what nodes have until nothing changes.
void ClearingSolver::relax_upwards() {
    const auto payable = [this](std::size_t node) {
        return is_short(node) ? std::clamp(estate(node), 0.0, result_.owed[node]) : result_.owed[node];
    };
    const auto notice = [&](std::size_t node) {
        if (payable(node) - result_.payments[node] > machine_epsilon * result_.owed[node]) enqueue(node);
    };
    for (std::size_t i = 0; i < nodes_; ++i) notice(i);
    std::size_t effort = upward_patience + upward_patience / 100 * creditor_.size();
    while (queue_size_ > 0) {
        const std::size_t node = dequeue();
        const std::size_t cost = begin_[node + 1] - begin_[node] + 1;
        if (cost > effort)
            throw std::runtime_error(
                "the least clearing payments are too slow to find: a circle loses little");
        effort -= cost;
        change_payment(node, std::max(payable(node), result_.payments[node]));
        for (std::size_t k = begin_[node]; k < begin_[node + 1]; ++k) notice(creditor_[k]);
    }
}

/// From the greatest to the least clearing vector, without costs of default. Their difference d is d = A d,
/// with A the shares of debts; so it lives on strongly connected sets that owe nobody else, whose nodes all
/// pay exactly what they have, under both vectors.
void ClearingSolver::empty_circles() {
    std::vector<std::uint32_t> balanced;
    for (std::size_t i = 0; i < nodes_; ++i) {
        const double debts = senior_[i] + result_.owed[i];
        if (result_.payments[i] > 0 && std::abs(estate(i) - result_.payments[i]) <= rounding * debts) {
            place_[i] = static_cast<std::uint32_t>(balanced.size());
            balanced.push_back(static_cast<std::uint32_t>(i));
        }
    }
    std::vector<std::pair<std::uint32_t, std::uint32_t>> among;
    std::vector<char> leaks(balanced.size(), 0);
    for (std::uint32_t i = 0; i < balanced.size(); ++i)
        for (std::size_t k = begin_[balanced[i]]; k < begin_[balanced[i] + 1]; ++k) {
            if (const std::uint32_t j = place_[creditor_[k]]; j != no_place)
                among.emplace_back(i, j);
            else
                leaks[i] = 1;
        }
    using Graph = boost::compressed_sparse_row_graph<boost::directedS, boost::no_property, boost::no_property,
                                                     boost::no_property, std::uint32_t, std::size_t>;
    const Graph graph(boost::edges_are_unsorted_multi_pass, among.begin(), among.end(),
                      static_cast<std::uint32_t>(balanced.size()));
    std::vector<std::uint32_t> component(balanced.size());
    const std::size_t components = boost::strong_components(
        graph, boost::make_iterator_property_map(component.begin(), boost::get(boost::vertex_index, graph)));
    std::vector<char> open(components, 0);
    for (std::size_t i = 0; i < balanced.size(); ++i)
        if (leaks[i]) open[component[i]] = 1;
    for (const auto& [from, to] : among)
        if (component[from] != component[to]) open[component[from]] = 1;
    std::vector<std::vector<std::uint32_t>> circles(components);
    for (std::size_t i = 0; i < balanced.size(); ++i) {
        place_[balanced[i]] = no_place;
        if (!open[component[i]]) circles[component[i]].push_back(balanced[i]);
    }
    bool any = false;
    for (const std::vector<std::uint32_t>& circle : circles) {
        if (circle.empty()) continue;
        empty_circle(circle);
        any = true;
    }
    if (any) ++result_.rounds;
}

/// Takes from a closed circle as much of the payments that go around it as there is.
void ClearingSolver::empty_circle(std::span<const std::uint32_t> circle) {
    // What goes around, per unit of the first node's payment: others pass on what comes from it.
    const std::span<const std::uint32_t> others = circle.subspan(1);
    const std::uint32_t first = circle[0];
    for (std::size_t i = 0; i < others.size(); ++i) place_[others[i]] = static_cast<std::uint32_t>(i);
    solution_.assign(others.size(), 0);
    for (std::size_t k = begin_[first]; k < begin_[first + 1]; ++k)
        solution_[place_[creditor_[k]]] += amount_[k] / result_.owed[first];
    const bool solved = solve_among(others, solution_);
    for (const std::uint32_t node : others) place_[node] = no_place;
    if (!solved)
        throw std::runtime_error("what goes around a circle of " + std::to_string(circle.size())
                                 + " nodes could not be found");

    double turns = result_.payments[first];
    for (std::size_t i = 0; i < others.size(); ++i)
        turns = std::min(turns, result_.payments[others[i]] / solution_[i]);
    for (std::size_t i = 0; i < circle.size(); ++i) {
        const std::uint32_t node = circle[i];
        double rest = result_.payments[node] - turns * (i == 0 ? 1 : solution_[i - 1]);
        if (rest <= rounding * result_.owed[node]) rest = 0;
        set_payment(node, rest);
        if (result_.round[node] == 0) result_.round[node] = result_.rounds + 1;
    }
}

Clearing greatest_clearing(const ClearingSystem& system, const DefaultCosts& costs) {
    ClearingSolver solver;
    return solver.greatest(system, costs);
}

Clearing least_clearing(const ClearingSystem& system, const DefaultCosts& costs) {
    ClearingSolver solver;
    return solver.least(system, costs);
}

}  // namespace venturi
