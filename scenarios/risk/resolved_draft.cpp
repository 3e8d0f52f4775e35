#include "scenarios/risk/resolved_draft.hpp"

#include "scenarios/counted.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cstdint>
#include <unordered_set>
#include <variant>

namespace venturi {
namespace {

using AnyConnective = std::variant<Connective, DynamicConnective>;

// Cycles of gates that have an output; what a constraint is over closes none.
class CycleSearch {
  public:
    CycleSearch(const ResolvedDraft& tree, ProblemList& problems)
        : tree_(tree), problems_(problems), marks_(tree.size()) {}

    void run() {
        for (std::size_t i = 0; i < tree_.size(); ++i)
            if (marks_[i] == Mark::unseen) walk(i);
    }

  private:
    enum class Mark : std::uint8_t { unseen, open, done };
    struct Step {
        std::size_t element;
        std::size_t next = 0;
    };

    // With a list of its own: a chain of gates may be as long as the file.
    void walk(std::size_t start) {
        path_.assign(1, {start});
        marks_[start] = Mark::open;
        while (!path_.empty()) {
            Step& step = path_.back();
            const std::vector<std::size_t>& arguments = tree_.arguments(step.element);
            if (is_constraint(tree_.element(step.element)) || step.next == arguments.size()) {
                marks_[step.element] = Mark::done;
                path_.pop_back();
                continue;
            }
            const std::size_t place = step.next++;
            const std::size_t child = arguments[place];
            if (marks_[child] == Mark::open) report(step.element, place, child);
            if (marks_[child] != Mark::unseen) continue;
            marks_[child] = Mark::open;
            path_.push_back({child});
        }
    }

    void report(std::size_t from, std::size_t place, std::size_t to) {
        constexpr std::size_t most_named = 8;
        const auto start =
            std::find_if(path_.begin(), path_.end(), [to](const Step& step) { return step.element == to; });
        std::string names;
        std::size_t named = 0;
        for (auto step = start; step != path_.end() && named < most_named; ++step, ++named)
            names += called(tree_.element(step->element)) + " → ";
        if (path_.end() - start > static_cast<std::ptrdiff_t>(most_named)) names += "... → ";
        const DraftArgument& argument = gate_of(tree_.element(from))->arguments[place];
        problems_.add({.position = argument.position,
                       .message = fmt::format("a cycle: {}{}", names, called(tree_.element(to))),
                       .value = argument.name,
                       .legal = "gates over others that don't lead back to them"});
    }

