#include "agents/risk/dynamic_chain.hpp"

#include "agents/risk/dynamic_symmetry.hpp"
#include "sim/ensemble/stopped.hpp"

#include <algorithm>
#include <cstring>
#include <limits>
#include <memory>
#include <utility>

namespace venturi {

namespace {

using State = DynamicSemantics::State;
using ConstState = DynamicSemantics::ConstState;

constexpr std::uint32_t no_number = std::numeric_limits<std::uint32_t>::max();

// All states found, one after another in blocks, and their numbers by a hash of their bytes.
class StateTable {
  public:
    explicit StateTable(std::size_t width) : width_(width), slots_(1024, no_number) {
        while ((2 * width_) << block_bits_ <= block_bytes) ++block_bits_;
    }

    [[nodiscard]] std::size_t size() const { return size_; }
    [[nodiscard]] std::size_t bytes() const {
        return (blocks_.size() << block_bits_) * width_ + slots_.size() * sizeof(std::uint32_t);
    }
    [[nodiscard]] ConstState operator[](std::uint32_t number) const { return {at(number), width_}; }

    /// The number of the state, a new one where it is new.
    std::uint32_t find_or_add(ConstState state) {
        if (size_ * 2 >= slots_.size()) grow();
        std::size_t slot = hash(state) & (slots_.size() - 1);
        while (slots_[slot] != no_number) {
            if (std::memcmp((*this)[slots_[slot]].data(), state.data(), width_) == 0) return slots_[slot];
            slot = (slot + 1) & (slots_.size() - 1);
        }
        const auto number = static_cast<std::uint32_t>(size_);
        if (number >> block_bits_ == blocks_.size())
            blocks_.push_back(std::make_unique_for_overwrite<std::uint8_t[]>(width_ << block_bits_));
        std::copy(state.begin(), state.end(), at(number));
        slots_[slot] = number;
        ++size_;
        return number;
    }

  private:
    static constexpr std::size_t block_bytes = std::size_t{64} << 10;  // or one state, where that is larger

    [[nodiscard]] std::uint8_t* at(std::uint32_t number) const {
        const std::uint32_t place = number & ((std::uint32_t{1} << block_bits_) - 1);
        return blocks_[number >> block_bits_].get() + place * width_;
    }

    // Fowler, Noll & Vo's over words, with a final mix (the low bits address).
    static std::size_t hash(ConstState state) {
        std::uint64_t value = 0xcbf29ce484222325U;
        std::size_t at = 0;
        while (at < state.size()) {
            std::uint64_t word = 0;
            const std::size_t length = std::min<std::size_t>(sizeof word, state.size() - at);
            std::memcpy(&word, state.data() + at, length);
            value = (value ^ word) * 0x9e3779b97f4a7c15U;
            value ^= value >> 32;
            at += length;
        }
        return static_cast<std::size_t>(value ^ (value >> 29));
    }

    void grow() {
        slots_.assign(slots_.size() * 2, no_number);
        for (std::uint32_t number = 0; number < size_; ++number) {
            std::size_t slot = hash((*this)[number]) & (slots_.size() - 1);
            while (slots_[slot] != no_number) slot = (slot + 1) & (slots_.size() - 1);
            slots_[slot] = number;
        }
    }

    std::size_t width_;
    std::size_t size_ = 0;
    std::uint32_t block_bits_ = 0;  // 2^ so many states are in a block
    std::vector<std::unique_ptr<std::uint8_t[]>> blocks_;
    std::vector<std::uint32_t> slots_;
};

class Exploration {
  public:
    Exploration(const DynamicSemantics& semantics, const ChainOptions& options)
        : semantics_(semantics),
          options_(options),
          symmetry_(options.symmetry == Reduction::used
                        ? std::optional<DynamicSymmetry>(std::in_place, semantics, options.stop)
                        : std::nullopt),
          table_(semantics.state_bytes()),
          now_(semantics.state_bytes()),
          then_(semantics.state_bytes()),
          counts_(semantics.tree().leaves.size(), 1) {}

    bool run() {
        const auto start = [&](ChanceReference chance) { semantics_.begin(then_, chance); };
        if (!each_outcome(start, 1.0)) return false;
        std::vector<std::pair<std::uint32_t, double>> initial(row_);
        for (std::uint32_t state = 0; state < table_.size(); ++state) {
            const ConstState found = table_[state];
            std::copy(found.begin(), found.end(), now_.begin());
            row_.clear();
            if (symmetry_) symmetry_->count_like(now_, counts_);
            for (std::uint32_t leaf = 0; leaf < counts_.size(); ++leaf)
                if (counts_[leaf] > 0 && !leave_by(leaf, counts_[leaf])) return false;
            finish_row(state);
            if (is_full()) return false;
            stop_if_requested(options_.stop);
        }
        for (std::uint32_t& target : matrix_.targets)
            if (target == no_number) target = matrix_.size();
        initial_.assign(table_.size(), 0);
        for (const auto& [state, probability] : initial)
            if (state != no_number) initial_[state] += probability;
        return true;
    }

