// A described struct as a tree with pointers into it, so that everything that reads, sets, lists or documents
// parameters is plain code and not a template.
#pragma once

#include "sim/parameter.hpp"

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <variant>
#include <vector>

namespace venturi {

struct WorldParameters;

/// An enumerator of any enum, as its number.
struct ChoiceTarget {
    std::span<const std::string_view> names;
    std::function<std::size_t()> get;
    std::function<void(std::size_t)> set;
};

/// The name of an element of the collection at a path.
struct ReferenceTarget {
    std::string* name = nullptr;
    std::string_view collection;
};

/// Where the value of a leaf stands.
using LeafTarget = std::variant<double*, std::int64_t*, bool*, ChoiceTarget, Distribution*, ReferenceTarget>;

/// One parameter.
struct Leaf {
    Description description;
    std::size_t index = 0;  ///< as SetByIndex counts
    LeafTarget target;
};

struct Member;

/// A struct of parameters, or one element of a collection.
struct Group {
    std::string name;
    std::string_view meaning;
    std::vector<Member> members;
};

/// Named structs of one kind. Adding or removing one invalidates the pointers below the collection; `rebuild`
/// makes them anew.
struct Collection {
    std::string name;
    std::string_view meaning;
    std::vector<Group> elements;
    std::function<void(const std::string&)> add;
    std::function<void(std::size_t)> remove;
    std::function<void(std::span<const std::string>)>
        sort;  ///< into the order of the names; one that is none of theirs is passed over
    std::function<std::vector<Group>()> rebuild;

    /// An element with its defaults, and what keeps it alive.
    struct Sample {
        std::shared_ptr<void> owner;
        Group group;
    };
    std::function<Sample()> sample;
};

/// A parameter, a group of them, or a collection of groups.
struct Member {
    std::variant<Leaf, Group, Collection> value;

    [[nodiscard]] std::string_view name() const;
    [[nodiscard]] std::string_view meaning() const;
};

/// Builds the tree; a visitor as sim/parameter.hpp describes.
class TreeBuilder {
  public:
    explicit TreeBuilder(Group& root, std::size_t first_index = 0)
        : current_(&root), next_index_(first_index) {}

    void number(double& parameter, const Description& description) { add(description, &parameter); }
    void whole(std::int64_t& parameter, const Description& description) { add(description, &parameter); }
    void flag(bool& parameter, const Description& description) { add(description, &parameter); }
    void distribution(Distribution& parameter, const Description& description) {
        add(description, &parameter);
    }

    void reference(std::string& parameter, const Description& description, std::string_view collection) {
        add(description, ReferenceTarget{&parameter, collection});
    }

    template <class Enum>
    void choice(Enum& parameter, const Description& description, std::span<const std::string_view> names) {
        add(description,
            ChoiceTarget{.names = names,
                         .get = [&parameter] { return static_cast<std::size_t>(parameter); },
                         .set = [&parameter](std::size_t index) { parameter = static_cast<Enum>(index); }});
    }

    template <class Members>
    void group(std::string_view name, std::string_view meaning, Members& members) {
        current_->members.push_back({subtree(std::string(name), meaning, members)});
    }

    template <class Element>
    void collection(std::string_view name, std::string_view meaning, std::vector<Element>& elements) {
        Collection collection{
            .name = std::string(name),
            .meaning = meaning,
            .elements = {},
            .add = [&elements](const std::string& element) { elements.emplace_back().name = element; },
            .remove =
                [&elements](std::size_t index) {
                    elements.erase(elements.begin() + static_cast<std::ptrdiff_t>(index));
                },
            .sort = [&elements](std::span<const std::string> names) { sort_by_name(elements, names); },
            .rebuild = [&elements, meaning] { return subtrees(elements, meaning); },
            .sample = [meaning] { return sample<Element>(meaning); }};
        for (Element& element : elements)
            collection.elements.push_back(subtree(element.name, meaning, element));
        current_->members.push_back({std::move(collection)});
    }

  private:
    template <class Target>
    void add(const Description& description, Target target) {
        current_->members.push_back({Leaf{description, next_index_++, std::move(target)}});
    }

    template <class Members>
    Group subtree(std::string name, std::string_view meaning, Members& members) {
        Group group{.name = std::move(name), .meaning = meaning, .members = {}};
        Group* const outer = std::exchange(current_, &group);
        describe(members, *this);
        current_ = outer;
        return group;
    }

    template <class Element>
    static std::vector<Group> subtrees(std::vector<Element>& elements, std::string_view meaning) {
        std::vector<Group> groups;
        for (Element& element : elements) {
            Group& group =
                groups.emplace_back(Group{.name = element.name, .meaning = meaning, .members = {}});
            TreeBuilder builder(group);
            describe(element, builder);
        }
        return groups;
    }

    template <class Element>
    static void sort_by_name(std::vector<Element>& elements, std::span<const std::string> names) {
        auto place = elements.begin();
        for (const std::string& name : names) {
            const auto found = std::find_if(place, elements.end(),
                                            [&name](const Element& element) { return element.name == name; });
            if (found != elements.end()) std::iter_swap(place++, found);
        }
    }

    template <class Element>
    static Collection::Sample sample(std::string_view meaning) {
        auto owner = std::make_shared<Element>();
        Collection::Sample result{.owner = owner,
                                  .group = {.name = "NAME", .meaning = meaning, .members = {}}};
        TreeBuilder builder(result.group);
        describe(*owner, builder);
        return result;
    }

    Group* current_;
    std::size_t next_index_;
};

/// The tree of a described struct, which must outlive it and not be moved.
template <class Parameters>
[[nodiscard]] Group parameter_tree(Parameters& parameters, std::string name = {},
                                   std::string_view meaning = {}) {
    Group root{.name = std::move(name), .meaning = meaning, .members = {}};
    TreeBuilder builder(root);
    describe(parameters, builder);
    return root;
}

// Every parameter there is: compiled in parameter_tree.cpp, once for all.
extern template Group parameter_tree(WorldParameters& parameters, std::string name, std::string_view meaning);

/// A leaf with the path that leads to it: `finance.rounds.series_a.median_pre_money`.
struct LeafPath {
    std::string path;
    const Leaf* leaf = nullptr;
};

/// All leaves of a tree, in order. The tree must outlive the result.
[[nodiscard]] std::vector<LeafPath> leaves_of(const Group& root);
std::vector<LeafPath> leaves_of(const Group&&) = delete;

/// The collection at a path such as `market.segments`; null where there is none. Looks into groups only.
[[nodiscard]] const Collection* find_collection(const Group& root, std::string_view path);

/// The names of the elements of a collection.
[[nodiscard]] std::vector<std::string> names_of(const Collection& collection);

/// The names of the members of a group.
[[nodiscard]] std::vector<std::string> names_of(const Group& group);

}  // namespace venturi