    const ResolvedDraft& tree_;
    ProblemList& problems_;
    std::vector<Mark> marks_;
    std::vector<Step> path_;
};

// How many arguments a gate must have.
struct Arity {
    std::size_t least = 1;
    std::size_t most = static_cast<std::size_t>(-1);
};

Arity arity_of(const AnyConnective& connective) {
    if (const auto* const fixed = std::get_if<Connective>(&connective)) {
        switch (*fixed) {
            case Connective::same:
            case Connective::negation:
                return {.least = 1, .most = 1};
            case Connective::implication:
            case Connective::equivalence:
                return {.least = 2, .most = 2};
            default:
                return {};
        }
    }
    constexpr std::size_t most_inputs_of_a_spare = 255;
    const DynamicConnective dynamic = std::get<DynamicConnective>(connective);
    if (dynamic == DynamicConnective::spare) return {.least = 1, .most = most_inputs_of_a_spare};
    return is_constraint(dynamic) ? Arity{.least = 2} : Arity{};
}

std::string in_words(const Arity& arity) {
    if (arity.least == arity.most) return counted(arity.least, "input");
    if (arity.most == static_cast<std::size_t>(-1)) return fmt::format("{} or more inputs", arity.least);
    return fmt::format("{} to {} inputs", arity.least, arity.most);
}

void check_arity(const ResolvedDraft& tree, std::size_t index, const std::vector<std::size_t>& places,
                 ProblemList& problems) {
    const DraftElement& element = tree.element(index);
    const DraftGate& gate = *gate_of(element);
    const Arity arity = arity_of(gate.connective);
    if (places.size() < arity.least || places.size() > arity.most)
        problems.add({.position = element.position,
                      .message = fmt::format("'{}' of {} has {}", words_for(gate.connective), called(element),
                                             counted(places.size(), "input")),
                      .legal = in_words(arity)});
}

void check_numbers(const DraftElement& element, std::size_t inputs, ProblemList& problems) {
    const DraftGate& gate = *gate_of(element);
    const auto* const connective = std::get_if<Connective>(&gate.connective);
    const auto most = static_cast<std::int64_t>(inputs);
    if (connective == nullptr || inputs == 0) return;
    if (*connective == Connective::at_least && (gate.minimum < 1 || gate.minimum > most))
        problems.add(
            {.position = element.position,
             .message = fmt::format("{} needs {} of {} inputs", called(element), gate.minimum, inputs),
             .value = fmt::format("{}", gate.minimum),
             .legal = fmt::format("1 to {}", inputs)});
    if (*connective == Connective::between
        && (gate.minimum < 0 || gate.maximum < gate.minimum || gate.maximum > most))
        problems.add({.position = element.position,
                      .message = fmt::format("{} needs {} to {} of {} inputs", called(element), gate.minimum,
                                             gate.maximum, inputs),
                      .legal = fmt::format("0 to {}, the smaller number first", inputs)});
}

void check_twice(const ResolvedDraft& tree, std::size_t index, const std::vector<std::size_t>& places,
                 ProblemList& problems) {
    std::unordered_set<std::size_t> seen;
    for (const std::size_t place : places) {
        if (seen.insert(tree.arguments(index)[place]).second) continue;
        const DraftArgument& argument = gate_of(tree.element(index))->arguments[place];
        problems.add({.position = argument.position,
                      .message = fmt::format(
                          "{} stands twice in '{}' of {}", called(tree.element(tree.arguments(index)[place])),
                          words_for(gate_of(tree.element(index))->connective), called(tree.element(index))),
                      .value = argument.name,
                      .legal = "each input once, where their order matters"});
    }
}

// Constraints among the inputs of one; whether there are none.
bool check_inputs_of_constraint(const ResolvedDraft& tree, std::size_t index, ProblemList& problems) {
    const std::vector<DraftArgument>& arguments = gate_of(tree.element(index))->arguments;
    bool legal = true;
    for (std::size_t place = 0; place < arguments.size(); ++place) {
        const DraftElement& input = tree.element(tree.arguments(index)[place]);
        if (!is_constraint(input)) continue;
        problems.add({.position = arguments[place].position,
                      .message = fmt::format("{} is a constraint and has no output", called(input)),
                      .value = arguments[place].name,
                      .legal = "a gate with an output, or an event"});
        legal = false;
    }
    return legal;
}

}  // namespace

const DraftGate* gate_of(const DraftElement& element) {
    return std::get_if<DraftGate>(&element.content);
}

bool is_constraint(const DraftElement& element) {
    const DraftGate* const gate = gate_of(element);
    if (gate == nullptr) return false;
    const auto* const dynamic = std::get_if<DynamicConnective>(&gate->connective);
    return dynamic != nullptr && is_constraint(*dynamic);
}

bool is_dynamic(const DraftGate& gate) {
    return std::holds_alternative<DynamicConnective>(gate.connective);
}

// "'pumps'", or "a formula in place".
std::string called(const DraftElement& element) {
    return element.name.empty() ? std::string("a formula written in place") : in_quotes(element.name);
}

ResolvedDraft::ResolvedDraft(const TreeDraft& draft, ProblemList& problems) : draft_(draft) {
    name_elements(problems);
    if (!draft.top)
        problems.add({.position = {.file = file()}, .message = "the top event isn't named"});
    else
        top_ = look_up(*draft.top, problems);
    for (const DraftElement& element : draft.elements) {
        std::vector<std::size_t>& found = arguments_.emplace_back();
        if (const DraftGate* const gate = gate_of(element))
            for (const DraftArgument& argument : gate->arguments)
                found.push_back(look_up(argument, problems));
    }
}

std::string ResolvedDraft::file() const {
    return draft_.elements.empty() ? std::string{} : draft_.elements.front().position.file;
}

void ResolvedDraft::name_elements(ProblemList& problems) {
    for (std::size_t i = 0; i < draft_.elements.size(); ++i) {
        const DraftElement& element = draft_.elements[i];
        if (element.name.empty()) continue;
        const auto [first, is_new] = by_name_.try_emplace(element.name, i);
        if (is_new) continue;
        problems.add({.position = element.position,
                      .message = fmt::format("{} is defined twice, first in line {}", in_quotes(element.name),
                                             draft_.elements[first->second].position.line),
                      .value = element.name,
                      .legal = "a name of its own for each gate and event"});
    }
}

std::size_t ResolvedDraft::look_up(const DraftArgument& argument, ProblemList& problems) {
    if (argument.formula) return *argument.formula;
    if (const auto found = by_name_.find(argument.name); found != by_name_.end()) return found->second;
    // The search for a near name is long, and no more problems than these are shown.
    const bool may_be_shown = undefined_++ < ProblemList::most_reported;
    problems.add({.position = argument.position,
                  .message = fmt::format("{} isn't defined", in_quotes(argument.name)),
                  .value = argument.name,
                  .legal = "a gate or an event of this file",
                  .nearest = may_be_shown ? nearest_element(argument.name, draft_) : std::string{}});
    return unknown;
}

std::vector<std::size_t> ResolvedDraft::places_with_output(std::size_t gate) const {
    std::vector<std::size_t> places;
    const std::vector<std::size_t>& over = arguments_[gate];
    for (std::size_t place = 0; place < over.size(); ++place)
        if (!is_constraint(element(over[place]))) places.push_back(place);
    return places;
}

void check_gates(const ResolvedDraft& tree, ProblemList& problems) {
    CycleSearch(tree, problems).run();
    for (std::size_t i = 0; i < tree.size(); ++i) {
        const DraftGate* const gate = gate_of(tree.element(i));
        if (gate == nullptr) continue;
        if (is_constraint(tree.element(i)) && !check_inputs_of_constraint(tree, i, problems)) continue;
        const std::vector<std::size_t> places = tree.places_with_output(i);
        check_arity(tree, i, places, problems);
        check_numbers(tree.element(i), places.size(), problems);
        if (is_dynamic(*gate)) check_twice(tree, i, places, problems);
    }
    if (is_constraint(tree.element(tree.top())))
        problems.add({.position = tree.draft().top->position,
                      .message = fmt::format("{} is a constraint: it can't be the top event",
                                             called(tree.element(tree.top()))),
                      .value = tree.element(tree.top()).name,
                      .legal = "a gate with an output, or an event"});
}

}  // namespace venturi
