// What builds, dilutes and erodes the five cultures, and what each of them brings.
#pragma once

#include "sim/parameter.hpp"

#include <array>
#include <cstddef>
#include <cstdint>
#include <string_view>

namespace venturi {

/// The five advantages that a startup invests in; also the order of everything that is kept for each of them.
enum class Advantage : std::uint8_t { technology, data, talent, partnership, risk };
inline constexpr std::size_t advantages = 5;
inline constexpr std::array<std::string_view, advantages> advantage_names = {"technology", "data", "talent",
                                                                             "partnership", "risk"};

/// One of the five cultures.
struct OneCultureParameters {
    double at_founding = 0.2;
    double spending_scale = 4000;
    double gain = 0.5;
};

template <class Visitor>
void describe(OneCultureParameters& culture, Visitor& visit) {
    visit.number(culture.at_founding, {.name = "at_founding",
                                       .dimension = Dimension::share,
                                       .legal = between(0, 1),
                                       .plausible = {0.05, 0.4},
                                       .meaning = "intensity that founders bring with them",
                                       .takes = Takes::effect_at_start_only});
    visit.number(culture.spending_scale,
                 {.name = "spending_scale",
                  .dimension = Dimension::money_per_month,
                  .legal = above(0),
                  .plausible = {1000, 15000},
                  .meaning = "spending on the advantage, for each head, that builds the culture at half the "
                             "fastest pace"});
    visit.number(
        culture.gain,
        {.name = "gain",
         .legal = between(0, 10),
         .plausible = {0.1, 3},
         .meaning = "what a culture of full intensity adds to what it acts on, or takes off where it acts "
                    "against something, as a share of it; at most 1 for data, talent and risk"});
}

/// Culture is an intensity in [0, 1] behind each advantage.
struct CultureParameters {
    OneCultureParameters technology = {.at_founding = 0.3, .spending_scale = 9000, .gain = 1.0};
    OneCultureParameters data = {.at_founding = 0.15, .spending_scale = 4000, .gain = 0.6};
    OneCultureParameters talent = {.at_founding = 0.2, .spending_scale = 2500, .gain = 0.6};
    OneCultureParameters partnership = {.at_founding = 0.1, .spending_scale = 2500, .gain = 3};
    OneCultureParameters risk = {.at_founding = 0.1, .spending_scale = 2000, .gain = 0.6};
    double building = 0.06;
    double building_by_seniors = 0.03;
    double building_by_innovation = 0.02;
    double breakthrough_pride = 0.1;
    double erosion = 0.03;
    double newcomer = 0.1;
    double incident_loss = 0.1;
    double coordination = 0.02;
    double company_adaptation = 0.15;

    [[nodiscard]] const OneCultureParameters& of(Advantage advantage) const {
        const std::array<const OneCultureParameters*, advantages> all = {&technology, &data, &talent,
                                                                         &partnership, &risk};
        return *all[static_cast<std::size_t>(advantage)];
    }
};

template <class Visitor>
void describe(CultureParameters& culture, Visitor& visit) {
    visit.group("technology", "acts on breakthroughs and on the pace of research", culture.technology);
    visit.group("data", "acts on what cleaning removes, and against data incidents", culture.data);
    visit.group("talent", "acts against attrition, and on whether offers are accepted", culture.talent);
    visit.group("partnership", "acts on how fast knowledge from outside is taken up", culture.partnership);
    visit.group("risk", "acts against the losses that incidents bring", culture.risk);
    visit.number(culture.building, {.name = "building",
                                    .dimension = Dimension::rate,
                                    .legal = between(0, 10),
                                    .plausible = {0.02, 0.2},
                                    .meaning = "fastest pace at which spending builds a culture"});
    visit.number(culture.building_by_seniors,
                 {.name = "building_by_seniors",
                  .dimension = Dimension::rate,
                  .legal = between(0, 10),
                  .plausible = {0, 0.1},
                  .meaning = "pace at which senior people build a culture, were all of the staff senior"});
    visit.number(
        culture.building_by_innovation,
        {.name = "building_by_innovation",
         .dimension = Dimension::rate,
         .legal = between(0, 10),
         .plausible = {0, 0.1},
         .meaning = "pace at which innovation builds the technology culture of a company whose algorithms "
                    "are as efficient as the frontier's; in proportion to that, and twice it at most"});
    visit.number(
        culture.breakthrough_pride,
        {.name = "breakthrough_pride",
         .dimension = Dimension::share,
         .legal = between(0, 1),
         .plausible = {0, 0.3},
         .meaning = "by how much a breakthrough raises the technology culture, for each unit of its gain"});
    visit.number(culture.erosion, {.name = "erosion",
                                   .dimension = Dimension::rate,
                                   .legal = between(0, 10),
                                   .plausible = {0.01, 0.1},
                                   .meaning = "pace at which time erodes a culture"});
    visit.number(culture.newcomer,
                 {.name = "newcomer",
                  .dimension = Dimension::share,
                  .legal = between(0, 1),
                  .plausible = {0, 0.3},
                  .meaning = "intensity that a newcomer brings: hiring dilutes by headcount"});
    visit.number(culture.incident_loss,
                 {.name = "incident_loss",
                  .dimension = Dimension::share,
                  .legal = between(0, 1),
                  .plausible = {0, 0.3},
                  .meaning = "share of the data and risk cultures that an incident costs"});
    visit.number(
        culture.coordination,
        {.name = "coordination",
         .legal = between(0, 1),
         .plausible = {0, 0.06},
         .meaning = "time that culture takes from everyone: working time is 1 / (1 + coordination · sum of "
                    "intensities · ln(1 + headcount))"});
    visit.number(culture.company_adaptation,
                 {.name = "company_adaptation",
                  .dimension = Dimension::rate,
                  .legal = between(0, 10),
                  .plausible = {0.05, 0.5},
                  .meaning = "pace at which the company's culture as a whole follows the mean of the five"});
}

}  // namespace venturi
