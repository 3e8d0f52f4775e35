// The people of one startup: how many of each role and level, what they cost and what they can do.
#pragma once

#include "agents/talent/role.hpp"
#include "agents/talent/talent_parameters.hpp"

#include <array>
#include <cstddef>
#include <cstdint>

namespace venturi {

/// Pay of a level, middle being 1.
[[nodiscard]] constexpr double pay_of(const CareerParameters& career, Level level) {
    return level == Level::junior ? career.junior_pay : level == Level::middle ? 1.0 : career.senior_pay;
}
/// Work of a level, middle being 1.
[[nodiscard]] constexpr double skill_of(const CareerParameters& career, Level level) {
    return level == Level::junior ? career.junior_skill : level == Level::middle ? 1.0 : career.senior_skill;
}

/// Numbers by role and level.
using StaffTable = std::array<std::array<std::uint16_t, levels>, roles>;

/// How much work has been done and how many have left: what retention is computed from.
struct StaffRecord {
    double person_months = 0;      ///< up to `since`
    std::uint32_t departures = 0;  ///< in the life of the company
    std::uint32_t people = 0;      ///< since then
    double since = 0;

    /// The number of people is another from now on.
    void count(double now, std::uint32_t people_now) {
        person_months += people * (now - since);
        people = people_now;
        since = now;
    }
};

/// See the top of the file.
struct Workforce {
    StaffTable productive{};
    StaffTable onboarding{};                         ///< paid and not productive
    std::array<double, roles> skill = {1, 1, 1, 1};  ///< mean of the productive, a newcomer's being about 1

    [[nodiscard]] static std::uint32_t sum(const std::array<std::uint16_t, levels>& row) {
        return std::uint32_t{row[0]} + row[1] + row[2];
    }
    [[nodiscard]] std::uint32_t productive_of(Role role) const { return sum(productive[at(role)]); }
    [[nodiscard]] std::uint32_t paid_of(Role role) const {
        return sum(productive[at(role)]) + sum(onboarding[at(role)]);
    }
    [[nodiscard]] std::uint32_t productive_staff() const {
        std::uint32_t total = 0;
        for (const auto& row : productive) total += sum(row);
        return total;
    }
    [[nodiscard]] std::uint32_t headcount() const {
        std::uint32_t total = productive_staff();
        for (const auto& row : onboarding) total += sum(row);
        return total;
    }
    [[nodiscard]] std::uint32_t seniors() const {
        std::uint32_t total = 0;
        for (const auto& row : productive) total += row[static_cast<std::size_t>(Level::senior)];
        return total;
    }
    [[nodiscard]] std::uint16_t& count(Role role, Level level) {
        return productive[at(role)][static_cast<std::size_t>(level)];
    }
    [[nodiscard]] std::uint16_t count(Role role, Level level) const {
        return productive[at(role)][static_cast<std::size_t>(level)];
    }

    /// Work of a role in units of a newcomer of middle level.
    [[nodiscard]] double work(const CareerParameters& career, Role role) const {
        const auto& row = productive[at(role)];
        return skill[at(role)] * (row[0] * career.junior_skill + row[1] + row[2] * career.senior_skill);
    }
    /// Staff in units of the pay of a middle level, those in onboarding included.
    [[nodiscard]] double pay_units(const CareerParameters& career, Role role) const {
        const auto& row = productive[at(role)];
        const auto& more = onboarding[at(role)];
        return (row[0] + more[0]) * career.junior_pay + (row[1] + more[1])
               + (row[2] + more[2]) * career.senior_pay;
    }

    /// Somebody of the given skill becomes productive.
    void join(Role role, Level level, double newcomers_skill) {
        const double before = productive_of(role);
        double& mean = skill[at(role)];
        mean += (newcomers_skill - mean) / (before + 1);
        ++count(role, level);
    }

  private:
    static constexpr std::size_t at(Role role) { return static_cast<std::size_t>(role); }
};

}  // namespace venturi
