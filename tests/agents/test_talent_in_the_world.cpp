// The people of a world against closed forms, with all that would disturb them switched off.
#include "agents/talent/graded_workforce.hpp"
#include "agents/talent/talent_events.hpp"
#include "sim/queueing_theory.hpp"
#include "tests/agents/sample.hpp"
#include "tests/agents/worlds.hpp"

#include <Eigen/Dense>
#include <catch2/catch.hpp>

#include <array>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <vector>

using namespace venturi;
using namespace venturi::testing;

namespace {

constexpr double vacancies = 1e6;
constexpr double pool_size = 1e6;

/// `companies` that hire engineers only, at `applications` per month each from a pool that does not thin out:
/// to within their staff over a million, for there are a million people and, at each company, a million
/// vacancies. They plan once; culture, pay and runway move nothing.
WorldParameters hiring_companies(std::int64_t companies, double applications) {
    WorldParameters world = lone_organisation();
    StartupGroupParameters& group = world.startups[0];
    group.count = companies;
    group.mix = {.technology = 1, .data = 0, .talent = 0, .partnership = 0, .risk = 0};
    group.marketing_share = 0;
    world.technology.compute_share = 0;
    world.technology.researcher_share = 0;
    world.standing.planning_interval = 1e6;
    world.culture.coordination = 0;
    world.culture.talent.gain = 0;
    TalentParameters& talent = world.talent;
    group.burn = Constant{vacancies * talent.engineer.pay};
    group.seed_round = Constant{1e20};
    talent.founding_team = 0;
    talent.scarcity = 0;
    talent.career.pay_effect = 0;
    talent.career.runway_effect = 0;
    talent.career.review_interval = 1e6;
    talent.career.stays_in_field = 1;
    talent.hiring.poaching = 0;
    talent.hiring.acceptance = {.intercept = 0, .pay = 0, .brand = 0, .culture = 0, .runway = 0};
    for (RoleParameters* role : {&talent.researcher, &talent.data, &talent.business}) role->looking = 0;
    talent.engineer.looking = pool_size;
    talent.engineer.entry = 0;
    talent.engineer.turnover = 0;
    // A brand as at founding attracts 0.5 + 0.1 as many.
    talent.engineer.applications = applications / (vacancies * (0.5 + world.standing.brand_at_founding));
    return world;
}

/// Hiring takes no time and everyone is taken, so that people join in a Poisson stream.
void hire_at_once(WorldParameters& world) {
    HiringParameters& hiring = world.talent.hiring;
    for (Distribution* time : {&hiring.screening, &hiring.interview, &hiring.offer, &hiring.onboarding})
        *time = Constant{0};
    hiring.screening_pass = 1;
    hiring.interview_pass = 1;
    hiring.acceptance.intercept = 60;  // 1 − p is below the smallest uniform number
}

double engineers(const Organisation<PlainDraws>& inside, std::size_t level) {
    return inside.workforce.productive[static_cast<std::size_t>(Role::engineer)][level];
}

}  // namespace

TEST_CASE("A pool at which nobody hires is M/M/infinity around its usual size, level by level") {
    WorldParameters parameters = lone_organisation();
    parameters.startups[0].founded = Constant{1e6};
    TalentParameters& talent = parameters.talent;
    const std::array<double, roles> usual = {40, 60, 20, 30};
    std::size_t role = 0;
    for (RoleParameters* one : {&talent.researcher, &talent.engineer, &talent.data, &talent.business})
        one->looking = usual[role++];
    // Of those there at the beginning e^-10 are left; the rest is as good as stationary.
    constexpr double horizon = 120;
    World<PlainDraws> world(make_setup(parameters));
    std::array<std::array<Sample, levels>, roles> looking;
    std::array<Sample, roles> available;
    for (std::uint32_t i = 0; i < 400; ++i) {
        world.reset(PlainDraws(FastVariates(51, i)));
        world.run_until(horizon);
        for (std::size_t r = 0; r < roles; ++r) {
            available[r].add(world.pools[r].available());
            for (std::size_t l = 0; l < levels; ++l) looking[r][l].add(world.pools[r].looking[l]);
        }
    }
    const std::array<double, levels> share = {
        talent.career.juniors, 1 - talent.career.juniors - talent.career.seniors, talent.career.seniors};
    for (std::size_t r = 0; r < roles; ++r) {
        CAPTURE(r);
        CHECK(std::abs(available[r].z_of_mean(usual[r])) < 4);
        CHECK(std::abs(available[r].z_of_variance(usual[r], fourth_moment_of_poisson(usual[r]))) < 4);
        for (std::size_t l = 0; l < levels; ++l) {
            const double mean = usual[r] * share[l];
            CHECK(std::abs(looking[r][l].z_of_mean(mean)) < 4);
            CHECK(std::abs(looking[r][l].z_of_variance(mean, fourth_moment_of_poisson(mean))) < 4);
        }
    }
}

