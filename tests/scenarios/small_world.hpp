// A described struct with a leaf of every kind, for tests of what works on descriptions.
#pragma once

#include "scenarios/parameter_tree.hpp"
#include "sim/parameter.hpp"

#include <array>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace venturi::test {

enum class Mood : std::uint8_t { calm, nervous };
inline constexpr std::array<std::string_view, 2> mood_names{"calm", "nervous"};

struct Room {
    std::string name;
    double share = 0.25;
};

struct Company {
    std::string name;
    std::int64_t count = 3;
    Distribution cash = LogNormal{2e6, 0.5};
    std::vector<Room> rooms;
};

struct Money {
    double round = 2.5e6;
    double burn = 120e3;
    double pause = 6;
    double offers = 0.02;
    double volatility = 0.3;
};

struct SmallWorld {
    Money money;
    Mood mood = Mood::calm;
    bool shocks = true;
    std::vector<Company> companies;
    std::string leader;
    double probability = 0.4;
};

template <class Visitor>
void describe(Room& room, Visitor& visit) {
    visit.number(room.share, {.name = "share",
                              .dimension = Dimension::share,
                              .legal = between(0, 1),
                              .meaning = "how much of it"});
}

template <class Visitor>
void describe(Company& company, Visitor& visit) {
    visit.whole(company.count, {.name = "count",
                                .dimension = Dimension::count,
                                .legal = at_least(0),
                                .meaning = "how many",
                                .takes = Takes::effect_at_start_only});
    visit.distribution(company.cash, {.name = "cash",
                                      .dimension = Dimension::money,
                                      .legal = at_least(0),
                                      .meaning = "cash at the start"});
    visit.collection("rooms", "what it rents", company.rooms);
}

template <class Visitor>
void describe(Money& money, Visitor& visit) {
    visit.number(money.round, {.name = "round",
                               .dimension = Dimension::money,
                               .legal = above(0),
                               .plausible = between(5e5, 5e6),
                               .meaning = "cash raised in a round",
                               .source = "a table of 2015"});
    visit.number(money.burn, {.name = "burn",
                              .dimension = Dimension::money_per_month,
                              .legal = at_least(0),
                              .meaning = "what is spent"});
    visit.number(money.pause, {.name = "pause",
                               .dimension = Dimension::duration,
                               .legal = at_least(0),
                               .meaning = "time between two attempts"});
    visit.number(
        money.offers,
        {.name = "offers", .dimension = Dimension::rate, .legal = at_least(0), .meaning = "rate of offers"});
    visit.number(money.volatility, {.name = "volatility", .legal = between(0, 10), .meaning = "of revenue"});
}

template <class Visitor>
void describe(SmallWorld& world, Visitor& visit) {
    visit.group("money", "what is earned and spent", world.money);
    visit.choice(world.mood, {.name = "mood", .meaning = "how investors feel"},
                 std::span<const std::string_view>(mood_names));
    visit.flag(world.shocks, {.name = "shocks", .meaning = "whether anything happens"});
    visit.collection("companies", "who lives there", world.companies);
    visit.reference(world.leader, {.name = "leader", .meaning = "who is ahead"}, "companies");
    visit.number(world.probability, {.name = "probability",
                                     .dimension = Dimension::share,
                                     .legal = between(0, 1),
                                     .meaning = "of success"});
}

}  // namespace venturi::test
