// The best of several scenarios, found under the same luck with as few histories as it takes.
#pragma once

#include "analysis/experiments/comparison.hpp"
#include "analysis/statistics/sequential_selection.hpp"
#include "analysis/statistics/trajectory_value.hpp"
#include "sim/ensemble/journal.hpp"
#include "sim/ensemble/progress.hpp"
#include "sim/ensemble/stop_request.hpp"

#include <cstddef>
#include <cstdint>
#include <functional>
#include <limits>
#include <string>
#include <vector>

namespace venturi {

struct SelectionOptions {
    SelectionRule rule = {};
    bool least = false;  ///< the smallest mean is best
    int threads = 0;     ///< 0: one for each core
    /// Looks at most; to make again what was interrupted.
    std::uint64_t looks = std::numeric_limits<std::uint64_t>::max();
    const StopRequest* stop = nullptr;
    const Journal* journal = nullptr;  ///< of what was lived of a design in one go
    /// Told of trajectories of all designs; the total is what it takes if nobody leaves any more.
    std::function<void(const Progress&)> progress = {};
};

/// The first trajectory of a design that threw.
struct SelectionFailure {
    std::size_t design = 0;
    std::uint64_t trajectory = 0;
    std::string reason;
    template <class Self, class Visit>
    static void visit_members(Self& self, Visit& visit) {
        visit(self.design);
        visit(self.trajectory);
        visit(self.reason);
    }

    friend bool operator==(const SelectionFailure&, const SelectionFailure&) = default;
};

struct SelectionOutcome {
    SequentialSelection selection;  ///< at its last look; where the least is best, of the values' negatives
    std::vector<SelectionFailure> failures = {};  ///< in the order of their looks, then by design
    std::uint64_t looks = 0;
    std::uint64_t events = 0;
    bool interrupted = false;  ///< what was under way then is in none of this
};

/// Runs designs until one is selected, or a design has lived as many trajectories as the budget is. All have
/// the first one's seed, so that trajectory n is the same luck in each. A design that throws is out, and the
/// others go on. The same bits come from any number of threads. Memory: a world a thread, and 8 bytes a
/// trajectory, beside the designs themselves. Throws ContractViolation as SequentialSelection does, and
/// std::bad_alloc.
[[nodiscard]] SelectionOutcome run_selection(const std::vector<Variant>& designs,
                                             const TrajectoryObservable& observable,
                                             const SelectionOptions& options);

}  // namespace venturi
