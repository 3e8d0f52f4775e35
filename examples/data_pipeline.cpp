// A company's data: sources → collection → cleaning → storage → query, batch by batch, beside what the theory
// of queueing networks says of such a pipeline. Prints a table and writes a picture: data_pipeline
// [PICTURE.svg]
#include "agents/data/data_flow.hpp"
#include "analysis/report/line_plot.hpp"
#include "analysis/report/terminal.hpp"
#include "analysis/report/terminal_table.hpp"
#include "analysis/report/whole_file.hpp"
#include "sim/calendar.hpp"
#include "sim/ensemble/moments.hpp"
#include "sim/ensemble/series.hpp"
#include "sim/jackson_network.hpp"
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
#include <unistd.h>
#include <vector>

using namespace venturi;

namespace {

// The pipeline: a month is the unit of time, a thousand tokens that of data.

struct Source {
    double batches_a_month;
    Batch batch;
};

const std::array<Source, 3> sources = {{
    {1,
     {.tokens = 4000, .noise = 0.05F, .missing = 0.02F, .duplicates = 0.05F, .source = DataSource::purchase}},
    {3,
     {.tokens = 2000, .noise = 0.35F, .missing = 0.05F, .duplicates = 0.25F, .source = DataSource::scrape}},
    {2,
     {.tokens = 500, .noise = 0.15F, .missing = 0.10F, .duplicates = 0.05F, .source = DataSource::feedback}},
}};

const std::array<Distribution, data_stages> work = {Exponential{0.4}, Exponential{0.45}, Exponential{0.12},
                                                    Exponential{0.2}};

DataRules house_rules() {
    DataRules rules;
    const std::array<std::uint32_t, data_stages> staff = {4, 6, 1, 2};
    for (std::size_t i = 0; i < data_stages; ++i)
        rules.stages[i] = {.servers = staff[i], .pace = 1, .service = &work[i]};
    rules.noise_removal = 0.6;
    rules.missing_removal = 0.9;
    rules.duplicate_removal = 0.95;
    rules.inspection = 0.8;
    rules.tolerated_noise = 0.1;
    return rules;
}

// One history of it.

struct Event {
    bool batch_comes;
    DataStage stage;  // else whose station rings
    StationEvent at_station;
};

struct StageCalendar {
    Calendar<Event>& calendar;
    DataStage stage;
    [[nodiscard]] double now() const { return calendar.now(); }
    EventHandle schedule(double time, const StationEvent& event) {
        return calendar.schedule(time, {false, stage, event});
    }
    void cancel(EventHandle handle) { calendar.cancel(handle); }
};

class Company {
  public:
    explicit Company(std::uint32_t trajectory) : draws_(FastVariates(/*seed=*/2024, trajectory)) {
        for (const Source& source : sources) rates_.push_back(source.batches_a_month);
        wait_for_batch();
    }

    void run_until(double month) {
        calendar_.run_until(month, [&](const auto& delivery) {
            const Event& event = delivery.event;
            if (!event.batch_comes) {
                flow_.handle(desk(), event.stage, event.at_station);
                return;
            }
            Batch batch = sources[draws_.choice(which_, rates_)].batch;
            batch.made = delivery.time;
            flow_.arrive(desk(), batch);
            wait_for_batch();
        });
    }
    void restart_statistics() { flow_.restart_statistics(calendar_.now()); }

    [[nodiscard]] const DataFlow& flow() const { return flow_; }
    [[nodiscard]] DataFlow::InFlow in_flow() const { return flow_.in_flow(records_); }
    [[nodiscard]] StationStatistics seen(DataStage stage) const {
        return flow_.station(stage).statistics(calendar_.now());
    }

  private:
    // What the flow is handed with each call.
    struct Desk {
        RecordPool<StationRecord<Batch>>& records;
        PlainDraws& draws;
        const DataRules& rules;
        Calendar<Event>& calendar;
        [[nodiscard]] StageCalendar scheduler(DataStage stage) const { return {calendar, stage}; }
    };

    [[nodiscard]] Desk desk() { return {records_, draws_, rules_, calendar_}; }

    void wait_for_batch() {
        double rate = 0;
        for (const double one : rates_) rate += one;
        calendar_.schedule(calendar_.now() + draws_.exponential(when_, rate), {true, {}, {}});
    }

