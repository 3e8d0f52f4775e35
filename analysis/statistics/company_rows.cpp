#include "analysis/statistics/company_rows.hpp"

#include "agents/startup/startup_events.hpp"

#include <cstddef>

namespace venturi {

void add_company_rows(const PlainWorld& world, std::uint64_t trajectory, std::vector<CompanyRow>& rows) {
    std::uint32_t number = 0;
    for (std::size_t i = 0; i < world.startups.size(); ++i) {
        const auto& company = world.startups[i];
        number = i > 0 && world.startups[i - 1].group == company.group ? number + 1 : 1;
        if (company.status == Status::unfounded) continue;
        CompanyRow row{.trajectory = trajectory,
                       .group = company.group,
                       .number = number,
                       .status = company.status,
                       .founded = company.founded,
                       .ended = is_alive(company.status) ? world.now() : company.ended,
                       .rounds = static_cast<std::uint32_t>(company.rounds.size()),
                       .raised = company.raised(),
                       .revenue = revenue(world, company),
                       .highest_valuation = company.highest_valuation,
                       .proceeds = company.proceeds,
                       .founders_share = company.cap_table.founders_share()};
        if (company.has_inside()) row.headcount = world.inside(company).workforce.headcount();
        rows.push_back(row);
    }
}

}  // namespace venturi
