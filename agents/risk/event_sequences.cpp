#include "agents/risk/event_sequences.hpp"

#include "agents/risk/tree_of_formulas.hpp"
#include "sim/contract.hpp"
#include "sim/ensemble/stopped.hpp"

#include <algorithm>
#include <cstddef>
#include <iterator>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <utility>

namespace venturi {
namespace {

std::string quoted(const std::string& name) {
    return "'" + name + "'";
}

// A formula that was collected, and in which flavours of formulas and expressions.
struct CollectedFormula {
    FormulaArgument formula = {};
    std::uint32_t formulas = 0;
    std::uint32_t flavour = 0;
};
// An expression that was collected; `occurrence` tells two collections of the same one apart.
struct Occurrence {
    CollectedFactor factor = {};
    std::uint32_t occurrence = 0;
};

// What has happened on a path so far.
struct PathState {
    ExpressionFlavour expressions;
    FormulaFlavour formulas;
    std::vector<CollectedFormula> collected;
    std::vector<Occurrence> factors;
    std::optional<std::uint32_t> link;
};

struct FinishedPath {
    std::uint32_t sequence = 0;
    std::vector<CollectedFormula> collected;
    std::vector<Occurrence> factors;
};

void add_expressions(const std::vector<Instruction>& instructions,
                     std::vector<ExpressionIndex>& expressions) {
    for (const Instruction& instruction : instructions) {
        if (instruction.kind == Instruction::Kind::collect_expression
            || instruction.kind == Instruction::Kind::condition)
            expressions.push_back(instruction.expression);
        add_expressions(instruction.inner, expressions);
    }
}

void add_expressions(const Branch& branch, std::vector<ExpressionIndex>& expressions) {
    add_expressions(branch.instructions, expressions);
    for (const ForkPath& path : branch.paths) add_expressions(path.branch, expressions);
}

// Those that paths may ask the value of.
std::vector<ExpressionIndex> collectable_expressions(const EventTreeLayer& layer) {
    std::vector<ExpressionIndex> expressions;
    for (const EventSequence& sequence : layer.sequences) add_expressions(sequence.instructions, expressions);
    for (const InstructionRule& rule : layer.rules) add_expressions(rule.instructions, expressions);
    for (const InitiatingEvent& event : layer.initiating_events)
        add_expressions(event.instructions, expressions);
    for (const EventTree& tree : layer.event_trees) {
        add_expressions(tree.initial_state, expressions);
        for (const NamedBranch& branch : tree.branches) add_expressions(branch.branch, expressions);
    }
    return expressions;
}

[[noreturn]] void fail(ModelDefect::Element element, std::uint32_t index, std::string message) {
    throw RiskModelError({.element = element, .index = index, .message = std::move(message)});
}

// Flavours that are met: of expressions, each with its evaluator, and of formulas.
class Flavours {
  public:
    Flavours(const RiskModel& model, double mission_time)
        : model_(model),
          mission_time_(mission_time),
          collectable_(collectable_expressions(model.event_trees)) {
        for (const Expression& expression : model.expressions) {
            if (expression.operation == Operation::test_functional_event)
                tested_.insert(expression.reference);
            if (expression.operation == Operation::test_initiating_event) tests_initiating_event_ = true;
        }
    }

    // States that nothing tests make no difference, and no flavour of their own.
    std::uint32_t intern(ExpressionFlavour flavour) {
        std::erase_if(flavour.functional_states,
                      [this](const auto& state) { return !tested_.contains(state.first); });
        if (!tests_initiating_event_) flavour.initiating_event = ExpressionSetting::none;
        const auto found = std::find(flavours_.begin(), flavours_.end(), flavour);
        if (found != flavours_.end()) return static_cast<std::uint32_t>(found - flavours_.begin());
        limit(flavours_.size());
        evaluators_.emplace_back(model_, mission_time_, flavour, collectable_);
        flavours_.push_back(std::move(flavour));
        return static_cast<std::uint32_t>(flavours_.size() - 1);
    }

