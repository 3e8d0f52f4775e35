#include "agents/partnership/given_tie.hpp"

#include "agents/world_parameters.hpp"

#include <algorithm>
#include <charconv>
#include <stdexcept>
#include <string_view>
#include <utility>

namespace venturi {

namespace {

[[noreturn]] void refuse(const GivenTie& tie, const std::string& why) {
    throw std::invalid_argument("ties: " + tie.one + " and " + tie.other + ": " + why);
}

// Groups of those who stand in the network, in the order of their indices there, as place_partners has them.
struct NetworkGroup {
    std::string_view name;
    std::uint32_t first;
    std::uint32_t count;
    bool startups;
};

std::vector<NetworkGroup> groups_of(const WorldParameters& parameters) {
    std::vector<NetworkGroup> groups;
    std::uint32_t next = 0;
    const auto add = [&](std::string_view name, std::int64_t count, bool startups) {
        groups.push_back({name, next, static_cast<std::uint32_t>(count), startups});
        next += static_cast<std::uint32_t>(count);
    };
    for (const StartupGroupParameters& group : parameters.startups)
        if (group.inside == Inside::five_advantages) add(group.name, group.count, true);
    for (const InvestorGroupParameters& group : parameters.investors) add(group.name, group.count, false);
    for (const PartnerGroupParameters& group : parameters.partners) add(group.name, group.count, false);
    return groups;
}

struct Place {
    std::uint32_t index;
    bool startup;
};

Place place_of(const std::vector<NetworkGroup>& groups, const GivenTie& tie, const std::string& name) {
    const std::size_t slash = name.rfind('/');
    const std::string_view group_name = std::string_view(name).substr(0, slash);
    std::string all;
    for (const NetworkGroup& group : groups) {
        all += (all.empty() ? "" : ", ") + std::string(group.name) + "/1 to " + std::to_string(group.count);
        if (slash == std::string::npos || group.name != group_name) continue;
        std::uint32_t number = 0;
        const char* const end = name.data() + name.size();
        const auto [stop, error] = std::from_chars(name.data() + slash + 1, end, number);
        if (error == std::errc{} && stop == end && number >= 1 && number <= group.count)
            return {group.first + number - 1, group.startups};
    }
    refuse(tie, "there is no '" + name + "' in the network; there are " + all);
}

GivenTieEnd resolved(const std::vector<NetworkGroup>& groups, const GivenTie& tie) {
    const Place one = place_of(groups, tie, tie.one);
    const Place other = place_of(groups, tie, tie.other);
    if (one.index == other.index) refuse(tie, "nobody is tied to itself");
    if (!one.startup && !other.startup)
        refuse(tie, "one of the two must be a startup of a group with inside: five_advantages");
    if (tie.trust && !(*tie.trust >= 0 && *tie.trust <= 1))
        refuse(tie, "trust is " + std::to_string(*tie.trust) + "; 0 to 1 is legal");
    return {one.index, other.index, tie.trust.value_or(-1)};
}

}  // namespace

void expect_legal(const WorldParameters& parameters, const GivenTie& tie) {
    static_cast<void>(resolved(groups_of(parameters), tie));
}

std::vector<GivenTieEnd> ends_of_given_ties(const WorldParameters& parameters) {
    std::vector<GivenTieEnd> ends;
    if (parameters.ties.empty()) return ends;
    const std::vector<NetworkGroup> groups = groups_of(parameters);
    for (const GivenTie& tie : parameters.ties) {
        const GivenTieEnd end = resolved(groups, tie);
        ends.push_back(end);
        ends.push_back({end.other, end.partner, end.trust});
    }
    std::stable_sort(ends.begin(), ends.end(), [](const GivenTieEnd& a, const GivenTieEnd& b) {
        return std::pair(a.partner, a.other) < std::pair(b.partner, b.other);
    });
    const auto twice = std::adjacent_find(ends.begin(), ends.end(), [](const auto& a, const auto& b) {
        return a.partner == b.partner && a.other == b.other;
    });
    if (twice == ends.end()) return ends;
    for (const GivenTie& tie : parameters.ties) {
        const GivenTieEnd end = resolved(groups, tie);
        if (std::minmax(end.partner, end.other) == std::minmax(twice->partner, twice->other))
            refuse(tie, "the tie is given twice");
    }
    return ends;
}

}  // namespace venturi
