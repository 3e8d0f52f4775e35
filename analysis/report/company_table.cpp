#include "analysis/report/company_table.hpp"

#include "analysis/report/csv_writer.hpp"

#include <fmt/format.h>

#include <cstddef>

namespace venturi {

std::string companies_csv(std::span<const CompanyRow> rows, const WorldParameters& world) {
    std::string text;
    CsvWriter<std::string> csv(text);
    for (const char* title :
         {"trajectory", "company", "group", "founded", "status", "ended", "age", "dead", "rounds", "raised",
          "revenue", "headcount", "highest_valuation", "proceeds", "founders_share"})
        csv.text(title);
    csv.end_row();
    for (const CompanyRow& row : rows) {
        const std::string& group = world.startups[row.group].name;
        csv.whole(static_cast<std::int64_t>(row.trajectory))
            .text(fmt::format("{}/{}", group, row.number))
            .text(group)
            .number(row.founded)
            .text(status_names[static_cast<std::size_t>(row.status)])
            .number(row.ended)
            .number(row.ended - row.founded)
            .whole(is_dead(row.status) ? 1 : 0)
            .whole(row.rounds)
            .number(row.raised)
            .number(row.revenue);
        if (row.headcount)
            csv.number(*row.headcount);
        else
            csv.missing();
        csv.number(row.highest_valuation).number(row.proceeds).number(row.founders_share);
        csv.end_row();
    }
    return text;
}

}  // namespace venturi
