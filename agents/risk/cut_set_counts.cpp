#include "agents/risk/cut_set_counts.hpp"

#include "sim/ensemble/stopped.hpp"

#include <boost/multiprecision/cpp_int.hpp>

#include <algorithm>
#include <iterator>
#include <stdexcept>
#include <utility>

namespace venturi {

namespace {

using Large = boost::multiprecision::cpp_int;
__extension__ using Small = unsigned __int128;

// A number outgrew 128 bits: to be counted again with large ones.
class Outgrown : public std::runtime_error {
  public:
    Outgrown() : std::runtime_error("a number of sets has more than 128 bits") {}
};
class TooMuchWork : public std::runtime_error {
  public:
    TooMuchWork() : std::runtime_error("counting sets takes more steps than the limit") {}
};

void add_to(Small& sum, const Small& number) {
    if (__builtin_add_overflow(sum, number, &sum)) throw Outgrown();
}
void add_to(Large& sum, const Large& number) {
    sum += number;
}
Small product(const Small& a, const Small& b) {
    Small result = 0;
    if (__builtin_mul_overflow(a, b, &result)) throw Outgrown();
    return result;
}
Large product(const Large& a, const Large& b) {
    return a * b;
}

std::uint64_t length(const Small&) {
    return 1;
}
std::uint64_t length(const Large& number) {
    return 1 + number.backend().size() / 2;  // limbs of 64 bits
}

SetCount set_count_of(const Small& number) {
    return SetCount({static_cast<std::uint64_t>(number), static_cast<std::uint64_t>(number >> 64)});
}
SetCount set_count_of(const Large& number) {
    std::vector<std::uint64_t> digits;
    export_bits(number, std::back_inserter(digits), 64, false);
    return SetCount(std::move(digits));
}

class Work {
  public:
    explicit Work(const CountLimits& limits) : limits_(limits), next_look_(look_every) {}

    void take(std::uint64_t steps) {
        steps_ += steps;
        if (steps_ > limits_.steps) throw TooMuchWork();
        if (steps_ < next_look_) return;
        next_look_ = steps_ + look_every;
        stop_if_requested(limits_.stop);
    }

  private:
    static constexpr std::uint64_t look_every = 1'000'000;
    const CountLimits& limits_;
    std::uint64_t steps_ = 0;
    std::uint64_t next_look_;
};

// The number of sets in a family.
template <class Number>
struct Total {
    Number number = 0;

    static Total empty_set() { return {1}; }
    // With a literal in each set there are as many.
    void add_literal(Work& work) { work.take(1); }
    void add(const Total& other, Work& work) {
        add_to(number, other.number);
        work.take(length(number));
    }
    [[nodiscard]] Total times(const Total& other, Work& work) const {
        work.take(length(number) * length(other.number));
        return {product(number, other.number)};
    }
};

// By the number of literals in a set.
template <class Number>
struct ByOrder {
    std::vector<Number> numbers;

