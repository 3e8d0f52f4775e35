// Who can pay whom when everybody's means are others' debts: the payments that clear a system of obligations.
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

namespace venturi {

/// `debtor` owes `creditor` an amount of money. Several between the same two are added.
struct Obligation {
    std::uint32_t debtor = 0;
    std::uint32_t creditor = 0;
    double amount = 0;

    friend bool operator==(const Obligation&, const Obligation&) = default;
};

/// Nodes are numbered from 0 to assets.size() - 1; all amounts are in the same money.
struct ClearingSystem {
    /// What a node owns outside the system. A negative value stands for a senior debt of that size, as where
    /// senior debt has been deducted already.
    std::vector<double> assets = {};
    /// What a node owes outside the system, paid before any of the obligations; empty: nobody owes such.
    std::vector<double> senior_debt = {};
    std::vector<Obligation> obligations = {};
};

/// What is left of a defaulter's means for those whom it owes, in [0, 1]: Rogers & Veraart (2013), "Failure
/// and rescue in an interbank network", Management Science 59(4). Without costs, as in Eisenberg & Noe, both
/// are 1.
struct DefaultCosts {
    double asset_recovery = 1;    ///< their alpha: of outside assets
    double receipt_recovery = 1;  ///< their beta: of what other nodes pay
};

/// Payments that clear a system. All vectors have a value for each node.
struct Clearing {
    std::vector<double> owed = {};      ///< to other nodes, in all
    std::vector<double> payments = {};  ///< of that
    std::vector<double> recovery =
        {};  ///< payments / owed, which each creditor gets; 1 where nothing is owed
    /// Assets and receipts, after the costs of default where there is one, less all debts: what the owners
    /// have, or with a minus sign what creditors lose. Owners' liability is limited: theirs is max(0,
    /// equity).
    std::vector<double> equity = {};
    std::vector<std::uint32_t> round =
        {};  ///< of the fictitious sequence in which it defaults; 0: it doesn't
    std::uint32_t rounds = 0;
};

/// Finds clearing payments, for many systems one after the other: with systems of no more nodes and
/// obligations than before it allocates nothing, but where more than 64 defaulters are so entangled that a
/// few sweeps of relaxation don't settle them. Not for several threads at once.
///
/// A clearing vector p has p = owed where assets + receipts - senior debt >= owed, and otherwise
/// p = max(0, alpha assets + beta receipts - senior debt); receipts are proportional parts of others'
/// payments. Eisenberg & Noe (2001), "Systemic risk in financial systems", Management Science 47(2), there
/// without costs and senior debt. A shortfall below 1e-13 of a node's debts is taken for rounding and no
/// default.
///
/// Both throw std::invalid_argument, with a message that names the value, where an amount, an asset or a
/// senior debt is not finite, an amount or senior debt is negative, an end of an obligation is no node, a
/// node owes itself, the lists differ in size or a cost lies outside [0, 1]; and std::runtime_error where the
/// equations among defaulters are too close to singular. What they return is valid until the next call.
class ClearingSolver {
  public:
    /// The greatest clearing vector, which is best for every node at once, by the fictitious default
    /// algorithm: everybody pays in full; those who can't default, and the equations among all defaulters so
    /// far are solved; and again, until a round brings no default. Time near-linear in the obligations where
    /// losses die out in a few steps.
    const Clearing& greatest(const ClearingSystem& system, const DefaultCosts& costs = {});

    /// The least clearing vector, where nobody pays who waits for own payments to come back around a circle.
    /// Without costs of default it differs from the greatest in closed circles without equity only; `round`
    /// of nodes that pay less than there is the one after the last. With costs all defaults have round 1, and
    /// it is found by relaxation, which takes long where circles lose little.
    const Clearing& least(const ClearingSystem& system, const DefaultCosts& costs = {});

  private:
    void load(const ClearingSystem& system, const DefaultCosts& costs);
    void index_obligations(const ClearingSystem& system);
    void add_up_receipts();
    [[nodiscard]] bool is_short(std::size_t node) const;
    [[nodiscard]] double estate(std::size_t node) const;
    void set_payment(std::size_t node, double payment);
    void change_payment(std::size_t node, double payment);
    void enqueue(std::size_t node);
    [[nodiscard]] std::size_t dequeue();
    void notice_loss(std::size_t node);
    [[nodiscard]] bool relax_downwards();
    void solve_defaulters();
    [[nodiscard]] bool improve_payers();
    [[nodiscard]] bool solve_among(std::span<const std::uint32_t> nodes, std::span<double> solution);
    void solve_dense(std::span<const std::uint32_t> nodes, std::span<double> solution);
    [[nodiscard]] bool solve_sparse(std::span<const std::uint32_t> nodes, std::span<double> solution);
    void relax_upwards();
    void empty_circles();
    void empty_circle(std::span<const std::uint32_t> circle);
    const Clearing& finish();

    std::size_t nodes_ = 0;
    DefaultCosts costs_;
    Clearing result_;
    std::vector<double> assets_;
    std::vector<double> senior_;
    std::vector<double> receipts_;

    // Obligations by debtor: those of a node stand from begin_[node] to begin_[node + 1].
    std::vector<std::size_t> begin_;
    std::vector<std::uint32_t> creditor_;
    std::vector<double> amount_;

    std::vector<std::uint32_t> defaulters_;
    std::size_t defaulters_obligations_ = 0;
    std::vector<std::uint32_t> endangered_;  // nodes not in default that have lost receipts
    std::vector<char> is_endangered_;

    // A queue of nodes, each there once at most, in a ring.
    std::vector<std::uint32_t> queue_;
    std::vector<char> is_queued_;
    std::size_t queue_first_ = 0;
    std::size_t queue_size_ = 0;

    // For the linear equations among some nodes.
    std::vector<std::uint32_t> payers_;
    std::vector<std::uint32_t> place_;  // of a node among those of the equations
    std::vector<double> solution_;
    std::vector<double> matrix_;
};

/// Of one system.
[[nodiscard]] Clearing greatest_clearing(const ClearingSystem& system, const DefaultCosts& costs = {});
[[nodiscard]] Clearing least_clearing(const ClearingSystem& system, const DefaultCosts& costs = {});

/// Throws std::invalid_argument as ClearingSolver does for obligations among so many nodes.
void expect_sound(std::span<const Obligation> obligations, std::size_t nodes);

}  // namespace venturi
