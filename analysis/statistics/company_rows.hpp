// One row a company: what survival analysis and spreadsheets start from.
#pragma once

#include "agents/startup/startup.hpp"
#include "analysis/statistics/observables.hpp"

#include <cstdint>
#include <optional>
#include <vector>

namespace venturi {

/// A company of a trajectory as it is when it ends, or at the horizon where it goes on. Months and dollars.
struct CompanyRow {
    std::uint64_t trajectory = 0;
    std::uint32_t group = 0;   ///< index among the scenario's groups of startups
    std::uint32_t number = 0;  ///< in its group, from 1
    Status status = Status::unfounded;
    double founded = 0;
    double ended = 0;          ///< when it died, was sold or listed; the horizon for one that goes on
    std::uint32_t rounds = 0;  ///< priced, the seed included
    double raised = 0;
    double revenue = 0;                    ///< a month; 0 for one that has ended
    std::optional<double> headcount = {};  ///< of one that is modelled inside
    double highest_valuation = 0;
    double proceeds = 0;  ///< of its sale or listing
    double founders_share = 0;

    template <class Self, class Visit>
    static void visit_members(Self& self, Visit& visit) {
        visit(self.trajectory);
        visit(self.group);
        visit(self.number);
        visit(self.status);
        visit(self.founded);
        visit(self.ended);
        visit(self.rounds);
        visit(self.raised);
        visit(self.revenue);
        visit(self.headcount);
        visit(self.highest_valuation);
        visit(self.proceeds);
        visit(self.founders_share);
    }

    friend bool operator==(const CompanyRow&, const CompanyRow&) = default;
};

/// Adds a row for each company that has been founded, in the order of the world.
void add_company_rows(const PlainWorld& world, std::uint64_t trajectory, std::vector<CompanyRow>& rows);

}  // namespace venturi
