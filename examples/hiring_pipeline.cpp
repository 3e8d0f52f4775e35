// A company that hires engineers: post → screening → interview and assessment → offer → onboarding and
// training, candidate by candidate, beside Erlang's formulae. Prints two tables and writes a picture:
// hiring_pipeline [PICTURE.svg]
#include "agents/talent/hiring_pipeline.hpp"

#include "agents/talent/offer.hpp"
#include "analysis/report/line_plot.hpp"
#include "analysis/report/terminal.hpp"
#include "analysis/report/terminal_table.hpp"
#include "analysis/report/whole_file.hpp"
#include "sim/calendar.hpp"
#include "sim/ensemble/moments.hpp"
#include "sim/ensemble/series.hpp"
#include "sim/queueing_theory.hpp"
#include "sim/random/draws.hpp"

#include <array>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <exception>
#include <iomanip>
#include <iostream>
#include <sstream>
#include <string>
#include <string_view>
#include <unistd.h>
#include <vector>

using namespace venturi;

namespace {

// The company: a month is the unit of time.

constexpr double applications = 60;  // a month
constexpr double patience_mean = 1;  // of those who wait for an interview
constexpr std::array<double, hiring_stages> work_mean = {0.05, 0.15, 0.3, 3};
constexpr std::array<std::uint32_t, hiring_stages> staff = {4, 2, StationOptions::unlimited,
                                                            StationOptions::unlimited};
// Offers are answered in nine days (NACE 2025); a quarter passes a technical screening (20% to 30% in large
// companies). Interviews lead to an offer in 7% (Ashby 2025, technical roles) and to a hire in 27%
// (CareerPlug 2025, small companies): something between. The rest is assumed.
constexpr double screening_pass = 0.25;
constexpr double interview_pass = 0.2;

const std::array<Distribution, hiring_stages> work = {Exponential{work_mean[0]}, Exponential{work_mean[1]},
                                                      Exponential{work_mean[2]}, Gamma{4, work_mean[3]}};
const Distribution patience = Exponential{patience_mean};

HiringRules house_rules() {
    HiringRules rules;
    for (std::size_t i = 0; i < hiring_stages; ++i)
        rules.stages[i] = {.servers = staff[i], .pace = 1, .service = &work[i]};
    rules.at(HiringStage::interview).patience = &patience;
    rules.screening_pass = screening_pass;
    rules.interview_pass = interview_pass;
    return rules;
}

double acceptance() {
    return acceptance_probability(OfferWeights{}, Offer<>{.pay = 12000, .market_pay = 12000});
}

// One history of it.

struct Event {
    bool somebody_applies;
    HiringStage stage;  // else whose station rings
    StationEvent at_station;
};

struct StageCalendar {
    Calendar<Event>& calendar;
    HiringStage stage;
    [[nodiscard]] double now() const { return calendar.now(); }
    EventHandle schedule(double time, const StationEvent& event) {
        return calendar.schedule(time, {false, stage, event});
    }
    void cancel(EventHandle handle) { calendar.cancel(handle); }
};

class Company {
  public:
    explicit Company(std::uint32_t trajectory) : draws_(FastVariates(/*seed=*/2025, trajectory)) {
        pipeline_.post(Role::engineer, 10000);  // more than are ever filled, so that nobody is turned away
        wait_for_candidate();
    }

    void run_until(double month) {
        calendar_.run_until(month, [&](const auto& delivery) {
            const Event& event = delivery.event;
            if (event.somebody_applies) {
                pipeline_.apply(desk(), {.role = Role::engineer});
                wait_for_candidate();
            } else {
                pipeline_.handle(desk(), event.stage, event.at_station);
            }
        });
    }
    void restart_statistics() { pipeline_.restart_statistics(calendar_.now()); }

    [[nodiscard]] const HiringPipeline& pipeline() const { return pipeline_; }
    [[nodiscard]] StationStatistics seen(HiringStage stage) const {
        return pipeline_.station(stage).statistics(calendar_.now());
    }

  private:
    // What the pipeline is handed with each call; in a world, `accepted` and `productive` move people and
    // money.
    struct Desk {
        RecordPool<StationRecord<Candidate>>& records;
        PlainDraws& draws;
        const HiringRules& rules;
        Calendar<Event>& calendar;
        [[nodiscard]] StageCalendar scheduler(HiringStage stage) const { return {calendar, stage}; }
        [[nodiscard]] double acceptance(const Candidate&) const { return ::acceptance(); }
        void accepted(const Candidate&) const {}
        void productive(const Candidate&) const {}
    };

