#include "scenarios/network/network_draft.hpp"

#include "scenarios/counted.hpp"
#include "scenarios/text_encoding.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>
#include <cmath>
#include <limits>
#include <numeric>
#include <stdexcept>
#include <system_error>
#include <tuple>
#include <utility>

namespace venturi {

void FileProblems::add(std::size_t byte, Problem problem) {
    problem.position = source_->at(byte);
    problems_.add(std::move(problem));
    if (++found_ >= most_found) problems_.throw_if_any();
}

void FileProblems::fail(std::size_t byte, Problem problem) {
    add(byte, std::move(problem));
    problems_.throw_if_any();
    throw std::logic_error("a problem was added");
}

bool is_blank_name(std::string_view name) {
    return name.find_first_not_of(' ') == std::string_view::npos;
}

void check_name(std::string_view name, std::size_t byte, FileProblems& problems, std::string_view whose) {
    const std::optional<UnfitCharacter> unfit = unfit_for_name(name);
    if (!unfit) return;
    problems.add(byte,
                 {.position = {},
                  .message = fmt::format("the name of {} has the character U+{:04X}, which is {}", whose,
                                         static_cast<std::uint32_t>(unfit->character), unfit->kind),
                  .legal = "names that a terminal and XML can show"});
}

std::uint32_t VertexNames::number_of(const std::string& name, std::size_t byte) {
    const auto [place, is_new] = numbers_.try_emplace(name, static_cast<std::uint32_t>(names_.size()));
    if (is_new) {
        if (is_blank_name(name))
            problems_->add(byte, {.position = {},
                                  .message = "a vertex without a name",
                                  .legal = "a name that is not empty, and not of blanks alone"});
        check_name(name, byte, *problems_);
        names_.push_back(name);
        if (names_.size() > limits_->vertices)
            problems_->fail(
                byte, {.position = {}, .message = fmt::format("more than {} vertices", limits_->vertices)});
    }
    return place->second;
}

void add_edge(std::vector<EdgeDraft>& edges, const EdgeDraft& edge, const NetworkLimits& limits,
              FileProblems& problems) {
    if (edges.size() >= limits.edges)
        problems.fail(edge.byte,
                      {.position = {}, .message = fmt::format("more than {} edges", limits.edges)});
    edges.push_back(edge);
}

std::vector<std::string> names_or_ids(std::vector<std::string> names, std::vector<std::string> ids,
                                      const SourceText& source, std::vector<Problem>& warnings) {
    for (std::size_t i = 0; i < names.size(); ++i)
        if (is_blank_name(names[i])) names[i] = ids[i];
    std::vector<std::string_view> sorted(names.begin(), names.end());
    std::sort(sorted.begin(), sorted.end());
    const auto twice = std::adjacent_find(sorted.begin(), sorted.end());
    if (twice == sorted.end()) return names;
    warnings.push_back(
        {.position = source.whole(),
         .message = fmt::format("two vertices have the name {}; all go by their ids", in_quotes(*twice)),
         .value = std::string(*twice)});
    return ids;
}

namespace {

std::pair<std::uint32_t, std::uint32_t> ends_of(const EdgeDraft& edge, bool directed) {
    if (directed || edge.source < edge.target) return {edge.source, edge.target};
    return {edge.target, edge.source};
}

/// Makes a network of a draft, step by step.
class Completion {
  public:
    Completion(NetworkDraft& draft, const NetworkOptions& options, const SourceText& source,
               FileProblems& problems)
        : draft_(draft), options_(options), source_(source), problems_(problems) {}

