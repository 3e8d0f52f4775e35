// What became of each group of startups, where a scenario has several.
#pragma once

#include "analysis/statistics/observables.hpp"
#include "sim/ensemble/jackknife.hpp"
#include "sim/ensemble/moments.hpp"
#include "sim/ensemble/survival.hpp"

#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace venturi {

/// A scalar observable that is a mean over companies, and so can be looked at group by group.
struct GroupObservable {
    std::string_view name;  ///< of the scalar observable
    Measure measure;        ///< that it is made of

    /// The scalar observable.
    [[nodiscard]] const Observable& described() const;
};

[[nodiscard]] std::span<const GroupObservable> group_observables();

/// What a group showed; mergeable.
struct GroupResults {
    std::string group;                 ///< its name
    std::vector<Moments> means;        ///< by group observable: a trajectory's mean over its companies
    Grouped<SurvivalCounts> survival;  ///< of its companies, by age in months

    void merge(const GroupResults& other);
    template <class Self, class Visit>
    static void visit_members(Self& self, Visit& visit) {
        visit(self.means);
        visit(self.survival);
    }

    friend bool operator==(const GroupResults&, const GroupResults&) = default;
};

/// One for each group of startups of a world, with nothing seen; none where there are fewer than two.
[[nodiscard]] std::vector<GroupResults> no_group_results(const WorldParameters& world,
                                                         const SurvivalCounts& no_survival);

/// Adds what a world shows; `groups` are those of its parameters. A group none of whose companies has been
/// founded adds nothing.
void observe_groups(const PlainWorld& world, std::uint64_t trajectory, std::span<GroupResults> groups);

}  // namespace venturi