    [[nodiscard]] Desk desk() { return {records_, draws_, rules_, calendar_}; }

    void wait_for_candidate() {
        calendar_.schedule(calendar_.now() + draws_.exponential(applications_, applications), {true, {}, {}});
    }

    HiringRules rules_ = house_rules();
    PlainDraws draws_;
    Calendar<Event> calendar_;
    RecordPool<StationRecord<Candidate>> records_;
    HiringPipeline pipeline_{/*agent=*/0, /*first_purpose=*/0};
    DrawSource applications_{.agent = 0, .purpose = HiringPipeline::purposes};
};

// What theory says.

struct StageTheory {
    double arrivals;  // a month
    QueueMeans means;
};

/// Screening is M/M/c, and those who leave it are a Poisson process (Burke 1956), so the interviews are
/// Erlang A. What leaves them is no Poisson process, but nobody waits afterwards, and numbers follow by
/// Little's law.
std::array<StageTheory, hiring_stages> theory() {
    const auto queue = [](std::size_t stage, double arrivals, double patience_rate) {
        return QueueOptions{.arrival_rate = arrivals,
                            .service_rate = 1 / work_mean[stage],
                            .servers = staff[stage],
                            .patience_rate = patience_rate};
    };
    std::array<StageTheory, hiring_stages> stages;
    stages[0] = {applications, erlang_c(queue(0, applications, 0))};
    const double interviews = applications * screening_pass;
    stages[1] = {interviews, erlang_a(queue(1, interviews, 1 / patience_mean))};
    const double offers = interviews * (1 - stages[1].means.abandons) * interview_pass;
    stages[2] = {offers, unlimited_servers(queue(2, offers, 0))};
    const double hires = offers * acceptance();
    stages[3] = {hires, unlimited_servers(queue(3, hires, 0))};
    return stages;
}

// Many histories: the first year is drawn, the three after it measured.

constexpr std::uint32_t histories = 2000;
constexpr std::size_t drawn_months = 12;
constexpr std::size_t points_a_month = 8;
constexpr double measured_months = 36;

struct StageMoments {
    Series<Moments> course = Series<Moments>(drawn_months * points_a_month + 1);  // people present
    Moments arrivals;                                                             // a month
    Moments present;
    Moments wait;
    Moments gave_up;  // share
};

struct Measured {
    std::array<StageMoments, hiring_stages> stages;
    Moments hires_per_application;
};

Measured run() {
    Measured measured;
    for (std::uint32_t trajectory = 0; trajectory < histories; ++trajectory) {
        Company company(trajectory);
        for (std::size_t point = 0; point < measured.stages[0].course.points(); ++point) {
            company.run_until(static_cast<double>(point) / points_a_month);
            for (std::size_t i = 0; i < hiring_stages; ++i)
                measured.stages[i].course[point].add(
                    company.pipeline().station(static_cast<HiringStage>(i)).present());
        }
        company.restart_statistics();
        const HiringLedger before = company.pipeline().ledger();
        company.run_until(drawn_months + measured_months);
        for (std::size_t i = 0; i < hiring_stages; ++i) {
            const StationStatistics seen = company.seen(static_cast<HiringStage>(i));
            const auto arrived = static_cast<double>(seen.arrived);
            measured.stages[i].arrivals.add(arrived / measured_months);
            measured.stages[i].present.add(seen.present_integral / measured_months);
            measured.stages[i].wait.add(seen.waiting_integral / arrived);
            measured.stages[i].gave_up.add(static_cast<double>(seen.reneged) / arrived);
        }
        const HiringLedger& after = company.pipeline().ledger();
        measured.hires_per_application.add(static_cast<double>(after.hired - before.hired)
                                           / static_cast<double>(after.applied - before.applied));
    }
    return measured;
}

std::string number(double value, int decimals = 2) {
    std::ostringstream text;
    text << std::fixed << std::setprecision(decimals) << value;
    return text.str();
}
std::string measured_text(const Moments& moments, double unit = 1) {
    return number(unit * moments.mean()) + " ± " + number(unit * 2 * moments.standard_error());
}

constexpr double days = 365.25 / 12;  // in a month
constexpr std::array<std::string_view, hiring_stages> theorems = {"Erlang C", "Erlang A", "M/M/∞", "M/G/∞"};

TerminalTable funnel(const Measured& measured, const std::array<StageTheory, hiring_stages>& exact) {
    TerminalTable table;
    table.title = "The funnel: people who reach each stage, in 2,000 histories (± two standard errors)";
    table.columns = {{"stage", Alignment::left}, {"a month"}, {"exact"},
                     {"of 100 who apply"},       {"give up"}, {"exact"}};
    for (std::size_t i = 0; i < hiring_stages; ++i)
        table.rows.push_back({std::string(hiring_stage_names[i]), measured_text(measured.stages[i].arrivals),
                              number(exact[i].arrivals), number(100 * exact[i].arrivals / applications),
                              measured_text(measured.stages[i].gave_up, 100) + "%",
                              number(100 * exact[i].means.abandons) + "%"});
    return table;
}

TerminalTable times(const Measured& measured, const std::array<StageTheory, hiring_stages>& exact) {
    TerminalTable table;
    table.title = "People and days at each stage";
    table.columns = {{"stage", Alignment::left}, {"people there"}, {"exact"},     {"by", Alignment::left},
                     {"days of waiting"},        {"exact"},        {"days there"}};
    for (std::size_t i = 0; i < hiring_stages; ++i)
        table.rows.push_back({std::string(hiring_stage_names[i]), measured_text(measured.stages[i].present),
                              number(exact[i].means.mean_present()), std::string(theorems[i]),
                              measured_text(measured.stages[i].wait, days),
                              number(days * exact[i].means.mean_wait),
                              number(days * exact[i].means.mean_sojourn)});
    return table;
}

void draw(const std::string& path, const Measured& measured,
          const std::array<StageTheory, hiring_stages>& exact) {
    LinePlot plot;
    plot.title = "A hiring pipeline after the first post";
    plot.subtitle = "People at each stage: mean of 2,000 histories";
    plot.x = {.label = "month", .low = 0, .high = drawn_months};
    plot.y = {.label = "people waiting or being seen to", .low = 0};
    PlotPoints long_run;
    long_run.name = "in the long run (Erlang C, Erlang A, Little)";
    for (std::size_t i = 0; i < hiring_stages; ++i) {
        PlotLine line;
        line.name = hiring_stage_names[i];
        for (std::size_t point = 0; point < measured.stages[i].course.points(); ++point) {
            line.x.push_back(static_cast<double>(point) / points_a_month);
            line.y.push_back(measured.stages[i].course[point].mean());
        }
        plot.lines.push_back(line);
        long_run.x.push_back(drawn_months);
        long_run.y.push_back(exact[i].means.mean_present());
    }
    plot.points = {long_run};
    write_whole_file(path, line_plot_svg(plot));
}

/// Within four standard errors; exactly where there is no chance in it.
bool agrees(const Moments& moments, double exact) {
    return std::abs(moments.mean() - exact) <= 4 * moments.standard_error();
}

int show(const std::string& picture) {
    const std::array<StageTheory, hiring_stages> exact = theory();
    const Measured measured = run();
    const Colour colour = colour_of(STDOUT_FILENO);
    const double conversion = exact[3].arrivals / applications;
    std::cout << table_text(funnel(measured, exact), colour) << '\n'
              << table_text(times(measured, exact), colour) << "\nOf 100 who apply "
              << number(100 * measured.hires_per_application.mean()) << " join (" << number(100 * conversion)
              << " expected): " << number(1 / conversion, 0) << " applications for each who does.\n";
    draw(picture, measured, exact);
    std::cout << "picture: " << picture << '\n';

    bool as_expected = agrees(measured.hires_per_application, conversion);
    for (std::size_t i = 0; i < hiring_stages; ++i)
        as_expected = as_expected && agrees(measured.stages[i].arrivals, exact[i].arrivals)
                      && agrees(measured.stages[i].present, exact[i].means.mean_present())
                      && agrees(measured.stages[i].wait, exact[i].means.mean_wait)
                      && agrees(measured.stages[i].gave_up, exact[i].means.abandons);
    return as_expected ? 0 : 1;
}

}  // namespace

int main(int argc, char** argv) try {
    return show(argc > 1 ? argv[1] : "hiring_pipeline.svg");
} catch (const std::exception& error) {
    std::cerr << "hiring_pipeline: " << error.what() << '\n';
    return 1;
}