    NetworkReading read() {
        settle_direction();
        settle_loops();
        settle_parallels();
        problems_.throw_if_any();
        Network network{.directed = draft_.directed,
                        .vertices = draft_.names.size(),
                        .edges = {},
                        .names = std::move(draft_.names)};
        network.edges.reserve(draft_.edges.size());
        for (const EdgeDraft& edge : draft_.edges)
            network.edges.push_back({edge.source, edge.target, edge.weight});
        NetworkReading reading{.network = std::move(network),
                               .weighted = draft_.weighted,
                               .warnings = std::move(draft_.warnings),
                               .understood = understood()};
        if (options_.with_places) {
            reading.places.reserve(draft_.edges.size());
            for (const EdgeDraft& edge : draft_.edges) {
                const SourcePosition position = source_.at(edge.byte);
                reading.places.push_back({position.line, position.column});
            }
        }
        return reading;
    }

  private:
    // One kind of edges is left: with a direction, or without.
    void settle_direction() {
        std::vector<EdgeDraft>& edges = draft_.edges;
        const auto is_directed = [](const EdgeDraft& edge) { return edge.directed; };
        const auto directed =
            static_cast<std::size_t>(std::count_if(edges.begin(), edges.end(), is_directed));
        if (!edges.empty()) draft_.directed = directed > 0;
        const auto first = std::find_if_not(edges.begin(), edges.end(), is_directed);
        const bool needs_direction = options_.directed || options_.obligations;
        const bool lacks = directed == 0 ? !draft_.directed : options_.obligations && first != edges.end();
        if (needs_direction && lacks) {
            problems_.throw_if_any();
            problems_.fail(
                first == edges.end() ? 0 : first->byte,
                {.position = {},
                 .message = directed == 0 ? "the edges of this graph have no direction, and one is needed"
                                          : fmt::format("the edge between {} and {} has no direction, and a "
                                                        "debt needs one",
                                                        in_quotes(draft_.names[first->source]),
                                                        in_quotes(draft_.names[first->target])),
                 .legal = "edges from a source to a target"});
        }
        if (directed == 0 || directed == edges.size()) return;
        const std::size_t without = edges.size() - directed;
        draft_.remarks.push_back(
            fmt::format("{} without a direction, the first in line {}, read as two arcs each",
                        counted(without, "edge"), source_.at(first->byte).line));
        std::vector<EdgeDraft> arcs;
        arcs.reserve(edges.size() + without);
        for (EdgeDraft edge : edges) {
            const bool both = !edge.directed && edge.source != edge.target;
            edge.directed = true;
            arcs.push_back(edge);
            if (!both) continue;
            std::swap(edge.source, edge.target);
            add_edge(arcs, edge, options_.limits, problems_);
        }
        edges = std::move(arcs);
    }

    void settle_loops() {
        std::vector<EdgeDraft>& edges = draft_.edges;
        const auto is_loop = [](const EdgeDraft& edge) { return edge.source == edge.target; };
        if (options_.loops == LoopEdges::drop) {
            const std::size_t before = edges.size();
            edges.erase(std::remove_if(edges.begin(), edges.end(), is_loop), edges.end());
            if (edges.size() < before)
                draft_.remarks.push_back(counted(before - edges.size(), "loop") + " dropped");
            return;
        }
        for (const EdgeDraft& edge : edges) {
            if (!is_loop(edge)) continue;
            const std::string& name = draft_.names[edge.source];
            problems_.add(edge.byte,
                          {.position = {},
                           .message = fmt::format("the edge joins {} to itself", in_quotes(name)),
                           .value = name,
                           .legal = "an edge between two different vertices; loops are left out with "
                                    "--loops drop"});
        }
    }

    // Edges in the order of what they join, and of the file where they join the same.
    [[nodiscard]] std::vector<std::uint32_t> by_ends() const {
        std::vector<std::uint32_t> order(draft_.edges.size());
        std::iota(order.begin(), order.end(), 0U);
        const auto key = [&](std::uint32_t i) {
            return std::tuple(ends_of(draft_.edges[i], draft_.directed), i);
        };
        std::sort(order.begin(), order.end(),
                  [&](std::uint32_t one, std::uint32_t other) { return key(one) < key(other); });
        return order;
    }

