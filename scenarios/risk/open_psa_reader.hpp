// How the reader of the exchange format is put together: declarations are gathered from all files first, then
// definitions are read, each kind in a file of its own, and at last the whole is checked.
#pragma once

#include "agents/risk/risk_model.hpp"
#include "scenarios/problem.hpp"
#include "scenarios/risk/open_psa.hpp"
#include "scenarios/risk/open_psa_includes.hpp"
#include "scenarios/risk/open_psa_names.hpp"
#include "scenarios/risk/xml_document.hpp"

#include <cstddef>
#include <cstdint>
#include <initializer_list>
#include <limits>
#include <map>
#include <optional>
#include <pugixml.hpp>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

namespace venturi::open_psa {

/// An element of the document that is being read.
struct Element {
    pugi::xml_node node;
    std::uint32_t file = 0;

    [[nodiscard]] std::string_view name() const { return node.name(); }
};

/// A number that is written as an attribute.
[[nodiscard]] std::optional<double> number_of(std::string_view text);
[[nodiscard]] std::optional<std::int64_t> whole_number_of(std::string_view text);

/// The cycle that a graph (edges from each node) has, if it has one, from its least node on.
[[nodiscard]] std::vector<std::uint32_t> cycle_in(const std::vector<std::vector<std::uint32_t>>& edges);

/// Unique names of one kind that have no container (sequences, rules, branches of a tree).
using Index = std::unordered_map<std::string, std::uint32_t>;

class Reader {
  public:
    /// Throws ScenarioError where the documents include what they can't (open_psa_includes.hpp). They must
    /// outlive it.
    Reader(const std::vector<XmlDocument>& documents, const OpenPsaOptions& options);

    void declare_all();
    void define_all();
    void check_all();
    [[nodiscard]] RiskModelReading take() &&;

  private:
    // What is found before definitions are read.
    struct Definition {
        Element element;
        std::size_t scope = 0;
        std::uint32_t index = 0;
    };
    struct EventTreeDefinition {
        Element element;
        Index functional_events;  // to their place in the tree's order
        Index branches;
    };
    // Which elements something refers to.
    struct Uses {
        std::vector<bool> parameters, basic_events, set_basic_events, house_events, sequences, rules,
            event_trees;
        std::vector<std::vector<bool>> functional_events, branches;  // by event tree
    };

    // Problems and attributes: open_psa_reader.cpp.
    [[nodiscard]] RiskModelSource::Place place_of(const Element& element) const;
    void complain(const Element& element, std::string message, std::string value = {}, std::string legal = {},
                  std::string nearest = {});
    void warn(const RiskModelSource::Place& place, std::string message, std::string value = {});
    void refuse_unknown(const Element& element, std::initializer_list<std::string_view> legal);
    /// With the content of files in the place of what includes them.
    [[nodiscard]] std::vector<Element> children(const Element& element);
    /// Children other than label and attributes, which are checked.
    [[nodiscard]] std::vector<Element> content(const Element& element);
    void check_attributes(const Element& element, std::initializer_list<std::string_view> legal);
    [[nodiscard]] std::optional<std::string> attribute(const Element& element, const char* name);
    [[nodiscard]] std::string required(const Element& element, const char* name);
    [[nodiscard]] std::string defined_name(const Element& element);
    [[nodiscard]] std::string nearest_of(std::string_view written,
                                         const std::vector<std::string>& names) const;
    /// The same of words of the format.
    [[nodiscard]] std::string hint_of(std::string_view written, const std::vector<std::string>& words) const;
    void read_label(const Element& element);
    void read_free_attributes(const Element& element);

    // Declarations: open_psa_declarations.cpp.
    void declare_file(std::uint32_t file);
    void declare_in_model(const Element& element);
    void declare_container(const Element& element, std::size_t parent);
    void declare_in_container(const Element& element, std::size_t scope);
    void declare_event(const Element& element, std::size_t scope);
    void declare_parameter(const Element& element, std::size_t scope);
    void declare_group(const Element& element, std::size_t scope);
    void declare_event_tree(const Element& element);
    bool declare_unique(const Element& element, Index& index, const std::string& name, std::size_t count,
                        std::string_view what);
    [[nodiscard]] bool is_public(const Element& element, std::size_t scope);
    void report_twice(const Element& element, const std::string& name, const NamedElement& before);
    [[nodiscard]] RiskModelSource::Place place_of(const NamedElement& element) const;
    void declare_members();

    // Expressions: open_psa_expression.cpp.
    ExpressionIndex read_expression(const Element& element, std::size_t scope);
    ExpressionIndex read_only_expression(const Element& element, std::size_t scope);
    ExpressionIndex read_operation(const Element& element, std::size_t scope, const OperationRule& rule);
    ExpressionIndex read_constant(const Element& element);
    ExpressionIndex read_parameter(const Element& element, std::size_t scope);
    ExpressionIndex read_test(const Element& element);
    ExpressionIndex add_expression(const Element& element, Expression expression);
    [[nodiscard]] std::vector<Element> parts_of_operation(const Element& element, const OperationRule& rule);

