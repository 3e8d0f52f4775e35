#include "agents/risk/unavailability.hpp"

#include "agents/risk/importance.hpp"
#include "agents/risk/probability.hpp"
#include "sim/contract.hpp"

#include <boost/math/quadrature/tanh_sinh.hpp>

#include <algorithm>
#include <cmath>
#include <limits>

namespace venturi {

namespace {

bool is_rate(double rate) {
    return rate >= 0 && std::isfinite(rate);
}

struct Soundness {
    bool operator()(const DownThroughout& life) const { return is_probability(life.probability); }
    bool operator()(const NotRepaired& life) const { return is_rate(life.failure_rate); }
    bool operator()(const NotRepairedWeibull& life) const {
        return life.shape > 0 && life.scale > 0 && std::isfinite(life.shape) && std::isfinite(life.scale);
    }
    bool operator()(const Repairable& life) const {
        return is_rate(life.failure_rate) && is_rate(life.repair_rate)
               && is_probability(life.down_at_beginning);
    }
    bool operator()(const RegularlyTested& life) const {
        return is_rate(life.failure_rate) && life.interval > 0 && std::isfinite(life.interval)
               && life.first_test >= 0 && std::isfinite(life.first_test);
    }
};

double time_since_test(const RegularlyTested& life, double time) {
    return time < life.first_test ? time : std::fmod(time - life.first_test, life.interval);
}

struct UnavailabilityAt {
    double time;

    double operator()(const DownThroughout& life) const { return life.probability; }
    double operator()(const NotRepaired& life) const { return -std::expm1(-life.failure_rate * time); }
    double operator()(const NotRepairedWeibull& life) const {
        return -std::expm1(-std::pow(time / life.scale, life.shape));
    }
    double operator()(const Repairable& life) const {
        const double sum = life.failure_rate + life.repair_rate;
        if (sum == 0) return life.down_at_beginning;
        // In positive terms, for small times too.
        return life.down_at_beginning * std::exp(-sum * time)
               + life.failure_rate / sum * -std::expm1(-sum * time);
    }
    double operator()(const RegularlyTested& life) const {
        return -std::expm1(-life.failure_rate * time_since_test(life, time));
    }
};

struct IntensityAt {
    double time;

    double operator()(const DownThroughout& /*life*/) const { return 0; }
    double operator()(const NotRepaired& life) const {
        return life.failure_rate * std::exp(-life.failure_rate * time);
    }
    double operator()(const NotRepairedWeibull& life) const {
        const double x = time / life.scale;
        return life.shape / life.scale * std::pow(x, life.shape - 1) * std::exp(-std::pow(x, life.shape));
    }
    double operator()(const Repairable& life) const {
        return life.failure_rate * (1 - UnavailabilityAt{time}(life));
    }
    double operator()(const RegularlyTested& life) const {
        return life.failure_rate * std::exp(-life.failure_rate * time_since_test(life, time));
    }
};

bool can_come_back(const ComponentLife& life) {
    return std::holds_alternative<Repairable>(life) || std::holds_alternative<RegularlyTested>(life);
}

// The top at any time, with all room that it takes.
class TopEvaluator {
  public:
    TopEvaluator(const SolvedFaultTree& tree, std::span<const ComponentLife> lives)
        : tree_(tree), lives_(lives), probabilities_(lives.size()), importance_(lives.size()) {
        expects(lives.size() == tree.basic_event_count(), "each basic event has a life");
        expects(tree.coherent(), "failures are counted of a coherent tree");
        for (const ComponentLife& life : lives)
            expects(std::visit(Soundness{}, life),
                    "rates, times and probabilities of a life are in their range");
    }

    TopAtTime at(double time) {
        for (std::size_t i = 0; i < lives_.size(); ++i) probabilities_[i] = unavailability(lives_[i], time);
        importance(tree_, probabilities_, scratch_, importance_);
        TopAtTime top{.time = time, .unavailability = tree_.probability(probabilities_, scratch_)};
        for (std::size_t i = 0; i < lives_.size(); ++i) {
            // What does not matter may fail infinitely fast.
            if (importance_[i].birnbaum == 0) continue;
            top.failure_intensity += importance_[i].birnbaum * failure_intensity(lives_[i], time);
        }
        return top;
    }