    void settle_parallels() {
        const std::vector<std::uint32_t> order = by_ends();
        std::vector<std::pair<std::uint32_t, std::uint32_t>> repeated;  // with the first of its kind
        std::size_t first = 0;
        const auto ends = [&](std::size_t i) { return ends_of(draft_.edges[order[i]], draft_.directed); };
        for (std::size_t i = 1; i < order.size(); ++i) {
            if (ends(i) == ends(first))
                repeated.emplace_back(order[i], order[first]);
            else
                first = i;
        }
        std::sort(repeated.begin(), repeated.end());
        if (repeated.empty()) return;
        const ParallelEdges rule =
            options_.parallel.value_or(options_.obligations ? ParallelEdges::sum : ParallelEdges::refuse);
        if (rule == ParallelEdges::refuse && is_directed_after_all(repeated)) return;
        if (rule == ParallelEdges::refuse) return refuse_repeated(repeated);
        merge(repeated, rule);
    }

    // Edges in both orders that weigh differently are no edges without a direction. Where nothing says
    // whether edges have one, they have.
    bool is_directed_after_all(const std::vector<std::pair<std::uint32_t, std::uint32_t>>& repeated) {
        if (!draft_.direction_is_open || draft_.directed || options_.parallel) return false;
        bool differ = false;
        for (const auto& [again, before] : repeated) {
            const EdgeDraft& second = draft_.edges[again];
            const EdgeDraft& first = draft_.edges[before];
            if (second.source == first.source) return false;
            differ = differ || second.weight != first.weight;
        }
        if (!differ) return false;
        std::vector<std::uint32_t> firsts;
        firsts.reserve(repeated.size());
        for (const auto& [again, before] : repeated) firsts.push_back(before);
        std::sort(firsts.begin(), firsts.end());
        if (std::adjacent_find(firsts.begin(), firsts.end()) != firsts.end()) return false;
        draft_.directed = true;
        draft_.remarks.push_back(
            fmt::format("edges have a direction, since {} in both orders, weighing differently",
                        counted(repeated.size(), "pair")));
        return true;
    }

    void merge(const std::vector<std::pair<std::uint32_t, std::uint32_t>>& repeated, ParallelEdges rule) {
        std::vector<EdgeDraft>& edges = draft_.edges;
        std::vector<bool> is_merged(edges.size());
        for (const auto& [again, before] : repeated) {
            is_merged[again] = true;
            double& weight = edges[before].weight;
            if (rule == ParallelEdges::sum) weight += edges[again].weight;
            if (rule == ParallelEdges::max) weight = std::max(weight, edges[again].weight);
        }
        std::size_t kept = 0;
        for (std::size_t i = 0; i < edges.size(); ++i)
            if (!is_merged[i]) edges[kept++] = edges[i];
        edges.resize(kept);
        if (rule == ParallelEdges::sum) draft_.weighted = true;
        const std::string_view how = rule == ParallelEdges::sum   ? "added to the first of their kind"
                                     : rule == ParallelEdges::max ? "of which the largest weights are kept"
                                                                  : "passed over for the first of their kind";
        draft_.remarks.push_back(counted(repeated.size(), "parallel edge") + " " + std::string(how));
    }

    void refuse_repeated(const std::vector<std::pair<std::uint32_t, std::uint32_t>>& repeated) {
        for (const auto& [again, before] : repeated) {
            const EdgeDraft& edge = draft_.edges[again];
            const bool turned = edge.source != draft_.edges[before].source;
            problems_.add(
                edge.byte,
                {.position = {},
                 .message = fmt::format(
                     "the edge from {} to {} is there again{}; first at line {}",
                     in_quotes(draft_.names[edge.source]), in_quotes(draft_.names[edge.target]),
                     turned ? ", in the opposite order, which is the same edge in an undirected network" : "",
                     source_.at(draft_.edges[before].byte).line),
                 .legal =
                     fmt::format("one edge {}; parallel edges become one with --parallel sum, max or "
                                 "first",
                                 draft_.directed ? "from a vertex to another" : "between two vertices")});
        }
    }