    FirstPassage passage() { return {std::move(matrix_), std::move(initial_)}; }

  private:
    [[nodiscard]] bool is_full() const {
        return table_.size() > options_.states
               || table_.bytes() + matrix_.targets.capacity() * 12 > options_.bytes;
    }

    // By one leaf, for `count` that do the same.
    bool leave_by(std::uint32_t leaf, double count) {
        stop_if_requested(options_.stop);
        const auto fail = [&](ChanceReference chance) {
            then_ = now_;
            semantics_.end_phase(then_, leaf, chance);
        };
        const auto repair = [&](ChanceReference chance) {
            then_ = now_;
            semantics_.repair(then_, leaf, chance);
        };
        const double rate = semantics_.rate(now_, leaf);
        if (rate > 0 && !each_outcome(fail, rate * count)) return false;
        const double repair_rate = semantics_.repair_rate(now_, leaf);
        return !(repair_rate > 0) || each_outcome(repair, repair_rate * count);
    }

    // Adds to the row, for each outcome of the event, the state it leads to.
    template <class Event>
    bool each_outcome(const Event& event, double rate) {
        ChanceOutcomes outcomes;
        std::size_t count = 0;
        do {
            if (++count > options_.chances) return false;
            work_ -= static_cast<double>(now_.size());
            if (work_ < 0) return false;
            stop_if_requested(options_.stop);
            event(outcomes);
            row_.emplace_back(number_of(then_), rate * outcomes.probability());
            if (is_full()) return false;
        } while (outcomes.next());
        return true;
    }

    std::uint32_t number_of(State state) {
        if (semantics_.top_failed(state)) return no_number;
        if (options_.settling == Reduction::used) semantics_.settle(state);
        if (symmetry_) symmetry_->sort_copies(state);
        return table_.find_or_add(state);
    }

    // The target has the largest number and comes last.
    void finish_row(std::uint32_t state) {
        std::stable_sort(row_.begin(), row_.end(),
                         [](const auto& a, const auto& b) { return a.first < b.first; });
        for (std::size_t i = 0; i < row_.size();) {
            const std::uint32_t target = row_[i].first;
            double rate = 0;
            for (; i < row_.size() && row_[i].first == target; ++i) rate += row_[i].second;
            if (target == state || !(rate > 0)) continue;
            matrix_.targets.push_back(target);
            matrix_.rates.push_back(rate);
        }
        matrix_.starts.push_back(matrix_.targets.size());
    }

    const DynamicSemantics& semantics_;
    const ChainOptions& options_;
    std::optional<DynamicSymmetry> symmetry_;
    StateTable table_;
    std::vector<std::uint8_t> now_;
    std::vector<std::uint8_t> then_;
    std::vector<std::uint32_t> counts_;  // by leaf: how many it stands for
    std::vector<std::pair<std::uint32_t, double>> row_;
    RateMatrix matrix_;
    std::vector<double> initial_;
    double work_ = options_.work;
};

}  // namespace

const char* describe(ChainRefusal refusal) {
    switch (refusal) {
        case ChainRefusal::none:
            return "solved";
        case ChainRefusal::not_memoryless:
            return "a leaf's life is not made of exponential phases";
        case ChainRefusal::too_large:
            return "the tree has more states than allowed";
        case ChainRefusal::too_much_work:
            return "solving the tree's chain takes longer than allowed";
    }
    return "";
}

std::optional<DynamicChain> DynamicChain::explore(const DynamicSemantics& semantics,
                                                  const ChainOptions& options, ChainRefusal& refusal) {
    const auto& leaves = semantics.tree().leaves;
    refusal = ChainRefusal::none;
    if (!std::all_of(leaves.begin(), leaves.end(),
                     [](const DynamicLeaf& leaf) { return is_memoryless_in_phases(leaf.life); })) {
        refusal = ChainRefusal::not_memoryless;
        return {};
    }
    Exploration exploration(semantics, options);
    if (!exploration.run()) {
        refusal = ChainRefusal::too_large;
        return {};
    }
    return DynamicChain(exploration.passage());
}

}  // namespace venturi
