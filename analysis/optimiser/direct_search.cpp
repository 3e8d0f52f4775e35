#include "analysis/optimiser/direct_search.hpp"

#include "analysis/optimiser/random_point.hpp"
#include "sim/contract.hpp"
#include "sim/dense_systems.hpp"
#include "sim/ensemble/moments.hpp"
#include "sim/ensemble/stopped.hpp"
#include "sim/random/draws.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <limits>
#include <numeric>
#include <stdexcept>
#include <utility>

namespace venturi::optimiser {

namespace {

/// Looks at points, keeps the log and the budget; larger is better whatever the goal.
class Looker {
  public:
    Looker(Problem& problem, const OptimisationOptions& options, Vector start, std::vector<Iteration>& log)
        : problem_(problem),
          options_(options),
          log_(log),
          start_(std::move(start)),
          // Upper bounds of shares are kept to by projection.
          kind_(problem.set().has_caps() ? Coordinates::flat : Coordinates::log_ratio),
          spent_before_(problem.forward_runs()) {}

    [[nodiscard]] Index coordinates() const { return number_of(problem_.set(), kind_); }
    [[nodiscard]] Vector start() const { return to_coordinates(problem_.set(), kind_, start_); }
    [[nodiscard]] Vector coordinates_of(const Vector& decision) const {
        if (kind_ == Coordinates::log_ratio) return to_coordinates(problem_.set(), kind_, decision);
        return problem_.set().tangent_basis().transpose() * (decision - start_);
    }
    [[nodiscard]] Vector decision(const Vector& coordinates) const {
        const Vector point = from_coordinates(problem_.set(), kind_, start_, coordinates);
        return kind_ == Coordinates::flat ? project(problem_.set(), point) : point;
    }
    [[nodiscard]] double left() const { return options_.budget - (problem_.forward_runs() - spent_before_); }
    [[nodiscard]] bool stopped() const { return options_.stop != nullptr && options_.stop->requested(); }
    [[nodiscard]] bool moved() const { return moved_; }
    [[nodiscard]] bool affords(std::uint32_t repetitions) const {
        return left() >= repetitions && !stopped();
    }

    double look(const Vector& coordinates, std::uint32_t first, std::uint32_t count) {
        const Vector point = decision(coordinates);
        Vector values;
        try {
            values = problem_.outcomes(point, {.seed = options_.seed, .first = first, .count = count})
                         .values.col(0);
        } catch (const Stopped&) {
            return -std::numeric_limits<double>::infinity();  // no point is affordable any more
        }
        Moments moments;
        for (const double value : values) moments.add(value);
        // Under other luck values differ whatever the decision.
        if (first == first_ && count == count_ && moments.mean() != log_.back().value) moved_ = true;
        first_ = first;
        count_ = count;
        log_.push_back({.step = log_.size(),
                        .decision = point,
                        .value = moments.mean(),
                        .value_error = moments.standard_error(),
                        .gradient_norm = std::numeric_limits<double>::quiet_NaN(),
                        .constraint_values = {},
                        .multipliers = {},
                        .forward_runs = options_.budget - left()});
        if (options_.observer) options_.observer(log_.back());
        return problem_.sign() * moments.mean();
    }

