// How many cut sets there are, without listing one: exactly, however many.
#pragma once

#include "agents/risk/cut_sets.hpp"
#include "sim/ensemble/stop_request.hpp"

#include <concepts>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace venturi {

/// A number of sets, of any size: 300 pairs of which one event each must happen have 2^300 cut sets.
class SetCount {
  public:
    SetCount() = default;
    template <std::integral Number>
    SetCount(Number number) : SetCount(std::vector<std::uint64_t>{static_cast<std::uint64_t>(number)}) {}
    /// Of digits to the base 2^64, the lowest first.
    explicit SetCount(std::vector<std::uint64_t> digits);

    /// None is zero, and the last is not.
    [[nodiscard]] const std::vector<std::uint64_t>& digits() const { return digits_; }
    /// Where it fits 64 bits.
    [[nodiscard]] std::optional<std::uint64_t> small() const;

    friend bool operator==(const SetCount&, const SetCount&) = default;

  private:
    std::vector<std::uint64_t> digits_;
};

/// In decimal digits.
[[nodiscard]] std::string decimal(const SetCount& count);

/// In decimal digits up to 60 of them, and rounded to four above: "about 1.607e60". No count is too large.
[[nodiscard]] std::string readable(const SetCount& count);

/// The work of counting: numbers added or multiplied, of up to 128 bits; larger ones count for as many as
/// they are long.
struct CountLimits {
    std::uint64_t steps = 2'000'000'000;
    const StopRequest* stop = nullptr;  ///< throws Stopped where it asks for that
};

/// Nothing where counting takes more than the limits.
[[nodiscard]] std::optional<SetCount> set_count(const CutSets& sets, const CountLimits& limits = {});

/// Element k is the number of sets of k literals; the last element isn't zero. Empty where there is no set.
/// Takes nodes × orders steps. Nothing as above.
[[nodiscard]] std::optional<std::vector<SetCount>> set_count_by_order(const CutSets& sets,
                                                                      const CountLimits& limits = {});

}  // namespace venturi
