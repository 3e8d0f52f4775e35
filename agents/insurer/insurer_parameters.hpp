// Insurers: named groups that take part of the cost of incidents for a premium.
#pragma once

#include "sim/parameter.hpp"

#include <cstdint>
#include <string>

namespace venturi {

/// A group of insurers that are alike.
struct InsurerGroupParameters {
    std::string name;
    std::int64_t count = 2;
    double surplus = 20e6;
    double loading = 0.4;
    double deductible = 25000;
    double limit = 2e6;
    double credibility = 3;
    double refuses_above = 2.5;
    double term = 12;
};

template <class Visitor>
void describe(InsurerGroupParameters& group, Visitor& visit) {
    visit.whole(group.count, {.name = "count",
                              .dimension = Dimension::count,
                              .legal = between(0, 1000),
                              .plausible = {1, 10},
                              .meaning = "insurers in the group",
                              .takes = Takes::effect_at_start_only});
    visit.number(group.surplus,
                 {.name = "surplus",
                  .dimension = Dimension::money,
                  .legal = at_least(0),
                  .plausible = {1e6, 1e9},
                  .meaning = "money that each begins with; one whose surplus falls below 0 is ruined",
                  .takes = Takes::effect_at_start_only});
    visit.number(group.loading, {.name = "loading",
                                 .legal = between(-0.99, 20),
                                 .plausible = {0.1, 1},
                                 .meaning = "premium beyond the expected claims, as a share of them"});
    visit.number(group.deductible, {.name = "deductible",
                                    .dimension = Dimension::money,
                                    .legal = at_least(0),
                                    .plausible = {0, 250000},
                                    .meaning = "part of each loss that the insured bear"});
    visit.number(group.limit, {.name = "limit",
                               .dimension = Dimension::money,
                               .legal = above(0),
                               .plausible = {100000, 20e6},
                               .meaning = "most that is paid of one loss, beyond the deductible"});
    visit.number(
        group.credibility,
        {.name = "credibility",
         .legal = above(0),
         .plausible = {0.5, 20},
         .meaning =
             "expected claims that count as much as the insurer's first opinion: the premium is multiplied "
             "by (credibility + claims) / (credibility + expected claims)"});
    visit.number(group.refuses_above, {.name = "refuses_above",
                                       .legal = above(0),
                                       .plausible = {1.5, 5},
                                       .meaning = "value of that factor above which no policy is renewed"});
    visit.number(group.term, {.name = "term",
                              .dimension = Dimension::duration,
                              .legal = above(0),
                              .plausible = {6, 24},
                              .meaning = "time between renewals"});
}

}  // namespace venturi