    DataRules rules_ = house_rules();
    PlainDraws draws_;
    Calendar<Event> calendar_;
    RecordPool<StationRecord<Batch>> records_;
    DataFlow flow_{/*agent=*/0, /*first_purpose=*/0};
    std::vector<double> rates_;
    DrawSource when_{.agent = 0, .purpose = DataFlow::purposes};
    DrawSource which_{.agent = 0, .purpose = DataFlow::purposes + 1};
};

// What theory says.

/// How often a batch is cleaned on average: once, and once more each time that it is inspected and still too
/// noisy.
double expected_passes(Batch batch, const DataRules& rules) {
    double passes = 0;
    double gets_there = 1;
    do {
        passes += gets_there;
        batch = cleaned(batch, removed_in_a_pass(batch, rules));
        gets_there *= rules.inspection;
    } while (static_cast<double>(batch.noise) > rules.tolerated_noise);
    return passes;
}

/// Sources differ in how often their batches come back, not in how long they are served, so the numbers
/// present are those of Jackson's network with the same flows: Kelly, "Networks of queues with customers of
/// different types", Journal of Applied Probability 12(3), 1975.
JacksonNetwork theory_of(const DataRules& rules) {
    double rate = 0;
    double cleanings = 0;
    for (const Source& source : sources) {
        rate += source.batches_a_month;
        cleanings += source.batches_a_month * expected_passes(source.batch, rules);
    }
    const double back = 1 - rate / cleanings;
    JacksonNetworkOptions network;
    network.arrival_rates = Eigen::Vector4d{rate, 0, 0, 0};
    network.routing = Eigen::Matrix4d{{0, 1, 0, 0}, {0, back, 1 - back, 0}, {0, 0, 0, 1}, {0, 0, 0, 0}};
    network.service_rates.resize(data_stages);
    for (std::size_t i = 0; i < data_stages; ++i) {
        network.servers.push_back(rules.stages[i].servers);
        network.service_rates[static_cast<Eigen::Index>(i)] = rules.stages[i].pace / mean(work[i]);
    }
    return JacksonNetwork(network);
}

// Many histories: the first two years are drawn, the four after them measured.

constexpr std::uint32_t histories = 2000;
constexpr std::size_t drawn_months = 24;
constexpr std::size_t points_a_month = 4;
constexpr double measured_months = 48;
constexpr double days = 365.25 / 12;  // in a month

struct StageMoments {
    Series<Moments> course = Series<Moments>(drawn_months * points_a_month + 1);  // batches present
    Moments flow;                                                                 // batches a month
    Moments present;
};

struct Data {
    double collected = 0;
    double removed_noise = 0;
    double removed_missing = 0;
    double removed_duplicates = 0;
    double stocked = 0;
    double on_the_way = 0;
    Moments quality;
};

void run(std::array<StageMoments, data_stages>& stages, Data& data) {
    for (std::uint32_t trajectory = 0; trajectory < histories; ++trajectory) {
        Company company(trajectory);
        for (std::size_t point = 0; point < stages[0].course.points(); ++point) {
            company.run_until(static_cast<double>(point) / points_a_month);
            for (std::size_t i = 0; i < data_stages; ++i)
                stages[i].course[point].add(company.flow().station(static_cast<DataStage>(i)).present());
        }
        company.restart_statistics();
        company.run_until(drawn_months + measured_months);
        for (std::size_t i = 0; i < data_stages; ++i) {
            const StationStatistics seen = company.seen(static_cast<DataStage>(i));
            stages[i].flow.add(static_cast<double>(seen.arrived) / measured_months);
            stages[i].present.add(seen.present_integral / measured_months);
        }
        const DataLedger& ledger = company.flow().ledger();
        data.collected += ledger.collected;
        data.removed_noise += ledger.removed_noise;
        data.removed_missing += ledger.removed_missing;
        data.removed_duplicates += ledger.removed_duplicates;
        data.stocked += ledger.stocked;
        data.on_the_way += company.in_flow().tokens;
        data.quality.add(company.flow().stock().quality);
    }
}

std::string number(double value, int decimals = 2) {
    std::ostringstream text;
    text << std::fixed << std::setprecision(decimals) << value;
    return text.str();
}
std::string measured(const Moments& moments) {
    return number(moments.mean()) + " ± " + number(2 * moments.standard_error());
}

/// Within four standard errors.
bool agrees(const Moments& moments, double exact) {
    return std::abs(moments.mean() - exact) < 4 * moments.standard_error();
}

TerminalTable table_of(const std::array<StageMoments, data_stages>& stages, const JacksonNetwork& theory) {
    TerminalTable table;
    table.title =
        "A data pipeline, measured in 2,000 histories (± two standard errors) beside Jackson's theorem";
    table.columns = {{"stage", Alignment::left}, {"staff"},   {"batches a month"}, {"Jackson"},
                     {"batches present"},        {"Jackson"}, {"at work"},         {"days a visit"}};
    for (std::size_t i = 0; i < data_stages; ++i) {
        const auto station = static_cast<Eigen::Index>(i);
        const QueueMeans& exact = theory.station(station);
        table.rows.push_back({std::string(data_stage_names[i]),
                              std::to_string(house_rules().stages[i].servers), measured(stages[i].flow),
                              number(theory.throughputs()[station]), measured(stages[i].present),
                              number(exact.mean_present()), number(100 * exact.utilisation) + "%",
                              number(exact.mean_sojourn * days)});
    }
    return table;
}

void draw(const std::string& path, const std::array<StageMoments, data_stages>& stages,
          const JacksonNetwork& theory) {
    LinePlot plot;
    plot.title = "A data pipeline fills up";
    plot.subtitle = "Batches at each stage from an empty start: mean of 2,000 histories";
    plot.x = {.label = "month", .low = 0, .high = drawn_months};
    plot.y = {.label = "batches waiting or at work", .low = 0};
    PlotPoints exact;
    exact.name = "in the long run (Jackson 1957)";
    for (std::size_t i = 0; i < data_stages; ++i) {
        PlotLine line;
        line.name = data_stage_names[i];
        for (std::size_t point = 0; point < stages[i].course.points(); ++point) {
            line.x.push_back(static_cast<double>(point) / points_a_month);
            line.y.push_back(stages[i].course[point].mean());
        }
        plot.lines.push_back(line);
        exact.x.push_back(drawn_months);
        exact.y.push_back(theory.station(static_cast<Eigen::Index>(i)).mean_present());
    }
    plot.points = {exact};
    write_whole_file(path, line_plot_svg(plot));
}

int show(const std::string& picture) {
    const JacksonNetwork theory = theory_of(house_rules());
    std::array<StageMoments, data_stages> stages;
    Data data;
    run(stages, data);

    const auto share = [&](double tokens) { return number(100 * tokens / data.collected, 1); };
    std::cout << table_text(table_of(stages, theory), colour_of(STDOUT_FILENO))
              << "\nOf 100 tokens collected " << share(data.removed_noise) << " were noise, "
              << share(data.removed_missing) << " missing and " << share(data.removed_duplicates)
              << " duplicates that cleaning removed;\n"
              << share(data.stocked) << " are in stock, " << number(100 * data.quality.mean(), 1)
              << "% of them of use, and " << share(data.on_the_way) << " on their way. A batch takes "
              << number(theory.mean_sojourn() * days, 1) << " days.\n";
    draw(picture, stages, theory);
    std::cout << "picture: " << picture << '\n';

    bool as_expected = std::abs(data.removed_noise + data.removed_missing + data.removed_duplicates
                                + data.stocked + data.on_the_way - data.collected)
                       < 1e-9 * data.collected;
    for (std::size_t i = 0; i < data_stages; ++i) {
        const auto station = static_cast<Eigen::Index>(i);
        as_expected = as_expected && agrees(stages[i].flow, theory.throughputs()[station])
                      && agrees(stages[i].present, theory.station(station).mean_present());
    }
    return as_expected ? 0 : 1;
}

}  // namespace

int main(int argc, char** argv) try {
    return show(argc > 1 ? argv[1] : "data_pipeline.svg");
} catch (const std::exception& error) {
    std::cerr << "data_pipeline: " << error.what() << '\n';
    return 1;
}
