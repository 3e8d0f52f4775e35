// Partners: named groups of universities, industry partners and open communities, and how anyone cooperates.
#pragma once

#include "sim/parameter.hpp"

#include <array>
#include <cstdint>
#include <string>
#include <string_view>

namespace venturi {

/// Five ways of cooperating, each from 0, not at all, to 1, wholly.
struct CooperationStyle {
    double openness = 0.5;
    double sharing = 0.5;
    double transparency = 0.5;
    double joint_innovation = 0.5;
    double fairness = 0.5;
};

template <class Visitor>
void describe(CooperationStyle& style, Visitor& visit) {
    const auto part = [&](double& value, const char* name, const char* meaning) {
        visit.number(value, {.name = name,
                             .dimension = Dimension::share,
                             .legal = between(0, 1),
                             .plausible = {0.05, 0.95},  // open communities are nearly wholly open
                             .meaning = meaning});
    };
    part(style.openness, "openness",
         "open culture: how often others are met, and how readily ties are formed");
    part(style.sharing, "sharing",
         "sharing culture: part of knowledge, data and compute that goes to partners");
    part(style.transparency, "transparency",
         "mutual trust and transparency: trust grows faster, and bad news costs less of it");
    part(style.joint_innovation, "joint_innovation", "how often joint projects are proposed");
    part(style.fairness, "fairness",
         "fair sharing of benefit and risk: weight of the sharing rule in a contract, against what the one "
         "who leads could take");
}

/// What a group of partners is.
enum class PartnerGroupKind : std::uint8_t { university, industry, community };
inline constexpr std::array<std::string_view, 3> partner_group_kind_names = {"university", "industry",
                                                                             "community"};

/// A group of partners that are alike but for chance.
struct PartnerGroupParameters {
    std::string name;
    PartnerGroupKind kind = PartnerGroupKind::university;
    std::int64_t count = 10;
    double knowledge = 0.7;
    double data = 0.3;
    double compute = 0.3;
    double reach = 0.2;
    double spread = 0.3;
    double appetite = 12;
    double reliability = 0.85;
    CooperationStyle cooperation;
    Distribution assets = LogNormal{5e6, 0.8};
    double failure = 0;
    double return_after = 12;
    double graduates = 0;
    double people = 0;
};

template <class Visitor>
void describe(PartnerGroupParameters& group, Visitor& visit) {
    visit.choice(group.kind,
                 {.name = "kind",
                  .meaning = "a university or institute, an industry partner, or an open community",
                  .takes = Takes::effect_at_start_only},
                 std::span<const std::string_view>(partner_group_kind_names));
    visit.whole(group.count, {.name = "count",
                              .dimension = Dimension::count,
                              .legal = between(0, 100000),
                              .plausible = {1, 100},
                              .meaning = "partners in the group",
                              .takes = Takes::effect_at_start_only});
    const auto resource = [&](double& value, const char* name, const char* meaning) {
        visit.number(value, {.name = name,
                             .dimension = Dimension::share,
                             .legal = between(0, 1),
                             .plausible = {0, 1},
                             .meaning = meaning,
                             .takes = Takes::effect_at_start_only});
    };
    resource(group.knowledge, "knowledge",
             "median knowledge: e to the minus lag behind the best algorithms there are");
    resource(group.data, "data", "median of the data that it could share, from none, 0, to all there are, 1");
    resource(group.compute, "compute", "median of the compute that it could lend, on the same scale");
    resource(group.reach, "reach", "median of its reach to customers, on the same scale");
    visit.number(group.spread, {.name = "spread",
                                .legal = between(0, 3),
                                .plausible = {0, 1},
                                .meaning = "how much members differ: standard deviation of the log-odds of "
                                           "each of these",
                                .takes = Takes::effect_at_start_only});
    visit.number(group.appetite, {.name = "appetite",
                                  .legal = between(0, 10000),
                                  .plausible = {2, 40},
                                  .meaning = "ties that a member keeps at most, on average",
                                  .takes = Takes::effect_at_start_only});
    visit.number(group.reliability, {.name = "reliability",
                                     .dimension = Dimension::share,
                                     .legal = between(0, 1),
                                     .plausible = {0.5, 0.99},
                                     .meaning = "probability that a member delivers what was agreed"});
    visit.group("cooperation", "how its members cooperate", group.cooperation);
    visit.distribution(group.assets,
                       {.name = "assets",
                        .dimension = Dimension::money,
                        .legal = at_least(0),
                        .meaning = "money with which a member can meet its obligations to startups",
                        .takes = Takes::effect_at_start_only});
    visit.number(group.failure,
                 {.name = "failure",
                  .dimension = Dimension::rate,
                  .legal = between(0, 30),
                  .plausible = {0, 0.01},
                  .meaning = "rate at which a member fails, or withdraws from all its ties, by itself"});
    visit.number(group.return_after,
                 {.name = "return_after",
                  .dimension = Dimension::duration,
                  .legal = above(0),
                  .plausible = {3, 36},
                  .meaning = "mean time until another takes the place of one that failed"});
    visit.number(group.graduates,
                 {.name = "graduates",
                  .dimension = Dimension::rate,
                  .legal = between(0, 10000),
                  .plausible = {0, 10},
                  .meaning = "people of junior level who leave a member for work: students"});
    visit.number(group.people, {.name = "people",
                                .dimension = Dimension::count,
                                .legal = between(0, 1e5),
                                .plausible = {0, 500},
                                .meaning = "people of the roles of talent whom a member employs, and where "
                                           "their number tends to",
                                .takes = Takes::effect_at_start_only});
}

/// What investors are as partners.
struct InvestorPartnerParameters {
    double knowledge = 0.3;
    double reach = 0.7;
    double appetite = 10;
    double reliability = 0.85;
    CooperationStyle cooperation;
};

template <class Visitor>
void describe(InvestorPartnerParameters& partner, Visitor& visit) {
    const auto part = [&](double& value, const char* name, const char* meaning) {
        visit.number(value, {.name = name,
                             .dimension = Dimension::share,
                             .legal = between(0, 1),
                             .plausible = {0, 1},
                             .meaning = meaning});
    };
    part(partner.knowledge, "knowledge", "knowledge of an investor: e to the minus its lag");
    part(partner.reach, "reach", "reach of an investor to customers, from none, 0, to all, 1");
    visit.number(partner.appetite, {.name = "appetite",
                                    .legal = between(0, 10000),
                                    .plausible = {2, 40},
                                    .meaning = "ties that an investor keeps at most, stakes not counted"});
    part(partner.reliability, "reliability", "probability that an investor delivers what was agreed");
    visit.group("cooperation", "how an investor cooperates", partner.cooperation);
}

}  // namespace venturi
