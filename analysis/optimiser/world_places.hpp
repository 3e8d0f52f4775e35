// The same histories lived in several places: scenarios, each with a decision of its own.
#pragma once

#include "analysis/optimiser/world_evaluation.hpp"
#include "analysis/optimiser/world_question.hpp"
#include "analysis/optimiser/world_runner.hpp"
#include "sim/ensemble/ending.hpp"

#include <cstddef>
#include <cstdint>
#include <memory>
#include <string>
#include <vector>

namespace venturi {

struct WorldPlace {
    std::size_t scenario = 0;
    optimiser::Vector decision;
};

/// What a history came to in a place.
struct PlaceOutcome {
    /// By aim: of each company of the group, NaN where it was not founded or does not decide; of an aim of
    /// the world one number.
    std::vector<std::vector<double>> values;
    std::vector<double> controls;  ///< shape: companies × luck_controls
    std::vector<std::int16_t>
        rounds;  ///< by company, as WorldOutcome has them; -1 too where it doesn't decide
    std::uint64_t events = 0;

    [[nodiscard]] std::span<const double> controls_of(std::size_t company) const {
        return {controls.data() + company * luck_controls, luck_controls};
    }
    [[nodiscard]] std::size_t companies() const { return controls.size() / luck_controls; }

    template <class Self, class Visit>
    static void visit_members(Self& self, Visit& visit) {
        visit(self.values);
        visit(self.controls);
        visit(self.rounds);
        visit(self.events);
    }
};

struct LivedPlaces {
    std::vector<std::uint64_t> trajectories;          ///< numbers of those that are whole in all places
    std::vector<std::vector<PlaceOutcome>> outcomes;  ///< by trajectory and place
    std::uint64_t failed = 0;  ///< trajectories that threw in a place, or had nothing to see of an aim
    std::string first_failure = {};
    std::uint64_t events = 0;
    Ending ending = Ending::finished;  ///< interrupted: only the first trajectories are there
};

/// Lives trajectories first, first + 1, ... in each place. The same bits on any number of threads. Throws
/// std::invalid_argument where a decision makes no world (see `problem_of`); std::bad_alloc.
[[nodiscard]] LivedPlaces live_in_places(const WorldQuestion& question, const std::vector<WorldPlace>& places,
                                         const WorldRun& run);

/// Worlds of a question, each made once for as long as this lives.
class WorldProblems {
  public:
    explicit WorldProblems(const WorldQuestion& question) : question_(&question) {}

    [[nodiscard]] const WorldProblem& at(const WorldPlace& place);

  private:
    struct Made {
        std::size_t scenario;
        std::vector<double> values;
        std::unique_ptr<WorldProblem> problem;
    };
    const WorldQuestion* question_;
    std::vector<Made> made_;
};

}  // namespace venturi
