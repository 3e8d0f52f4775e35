// Everything that can be set about a world, room by room.
#pragma once

#include "agents/culture/culture_parameters.hpp"
#include "agents/data/data_parameters.hpp"
#include "agents/environment/environment_parameters.hpp"
#include "agents/finance/finance_parameters.hpp"
#include "agents/insurer/insurer_parameters.hpp"
#include "agents/investor/investor_parameters.hpp"
#include "agents/market/market_parameters.hpp"
#include "agents/market/standing_parameters.hpp"
#include "agents/partnership/given_tie.hpp"
#include "agents/partnership/partner_parameters.hpp"
#include "agents/partnership/partnership_parameters.hpp"
#include "agents/risk/risk_parameters.hpp"
#include "agents/startup/startup_parameters.hpp"
#include "agents/talent/talent_parameters.hpp"
#include "agents/technology/technology_parameters.hpp"
#include "sim/parameter.hpp"

#include <cstddef>
#include <string>
#include <vector>

namespace venturi {

/// The parameters of a world. Collections are empty until a scenario names their elements.
struct WorldParameters {
    EnvironmentParameters environment;
    MarketParameters market;
    FinanceParameters finance;
    TechnologyParameters technology;
    DataParameters data;
    TalentParameters talent;
    CultureParameters culture;
    StandingParameters standing;
    PartnershipParameters partnership;
    RiskParameters risk;
    std::vector<StartupGroupParameters> startups;
    std::vector<InvestorGroupParameters> investors;
    std::vector<InsurerGroupParameters> insurers;
    std::vector<PartnerGroupParameters> partners;
    std::vector<GivenTie> ties;  ///< no parameters that could be set one by one: a scenario's list
};

/// The names of the stages of funding in their order: the seed, and each round that can be closed.
[[nodiscard]] std::vector<std::string> funding_stages(const WorldParameters& parameters);

template <class Visitor>
void describe(WorldParameters& world, Visitor& visit) {
    visit.group("environment", "what surrounds every startup: the common shocks", world.environment);
    visit.group("market", "who buys", world.market);
    visit.group("finance", "money: raising it, rounds, and how companies end", world.finance);
    visit.group("technology", "training runs, research, and the frontier they are held against",
                world.technology);
    visit.group("data", "where data come from, how they are cleaned and kept", world.data);
    visit.group("talent", "pools of people, hiring, pay, careers", world.talent);
    visit.group("culture", "the intensity behind each of the five advantages", world.culture);
    visit.group("standing", "planning, brand, strategy, positioning", world.standing);
    visit.group("partnership", "ties to partners, and what goes along them", world.partnership);
    visit.group("risk", "what can go wrong inside a startup, and what is done about it", world.risk);
    visit.collection("startups", "groups of startups", world.startups);
    visit.collection("investors", "groups of investors", world.investors);
    visit.collection("insurers", "groups of insurers", world.insurers);
    visit.collection("partners", "groups of universities, industry partners and open communities",
                     world.partners);
}

// Each passes over every parameter there is: compiled in world_parameters.cpp, once for all.
extern template void describe(WorldParameters& world, SetByIndex& visit);
extern template ParameterValue parameter_value(WorldParameters& parameters, std::size_t target);
extern template void set_parameter_value(WorldParameters& parameters, std::size_t target,
                                         const ParameterValue& value);

}  // namespace venturi
