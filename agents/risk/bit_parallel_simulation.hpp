// Simulation of a fault tree 64 trials a word: each basic event is a row of bits, each gate a few bitwise
// operations on the rows of its arguments. For trees that are too large to be solved.
//
// Trials come in blocks. What happens in a block is named by (seed, block, basic event), see
// sim/random/stream.hpp, so that the result is the same to the bit for any number of threads, and trials can
// be added later.
#pragma once

#include "agents/risk/fault_tree.hpp"
#include "sim/ensemble/interval.hpp"
#include "sim/ensemble/stop_request.hpp"
#include "sim/random/stream.hpp"

#include <array>
#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

namespace venturi {

inline constexpr std::size_t words_per_block = 64;
inline constexpr std::size_t trials_per_block = 64 * words_per_block;

/// One bit for each trial of a block.
using TrialBits = std::array<std::uint64_t, words_per_block>;

/// The gates that the top reaches, each once and after its arguments. The tree is sound (`expect_sound`).
[[nodiscard]] std::vector<std::uint32_t> gates_in_order(const FaultTree& tree);
/// The same of gate `root`.
[[nodiscard]] std::vector<std::uint32_t> gates_in_order(const FaultTree& tree, std::uint32_t root);

/// Makes bits that are set independently of each other with a probability that is wrong by less than 2^-53.
///
/// Between 1/16 and 15/16 a random number of 64 bits is compared with the probability, bit by bit from the
/// highest and for all trials of a word at once, until every trial is decided: log2(trials) + 1.3 words of
/// random bits a word on average. The number of bits makes that exact. Below, where it would decide the same
/// thing over and over, the number of bits that are set in the block is drawn from its binomial distribution,
/// then their places; above, of bits that aren't.
class BernoulliBits {
  public:
    /// Throws ContractViolation unless 0 ≤ probability ≤ 1.
    explicit BernoulliBits(double probability);

    /// The bits of one block; draws from the beginning of `address`.
    void fill(const StreamAddress& address, TrialBits& bits) const;

  private:
    void fill_by_comparison(Stream& stream, TrialBits& bits) const;
    void fill_by_count(Stream& stream, TrialBits& bits) const;

    bool rare_ = false;
    bool inverted_ = false;
    std::uint64_t fraction_ = 0;              // the probability · 2^64, where it is compared
    std::vector<std::uint64_t> at_least_;     // P(k + 1 bits or more) · 2^64, where they are counted
    std::vector<std::uint16_t> fewest_ = {};  // bits by the highest byte of a random word
};

/// A fault tree ready to be tried many times. Immutable: one for all threads, with a workspace each.
class BitParallelTree {
  public:
    /// `tree` is sound (`expect_sound`); `probabilities`, shape: as its basic_events, are used in place of
    /// its own.
    BitParallelTree(const FaultTree& tree, std::span<const double> probabilities);

    /// Bits of everything in one block.
    struct Workspace {
        std::vector<TrialBits> rows = {};
    };

    /// The trials of `block` in which the top happens. Basic events take `seed`, `block`, their index as
    /// agent and `purpose`. The workspace keeps the bits of the basic events.
    const TrialBits& try_block(std::uint64_t seed, std::uint32_t block, std::uint16_t purpose,
                               Workspace& workspace) const;

    /// The basic events that the top reaches, in ascending order.
    [[nodiscard]] std::span<const std::uint32_t> events() const { return events_; }
    /// The bits of events()[i] in the block that was tried last.
    [[nodiscard]] static const TrialBits& bits_of_event(const Workspace& workspace, std::size_t i) {
        return workspace.rows[i + 1];
    }

  private:
    // An argument is a row and what to flip it with: none or all of its bits.
    struct Argument {
        std::uint32_t row = 0;
        std::uint64_t flip = 0;
    };
    struct Gate {
        Connective connective = Connective::same;
        std::uint32_t minimum = 0;
        std::uint32_t maximum = 0;
        std::uint32_t first = 0;
        std::uint32_t end = 0;
    };
    void evaluate_gate(const Gate& gate, std::vector<TrialBits>& rows, TrialBits& result) const;
    void count_arguments(const Gate& gate, std::vector<TrialBits>& rows, TrialBits& result) const;

    // Row 0 is never set; the basic events, the gates and the top come behind it.
    std::vector<std::uint32_t> events_;
    std::vector<std::uint32_t> bits_of_;  // into `kinds_`, by position in `events_`
    std::vector<BernoulliBits> kinds_;    // one for each probability that occurs
    std::vector<Gate> gates_;
    std::vector<Argument> arguments_;
};

/// The probabilities that contain the truth with at least the given confidence if `happened` of `trials`
/// independent trials succeeded. Clopper and Pearson, "The use of confidence or fiducial limits illustrated
/// in the case of the binomial", Biometrika 26 (1934). Half of what is left of `level` lies on each side, and
/// on a side where the interval ends at 0 or 1 nothing. Throws ContractViolation unless 0 < level < 1, trials
/// > 0 and happened ≤ trials.
[[nodiscard]] Interval clopper_pearson_interval(std::uint64_t happened, std::uint64_t trials, double level);

struct SimulationOptions {
    std::uint64_t trials = 1'000'000;  ///< fewer than 2^44
    std::uint64_t seed = 0;
    double level = 0.95;                ///< confidence of the interval
    int threads = 0;                    ///< 0: one for each core
    const StopRequest* stop = nullptr;  ///< throws Stopped where it asks for that
};

/// What simulation says of the top event.
struct SimulatedProbability {
    std::uint64_t seed = 0;
    std::uint64_t trials = 0;
    std::uint64_t happened = 0;  ///< trials in which the top event did
    double estimate = 0;
    /// Exact (Clopper–Pearson), so that it holds with no trial in which the top happened: it then begins at
    /// 0, and says no more than that the probability is below some 3.7 / trials (at 95%).
    Interval interval = {};
};

/// Throws ContractViolation if the tree is not sound or an option is out of range.
[[nodiscard]] SimulatedProbability simulate(const FaultTree& tree, const SimulationOptions& options = {});

/// The same with the trials behind those of `so_far` added, of which `options.trials` says how many; the seed
/// is that of `so_far`. The result is that of all these trials made at once.
[[nodiscard]] SimulatedProbability extend(const FaultTree& tree, const SimulatedProbability& so_far,
                                          const SimulationOptions& options);

}  // namespace venturi
