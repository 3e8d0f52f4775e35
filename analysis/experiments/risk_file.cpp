#include "analysis/experiments/risk_file.hpp"

#include "agents/risk/event_probabilities.hpp"
#include "agents/risk/event_sequences.hpp"
#include "agents/risk/risk_model.hpp"
#include "scenarios/risk/galileo.hpp"
#include "scenarios/risk/tree_file.hpp"
#include "sim/ensemble/stopped.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cctype>
#include <fstream>
#include <memory>
#include <new>
#include <stdexcept>
#include <utility>

namespace venturi {

namespace {

constexpr double usual_mission_time = 8760;  // hours, the Open-PSA format's

// Draws of the model's parameters for the events of its trees.
ProbabilitySampler sampler_of(const RiskModel& model, double time, const FaultTree& tree,
                              std::uint64_t seed) {
    const auto probabilities = std::make_shared<const EventProbabilities>(model, time);
    if (!probabilities->is_uncertain()) return {};
    return [probabilities, wanted = reached_events(tree), seed](std::uint64_t trial, std::span<double> into) {
        const SampledProbabilities drawn =
            probabilities->sample({.seed = seed, .trial = static_cast<std::uint32_t>(trial)}, wanted);
        std::ranges::copy(drawn.probabilities, into.begin());
    };
}

std::vector<std::uint32_t> wanted_tops(const RiskModelReading& reading, const RiskFileRequest& request) {
    std::vector<std::uint32_t> tops = top_gates(reading.model);
    if (!request.top) return tops;
    std::vector<std::string> names;
    for (const std::uint32_t gate : tops) names.push_back(reading.model.gates[gate].name);
    if (const auto gate = find_gate(reading.model, *request.top)) {
        if (reading.constraints.empty() || std::ranges::find(tops, *gate) != tops.end()) return {*gate};
        throw ScenarioError(Problem{
            .position = {.file = "--top"},
            .message = fmt::format("'{}' is under another gate, and the substitutions of this model hold "
                                   "for its tops only",
                                   *request.top),
            .value = *request.top,
            .legal = listed(names)});
    }
    throw ScenarioError(Problem{.position = {.file = "--top"},
                                .message = fmt::format("there is no gate '{}'", *request.top),
                                .value = *request.top,
                                .legal = listed(names),
                                .nearest = nearest_name(*request.top, names)});
}

class TooLarge : public std::runtime_error {
  public:
    TooLarge() : std::runtime_error("a tree takes more than it may") {}
};

double probability_of_tree(const FaultTree& tree, const SolveLimits& limits) {
    const auto solved = solve(tree, limits);
    if (!solved) throw TooLarge();
    EvaluationScratch scratch;
    return solved->probability(event_probabilities(tree), scratch);
}

// What follows each initiating event. Those found before a stop remain.
class SequenceSearch {
  public:
    SequenceSearch(const RiskModel& model, double time, const StaticTreeRequest& request,
                   RiskFileAnalysis& found)
        : model_(model), time_(time), request_(request), found_(found) {}

    void run() {
        const std::size_t events = model_.event_trees.initiating_events.size();
        TreeActivity* activity = request_.activity;
        if (activity != nullptr) activity->begin("event trees");
        for (std::uint32_t i = 0; i < events; ++i) {
            stop_if_requested(request_.stop);
            if (activity != nullptr) activity->reach(i, events);
            try {
                for (const ReachedSequence& sequence :
                     sequences_of(model_, i, time_, request_.stop).sequences)
                    find(i, sequence);
            } catch (const std::bad_alloc&) {
                found_.notes.push_back(
                    fmt::format("what follows {} is left out from some sequence on, for it takes more memory "
                                "than this process may have",
                                model_.event_trees.initiating_events[i].name));
            }
        }
    }

  private:
    void find(std::uint32_t event, const ReachedSequence& sequence) {
        const std::string& initiating = model_.event_trees.initiating_events[event].name;
        const std::string& name = model_.event_trees.sequences[sequence.sequence].name;
        const SolveLimits limits{.bytes = request_.memory.bytes, .stop = request_.stop};
        try {
            const double probability = probability_of(
                sequence, [&](const FaultTree& tree) { return probability_of_tree(tree, limits); });
            found_.sequences.push_back(
                {.initiating_event = initiating, .sequence = name, .probability = probability});
        } catch (const TooLarge&) {
            found_.notes.push_back(
                fmt::format("the sequence {} after {} is left out, for to solve it takes more than {} or {} "
                            "million steps",
                            name, initiating, request_.memory.text(), limits.steps / 1'000'000));
        }
    }

