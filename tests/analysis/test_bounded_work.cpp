// Trees too large for the memory or the time there is: what is done, what is said, and how soon a stop is
// heard.
#include "analysis/experiments/tree_analysis.hpp"
#include "analysis/program/memory_guard.hpp"
#include "tests/analysis/ask.hpp"
#include "tests/analysis/process.hpp"

#include <catch2/catch.hpp>
#include <nlohmann/json.hpp>

#include <atomic>
#include <cmath>
#include <csignal>
#include <cstdint>
#include <filesystem>
#include <fstream>
#include <memory>
#include <string>
#include <sys/resource.h>
#include <thread>
#include <utility>
#include <vector>

using namespace venturi;
using Catch::Matchers::Contains;

namespace {

using Json = nlohmann::ordered_json;

std::string written(const ScratchFolder& scratch, const std::string& name, const std::string& text) {
    const std::filesystem::path file = scratch.path() / name;
    std::ofstream(file) << text;
    return file.string();
}

// A name of some length, as others' programs write them.
std::string long_name(const std::string& kind, int number) {
    return '"' + kind + " of the subsystem at some place of the plant, number " + std::to_string(number)
           + '"';
}

// A chain of `length` gates of Galileo's format, each over the next and an event of its own; 3.4 MB of
// 20,000.
std::string chain(int length, const std::string& gate, const std::string& event) {
    std::string text = "toplevel " + long_name("gate", 0) + ";\n";
    for (int i = 0; i < length; ++i) {
        const std::string below = long_name(i + 1 < length ? "gate" : "end", i + 1);
        text += long_name("gate", i) + ' ' + gate + ' ' + long_name("event", i) + ' ' + below + ";\n";
        text += long_name("event", i) + ' ' + event + ";\n";
    }
    return text + long_name("end", length) + ' ' + event + ";\n";
}

// Half of `events` or more of them: a diagram of events² / 4 nodes, and as many cut sets as nobody can list.
FaultTree half_of(std::uint32_t events) {
    FaultTree tree;
    FaultTreeGate gate{.name = "half", .connective = Connective::at_least, .minimum = events / 2};
    for (std::uint32_t i = 0; i < events; ++i) {
        tree.basic_events.push_back({.name = "e" + std::to_string(i), .probability = 0.5});
        gate.arguments.push_back({.kind = FaultTreeArgument::Kind::basic_event, .index = i});
    }
    tree.gates.push_back(std::move(gate));
    tree.top = {.kind = FaultTreeArgument::Kind::gate, .index = 0};
    return tree;
}

}  // namespace

TEST_CASE("A tree may take a quarter of the memory for each of its parts, and no more than half a gibibyte") {
    CHECK(tree_memory(16'000'000'000).bytes == std::size_t{512} << 20);
    CHECK(tree_memory(16'000'000'000).text() == "512 MiB");
    CHECK(tree_memory(1'024'000'000).bytes == 256'000'000);
    CHECK(tree_memory(1'024'000'000).text() == "244 MiB (25% of the 1.0 GB that there are here)");
}

TEST_CASE("A tree that takes more memory than it may is not solved, and it is said what was allowed") {
    const FaultTree tree = half_of(300);
    StaticTreeRequest request{.cut_sets = false};
    CHECK(analyse(tree, request).probability);
    // What comes in its place takes long: it is told to stop where that begins.
    StopRequest stop;
    TreeActivity activity;
    std::atomic<bool> ended = false;
    request.memory = tree_memory(2 << 20);
    request.stop = &stop;
    request.activity = &activity;
    std::thread watcher([&] {
        while (!ended) {
            const char* what = activity.state().what;
            if (what != nullptr && std::string(what) == "bounds of the probability") stop.request();
            std::this_thread::yield();
        }
    });
    const StaticTreeAnalysis analysis = analyse(tree, request);
    ended = true;
    watcher.join();
    CHECK_FALSE(analysis.probability);
    CHECK(analysis.interrupted);
    REQUIRE(analysis.notes.size() == 1);
    CHECK_THAT(analysis.notes.front(),
               Contains("not solved exactly, for that takes more than 512 KiB (25% of "
                        "the 2.1 MB that there are here) or 100 million steps"));
}

TEST_CASE("A history whose events come without end is stopped with a message wherever one is followed",
          "[slow][long]") {
    // Data that costs next to nothing, for a company that has more money than there is.
    const std::vector<std::string> settings = {"data.batch_price=$1",
                                               "startups.founders.count=1",
                                               "startups.founders.seed_round=$1000000000000000",
                                               "startups.founders.burn=$100000000000000/month",
                                               "startups.founders.founded=0 months",
                                               "market.segments.builders.size=100"};
    const std::vector<std::vector<std::string>> questions = {
        {"trace", "foundation_model_lab"},
        {"risk", "foundation_model_lab", "--startup", "founders/1", "--month", "24"}};
    for (std::vector<std::string> question : questions) {
        for (const std::string& setting : settings) question.insert(question.end(), {"--set", setting});
        const Answer answer = ask(question);
        CHECK(answer.code == ExitCode::failure);
        CHECK(answer.out.empty());
        CHECK_THAT(answer.err, Contains("events within a month, from month 0 to month")
                                   && Contains("arrivals of data. Some rate is too high for this world"));
    }
}

#if !defined(__SANITIZE_ADDRESS__) && !defined(__SANITIZE_THREAD__)  // which need all addresses
namespace {

// The program with so little memory (ulimit -v), which it inherits.
class Confined {
  public:
    explicit Confined(rlim_t kilobytes) {
        ::getrlimit(RLIMIT_AS, &before_);
        const rlimit little{kilobytes * 1024, before_.rlim_max};
        ::setrlimit(RLIMIT_AS, &little);
    }
    ~Confined() { ::setrlimit(RLIMIT_AS, &before_); }
    Confined(const Confined&) = delete;
    Confined& operator=(const Confined&) = delete;
    Confined(Confined&&) = delete;
    Confined& operator=(Confined&&) = delete;

  private:
    rlimit before_{};
};

}  // namespace

TEST_CASE("A chain of 20,000 gates is solved with little memory") {
    const ScratchFolder scratch;
    const std::string file = written(scratch, "chain.dft", chain(20'000, "or", "lambda=0.0001"));
    CHECK(std::filesystem::file_size(file) > 3'400'000);
    std::unique_ptr<Process> process;
    {
        const Confined confined(1'000'000);
        process = std::make_unique<Process>(
            std::vector<std::string>{"risk", file, "--time", "0.5", "--no-importance", "--json"});
    }
    CHECK(process->wait() == 0);
    INFO(process->err());
    const Json json = Json::parse(process->out());
    // 20,001 events of the same rate in series.
    CHECK(json["unreliability"].get<double>() == Approx(-std::expm1(-0.5 * 2.0001)).epsilon(1e-9));
    CHECK(json["mean_time_to_failure"].get<double>() == Approx(1 / 2.0001).epsilon(1e-9));
}

#endif