    // Formulas: open_psa_formula.cpp.
    FormulaArgument read_formula(const Element& element, std::size_t scope);
    std::optional<FormulaArgument> read_leaf(const Element& element, std::size_t scope);
    void read_gate_formula(const Element& element, std::size_t scope, ModelGate& gate);
    void read_minima(const Element& element, ModelGate& gate, std::size_t arguments);
    FormulaArgument add_formula_gate(const Element& element, ModelGate gate);
    void fold_equivalence(const Element& element, ModelGate& gate);
    std::optional<NamedElement> find_event(const Element& element, std::size_t scope,
                                           std::optional<ElementKind> kind);
    bool read_boolean(const Element& element);
    void define_gate(const Definition& definition);
    void define_basic_event(const Definition& definition);
    void define_house_event(const Definition& definition);
    void define_parameter(const Definition& definition);
    void define_group(const Definition& definition);
    void read_factors(const Definition& definition, const std::vector<Element>& factors);

    // Substitutions: open_psa_substitution.cpp.
    void define_substitutions();
    void define_substitution(const Element& element);
    void read_hypothesis(const Element& element, std::optional<FormulaArgument>& hypothesis);
    void read_target(const Element& element, std::optional<FormulaArgument>& target);
    [[nodiscard]] bool is_over_basic_events(const FormulaArgument& argument) const;
    void check_type(const Element& element, const FormulaArgument& target);
    void constrain_tops();

    // Event trees: open_psa_event_tree.cpp.
    void define_initiating_event(const Definition& definition);
    void define_event_tree(std::uint32_t tree);
    Branch read_branch(std::uint32_t tree, const std::vector<Element>& parts, const Element& owner);
    void read_fork(std::uint32_t tree, const Element& element, Branch& branch);
    void read_end(std::uint32_t tree, const Element& element, Branch& branch);
    std::vector<Instruction> read_instructions(const std::vector<Element>& parts);
    Instruction read_instruction(const Element& element);
    void read_setting(const Element& element, Instruction& instruction);
    void read_condition(const Element& element, Instruction& instruction);
    std::uint32_t find_indexed(const Element& element, const Index& index, std::string_view what,
                               const std::string& name);
    std::uint32_t intern(std::vector<std::string>& names, Index& index, const std::string& name);

    // Checks: open_psa_checks.cpp.
    void check_rules();
    void check_branches(std::uint32_t tree);
    void check_order(std::uint32_t tree, const std::vector<std::vector<std::uint32_t>>& leads_to);
    /// The first functional event (by its place in the tree, from 1) that may be asked; `asked` was the last.
    std::size_t check_order(const Branch& branch, std::size_t asked,
                            const std::map<std::uint32_t, std::size_t>& place_of_event,
                            const std::vector<std::size_t>& first_asked, const Element& place,
                            const std::string& name);
    void check_links();
    void refuse_links(const Branch& branch, const Element& place);
    void refuse_links(const std::vector<Instruction>& instructions, const Element& place);
    [[nodiscard]] bool has_link(const std::vector<Instruction>& instructions) const;
    void check_values();
    void require_probabilities();
    void warn_of_unused();
    void warn_of_repeated_arguments();

    static constexpr std::uint32_t no_index = std::numeric_limits<std::uint32_t>::max();
    static constexpr std::size_t no_fork = std::numeric_limits<std::size_t>::max();

    OpenPsaOptions options_;
    const std::vector<XmlDocument>& documents_;
    Includes includes_;
    RiskModel model_;
    RiskModelSource source_;
    ProblemList problems_;
    std::size_t problem_count_ = 0;
    std::vector<Problem> warnings_;

    std::vector<Scope> scopes_{Scope{}};
    std::map<std::string, RiskModelSource::Place> container_places_;
    NameSpace events_;
    NameSpace parameters_;
    NameSpace groups_;
    Index sequences_, rules_, event_trees_, initiating_events_, functional_events_, states_;

    std::vector<std::string> gate_names_;
    std::vector<Definition> gates_, basic_events_, house_events_, parameter_definitions_, group_definitions_;
    std::vector<Definition> sequence_definitions_, rule_definitions_, initiating_definitions_;
    std::vector<EventTreeDefinition> tree_definitions_;
    std::vector<Element> substitutions_;
    std::map<std::string, Element, std::less<>> substitution_names_;
    std::vector<FormulaArgument> constraints_;
    std::vector<bool> rules_with_links_;
    Uses uses_;
};

}  // namespace venturi::open_psa