TEST_CASE("Where nobody enters the pools from a month on, nobody does") {
    const WorldParameters parameters = lone_organisation();
    World<PlainDraws> world = world_of(make_setup(parameters), 51, 0);
    world.run_until(10);
    world.set_parameter({leaf_number(parameters, "talent.engineer.entry"), 0.0});
    const auto entered = [&](Role role) { return world.pools[static_cast<std::size_t>(role)].entered; };
    const std::uint64_t engineers = entered(Role::engineer);
    const std::uint64_t others = entered(Role::data);
    world.run_until(40);
    CHECK(entered(Role::engineer) == engineers);
    CHECK(entered(Role::data) > others);
}

TEST_CASE("When somebody is hired away, whoever is left behind works less at once") {
    std::size_t seen = 0;
    for (std::uint32_t trajectory = 0; trajectory < 5; ++trajectory) {
        World<PlainDraws> world = world_of(advantages_setup(), 56, trajectory);
        world.keep_notices();
        std::size_t told = 0;
        while (world.step(40)) {
            for (; told < world.notices.size(); ++told) {
                const Notice& notice = world.notices[told];
                constexpr double to_another_startup = 2;
                if (notice.kind != Notice::Kind::left || notice.detail != to_another_startup) continue;
                ++seen;
                const auto& startup = world.startups[notice.startup];
                REQUIRE(startup.improvement.rate() == improvement_hazard(world, startup));
                const auto batches = batch_rates(world, startup);
                REQUIRE(world.inside(startup).batch.rate() == batches[0] + batches[1] + batches[2]);
            }
        }
    }
    CHECK(seen > 10);
}

TEST_CASE(
    "Staff that joins in a Poisson stream, leaves at a rate and is reviewed every year is Bartholomew's") {
    constexpr double hires = 1;
    WorldParameters parameters = hiring_companies(40, hires);
    hire_at_once(parameters);
    CareerParameters& career = parameters.talent.career;
    career.review_interval = 12;
    career.promoted = 0.15;
    career.let_go = 0.05;
    parameters.talent.engineer.turnover = 0.03;
    const double stays = 1 - career.promoted - career.let_go;
    ReviewedWorkforceOptions options;
    options.hire_rate =
        hires * Eigen::Vector3d(career.juniors, 1 - career.juniors - career.seniors, career.seniors);
    options.leave_rate = Eigen::Vector3d::Constant(parameters.talent.engineer.turnover);
    options.review.resize(3, 3);
    options.review << stays, career.promoted, 0, 0, stays, career.promoted, 0, 0, 1 - career.let_go;
    options.review_interval = career.review_interval;
    const ReviewedWorkforce theory(options);

    World<PlainDraws> world = world_of(make_setup(parameters), 52, 0);
    // Tenures are of some 25 months: after 240, e^-10 of the beginning is left.
    constexpr int warm_up = 20;
    constexpr int years = 70;
    const std::size_t companies = world.organisations.size();
    std::vector<std::array<double, levels>> before(companies);
    std::vector<std::array<double, levels>> after(companies);
    world.run_until(12 * warm_up + 6);
    world.keep_notices();
    for (int year = warm_up + 1; year <= warm_up + years; ++year) {
        world.run_until(12 * year - 1e-6);
        for (std::size_t i = 0; i < companies; ++i)
            for (std::size_t l = 0; l < levels; ++l) before[i][l] += engineers(world.organisations[i], l);
        world.run_until(12 * year + 1e-6);
        for (std::size_t i = 0; i < companies; ++i)
            for (std::size_t l = 0; l < levels; ++l) after[i][l] += engineers(world.organisations[i], l);
    }
    world.run_until(12 * (warm_up + years) + 6);
    // Companies are independent, so the spread of their means over the years is the standard error's.
    for (std::size_t l = 0; l < levels; ++l) {
        CAPTURE(l);
        Sample of_before;
        Sample of_after;
        for (std::size_t i = 0; i < companies; ++i) {
            of_before.add(before[i][l] / years);
            of_after.add(after[i][l] / years);
        }
        const auto level = static_cast<Eigen::Index>(l);
        CHECK(std::abs(of_before.z_of_mean(theory.stocks_before_review()[level])) < 4);
        CHECK(std::abs(of_after.z_of_mean(theory.stocks_after_review()[level])) < 4);
    }
    std::vector<double> promoted(companies);
    std::vector<double> let_go(companies);
    std::vector<double> left(companies);
    for (const Notice& notice : world.notices) {
        if (notice.kind == Notice::Kind::reviewed) {
            promoted[notice.startup] += notice.amount;
            let_go[notice.startup] += notice.detail;
        }
        if (notice.kind == Notice::Kind::left) left[notice.startup] += 1;
    }
    const auto z = [&](const std::vector<double>& counts, const Eigen::VectorXd& per_month) {
        Sample sample;
        for (const double count : counts) sample.add(count);
        return sample.z_of_mean(per_month.sum() * 12 * years);
    };
    CHECK(std::abs(z(promoted, theory.promotions())) < 4);
    CHECK(std::abs(z(let_go, theory.dismissals())) < 4);
    CHECK(std::abs(z(left, theory.leavers())) < 4);
}

