#include "agents/risk/bit_parallel_simulation.hpp"

#include "sim/contract.hpp"
#include "sim/ensemble/stopped.hpp"
#include "sim/on_threads.hpp"

#include <boost/math/distributions/binomial.hpp>
#include <tbb/blocked_range.h>
#include <tbb/enumerable_thread_specific.h>
#include <tbb/parallel_reduce.h>

#include <algorithm>
#include <bit>
#include <cmath>
#include <functional>
#include <limits>
#include <map>

namespace venturi {

namespace {

constexpr double rare = 1.0 / 16;
constexpr std::uint16_t plain_trials = 0;  // purpose of their draws

/// P(k or more of the block's bits are set) · 2^64 for k = 1, 2, ... as far as it is not 0. The terms of a
/// binomial distribution are summed from the smallest, in the widest type there is, for a relative error of
/// some terms · 2^-64.
std::vector<std::uint64_t> survival_of_count(double probability) {
    using Wide = long double;
    const auto p = static_cast<Wide>(probability);
    constexpr auto n = static_cast<Wide>(trials_per_block);
    std::vector<Wide> terms = {std::exp(n * std::log1p(-p))};
    for (std::size_t k = 0; k < trials_per_block; ++k) {
        const Wide ratio = (n - static_cast<Wide>(k)) / static_cast<Wide>(k + 1) * p / (1 - p);
        terms.push_back(terms.back() * ratio);
        if (ratio < 1 && terms.back() < std::ldexp(Wide{1}, -80)) break;
    }
    std::vector<std::uint64_t> survival(terms.size() - 1);
    Wide sum = 0;
    for (std::size_t k = terms.size() - 1; k > 0; --k) {
        sum += terms[k];
        // Where that is 1 but for rounding, the largest number below.
        const Wide scaled = std::min(sum, 1 - std::ldexp(Wide{1}, -64)) * std::ldexp(Wide{1}, 64);
        survival[k - 1] = static_cast<std::uint64_t>(scaled);
    }
    while (!survival.empty() && survival.back() == 0) survival.pop_back();
    return survival;
}

}  // namespace

BernoulliBits::BernoulliBits(double probability) {
    expects(probability >= 0 && probability <= 1, "a probability lies between 0 and 1");
    inverted_ = probability > 1 - rare;
    const double p = inverted_ ? 1 - probability : probability;
    rare_ = p < rare;
    if (!rare_) {
        // Exact: the lowest bit of a double above 2^-11 is worth 2^-64 at least.
        fraction_ = static_cast<std::uint64_t>(std::ldexp(p, 64));
        return;
    }
    at_least_ = survival_of_count(p);
    constexpr std::size_t bytes = 256;
    fewest_.resize(bytes);
    for (std::size_t byte = 0; byte < bytes; ++byte) {
        const std::uint64_t highest = (std::uint64_t{byte} << 56) | (~std::uint64_t{0} >> 8);
        fewest_[byte] = static_cast<std::uint16_t>(
            std::partition_point(at_least_.begin(), at_least_.end(),
                                 [&](std::uint64_t threshold) { return highest < threshold; })
            - at_least_.begin());
    }
}

void BernoulliBits::fill(const StreamAddress& address, TrialBits& bits) const {
    bits.fill(0);
    if (rare_ ? !at_least_.empty() : fraction_ != 0) {
        Stream stream(address);
        rare_ ? fill_by_count(stream, bits) : fill_by_comparison(stream, bits);
    }
    if (inverted_)
        for (std::uint64_t& word : bits) word = ~word;
}

void BernoulliBits::fill_by_comparison(Stream& stream, TrialBits& bits) const {
    constexpr std::size_t at_once = 16;
    const int last_bit = std::countr_zero(fraction_);
    for (std::size_t first = 0; first < words_per_block; first += at_once) {
        std::array<std::uint64_t, at_once> undecided;
        undecided.fill(~std::uint64_t{0});
        // Where the random number equals the probability in all its bits, it is not below it.
        for (int bit = 63; bit >= last_bit; --bit) {
            const std::uint64_t digit = (fraction_ >> bit & 1) != 0 ? ~std::uint64_t{0} : 0;
            std::uint64_t any = 0;
            for (std::size_t i = 0; i < at_once; ++i) {
                const std::uint64_t differs = undecided[i] & (stream.next_word() ^ digit);
                bits[first + i] |= differs & digit;
                undecided[i] ^= differs;
                any |= undecided[i];
            }
            if (any == 0) break;
        }
    }
}

void BernoulliBits::fill_by_count(Stream& stream, TrialBits& bits) const {
    const std::uint64_t word = stream.next_word();
    std::size_t count = fewest_[word >> 56];
    while (count < at_least_.size() && word < at_least_[count]) ++count;
    // Any places that are free, one after the other, make each set of places as likely as any other.
    constexpr int width = std::countr_zero(trials_per_block);
    std::uint64_t source = 0;
    int left = 0;
    while (count > 0) {
        if (left < width) {
            source = stream.next_word();
            left = 64;
        }
        const std::size_t place = source & (trials_per_block - 1);
        source >>= width;
        left -= width;
        const std::uint64_t bit = std::uint64_t{1} << (place % 64);
        std::uint64_t& target = bits[place / 64];
        count -= static_cast<std::size_t>((target & bit) == 0);
        target |= bit;
    }
}

std::vector<std::uint32_t> gates_in_order(const FaultTree& tree) {
    if (tree.top.kind != FaultTreeArgument::Kind::gate) return {};
    return gates_in_order(tree, tree.top.index);
}

std::vector<std::uint32_t> gates_in_order(const FaultTree& tree, std::uint32_t root) {
    std::vector<std::uint32_t> order;
    std::vector<bool> seen(tree.gates.size());
    // Kept by hand: trees may be deeper than the stack is.
    struct Visit {
        std::uint32_t gate;
        std::size_t next_argument;
    };
    std::vector<Visit> path = {{root, 0}};
    seen[root] = true;
    while (!path.empty()) {
        Visit& visit = path.back();
        const auto& arguments = tree.gates[visit.gate].arguments;
        if (visit.next_argument == arguments.size()) {
            order.push_back(visit.gate);
            path.pop_back();
            continue;
        }
        const FaultTreeArgument& argument = arguments[visit.next_argument++];
        if (argument.kind != FaultTreeArgument::Kind::gate || seen[argument.index]) continue;
        seen[argument.index] = true;
        path.push_back({argument.index, 0});
    }
    return order;
}

BitParallelTree::BitParallelTree(const FaultTree& tree, std::span<const double> probabilities) {
    expects(probabilities.size() == tree.basic_events.size(), "there is a probability for each basic event");
    const std::vector<std::uint32_t> order = gates_in_order(tree);
    std::vector<bool> used(tree.basic_events.size());
    const auto mark = [&](const FaultTreeArgument& argument) {
        if (argument.kind == FaultTreeArgument::Kind::basic_event) used[argument.index] = true;
    };
    mark(tree.top);
    for (const std::uint32_t gate : order)
        for (const FaultTreeArgument& argument : tree.gates[gate].arguments) mark(argument);

    std::vector<std::uint32_t> row_of_event(tree.basic_events.size());
    std::map<double, std::uint32_t> kind_of;
    for (std::uint32_t event = 0; event < used.size(); ++event) {
        if (!used[event]) continue;
        events_.push_back(event);
        row_of_event[event] = static_cast<std::uint32_t>(events_.size());
        const auto [kind, fresh] =
            kind_of.try_emplace(probabilities[event], static_cast<std::uint32_t>(kinds_.size()));
        if (fresh) kinds_.emplace_back(probabilities[event]);
        bits_of_.push_back(kind->second);
    }

    std::vector<std::uint32_t> row_of_gate(tree.gates.size());
    const auto resolve = [&](const FaultTreeArgument& argument) {
        using Kind = FaultTreeArgument::Kind;
        const bool flipped =
            argument.complemented != (argument.kind == Kind::constant && argument.index == 1);
        const std::uint32_t row = argument.kind == Kind::gate          ? row_of_gate[argument.index]
                                  : argument.kind == Kind::basic_event ? row_of_event[argument.index]
                                                                       : 0;
        return Argument{row, flipped ? ~std::uint64_t{0} : 0};
    };
    const auto add = [&](const FaultTreeGate& gate) {
        Gate added{gate.connective, gate.minimum, gate.maximum, static_cast<std::uint32_t>(arguments_.size()),
                   0};
        for (const FaultTreeArgument& argument : gate.arguments) arguments_.push_back(resolve(argument));
        added.end = static_cast<std::uint32_t>(arguments_.size());
        gates_.push_back(added);
        return static_cast<std::uint32_t>(events_.size() + gates_.size());
    };
    for (const std::uint32_t gate : order) row_of_gate[gate] = add(tree.gates[gate]);
    add({.connective = Connective::same, .arguments = {tree.top}});
}

const TrialBits& BitParallelTree::try_block(std::uint64_t seed, std::uint32_t block, std::uint16_t purpose,
                                            Workspace& workspace) const {
    std::vector<TrialBits>& rows = workspace.rows;
    rows.resize(1 + events_.size() + gates_.size());
    rows.front().fill(0);
    for (std::size_t i = 0; i < events_.size(); ++i)
        kinds_[bits_of_[i]].fill({seed, block, events_[i], purpose}, rows[1 + i]);
    for (std::size_t i = 0; i < gates_.size(); ++i)
        evaluate_gate(gates_[i], rows, rows[1 + events_.size() + i]);
    return rows.back();
}

void BitParallelTree::evaluate_gate(const Gate& gate, std::vector<TrialBits>& rows, TrialBits& result) const {
    const auto begin = arguments_.begin() + gate.first;
    const auto end = arguments_.begin() + gate.end;
    // A copy of the first argument, flipped if `also`, joined by each of the others.
    const auto fold = [&](std::uint64_t also, auto join) {
        const TrialBits& first = rows[begin->row];
        for (std::size_t w = 0; w < words_per_block; ++w) result[w] = first[w] ^ begin->flip ^ also;
        for (auto argument = begin + 1; argument != end; ++argument) {
            const TrialBits& row = rows[argument->row];
            const std::uint64_t flip = argument->flip;
            for (std::size_t w = 0; w < words_per_block; ++w) result[w] = join(result[w], row[w] ^ flip);
        }
    };
    const auto complement = [&] {
        for (std::uint64_t& word : result) word = ~word;
    };
    constexpr std::uint64_t all = ~std::uint64_t{0};
    switch (gate.connective) {
        case Connective::same:
            return fold(0, std::bit_or{});
        case Connective::negation:
            return fold(all, std::bit_or{});
        case Connective::conjunction:
            return fold(0, std::bit_and{});
        case Connective::disjunction:
            return fold(0, std::bit_or{});
        case Connective::exclusive_or:
            return fold(0, std::bit_xor{});
        case Connective::equivalence:
            return fold(all, std::bit_xor{});
        case Connective::implication:
            return fold(all, std::bit_or{});
        case Connective::not_and:
            fold(0, std::bit_and{});
            return complement();
        case Connective::not_or:
            fold(0, std::bit_or{});
            return complement();
        case Connective::at_least:
        case Connective::between:
            return count_arguments(gate, rows, result);
    }
}

void BitParallelTree::count_arguments(const Gate& gate, std::vector<TrialBits>& rows,
                                      TrialBits& result) const {
    // The counts of all trials at once: plane b holds bit b of each.
    const std::uint32_t size = gate.end - gate.first;
    const int width = std::bit_width(size);
    constexpr std::size_t at_once = 8;
    std::array<std::array<std::uint64_t, at_once>, 32> planes;
    // The count's bits are compared with the bound's from the lowest: a higher bit that differs overrules.
    const auto reaches = [&](std::uint32_t bound, std::size_t i) {
        std::uint64_t holds = ~std::uint64_t{0};
        for (int b = 0; b < width; ++b) {
            const std::uint64_t plane = planes[static_cast<std::size_t>(b)][i];
            holds = (bound >> b & 1) != 0 ? plane & holds : plane | holds;
        }
        return holds;
    };
    for (std::size_t first = 0; first < words_per_block; first += at_once) {
        for (int b = 0; b < width; ++b) planes[static_cast<std::size_t>(b)].fill(0);
        for (std::uint32_t n = 0; n < size; ++n) {
            const Argument& argument = arguments_[gate.first + n];
            const TrialBits& row = rows[argument.row];
            std::array<std::uint64_t, at_once> carry;
            for (std::size_t i = 0; i < at_once; ++i) carry[i] = row[first + i] ^ argument.flip;
            // After n + 1 arguments no count has more bits than that.
            for (int b = 0; b < static_cast<int>(std::bit_width(n + 1)); ++b) {
                auto& plane = planes[static_cast<std::size_t>(b)];
                for (std::size_t i = 0; i < at_once; ++i) {
                    const std::uint64_t sum = plane[i] ^ carry[i];
                    carry[i] &= plane[i];
                    plane[i] = sum;
                }
            }
        }
        const bool bounded = gate.connective == Connective::between && gate.maximum < size;
        for (std::size_t i = 0; i < at_once; ++i)
            result[first + i] =
                reaches(gate.minimum, i) & (bounded ? ~reaches(gate.maximum + 1, i) : ~std::uint64_t{0});
    }
}

namespace {

// Of a word of trials from number `begin` on, those from `first` to before `end`.
std::uint64_t bits_between(std::uint64_t begin, std::uint64_t first, std::uint64_t end) {
    const auto below = [begin](std::uint64_t number) {
        if (number <= begin) return std::uint64_t{0};
        return number - begin >= 64 ? ~std::uint64_t{0} : (std::uint64_t{1} << (number - begin)) - 1;
    };
    return below(end) & ~below(first);
}

}  // namespace

Interval clopper_pearson_interval(std::uint64_t happened, std::uint64_t trials, double level) {
    expects(level > 0 && level < 1, "a level of confidence lies between 0 and 1");
    expects(trials > 0 && happened <= trials, "no more than all of at least one trial succeed");
    using Binomial = boost::math::binomial_distribution<double>;
    const auto n = static_cast<double>(trials);
    const auto k = static_cast<double>(happened);
    const double tail = (1 - level) / 2;
    return {happened == 0 ? 0 : Binomial::find_lower_bound_on_p(n, k, tail),
            happened == trials ? 1 : Binomial::find_upper_bound_on_p(n, k, tail)};
}

SimulatedProbability simulate(const FaultTree& tree, const SimulationOptions& options) {
    return extend(tree, {.seed = options.seed}, options);
}

SimulatedProbability extend(const FaultTree& tree, const SimulatedProbability& so_far,
                            const SimulationOptions& options) {
    expect_sound(tree);
    expects(options.trials > 0 || so_far.trials > 0, "there is a trial");
    expects(options.trials < std::uint64_t{1} << 44 && so_far.trials < std::uint64_t{1} << 44,
            "there are fewer than 2^44 trials");
    std::vector<double> probabilities;
    for (const BasicEvent& event : tree.basic_events) probabilities.push_back(event.probability);
    const BitParallelTree trial(tree, probabilities);

    const std::uint64_t first_trial = so_far.trials;
    const std::uint64_t end_trial = first_trial + options.trials;
    const std::uint64_t first = first_trial / trials_per_block;
    const std::uint64_t end = (end_trial + trials_per_block - 1) / trials_per_block;
    expects(end <= std::numeric_limits<std::uint32_t>::max(), "there are fewer than 2^44 trials");
    tbb::enumerable_thread_specific<BitParallelTree::Workspace> workspaces;
    const auto count_hits = [&](const tbb::blocked_range<std::uint64_t>& blocks, std::uint64_t hits) {
        BitParallelTree::Workspace& workspace = workspaces.local();
        for (std::uint64_t block = blocks.begin(); block != blocks.end(); ++block) {
            stop_if_requested(options.stop);
            const TrialBits& top =
                trial.try_block(so_far.seed, static_cast<std::uint32_t>(block), plain_trials, workspace);
            for (std::size_t word = 0; word < words_per_block; ++word) {
                const std::uint64_t begin = block * trials_per_block + 64 * word;
                hits += static_cast<std::uint64_t>(
                    std::popcount(top[word] & bits_between(begin, first_trial, end_trial)));
            }
        }
        return hits;
    };
    SimulatedProbability result = so_far;
    result.happened += on_threads(options.threads, [&] {
        return tbb::parallel_reduce(tbb::blocked_range<std::uint64_t>(first, end), std::uint64_t{0},
                                    count_hits, std::plus<>{});
    });
    result.trials = end_trial;
    result.estimate = static_cast<double>(result.happened) / static_cast<double>(result.trials);
    result.interval = clopper_pearson_interval(result.happened, result.trials, options.level);
    return result;
}

}  // namespace venturi
