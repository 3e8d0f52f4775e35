#include "agents/risk/risk_parameters.hpp"

namespace venturi {

namespace {

constexpr double per_year = 1.0 / 12;

}  // namespace

// Rates without a source are assumed, as are the shares of accounts and brand.
std::vector<RiskLeafParameters> usual_risk_leaves() {
    std::vector<RiskLeafParameters> leaves;
    // Ponemon 2017: 27.7% chance of a breach of 1,000 records or more in two years, 0.0135 a month; 66 days
    // to contain it.
    leaves.push_back({.name = "data_leak",
                      .under = "breach_of_trust",
                      .driver = RiskDriver::data_governance,
                      .rate = 0.0135,
                      .most = 1,
                      .harm = {.severity = startup_data_breach,
                               .turnover_share = 0.02,
                               .customers_lost = 0.05,
                               .brand_lost = 0.2},
                      .damage = Damage::data,
                      .damage_share = 0.3,
                      .lead = 1,
                      .repair = LogNormal{2.2, 0.6},
                      .insurable = true});
    // The highest fine of the General Data Protection Regulation, article 83(5), is 4% of a year's turnover.
    leaves.push_back({.name = "violation",
                      .under = "breach_of_trust",
                      .driver = RiskDriver::compliance,
                      .rate = 0.01,
                      .most = 1,
                      .harm = {.severity = regulatory_fine,
                               .turnover_share = 0.02,
                               .customers_lost = 0.02,
                               .brand_lost = 0.1},
                      .lead = 2,
                      .repair = LogNormal{3, 0.6},
                      .preventable = 0.8});
    leaves.push_back({.name = "fraud",
                      .under = "breach_of_trust",
                      .driver = RiskDriver::exposure,
                      .rate = 0.05 * per_year,
                      .most = 2,
                      .harm = {.severity = startup_fraud, .customers_lost = 0.01, .brand_lost = 0.05},
                      .lead = 3,
                      .insurable = true});
    leaves.push_back({.name = "complaints",
                      .under = "breach_of_trust",
                      .driver = RiskDriver::complaints,
                      .rate = 0.2 * per_year,
                      .harm = {.severity = {.median = 8000, .spread = 1, .tail_from = 1},
                               .customers_lost = 0.04,
                               .brand_lost = 0.05},
                      .lead = 0.5});
    leaves.push_back({.name = "outage",
                      .under = "service_lost",
                      .driver = RiskDriver::load,
                      .rate = 0.25 * per_year,
                      .harm = {.severity = startup_outage, .customers_lost = 0.02, .brand_lost = 0.03},
                      .lead = 0.2,
                      .repair = LogNormal{0.15, 0.8},
                      .insurable = true});
    leaves.push_back({.name = "system_failure",
                      .under = "service_lost",
                      .driver = RiskDriver::nothing,
                      .rate = 0.08 * per_year,
                      .most = 1,
                      .harm = {.severity = {.median = 20000, .spread = 1, .tail_from = 1},
                               .customers_lost = 0.02,
                               .brand_lost = 0.03},
                      .damage = Damage::product,
                      .damage_share = 0.1,
                      .lead = 0.5,
                      .repair = LogNormal{0.7, 0.6},
                      .preventable = 0.5});
    leaves.push_back({.name = "key_person",
                      .under = "paralysis",
                      .driver = RiskDriver::key_people,
                      .rate = 0.15 * per_year,
                      .harm = {.severity = {.median = 30000, .spread = 0.6, .tail_from = 1}},
                      .damage = Damage::person,
                      .lead = 1.5,
                      .repair = LogNormal{3, 0.5},
                      .preventable = 0.5});
    leaves.push_back({.name = "obsolescence",
                      .under = "squeeze",
                      .driver = RiskDriver::obsolescence,
                      .rate = 0.1 * per_year,
                      .harm = {.severity = {.median = 40000, .spread = 0.8, .tail_from = 1},
                               .customers_lost = 0.05,
                               .brand_lost = 0.05},
                      .lead = 4,
                      .repair = LogNormal{5, 0.5},
                      .preventable = 0.2});
    leaves.push_back(
        {.name = "competition",
         .under = "squeeze",
         .driver = RiskDriver::competition,
         .rate = 0.1 * per_year,
         .harm = {.severity = {.median = 15000, .spread = 0.8, .tail_from = 1}, .customers_lost = 0.05},
         .lead = 2,
         .repair = LogNormal{4, 0.5},
         .preventable = 0.1});
    leaves.push_back(
        {.name = "partner_default",
         .under = "starved",
         .driver = RiskDriver::partners,
         .rate = 0.06 * per_year,
         .most = 6,
         .harm = {.severity = {.median = 50000, .spread = 1.2, .tail_from = 0.95, .tail_shape = 0.3},
                  .brand_lost = 0.02},
         .lead = 2,
         .repair = LogNormal{3, 0.6},
         .preventable = 0.5,
         .insurable = true});
    leaves.push_back({.name = "capital",
                      .under = "starved",
                      .driver = RiskDriver::capital,
                      .rate = 0.06 * per_year,
                      .most = 6,
                      .harm = {.severity = {.median = 40000, .spread = 0.8, .tail_from = 1}},
                      .lead = 2,
                      .repair = LogNormal{4, 0.5},
                      .preventable = 0.2});
    return leaves;
}

std::vector<RiskGateParameters> usual_risk_gates() {
    const SeverityParameters crisis{.median = 120000, .spread = 1, .tail_from = 0.95, .tail_shape = 0.3};
    std::vector<RiskGateParameters> gates;
    gates.push_back(
        {.name = "crisis",
         .kind = RiskGateKind::any,
         .harmful = true,
         .harm = {.severity = crisis, .turnover_share = 0.03, .customers_lost = 0.08, .brand_lost = 0.25}});
    gates.push_back({.name = "breach_of_trust", .kind = RiskGateKind::at_least, .needs = 2, .harm = {}});
    gates.push_back({.name = "paralysis", .kind = RiskGateKind::in_order, .harm = {}});
    gates.push_back({.name = "service_lost", .under = "paralysis", .kind = RiskGateKind::any, .harm = {}});
    gates.push_back({.name = "squeeze", .kind = RiskGateKind::all, .harm = {}});
    gates.push_back({.name = "starved", .kind = RiskGateKind::all, .harm = {}});
    return gates;
}

}  // namespace venturi