  private:
    Problem& problem_;
    const OptimisationOptions& options_;
    std::vector<Iteration>& log_;
    Vector start_;
    Coordinates kind_;
    double spent_before_;
    std::uint32_t first_ = 0;  // luck of the point before
    std::uint32_t count_ = 0;
    bool moved_ = false;
};

void expect_affordable(double budget, double least, const char* what) {
    if (!(budget >= least))
        throw std::invalid_argument(fmt::format(
            "a budget of {:g} forward runs is too small for {}, which takes {:g}", budget, what, least));
}

struct Vertex {
    Vector at;
    double value = 0;
};

/// c + g·s + s·H s / 2.
struct Quadratic {
    Vector slope;
    DenseMatrix curvature;
};

Quadratic fit(const std::vector<Vertex>& looked, const Vector& centre) {
    const Index n = centre.size();
    DenseMatrix design(static_cast<Index>(looked.size()), 1 + n + n * (n + 1) / 2);
    Vector response(design.rows());
    for (Index r = 0; r < design.rows(); ++r) {
        const Vertex& vertex = looked[static_cast<std::size_t>(r)];
        const Vector s = vertex.at - centre;
        design(r, 0) = 1;
        design.row(r).segment(1, n) = s;
        Index column = 1 + n;
        for (Index i = 0; i < n; ++i)
            for (Index j = i; j < n; ++j) design(r, column++) = i == j ? s[i] * s[i] / 2 : s[i] * s[j];
        response[r] = vertex.value;
    }
    const Vector coefficients = least_squares(design, response);
    Quadratic quadratic{coefficients.segment(1, n), DenseMatrix(n, n)};
    Index column = 1 + n;
    for (Index i = 0; i < n; ++i)
        for (Index j = i; j < n; ++j)
            quadratic.curvature(i, j) = quadratic.curvature(j, i) = coefficients[column++];
    return quadratic;
}

// Its highest point within the radius: (λ − H) s = g with the least λ ≥ 0, above H's eigenvalues, for which
// |s| is no longer.
Vector highest_within(const Quadratic& quadratic, double radius) {
    const auto pairs = symmetric_eigenpairs(quadratic.curvature);
    const Vector& eigenvalues = pairs.values;
    const Vector slope = pairs.vectors.transpose() * quadratic.slope;
    const auto step = [&](double lambda) { return Vector(slope.array() / (lambda - eigenvalues.array())); };
    const double floor = std::max(0.0, eigenvalues.maxCoeff());
    const double scale = 1e-12 * (1 + std::abs(floor));
    double low = floor + scale;
    double high = floor + slope.norm() / radius + scale;
    if (step(low).norm() > radius) {
        for (int i = 0; i < 100; ++i) {
            const double middle = (low + high) / 2;
            (step(middle).norm() > radius ? low : high) = middle;
        }
        low = high;
    }
    return pairs.vectors * step(low);
}

}  // namespace

DirectSearchResult direct_search(const NelderMead& method, Problem& problem, const Vector& start,
                                 const OptimisationOptions& options, std::vector<Iteration>& log) {
    if (!(method.size > 0) || method.repetitions == 0)
        throw std::invalid_argument(
            "a first simplex has a positive size, and points at least one repetition");
    Looker looker(problem, options, start, log);
    const Index n = looker.coordinates();
    expect_affordable(options.budget, static_cast<double>(method.repetitions) * static_cast<double>(n + 1),
                      "the first simplex of Nelder and Mead");
    const auto look = [&](const Vector& at) { return Vertex{at, looker.look(at, 0, method.repetitions)}; };
    std::vector<Vertex> simplex{look(looker.start())};
    for (Index k = 0; k < n; ++k) simplex.push_back(look(looker.start() + method.size * Vector::Unit(n, k)));
    const auto better = [](const Vertex& a, const Vertex& b) { return a.value > b.value; };
    const auto sort = [&] { std::stable_sort(simplex.begin(), simplex.end(), better); };
    sort();
    while (n > 0 && looker.affords(method.repetitions)) {
        Vector middle = Vector::Zero(n);
        for (Index k = 0; k < n; ++k)
            middle += simplex[static_cast<std::size_t>(k)].at / static_cast<double>(n);
        Vertex& worst = simplex.back();
        const Vector away = middle - worst.at;
        const Vertex reflected = look(middle + away);
        if (better(reflected, simplex.front())) {
            worst = reflected;
            if (looker.affords(method.repetitions)) {
                const Vertex expanded = look(middle + 2 * away);
                if (better(expanded, reflected)) worst = expanded;
            }
        } else if (better(reflected, simplex[static_cast<std::size_t>(n - 1)])) {
            worst = reflected;
        } else if (looker.affords(method.repetitions)) {
            const bool outside = better(reflected, worst);
            const Vertex contracted =
                look(outside ? Vector(middle + 0.5 * away) : Vector(middle - 0.5 * away));
            if (better(contracted, outside ? reflected : worst)) {
                worst = contracted;
            } else {
                for (Index k = 1; k <= n && looker.affords(method.repetitions); ++k) {
                    Vertex& vertex = simplex[static_cast<std::size_t>(k)];
                    vertex = look((vertex.at + simplex.front().at) / 2);
                }
            }
        }
        sort();
    }
    return {looker.decision(simplex.front().at), looker.moved(), looker.stopped()};
}

DirectSearchResult direct_search(const RandomSearch& method, Problem& problem, const Vector& start,
                                 const OptimisationOptions& options, std::vector<Iteration>& log) {
    if (method.points == 0) throw std::invalid_argument("a search has at least one point");
    Looker looker(problem, options, start, log);
    std::vector<Vertex> left{{looker.start(), 0}};
    for (std::uint32_t point = 1; point < method.points; ++point)
        left.push_back({looker.coordinates_of(random_point(problem.set(), options.seed, point)), 0});
    const auto rounds = std::max(1.0, std::ceil(std::log2(static_cast<double>(method.points))));
    expect_affordable(options.budget, rounds * method.points, "a repetition of each point in each round");
    std::uint32_t first = 0;
    while (left.size() > 1 && !looker.stopped()) {
        const auto repetitions =
            static_cast<std::uint32_t>(options.budget / rounds / static_cast<double>(left.size()));
        for (Vertex& vertex : left) {
            if (!looker.affords(repetitions)) break;
            vertex.value = looker.look(vertex.at, first, repetitions);
        }
        first += repetitions;
        std::stable_sort(left.begin(), left.end(),
                         [](const Vertex& a, const Vertex& b) { return a.value > b.value; });
        left.resize((left.size() + 1) / 2);
    }
    return {looker.decision(left.front().at), looker.moved(), looker.stopped()};
}

DirectSearchResult direct_search(const ResponseSurface& method, Problem& problem, const Vector& start,
                                 const OptimisationOptions& options, std::vector<Iteration>& log) {
    if (!(method.radius > 0) || method.rounds == 0)
        throw std::invalid_argument("a response surface has a positive radius and at least one round");
    Looker looker(problem, options, start, log);
    const Index n = looker.coordinates();
    const Index points = 3 * (1 + n + n * (n + 1) / 2) / 2 + 1;
    expect_affordable(options.budget, static_cast<double>(method.rounds) * static_cast<double>(points),
                      "the points that a quadratic is fitted to");
    const auto repetitions =
        static_cast<std::uint32_t>(options.budget / method.rounds / static_cast<double>(points));
    Vector centre = looker.start();
    double radius = method.radius;
    for (std::uint32_t round = 0; round < method.rounds && !looker.stopped(); ++round, radius /= 2) {
        std::vector<Vertex> looked;
        for (Index point = 0; point < points && looker.affords(repetitions); ++point) {
            Vector step = Vector::Zero(n);
            // The centre, both ways along each axis, then directions at random as far out.
            if (point > 0 && point <= 2 * n) {
                step[(point - 1) / 2] = point % 2 == 0 ? radius : -radius;
            } else if (point > 0) {
                const InversionVariates variates(options.seed,
                                                 round * 100'000 + static_cast<std::uint32_t>(point));
                DrawSource source{.agent = 0xFFFF'FFFF, .purpose = purpose_limit - 3, .next = 0};
                for (double& each : step) each = variates.standard_normal(source);
                step *= radius / step.norm();
            }
            looked.push_back({centre + step, looker.look(centre + step, round * repetitions, repetitions)});
        }
        if (static_cast<Index>(looked.size()) < points) break;
        centre += highest_within(fit(looked, centre), radius);
    }
    return {looker.decision(centre), looker.moved(), looker.stopped()};
}

}  // namespace venturi::optimiser
