// The inside of a startup that is modelled with its five advantages.
#pragma once

#include "agents/culture/culture.hpp"
#include "agents/data/data_flow.hpp"
#include "agents/event.hpp"
#include "agents/market/standing.hpp"
#include "agents/partnership/partner.hpp"
#include "agents/relation.hpp"
#include "agents/risk/risk_register.hpp"
#include "agents/talent/hiring_pipeline.hpp"
#include "agents/talent/workforce.hpp"
#include "agents/technology/technology.hpp"
#include "sim/calendar.hpp"
#include "sim/drifting_clock.hpp"
#include "sim/hazard_clock.hpp"

#include <array>
#include <cstddef>
#include <cstdint>

namespace venturi {

/// Money of a month, as planned at the last planning; dollars per month.
template <Scalar Number>
struct Budgets {
    std::array<Number, advantages> advantage{};
    double marketing = 0;

    [[nodiscard]] const Number& of(Advantage one) const { return advantage[static_cast<std::size_t>(one)]; }
};

/// What the stations of a startup can do, as of the last planning or change of staff.
struct Capacity {
    std::uint32_t cleaners = 1;
    double cleaning_pace = 1;
    double removal = 0;     ///< part of the junk that a pass of cleaning removes
    double inspection = 0;  ///< part of the batches that quality monitoring samples
    std::uint32_t recruiters = 1;
    double recruiting_pace = 1;
    std::uint32_t interviewers = 1;
};

/// Timers of an organisation: at most one event of each pends.
enum class InsideTimer : std::uint8_t {
    planning,
    technology,
    run_failure,
    breakthrough,
    application,
    attrition,
    review,
    batch,
    risk
};
inline constexpr std::size_t inside_timers = 9;

/// Everything is plain memory: a world is copied with its organisations by copying bytes.
template <class Draws>
struct Organisation {
    using Scalar = typename Draws::Scalar;
    static constexpr std::uint16_t first_source = static_cast<std::uint16_t>(Purpose::breakthrough);
    static constexpr std::size_t most_sources = 24;

    std::uint32_t startup = 0;     ///< whose inside it is
    std::uint32_t own_mix = 0;     ///< where its own mix begins in World::own_mixes
    std::uint32_t own_stages = 0;  ///< how many rows that has, one a stage; 0 where it has its group's
    Budgets<Scalar> budgets;
    Culture<Scalar> culture;
    Technology technology;
    Scalar features{0};  ///< quality of the product but for the model in it
    DataFlow data;
    HiringPipeline hiring;
    Workforce workforce;
    Standing standing;
    RiskRegister risk;
    TieFlows flows;     ///< what partners bring
    StaffRecord staff;  ///< for retention

    std::array<Scalar, roles> vacancies{};   ///< staff planned for and not there; a real number
    Scalar pay_premium{1};                   ///< pay relative to the market
    double raises = 1;                       ///< of pay at reviews, the mean over the staff
    std::array<double, roles> market_pay{};  ///< of a middle level, at the last planning; dollars per month
    double payroll = 0;                      ///< dollars per month
    double recruiting = 0;                   ///< spending on recruiters, dollars per month
    double campaigns = 0;                    ///< spending on campaigns, dollars per month
    double tools = 0;                        ///< spending on data tools, dollars per month
    double purchases = 0;                    ///< spending on data, dollars per month
    double training = 0;                     ///< spending on training, dollars per month
    double precautions = 0;  ///< spending on risk management but for premiums, dollars per month
    Capacity capacity;
    double working_time = 1;   ///< what coordination leaves, at the last planning
    double planned = 0;        ///< month of the last planning
    double compute_money = 0;  ///< compute money of the technology budget, dollars per month
    std::uint32_t feedback_bound =
        0;                        ///< number of accounts for which the batch clock is set: a power of two
    double feedback_stocked = 0;  ///< batches of customers' feedback that have become data

    HazardClock<Draws> run_failure;
    DriftingClock<Draws> breakthrough;
    HazardClock<Draws> application;
    DriftingClock<Draws> attrition;
    HazardClock<Draws> batch;
    std::array<EventHandle, inside_timers> handles{};
    std::array<DrawSource, most_sources> sources{};
    std::array<RelationEdge, roles> employs{};  ///< the pools' edges to this startup

    [[nodiscard]] DrawSource& source(Purpose purpose) {
        return sources[static_cast<std::size_t>(purpose) - first_source];
    }
    [[nodiscard]] EventHandle& handle(InsideTimer timer) { return handles[static_cast<std::size_t>(timer)]; }
};

}  // namespace venturi
