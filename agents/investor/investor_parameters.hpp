// Investors: named groups of funds that lead rounds while they have money to invest.
#pragma once

#include "agents/partnership/partner_parameters.hpp"
#include "sim/parameter.hpp"

#include <cstdint>
#include <string>

namespace venturi {

/// A group of investors that are alike but for chance.
struct InvestorGroupParameters {
    std::string name;
    std::int64_t count = 20;
    Distribution fund_size = LogNormal{1.5e8, 0.8};
    double new_fund = 1.0 / 36;
    double largest_cheque = 0.2;
    InvestorPartnerParameters partner;
};

template <class Visitor>
void describe(InvestorGroupParameters& group, Visitor& visit) {
    visit.whole(group.count, {.name = "count",
                              .dimension = Dimension::count,
                              .legal = between(0, 100000),
                              .plausible = {1, 200},
                              .meaning = "investors in the group",
                              .takes = Takes::effect_at_start_only});
    visit.distribution(
        group.fund_size,
        {.name = "fund_size",
         .dimension = Dimension::money,
         .legal = at_least(0),
         .plausible = {5e6, 5e9},  // of a mean: beyond it stands a wrong thousand
         .meaning = "money in a new fund, in a normal climate; it follows the climate's valuations",
         .takes = Takes::effect_at_start_only});
    visit.number(group.new_fund, {.name = "new_fund",
                                  .dimension = Dimension::rate,
                                  .legal = between(0, 30),
                                  .plausible = {0.01, 0.1},
                                  .meaning = "rate at which an investor closes its next fund"});
    visit.number(group.largest_cheque,
                 {.name = "largest_cheque",
                  .dimension = Dimension::share,
                  .legal = {.low = 0, .high = 1, .low_open = true},
                  .plausible = {0.05, 0.4},
                  .meaning = "most that an investor puts into one round, as a share of its last fund"});
    visit.group("partner", "what investors are as partners, in a network", group.partner);
}

}  // namespace venturi