    const RiskModel& model_;
    double time_;
    const StaticTreeRequest& request_;
    RiskFileAnalysis& found_;
};

RiskFileAnalysis analyse_model(const RiskModelReading& reading, const RiskFileRequest& request) {
    const RiskModel& model = reading.model;
    const double time = request.time.value_or(usual_mission_time);
    RiskFileAnalysis analysis{.gates = model.gates.size(), .events = model.basic_events.size(), .time = time};
    try {
        for (const std::uint32_t gate : wanted_tops(reading, request)) {
            stop_if_requested(request.fault_tree.stop);
            TopAnalysis top{.name = model.gates[gate].name, .fault_tree = fault_tree_of(model, gate, time)};
            StaticTreeRequest wanted = request.fault_tree;
            if (wanted.uncertainty_trials > 0)
                wanted.sampler = sampler_of(model, time, *top.fault_tree, wanted.seed);
            top.analysis = analyse(*top.fault_tree, wanted);
            analysis.interrupted = top.analysis->interrupted;
            analysis.tops.push_back(std::move(top));
            if (analysis.interrupted) return analysis;
        }
        SequenceSearch(model, time, request.fault_tree, analysis).run();
    } catch (const Stopped&) {
        analysis.interrupted = true;
    } catch (const RiskModelError& error) {
        throw ScenarioError(reading.source.problem(error.defect()));
    }
    return analysis;
}

bool changes_with_time(const TreeContents& contents) {
    return std::ranges::any_of(contents.event_lives, [](const DynamicLeaf& leaf) {
        return !std::holds_alternative<FailedAtStart>(leaf.life);
    });
}

RiskFileAnalysis analyse_tree(const TreeContents& contents, const RiskFileRequest& request) {
    RiskFileAnalysis analysis{.time = request.time};
    if (request.top)
        throw ScenarioError(Problem{.position = {.file = "--top"},
                                    .message = "the file names its top itself",
                                    .value = *request.top,
                                    .legal = "another top for files of the Open-PSA format only"});
    if (contents.fault_tree) {
        analysis.gates = contents.fault_tree->gates.size();
        analysis.events = contents.fault_tree->basic_events.size();
        if (request.time || !changes_with_time(contents)) {
            const double time = request.time.value_or(0);
            TopAnalysis top{.name = "top", .fault_tree = fault_tree_at(contents, time)};
            const FaultTreeArgument& root = top.fault_tree->top;
            if (root.kind == FaultTreeArgument::Kind::gate) top.name = top.fault_tree->gates[root.index].name;
            StaticTreeRequest wanted = request.fault_tree;
            if (contents.dynamic_tree) wanted.simulated_trials = 0;  // simulated as what it is, below
            top.analysis = analyse(*top.fault_tree, wanted);
            analysis.interrupted = top.analysis->interrupted;
            analysis.tops.push_back(std::move(top));
        }
    }
    if (contents.dynamic_tree && !analysis.interrupted) {
        analysis.gates = contents.dynamic_tree->gates.size();
        analysis.events = contents.dynamic_tree->leaves.size();
        DynamicTreeRequest wanted = request.dynamic_tree;
        wanted.time = request.time;
        analysis.dynamic_tree = analyse(*contents.dynamic_tree, wanted);
        analysis.interrupted = analysis.dynamic_tree->interrupted;
    }
    return analysis;
}

}  // namespace

const std::vector<Problem>& RiskFile::warnings() const {
    if (const auto* reading = std::get_if<RiskModelReading>(&contents)) return reading->warnings;
    return std::get<TreeContents>(contents).warnings;
}

RiskFormat format_of(const std::filesystem::path& file) {
    // To open a pipe would wait for its writer; the reader says that it is no file.
    std::error_code error;
    std::ifstream stream;
    if (std::filesystem::is_regular_file(file, error)) stream.open(file);
    char first = 0;
    // Whatever cannot be read, its reader will say why.
    while (
        stream.get(first)
        && (std::isspace(static_cast<unsigned char>(first)) != 0 || (first & 0x80) != 0 || first == '\0')) {
    }
    if (first == '<') return RiskFormat::open_psa;
    const std::string extension = file.extension().string();
    if (extension == ".xml" || extension == ".opsa") return RiskFormat::open_psa;
    return extension == ".dft" ? RiskFormat::galileo : RiskFormat::yaml;
}

RiskFile read_risk_file(std::span<const std::filesystem::path> files, std::optional<double> mission_time) {
    const RiskFormat format = format_of(files.front());
    if (files.size() > 1)
        for (const std::filesystem::path& file : files)
            if (format_of(file) != RiskFormat::open_psa)
                throw ScenarioError(
                    Problem{.position = {.file = file.string()},
                            .message = "only files of the Open-PSA format can be read together",
                            .legal = "one file, or several of the Open-PSA format"});
    if (format == RiskFormat::open_psa)
        return {format, read_open_psa(files, {.mission_time = mission_time.value_or(usual_mission_time)})};
    return {format,
            format == RiskFormat::galileo ? load_galileo(files.front()) : load_tree_file(files.front())};
}

RiskFileAnalysis analyse(const RiskFile& file, const RiskFileRequest& request) {
    if (const auto* reading = std::get_if<RiskModelReading>(&file.contents))
        return analyse_model(*reading, request);
    return analyse_tree(std::get<TreeContents>(file.contents), request);
}

}  // namespace venturi