TEST_CASE(
    "With openings to spare a company's hiring is a tandem of Erlang's queues: times, and who gets through") {
    constexpr double applications = 3;
    WorldParameters parameters = hiring_companies(40, applications);
    HiringParameters& hiring = parameters.talent.hiring;
    hiring.screening = Exponential{0.5};
    hiring.interview = Exponential{0.5};
    hiring.offer = Exponential{0.3};
    hiring.onboarding = LogNormal{3, 0.4};
    hiring.patience = Constant{1e9};
    hiring.screening_pass = 0.4;
    hiring.interview_pass = 0.6;
    hiring.acceptance.intercept = std::log(0.77 / 0.23);
    hiring.interviewer_share = 0;  // then there is one
    // Who has joined soon goes back to the pool.
    parameters.talent.engineer.turnover = 1;
    // Two recruiters: of a talent budget that buys nothing else.
    parameters.talent.recruiter_share = 1;
    parameters.talent.training_share = 0;
    StartupGroupParameters& group = parameters.startups[0];
    const double recruiting = 2 * hiring.recruiter_pay;
    const double all = std::get<Constant>(group.burn).value + recruiting;
    group.burn = Constant{all};
    group.mix.talent = recruiting / all;
    group.mix.technology = 1 - group.mix.talent;

    World<PlainDraws> world = world_of(make_setup(parameters), 53, 0);
    world.run_until(60);
    std::vector<HiringLedger> ledgers;
    for (auto& inside : world.organisations) {
        inside.hiring.restart_statistics(world.now());
        ledgers.push_back(inside.hiring.ledger());
    }
    constexpr double months = 400;
    world.run_until(60 + months);

    const double interviews = applications * hiring.screening_pass;
    const double offers = interviews * hiring.interview_pass;
    const double hires = offers * 0.77;
    // By Burke's theorem each stage has Poisson arrivals.
    const QueueMeans screening =
        erlang_c({.arrival_rate = applications, .service_rate = 1 / 0.5, .servers = 2});
    const QueueMeans interviewing =
        erlang_c({.arrival_rate = interviews, .service_rate = 1 / 0.5, .servers = 1});
    const std::array<double, hiring_stages> present = {screening.mean_present(), interviewing.mean_present(),
                                                       offers * 0.3, hires * mean(hiring.onboarding)};
    std::array<Sample, hiring_stages> found;
    Sample applied;
    Sample hired;
    Sample converted;
    Sample waited;
    for (std::size_t i = 0; i < world.organisations.size(); ++i) {
        const HiringPipeline& pipeline = world.organisations[i].hiring;
        for (std::size_t stage = 0; stage < hiring_stages; ++stage) {
            const StationStatistics statistics =
                pipeline.station(static_cast<HiringStage>(stage)).statistics(world.now());
            found[stage].add(statistics.present_integral / months);
        }
        applied.add(static_cast<double>(pipeline.ledger().applied - ledgers[i].applied));
        hired.add(static_cast<double>(pipeline.ledger().hired - ledgers[i].hired));
        // E[hired − conversion · applied] = 0 in the long run, whatever came.
        converted.add(hired.values().back() - hires / applications * applied.values().back());
        // Little's law: time spent by all, less that of as many who each take the expected time.
        const StationStatistics desk = pipeline.station(HiringStage::screening).statistics(world.now());
        waited.add(desk.present_integral - screening.mean_sojourn * static_cast<double>(desk.arrived));
    }
    for (std::size_t stage = 0; stage < hiring_stages; ++stage) {
        CAPTURE(hiring_stage_names[stage], found[stage].mean(), present[stage]);
        CHECK(std::abs(found[stage].z_of_mean(present[stage])) < 4);
    }
    CHECK(std::abs(applied.z_of_mean(applications * months)) < 4);
    CHECK(std::abs(
              applied.z_of_variance(applications * months, fourth_moment_of_poisson(applications * months)))
          < 4);
    CHECK(std::abs(hired.z_of_mean(hires * months)) < 4);
    CHECK(std::abs(converted.z_of_mean(0)) < 4);
    CHECK(std::abs(waited.z_of_mean(0)) < 4);
}