    std::uint32_t intern(const FormulaFlavour& flavour) {
        const auto found = std::find(formulas_.begin(), formulas_.end(), flavour);
        if (found != formulas_.end()) return static_cast<std::uint32_t>(found - formulas_.begin());
        limit(formulas_.size());
        // A gate that is set can close a cycle that the model has not.
        const std::vector<std::uint32_t> cycle = gate_cycle(model_, flavour);
        if (!cycle.empty())
            fail(ModelDefect::Element::gate, cycle.front(),
                 "the gate " + quoted(model_.gates[cycle.front()].name) + " depends on itself");
        formulas_.push_back(flavour);
        return static_cast<std::uint32_t>(formulas_.size() - 1);
    }

    const FormulaFlavour& formulas(std::uint32_t flavour) const { return formulas_[flavour]; }

    double value_of(std::uint32_t flavour, ExpressionIndex expression) {
        const auto [place, is_new] = values_.try_emplace({flavour, expression}, 0.0);
        if (is_new) place->second = evaluators_[flavour].value_of(expression);
        return place->second;
    }

    std::vector<double> probabilities(std::uint32_t flavour, const std::vector<bool>& wanted) const {
        return evaluators_[flavour].at_mean(wanted);
    }

    std::vector<ExpressionFlavour> take() && { return std::move(flavours_); }

  private:
    static void limit(std::size_t flavours) {
        if (flavours == most_flavours)
            fail(ModelDefect::Element::initiating_event, 0,
                 "event trees give more than 1000 different settings to parameters, events and gates");
    }

    const RiskModel& model_;
    double mission_time_;
    std::vector<ExpressionIndex> collectable_;
    std::set<std::uint32_t> tested_;
    bool tests_initiating_event_ = false;
    std::vector<ExpressionFlavour> flavours_;
    std::vector<FormulaFlavour> formulas_;
    std::vector<EventProbabilities> evaluators_;
    std::map<std::pair<std::uint32_t, ExpressionIndex>, double> values_;
};

class Walk {
  public:
    Walk(const RiskModel& model, std::uint32_t initiating_event, Flavours& flavours, const StopRequest* stop)
        : layer_(model.event_trees), initiating_event_(initiating_event), flavours_(flavours), stop_(stop) {}

    std::vector<FinishedPath> all_paths() {
        const InitiatingEvent& event = layer_.initiating_events[initiating_event_];
        if (!event.event_tree) return {};
        PathState state;
        state.expressions.initiating_event = initiating_event_;
        follow(event.instructions, state, 0);
        enter(*event.event_tree, std::move(state), 0);
        return std::move(paths_);
    }

  private:
    [[noreturn]] void refuse(const std::string& what) const {
        fail(
            ModelDefect::Element::initiating_event, initiating_event_,
            "the initiating event " + quoted(layer_.initiating_events[initiating_event_].name) + ": " + what);
    }
    void limit(std::size_t depth) const {
        if (depth > deepest_event_tree)
            refuse("branches, rules or links are nested more than 1000 deep, or form a cycle");
    }

    void enter(std::uint32_t tree, PathState state, std::size_t depth) {
        take(tree, layer_.event_trees.at(tree).initial_state, std::move(state), depth + 1);
    }

    void take(std::uint32_t tree, const Branch& branch, PathState state, std::size_t depth) {
        limit(depth);
        stop_if_requested(stop_);
        follow(branch.instructions, state, depth);
        switch (branch.end) {
            case Branch::End::branch:
                take(tree, layer_.event_trees[tree].branches.at(branch.target).branch, std::move(state),
                     depth + 1);
                return;
            case Branch::End::fork:
                for (const ForkPath& path : branch.paths) {
                    PathState next = state;
                    next.expressions.functional_states[branch.target] = path.state;
                    take(tree, path.branch, std::move(next), depth + 1);
                }
                return;
            case Branch::End::sequence:
                end(branch.target, std::move(state), depth);
        }
    }