    static ByOrder empty_set() { return {{1}}; }
    void add_literal(Work& work) {
        work.take(1 + numbers.size());
        if (!numbers.empty()) numbers.insert(numbers.begin(), 0);
    }
    void add(const ByOrder& other, Work& work) {
        if (numbers.size() < other.numbers.size()) numbers.resize(other.numbers.size(), 0);
        std::uint64_t steps = 0;
        for (std::size_t i = 0; i < other.numbers.size(); ++i) {
            add_to(numbers[i], other.numbers[i]);
            steps += length(numbers[i]);
        }
        work.take(steps);
    }
    [[nodiscard]] ByOrder times(const ByOrder& other, Work& work) const {
        if (numbers.empty() || other.numbers.empty()) return {};
        ByOrder result{std::vector<Number>(numbers.size() + other.numbers.size() - 1, 0)};
        for (std::size_t i = 0; i < numbers.size(); ++i) {
            if (numbers[i] == 0) continue;
            std::uint64_t steps = 0;
            for (std::size_t j = 0; j < other.numbers.size(); ++j) {
                add_to(result.numbers[i + j], product(numbers[i], other.numbers[j]));
                steps += length(numbers[i]) * length(other.numbers[j]);
            }
            work.take(steps);
        }
        return result;
    }
};

// From the constants to the whole family; what a node found is kept until it is asked for the last time, for
// the chain of a long tree has as many orders at each node as nodes are below it.
template <class Value>
Value counted(const CutSets& sets, Work work) {
    const auto nodes = sets.nodes();
    std::vector<std::uint32_t> uses(nodes.size(), 0);
    const auto part_of = [&](const CutSets::Node& node) -> std::optional<std::uint32_t> {
        const CutSets::Variable& variable = sets.variables()[node.variable];
        if (variable.kind != CutSets::Variable::Kind::part) return std::nullopt;
        return sets.parts()[variable.part];
    };
    for (const CutSets::Node& node : nodes.subspan(2)) {
        ++uses[node.with];
        ++uses[node.without];
        if (const auto part = part_of(node)) ++uses[*part];
    }
    ++uses[sets.root()];
    std::vector<Value> values(nodes.size());
    values[1] = Value::empty_set();
    // The value itself where nobody asks for it again.
    const auto taken = [&](std::uint32_t node) {
        return --uses[node] == 0 ? std::move(values[node]) : Value(values[node]);
    };
    const auto release = [&](std::uint32_t node) {
        if (--uses[node] == 0) values[node] = {};
    };
    for (std::uint32_t i = 2; i < nodes.size(); ++i) {
        const CutSets::Node& node = nodes[i];
        Value value;
        if (const auto part = part_of(node)) {
            value = values[*part].times(values[node.with], work);
            release(*part);
            release(node.with);
        } else {
            value = taken(node.with);
            value.add_literal(work);
        }
        value.add(values[node.without], work);
        release(node.without);
        if (uses[i] > 0) values[i] = std::move(value);
    }
    return std::move(values[sets.root()]);
}

// With numbers of 128 bits, which nearly always suffice, and else with large ones.
template <template <class> class Value, class Finish>
auto counted(const CutSets& sets, const CountLimits& limits, const Finish& finish)
    -> std::optional<decltype(finish(Value<Small>()))> try {
    try {
        return finish(counted<Value<Small>>(sets, Work(limits)));
    } catch (const Outgrown&) {
        return finish(counted<Value<Large>>(sets, Work(limits)));
    }
} catch (const TooMuchWork&) {
    return std::nullopt;
}

}  // namespace

SetCount::SetCount(std::vector<std::uint64_t> digits) : digits_(std::move(digits)) {
    while (!digits_.empty() && digits_.back() == 0) digits_.pop_back();
}

std::optional<std::uint64_t> SetCount::small() const {
    if (digits_.size() > 1) return std::nullopt;
    return digits_.empty() ? 0 : digits_.front();
}

std::string decimal(const SetCount& count) {
    Large number = 0;
    if (count.digits().empty()) return number.str();
    import_bits(number, count.digits().begin(), count.digits().end(), 64, false);
    return number.str();
}

std::string readable(const SetCount& count) {
    constexpr std::size_t most_digits = 60;
    constexpr std::size_t digits_kept = 4;
    std::string digits = decimal(count);
    if (digits.size() <= most_digits) return digits;
    std::size_t exponent = digits.size() - 1;
    std::string kept =
        std::to_string(std::stoi(digits.substr(0, digits_kept)) + (digits[digits_kept] >= '5' ? 1 : 0));
    if (kept.size() > digits_kept) ++exponent;  // 9.9996 is 10.00
    return "about " + kept.substr(0, 1) + '.' + kept.substr(1, digits_kept - 1) + 'e'
           + std::to_string(exponent);
}

std::optional<SetCount> set_count(const CutSets& sets, const CountLimits& limits) {
    return counted<Total>(sets, limits, [](const auto& total) { return set_count_of(total.number); });
}

std::optional<std::vector<SetCount>> set_count_by_order(const CutSets& sets, const CountLimits& limits) {
    return counted<ByOrder>(sets, limits, [](const auto& by_order) {
        std::vector<SetCount> counts;
        for (const auto& number : by_order.numbers) counts.push_back(set_count_of(number));
        return counts;
    });
}

}  // namespace venturi