TEST_CASE("Candidates who wait for a screening give up as in Palm's queue") {
    constexpr double applications = 5;
    WorldParameters parameters = hiring_companies(40, applications);
    HiringParameters& hiring = parameters.talent.hiring;
    hiring.screening = Exponential{0.3};
    hiring.patience = Exponential{0.6};
    hiring.screening_pass = 0;
    // Nobody recruits, so that founders do, at a part of a recruiter's pace.
    const QueueMeans theory = erlang_a({.arrival_rate = applications,
                                        .service_rate = hiring.founders_pace / 0.3,
                                        .servers = 1,
                                        .patience_rate = 1 / 0.6});
    World<PlainDraws> world = world_of(make_setup(parameters), 54, 0);
    world.run_until(30);
    for (auto& inside : world.organisations) inside.hiring.restart_statistics(world.now());
    constexpr double months = 200;
    world.run_until(30 + months);
    Sample waiting;
    Sample gave_up;
    for (const auto& inside : world.organisations) {
        const StationStatistics found = inside.hiring.station(HiringStage::screening).statistics(world.now());
        waiting.add(found.waiting_integral / months);
        gave_up.add(static_cast<double>(found.reneged));
    }
    CHECK(theory.abandons > 0.5);
    CHECK(std::abs(waiting.z_of_mean(theory.mean_waiting)) < 4);
    CHECK(std::abs(gave_up.z_of_mean(theory.abandons * applications * months)) < 4);
}

TEST_CASE("People leave by the hazard of a talent culture that moves, exactly") {
    WorldParameters parameters = lone_organisation();
    parameters.startups[0].burn = Constant{2e6};
    parameters.startups[0].seed_round = Constant{1e15};
    parameters.standing.planning_interval = 1e6;
    TalentParameters& talent = parameters.talent;
    talent.founding_team = 1;
    talent.career.review_interval = 1e6;
    for (RoleParameters* role : {&talent.researcher, &talent.engineer, &talent.data, &talent.business}) {
        role->applications = 0;
        role->turnover = 0.02;
    }
    talent.data.turnover = 0.03;
    parameters.culture.talent.gain = 0.9;
    World<PlainDraws> world(make_setup(parameters));
    Sample exposures;
    double moved = 0;
    for (std::uint32_t i = 0; i < 60; ++i) {
        world.reset(PlainDraws(FastVariates(55, i)));
        world.run_until(0);
        const auto& inside = world.organisations[0];
        // What the culture relaxes to, and how fast: as planned at the founding, on what was there then.
        const CultureParameters& culture = parameters.culture;
        const double heads = inside.workforce.headcount();
        const double per_head = inside.budgets.of(Advantage::talent) / heads;
        const double building = culture.building * per_head / (per_head + culture.talent.spending_scale)
                                + culture.building_by_seniors * inside.workforce.seniors() / heads;
        const double pace = building + culture.erosion;
        const double target = building / pace;
        const double start = culture.talent.at_founding;
        moved += (target - start) / 60;
        // ∫ (1 − gain · culture) from 0 to t.
        const auto sheltered = [&](double t) {
            return t
                   - culture.talent.gain * (target * t + (start - target) * (1 - std::exp(-pace * t)) / pace);
        };
        const double by_pay = std::pow(inside.pay_premium * inside.raises, -talent.career.pay_effect);
        double since = 0;
        REQUIRE(heads > 60);
        for (int leaver = 0; leaver < 40; ++leaver) {
            double turnover = 0;
            for (std::size_t role = 0; role < roles; ++role)
                turnover += talent.of(static_cast<Role>(role)).turnover
                            * inside.workforce.productive_of(static_cast<Role>(role));
            const std::uint32_t staff = inside.workforce.headcount();
            while (inside.workforce.headcount() == staff) REQUIRE(world.step(1e5));
            const double now = world.now();
            exposures.add(turnover * by_pay * (sheltered(now) - sheltered(since)));
            since = now;
        }
    }
    CHECK(moved > 0.1);  // else it would be a constant hazard
    // The hazard integrated from one to the next is a unit exponential (Kolmogorov–Smirnov).
    CHECK(distance_from_exponential(exposures, 1) < 1.95);
}