    void end(std::uint32_t sequence, PathState state, std::size_t depth) {
        state.link.reset();
        follow(layer_.sequences.at(sequence).instructions, state, depth);
        if (state.link) {
            const std::uint32_t tree = *state.link;
            enter(tree, std::move(state), depth + 1);
            return;
        }
        if (paths_.size() == most_event_tree_paths) refuse("more than 100000 paths");
        kept_ += state.collected.size() + state.factors.size();
        if (kept_ > most_kept) refuse("its paths collect more than 10000000 formulas and expressions");
        paths_.push_back({sequence, std::move(state.collected), std::move(state.factors)});
    }

    void follow(const std::vector<Instruction>& instructions, PathState& state, std::size_t depth) {
        limit(depth);
        for (const Instruction& instruction : instructions) follow(instruction, state, depth);
    }

    void follow(const Instruction& instruction, PathState& state, std::size_t depth) {
        stop_if_requested(stop_);
        // Rules that call rules twice grow without end before they are deep.
        if (++instructions_ > most_instructions) refuse("more than 1000000 instructions");
        switch (instruction.kind) {
            case Instruction::Kind::collect_formula:
                state.collected.push_back({instruction.formula, flavours_.intern(state.formulas),
                                           flavours_.intern(state.expressions)});
                return;
            case Instruction::Kind::collect_expression:
                state.factors.push_back(
                    {{instruction.expression, flavours_.intern(state.expressions)}, ++occurrences_});
                return;
            case Instruction::Kind::set_house_event:
                state.formulas.house_events[instruction.target] = instruction.happens;
                return;
            case Instruction::Kind::set_gate:
                state.formulas.gates[instruction.target] = instruction.formula;
                return;
            case Instruction::Kind::set_basic_event:
                state.expressions.basic_events[instruction.target] = instruction.expression;
                return;
            case Instruction::Kind::set_parameter:
                state.expressions.parameters[instruction.target] = instruction.expression;
                return;
            case Instruction::Kind::condition:
                decide(instruction, state, depth);
                return;
            case Instruction::Kind::block:
                follow(instruction.inner, state, depth + 1);
                return;
            case Instruction::Kind::rule:
                follow(layer_.rules.at(instruction.target).instructions, state, depth + 1);
                return;
            case Instruction::Kind::link:
                if (state.link) refuse("a sequence links to two event trees");
                state.link = instruction.target;
        }
    }

    void decide(const Instruction& condition, PathState& state, std::size_t depth) {
        const bool holds = flavours_.value_of(flavours_.intern(state.expressions), condition.expression) != 0;
        const std::size_t choice = holds ? 0 : 1;
        limit(depth);
        if (choice < condition.inner.size()) follow(condition.inner[choice], state, depth + 1);
    }

    static constexpr std::size_t most_instructions = 1'000'000;
    static constexpr std::size_t most_kept = 10'000'000;

    const EventTreeLayer& layer_;
    std::uint32_t initiating_event_;
    Flavours& flavours_;
    const StopRequest* stop_;
    std::vector<FinishedPath> paths_;
    std::uint32_t occurrences_ = 0;
    std::size_t instructions_ = 0;
    std::size_t kept_ = 0;
};

// Paths of one sequence that become one term.
struct Bundle {
    std::vector<const FinishedPath*> paths = {};
    std::optional<std::uint32_t> flavour = {};  // none where nothing was collected, or in several flavours
    bool is_mixed = false;                      // several: not joined with other paths
};

Bundle bundle_of(const FinishedPath& path) {
    Bundle bundle{.paths = {&path}};
    for (const CollectedFormula& formula : path.collected) {
        bundle.is_mixed = bundle.is_mixed || (bundle.flavour && *bundle.flavour != formula.flavour);
        bundle.flavour = formula.flavour;
    }
    return bundle;
}

bool can_join(const Bundle& left, const Bundle& right) {
    if (left.is_mixed || right.is_mixed) return false;
    return !left.flavour || !right.flavour || left.flavour == right.flavour;
}

// Those with the same occurrences, in order; who may be joined is looked for among those that may.
struct LikeBundles {
    std::vector<Bundle> bundles = {};
    std::vector<std::size_t> joinable = {};
};

std::vector<Bundle> bundles_of(const std::vector<const FinishedPath*>& paths, const StopRequest* stop) {
    std::map<std::vector<std::uint32_t>, LikeBundles> by_occurrences;
    for (const FinishedPath* path : paths) {
        stop_if_requested(stop);
        std::vector<std::uint32_t> occurrences;
        for (const Occurrence& each : path->factors) occurrences.push_back(each.occurrence);
        LikeBundles& like = by_occurrences[occurrences];
        Bundle bundle = bundle_of(*path);
        const auto found = std::find_if(like.joinable.begin(), like.joinable.end(), [&](std::size_t each) {
            return can_join(like.bundles[each], bundle);
        });
        if (found == like.joinable.end()) {
            if (!bundle.is_mixed) like.joinable.push_back(like.bundles.size());
            like.bundles.push_back(std::move(bundle));
            continue;
        }
        Bundle& joined = like.bundles[*found];
        joined.paths.push_back(path);
        if (!joined.flavour) joined.flavour = bundle.flavour;
    }
    std::vector<Bundle> all;
    for (auto& [occurrences, like] : by_occurrences)
        std::move(like.bundles.begin(), like.bundles.end(), std::back_inserter(all));
    return all;
}

// Terms of one sequence set: their trees share what they were built from.
class TermBuilder {
  public:
    TermBuilder(const RiskModel& model, const std::vector<IndependentEvent>& events, Flavours& flavours,
                const StopRequest* stop)
        : model_(model), events_(events), flavours_(flavours), stop_(stop), builder_(model, events) {}