  private:
    const SolvedFaultTree& tree_;
    std::span<const ComponentLife> lives_;
    std::vector<double> probabilities_;
    std::vector<Importance> importance_;
    EvaluationScratch scratch_;
};

// Where a component's probability jumps, and the ends; in ascending order, each once.
std::vector<double> smooth_pieces(std::span<const ComponentLife> lives, double end) {
    constexpr double most_tests = 1e6;
    std::vector<double> times = {0, end};
    double tests = 0;
    for (const ComponentLife& life : lives) {
        const auto* tested = std::get_if<RegularlyTested>(&life);
        if (tested == nullptr || tested->first_test >= end) continue;
        tests += (end - tested->first_test) / tested->interval;
        expects(tests < most_tests, "a mission has fewer than 1e6 tests");
        for (double k = 0;; ++k) {
            const double time = tested->first_test + k * tested->interval;
            if (time >= end) break;
            times.push_back(time);
        }
    }
    std::sort(times.begin(), times.end());
    times.erase(std::unique(times.begin(), times.end()), times.end());
    return times;
}

class MissionIntegral {
  public:
    MissionIntegral(TopEvaluator& top, const MissionOptions& options) : top_(top), options_(options) {}

    /// Adds the integrals from `begin` to `end`.
    void add(double begin, double end, int halvings = 0) {
        // Neither end itself: there the probability may be that of the other side, and the intensity
        // infinite.
        const double first = std::nextafter(begin, end);
        const double last = std::nextafter(end, begin);
        // Too short to hold a number between.
        if (!(first < last)) return;
        double piece_error = 0;
        double magnitude = 0;
        const auto intensity = [&](double time) {
            const TopAtTime top = top_.at(std::clamp(time, first, last));
            highest_ = std::max(highest_, top.unavailability);
            return top.failure_intensity;
        };
        const double piece =
            rule_.integrate(intensity, begin, end, options_.relative_tolerance, &piece_error, &magnitude);
        const bool good = piece_error <= options_.relative_tolerance * magnitude;
        if (!good && halvings < options_.most_halvings) {
            const double middle = begin + (end - begin) / 2;
            add(begin, middle, halvings + 1);
            add(middle, end, halvings + 1);
            return;
        }
        expected_ += piece;
        error_ += piece_error;
        const auto down = [&](double time) { return top_.at(std::clamp(time, first, last)).unavailability; };
        down_time_ += rule_.integrate(down, begin, end, options_.relative_tolerance);
    }

    [[nodiscard]] double expected() const { return expected_; }
    [[nodiscard]] double error() const { return error_; }
    [[nodiscard]] double down_time() const { return down_time_; }
    [[nodiscard]] double highest_unavailability() const { return highest_; }

  private:
    TopEvaluator& top_;
    const MissionOptions& options_;
    boost::math::quadrature::tanh_sinh<double> rule_;
    double expected_ = 0;
    double error_ = 0;
    double down_time_ = 0;
    double highest_ = 0;
};

}  // namespace

double unavailability(const ComponentLife& life, double time) {
    expects(time >= 0, "time begins at 0");
    return std::visit(UnavailabilityAt{time}, life);
}

double failure_intensity(const ComponentLife& life, double time) {
    expects(time >= 0, "time begins at 0");
    return std::visit(IntensityAt{time}, life);
}

std::vector<TopAtTime> top_over_time(const SolvedFaultTree& tree, std::span<const ComponentLife> lives,
                                     std::span<const double> times) {
    TopEvaluator top(tree, lives);
    std::vector<TopAtTime> result;
    for (const double time : times) result.push_back(top.at(time));
    return result;
}

MissionFailures failures_in_mission(const SolvedFaultTree& tree, std::span<const ComponentLife> lives,
                                    double mission_time, const MissionOptions& options) {
    expects(mission_time > 0 && std::isfinite(mission_time), "a mission takes time");
    expects(options.relative_tolerance > 0, "a tolerance is positive");
    TopEvaluator top(tree, lives);
    MissionIntegral integral(top, options);
    const std::vector<double> times = smooth_pieces(lives, mission_time);
    for (std::size_t i = 0; i + 1 < times.size(); ++i) integral.add(times[i], times[i + 1]);

    const double at_beginning = top.at(0).unavailability;
    const double at_end = top.at(mission_time).unavailability;
    MissionFailures result{.expected = integral.expected(), .error = integral.error()};
    result.mean_unavailability = integral.down_time() / mission_time;
    if (std::none_of(lives.begin(), lives.end(), can_come_back)) {
        result.unreliability = {at_end, at_end};
    } else {
        const double low = std::max({at_beginning, at_end, integral.highest_unavailability()});
        const double high = at_beginning + integral.expected() + integral.error();
        result.unreliability = {low, std::clamp(high, low, 1.0)};
    }
    return result;
}

}  // namespace venturi