    [[nodiscard]] std::string understood() const {
        std::string text = fmt::format("{}; {}, {}, {}", draft_.form, counted(draft_.edges.size(), "edge"),
                                       draft_.weighted ? "weighted" : "unweighted",
                                       draft_.directed ? "directed" : "undirected");
        for (const std::string& remark : draft_.remarks) text += "; " + remark;
        return text;
    }

    NetworkDraft& draft_;
    const NetworkOptions& options_;
    const SourceText& source_;
    FileProblems& problems_;
};

}  // namespace

NetworkReading reading_of(NetworkDraft draft, const NetworkOptions& options, const SourceText& source,
                          FileProblems& problems) {
    return Completion(draft, options, source, problems).read();
}

std::string lower_case(std::string_view text) {
    std::string lower(text);
    for (char& c : lower)
        if (c >= 'A' && c <= 'Z') c = static_cast<char>(c - 'A' + 'a');
    return lower;
}

bool is_whole_number(std::string_view text) {
    return !text.empty()
           && std::all_of(text.begin(), text.end(), [](char c) { return c >= '0' && c <= '9'; });
}

std::string nearest_vertex(std::string_view written, const std::vector<std::string>& names) {
    constexpr std::size_t most_compared = 20'000;
    return names.size() <= most_compared ? nearest_name(written, names) : std::string();
}

std::optional<double> number_of(std::string_view text) {
    if (text.starts_with('+') && !text.starts_with("+-")) text.remove_prefix(1);
    double value = 0;
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
    if (end != text.data() + text.size() || error == std::errc::invalid_argument) return std::nullopt;
    if (error == std::errc{}) return value;
    // Too near to zero or too far from it, which from_chars doesn't tell apart.
    const std::size_t exponent = text.find_first_of("eE");
    const bool is_tiny = exponent != std::string_view::npos
                             ? text.substr(exponent + 1).starts_with('-')
                             : text.find_first_of("123456789") > text.find('.');
    return is_tiny ? 0 : std::numeric_limits<double>::infinity();
}

std::string_view out_of_range(double number, std::string_view text) {
    constexpr double least = 1e-100;
    constexpr double most = 1e100;
    const std::string_view digits = text.substr(0, text.find_first_of("eE"));
    const bool is_zero = digits.find_first_of("123456789") == std::string_view::npos;
    if (std::abs(number) > most) return "too far from 0";
    return std::abs(number) < least && !is_zero ? "too near to 0" : std::string_view();
}

void refuse_named_weight(const NetworkOptions& options, std::string_view what, FileProblems& problems,
                         std::string_view legal) {
    if (options.weight.empty() || options.weight == "none") return;
    problems.fail(0, {.position = {},
                      .message = fmt::format("--weight {}: {} has no columns or attributes with names",
                                             in_quotes(options.weight), what),
                      .value = options.weight,
                      .legal = fmt::format("{}; without --weight, what the format has for weights", legal)});
}

double read_weight(std::string_view text, std::size_t byte, const NetworkOptions& options,
                   FileProblems& problems) {
    const auto refuse = [&](std::string_view why) {
        const bool is_amount = options.obligations;
        problems.add(byte, {.position = {},
                            .message = fmt::format("the weight {} is {}", in_quotes(text), why),
                            .value = std::string(text),
                            .legal = why.starts_with("too ") ? std::string(numbers_in_range)
                                     : is_amount             ? "an amount of at least 0"
                                                             : "a finite number, such as 2.5"});
        return 1.0;
    };
    const std::optional<double> weight = number_of(text);
    if (!weight) return refuse("not a number");
    if (!std::isfinite(*weight)) return refuse("not finite");
    if (options.obligations && *weight < 0) return refuse("negative, and what is owed can't be");
    if (const std::string_view why = out_of_range(*weight, text); !why.empty()) return refuse(why);
    return *weight;
}

}  // namespace venturi