    SequenceTerm build(const Bundle& bundle) {
        std::vector<FaultTreeArgument> alternatives;
        for (const FinishedPath* path : bundle.paths) {
            std::vector<FaultTreeArgument> together;
            for (const CollectedFormula& formula : path->collected) together.push_back(add(formula));
            alternatives.push_back(joined(Connective::conjunction, std::move(together)));
        }
        SequenceTerm term;
        term.tree = builder_.extract(joined(Connective::disjunction, std::move(alternatives)), term.events);
        for (const Occurrence& each : bundle.paths.front()->factors) {
            term.factors.push_back(each.factor);
            term.factor *= flavours_.value_of(each.factor.flavour, each.factor.expression);
        }
        term.flavours.assign(term.events.size(), bundle.flavour.value_or(0));
        if (bundle.is_mixed)
            assign_flavours(*bundle.paths.front(), term);
        else if (bundle.flavour)
            fill_probabilities(*bundle.flavour, term);
        return term;
    }

  private:
    FaultTreeArgument add(const CollectedFormula& formula) {
        stop_if_requested(stop_);
        if (builder_.gate_count() > most_event_tree_gates)
            fail(ModelDefect::Element::initiating_event, 0,
                 "the paths of an event tree take more than 4000000 gates");
        return builder_.add(formula.formula, flavours_.formulas(formula.formulas), formula.formulas);
    }

    FaultTreeArgument joined(Connective connective, std::vector<FaultTreeArgument> arguments) {
        if (arguments.empty()) return {.kind = FaultTreeArgument::Kind::constant, .index = 1};
        if (arguments.size() == 1) return arguments.front();
        return builder_.join(connective, std::move(arguments));
    }

    std::vector<double> probabilities(std::uint32_t flavour, const std::vector<std::uint32_t>& events) const {
        std::vector<bool> wanted(events_.size(), false);
        for (const std::uint32_t event : events) wanted[event] = true;
        return flavours_.probabilities(flavour, wanted);
    }

    void fill_probabilities(std::uint32_t flavour, SequenceTerm& term) const {
        if (term.events.empty()) return;
        const std::vector<double> now = probabilities(flavour, term.events);
        for (std::size_t i = 0; i < term.events.size(); ++i)
            term.tree.basic_events[i].probability = now[term.events[i]];
    }

