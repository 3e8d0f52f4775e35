#include "analysis/experiments/branching.hpp"

#include "agents/other_luck.hpp"
#include "sim/contract.hpp"
#include "sim/ensemble/stopped.hpp"

#include <algorithm>
#include <memory>
#include <new>
#include <stdexcept>
#include <utility>

namespace venturi {

namespace {

using SharedSetup = std::shared_ptr<const WorldSetup>;

std::size_t place_of(const BranchDesign& design, std::size_t month, std::size_t future, std::size_t outcome) {
    return (month * design.futures.size() + future) * design.outcomes.size() + outcome;
}

class BranchModel {
  public:
    BranchModel(const BranchDesign& design, const std::vector<SharedSetup>& setups, const StopRequest* stop)
        : design_(&design),
          setups_(&setups),
          trunk_(setups.front(), grid_of(design.scenario), seed(), stop),
          lives_(design.futures.size() - 1, trunk_),
          branch_(trunk_),
          outcomes_(design.months.size() * design.futures.size() * design.outcomes.size()) {}

    std::uint64_t simulate(std::uint64_t trajectory, BranchStatistics& into) {
        // All of them first, so that a stop on the way leaves nothing of this trajectory behind.
        std::uint64_t events = 0;
        in_future(0, [&] { trunk_.begin(trajectory); });
        for (std::size_t month = 0; month < design_->months.size(); ++month) {
            in_future(0, [&] { trunk_.live_until(design_->months[month]); });
            for (std::size_t future = 1; future < design_->futures.size(); ++future)
                in_future(future, [&] {
                    branch_off(lives_[future - 1], future);
                    events += lives_[future - 1].live_on();
                });
            if (design_->continuations > 0) events += draw_continuations(trajectory, month);
        }
        in_future(0, [&] { events += trunk_.live_on(); });
        fold(trajectory, into);
        return events;
    }

  private:
    [[nodiscard]] std::uint64_t seed() const {
        return static_cast<std::uint64_t>(design_->scenario.run.seed);
    }

    // Runs what concerns a future, so that what it throws names it.
    template <class Run>
    void in_future(std::size_t future, Run&& run) const {
        try {
            std::forward<Run>(run)();
        } catch (const Stopped&) {
            throw;
        } catch (const std::bad_alloc&) {
            throw;
        } catch (const std::exception& error) {
            throw std::runtime_error(design_->futures[future].name + ": " + error.what());
        }
    }

    void branch_off(CohortModel& life, std::size_t future) {
        life = trunk_;
        const BranchChanges& changes = design_->futures[future].changes;
        if (!changes.is_empty()) life.changeable_world().change_course((*setups_)[future], changes.without);
    }

    std::uint64_t draw_continuations(std::uint64_t trajectory, std::size_t month) {
        std::uint64_t events = 0;
        for (std::size_t future = 0; future < design_->futures.size(); ++future) {
            const std::size_t first = place_of(*design_, month, future, 0);
            for (std::size_t i = 0; i < design_->outcomes.size(); ++i) outcomes_[first + i].clear();
            in_future(future, [&] {
                for (std::uint64_t k = 0; k < design_->continuations; ++k) {
                    branch_off(branch_, future);
                    continue_with_other_luck(branch_.changeable_world(), luck_of(trajectory, k));
                    events += branch_.live_on();
                    for (std::size_t i = 0; i < design_->outcomes.size(); ++i)
                        outcomes_[first + i].push_back(value_of(branch_, design_->outcomes[i]));
                }
            });
        }
        return events;
    }

    [[nodiscard]] PlainDraws luck_of(std::uint64_t trajectory, std::uint64_t continuation) const {
        const auto number = static_cast<std::uint32_t>(trajectory);
        return PlainDraws(FastVariates(seed_of_continuation(seed(), number, continuation), number));
    }

    void fold(std::uint64_t trajectory, BranchStatistics& into) {
        trunk_.observe(trajectory, into.futures.cohorts[0]);
        for (std::size_t i = 0; i < lives_.size(); ++i) {
            lives_[i].observe(trajectory, into.futures.cohorts[i + 1]);
            add_pair(trunk_, lives_[i], into.futures.pairs[i]);
        }
        for (std::size_t i = 0; i < into.settled.size(); ++i)
            into.settled[i].of(trajectory).add(outcomes_[i]);
    }

    const BranchDesign* design_;
    const std::vector<SharedSetup>* setups_;
    CohortModel trunk_;
    std::vector<CohortModel> lives_;  // by future but for the first, which is the trunk
    CohortModel branch_;              // a continuation
    std::vector<std::vector<double>> outcomes_;
};

void check_design(const BranchDesign& design) {
    expects(!design.futures.empty() && design.futures.front().changes.is_empty(),
            "the first future changes nothing");
    expects(!design.months.empty() && std::ranges::is_sorted(design.months) && design.months.front() >= 0
                && design.months.back() < design.scenario.run.horizon,
            "histories branch at months before the horizon, in order");
    expects(design.futures.size() == 1 || design.months.size() == 1,
            "several futures branch off at one month");
    expects(design.continuations != 1, "one continuation tells nothing of luck");
}

}  // namespace

BranchStatistics::BranchStatistics(const BranchDesign& design)
    : futures(grid_of(design.scenario), variants_of(design)) {
    if (design.continuations > 0)
        settled.resize(design.months.size() * design.futures.size() * design.outcomes.size());
}

void BranchStatistics::merge(const BranchStatistics& other) {
    futures.merge(other.futures);
    for (std::size_t i = 0; i < settled.size(); ++i) settled[i].merge(other.settled[i]);
}

std::vector<Variant> variants_of(const BranchDesign& design) {
    std::vector<Variant> variants;
    for (const Future& future : design.futures)
        variants.push_back(
            {.name = future.name, .scenario = scenario_of_branch(design.scenario, future.changes)});
    return variants;
}

BranchOutcome run_branches(const BranchDesign& design, int threads,
                           const EnsembleHooks<BranchStatistics>& hooks) {
    check_design(design);
    std::vector<SharedSetup> setups;
    for (const Variant& variant : variants_of(design))
        setups.push_back(make_setup(variant.scenario.world, variant.scenario.interventions));
    return run_ensemble(
        EnsembleOptions{.trajectories = static_cast<std::uint64_t>(design.scenario.run.trajectories),
                        .first = 0,
                        .threads = threads,
                        .on_failure = OnFailure::keep},
        BranchStatistics(design), [&] { return BranchModel(design, setups, hooks.stop); }, hooks);
}

VarianceSplit split_at(const BranchDesign& design, const BranchStatistics& statistics, std::size_t month,
                       std::size_t future, std::size_t outcome) {
    return split_of(statistics.settled.at(place_of(design, month, future, outcome)));
}

}  // namespace venturi