    // Each event as it is where it is first collected.
    void assign_flavours(const FinishedPath& path, SequenceTerm& term) {
        std::map<std::uint32_t, CollectedProbability> assigned;
        for (const CollectedFormula& formula : path.collected) {
            std::vector<std::uint32_t> reached;
            static_cast<void>(builder_.extract(add(formula), reached));
            if (reached.empty()) continue;
            const std::vector<double> now = probabilities(formula.flavour, reached);
            for (const std::uint32_t event : reached) {
                const auto [first, is_new] = assigned.try_emplace(event, formula.flavour, now[event]);
                if (!is_new && first->second.probability != now[event])
                    fail(ModelDefect::Element::sequence, path.sequence,
                         "a path to the sequence " + quoted(model_.event_trees.sequences[path.sequence].name)
                             + " collects the basic event " + quoted(events_[event].name)
                             + " with two probabilities");
            }
        }
        for (std::size_t i = 0; i < term.events.size(); ++i) {
            const CollectedProbability& of_event = assigned.at(term.events[i]);
            term.flavours[i] = of_event.flavour;
            term.tree.basic_events[i].probability = of_event.probability;
        }
    }

    struct CollectedProbability {
        CollectedProbability(std::uint32_t in_flavour, double value)
            : flavour(in_flavour), probability(value) {}
        std::uint32_t flavour;
        double probability;
    };

    const RiskModel& model_;
    const std::vector<IndependentEvent>& events_;
    Flavours& flavours_;
    const StopRequest* stop_;
    TreeOfFormulas builder_;
};

}  // namespace

SequenceSet sequences_of(const RiskModel& model, std::uint32_t initiating_event, double mission_time,
                         const StopRequest* stop) {
    expects(initiating_event < model.event_trees.initiating_events.size(),
            "the initiating event is one of the model's");
    Flavours flavours(model, mission_time);
    flavours.intern(ExpressionFlavour{});
    flavours.intern(FormulaFlavour{});
    const std::vector<FinishedPath> paths = Walk(model, initiating_event, flavours, stop).all_paths();
    std::map<std::uint32_t, std::vector<const FinishedPath*>> by_sequence;
    for (const FinishedPath& path : paths) by_sequence[path.sequence].push_back(&path);
    const std::vector<IndependentEvent> events = independent_events(model);
    TermBuilder builder(model, events, flavours, stop);
    SequenceSet set;
    for (const auto& [sequence, its_paths] : by_sequence) {
        ReachedSequence reached{.sequence = sequence, .paths = its_paths.size()};
        for (const Bundle& bundle : bundles_of(its_paths, stop))
            reached.terms.push_back(builder.build(bundle));
        set.sequences.push_back(std::move(reached));
    }
    set.flavours = std::move(flavours).take();
    return set;
}

double probability_of(const ReachedSequence& sequence,
                      const std::function<double(const FaultTree&)>& probability_of_tree) {
    double sum = 0;
    for (const SequenceTerm& term : sequence.terms) sum += term.factor * probability_of_tree(term.tree);
    return sum;
}

SequenceSampler::SequenceSampler(const RiskModel& model, const SequenceSet& set, double mission_time)
    : events_(independent_events(model).size()) {
    const std::vector<ExpressionIndex> collectable = collectable_expressions(model.event_trees);
    for (const ExpressionFlavour& flavour : set.flavours)
        evaluators_.emplace_back(model, mission_time, flavour, collectable);
}

ReachedSequence SequenceSampler::sample(const ReachedSequence& sequence, const DeviateDraws& draws) const {
    ReachedSequence drawn = sequence;
    for (SequenceTerm& term : drawn.terms) {
        term.factor = 1;
        for (const CollectedFactor& each : term.factors)
            term.factor *= evaluators_.at(each.flavour).value_of(each.expression, draws);
        for (const std::uint32_t flavour : std::set(term.flavours.begin(), term.flavours.end())) {
            std::vector<bool> wanted(events_, false);
            for (std::size_t i = 0; i < term.events.size(); ++i)
                if (term.flavours[i] == flavour) wanted[term.events[i]] = true;
            const std::vector<double> now = evaluators_.at(flavour).sample(draws, wanted).probabilities;
            for (std::size_t i = 0; i < term.events.size(); ++i)
                if (term.flavours[i] == flavour) term.tree.basic_events[i].probability = now[term.events[i]];
        }
    }
    return drawn;
}

}  // namespace venturi
