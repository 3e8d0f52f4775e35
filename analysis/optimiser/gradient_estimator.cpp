#include "analysis/optimiser/gradient_estimator.hpp"

#include "sim/contract.hpp"
#include "sim/dense_systems.hpp"
#include "sim/random/draws.hpp"

#include <fmt/format.h>

#include <cmath>
#include <limits>
#include <stdexcept>

namespace venturi::optimiser {

namespace {

// Whose draws directions are, apart from any agent of a simulation.
constexpr DrawSource direction_source{.agent = 0xFFFF'FFFF, .purpose = purpose_limit - 1, .next = 0};

void expect_positive(double step, const char* what) {
    if (!(step > 0 && std::isfinite(step)))
        throw std::invalid_argument(fmt::format("{} is {:g}; legal are positive numbers", what, step));
}

/// Two decisions around a point, and how far apart along their direction.
struct Pair {
    Vector above;
    Vector below;
    double distance = 0;
};

Pair around(const FeasibleSet& set, Coordinates kind, const Vector& point, const Vector& direction,
            double step) {
    if (kind == Coordinates::flat) {
        const Vector move = set.tangent_basis() * direction;
        const double up = set.reach(point, move, step);
        const double down = set.reach(point, -move, step);
        return {point + up * move, point - down * move, up + down};
    }
    const Vector here = to_coordinates(set, kind, point);
    return {from_coordinates(set, kind, point, here + step * direction),
            from_coordinates(set, kind, point, here - step * direction), 2 * step};
}

DenseMatrix beside(const DenseMatrix& left, const DenseMatrix& right) {
    if (left.cols() + right.cols() == 0) return {};
    DenseMatrix both(left.rows(), left.cols() + right.cols());
    both << left, right;
    return both;
}

// For estimators with one pair of decisions for each repetition: `directions` is coordinates × repetitions.
GradientRows paired_rows(Problem& problem, Coordinates kind, const Vector& point,
                         const Repetitions& repetitions, const Vector& weights, const DenseMatrix& directions,
                         double step) {
    const FeasibleSet& set = problem.set();
    const Index count = repetitions.count;
    DenseMatrix above(set.dimension(), count);
    DenseMatrix below(set.dimension(), count);
    Vector distance(count);
    for (Index r = 0; r < count; ++r) {
        const Pair pair = around(set, kind, point, directions.col(r), step);
        above.col(r) = pair.above;
        below.col(r) = pair.below;
        distance[r] = pair.distance;
    }
    const Outcomes more = problem.outcomes(above, repetitions);
    const Outcomes less = problem.outcomes(below, repetitions);
    GradientRows result{.coordinates = kind,
                        .rows = DenseMatrix::Zero(count, directions.rows()),
                        .controls = {},
                        .values = (more.values + less.values) / 2,
                        .forward_runs = 2.0 * repetitions.count};
    const Vector difference = (more.values - less.values) * weights;
    // 1 / δ = δ for directions of ±1; for normal ones δ is the score of the decision.
    for (Index r = 0; r < count; ++r)
        if (distance[r] > 0) result.rows.row(r) = difference[r] / distance[r] * directions.col(r).transpose();
    const DenseMatrix controls = beside(more.controls, less.controls);
    if (controls.cols() > 0)
        for (Index k = 0; k < directions.rows(); ++k)
            result.controls.emplace_back(directions.row(k).transpose().asDiagonal() * controls);
    return result;
}

template <class Draw>
DenseMatrix random_directions(Index coordinates, const Repetitions& repetitions, Draw draw) {
    DenseMatrix directions(coordinates, Index{repetitions.count});
    for (std::uint32_t r = 0; r < repetitions.count; ++r) {
        const InversionVariates variates(repetitions.seed, repetitions.first + r);
        DrawSource source = direction_source;
        for (Index k = 0; k < coordinates; ++k) directions(k, Index{r}) = draw(variates, source);
    }
    return directions;
}

// Residuals of columns on controls, each half with the other's coefficients.
void take_off_controls(Eigen::Ref<DenseMatrix> columns, const DenseMatrix& controls) {
    const Index count = columns.rows();
    const Index size = controls.cols();
    if (size == 0 || count / 2 < 2 * size + 2) return;
    std::vector<DenseMatrix> coefficients;
    for (Index half = 0; half < 2; ++half) {
        const auto rows = Eigen::seq(half, count - 1, 2);
        DenseMatrix design(rows.size(), size + 1);
        design << Vector::Ones(rows.size()), controls(rows, Eigen::all);
        const DenseMatrix response = columns(rows, Eigen::all);
        coefficients.emplace_back(least_squares(design, response).bottomRows(size));
    }
    for (Index half = 0; half < 2; ++half) {
        const auto rows = Eigen::seq(half, count - 1, 2);
        const DenseMatrix own = controls(rows, Eigen::all);
        columns(rows, Eigen::all) -= product(own, coefficients[static_cast<std::size_t>(1 - half)]);
    }
}

void expect_weights(const Problem& problem, const Vector& weights) {
    expects(weights.size() == 1 + problem.constraints(), "there is a weight for each column of outcomes");
}

}  // namespace

GradientRows gradient_rows(const CentralDifferences& estimator, Problem& problem, const Vector& point,
                           const Repetitions& repetitions, const Vector& weights) {
    expect_positive(estimator.step, "the step of central differences");
    expect_weights(problem, weights);
    const Index coordinates = number_of(problem.set(), estimator.coordinates);
    GradientRows result{.coordinates = estimator.coordinates,
                        .rows = DenseMatrix::Zero(repetitions.count, coordinates),
                        .controls = {},
                        .values = DenseMatrix::Zero(repetitions.count, weights.size()),
                        .forward_runs = 2.0 * repetitions.count * static_cast<double>(coordinates)};
    for (Index k = 0; k < coordinates; ++k) {
        const Pair pair =
            around(problem.set(), estimator.coordinates, point, Vector::Unit(coordinates, k), estimator.step);
        const Outcomes more = problem.outcomes(pair.above, repetitions);
        const Outcomes less = problem.outcomes(pair.below, repetitions);
        if (pair.distance > 0) result.rows.col(k) = (more.values - less.values) * weights / pair.distance;
        result.values += (more.values + less.values) / (2 * static_cast<double>(coordinates));
        DenseMatrix controls = beside(more.controls, less.controls);
        if (controls.cols() > 0) result.controls.push_back(std::move(controls));
    }
    return result;
}

GradientRows gradient_rows(const SimultaneousPerturbation& estimator, Problem& problem, const Vector& point,
                           const Repetitions& repetitions, const Vector& weights) {
    expect_positive(estimator.step, "the step of simultaneous perturbations");
    expect_weights(problem, weights);
    const auto sign = [](const InversionVariates& variates, DrawSource& source) {
        return variates.uniform(source) < 0.5 ? -1.0 : 1.0;
    };
    const DenseMatrix directions =
        random_directions(number_of(problem.set(), estimator.coordinates), repetitions, sign);
    return paired_rows(problem, estimator.coordinates, point, repetitions, weights, directions,
                       estimator.step);
}

GradientRows gradient_rows(const ParameterExploration& estimator, Problem& problem, const Vector& point,
                           const Repetitions& repetitions, const Vector& weights) {
    expect_positive(estimator.spread, "the spread of parameter exploration");
    expect_weights(problem, weights);
    const auto normal = [](const InversionVariates& variates, DrawSource& source) {
        return variates.standard_normal(source);
    };
    const DenseMatrix directions =
        random_directions(number_of(problem.set(), estimator.coordinates), repetitions, normal);
    return paired_rows(problem, estimator.coordinates, point, repetitions, weights, directions,
                       estimator.spread);
}

GradientRows gradient_rows(const OwnEstimator& estimator, Problem& problem, const Vector& point,
                           const Repetitions& repetitions, const Vector& weights) {
    expect_weights(problem, weights);
    OutcomeGradients own = problem.own_gradients(estimator.name, point, repetitions);
    GradientRows result{.coordinates = Coordinates::ambient,
                        .rows = weights[0] * own.gradients[0],
                        .controls = {},
                        .values = std::move(own.outcomes.values),
                        .forward_runs = own.forward_runs};
    for (Index k = 1; k < weights.size(); ++k)
        result.rows += weights[k] * own.gradients[static_cast<std::size_t>(k)];
    if (own.outcomes.controls.cols() > 0) result.controls.push_back(std::move(own.outcomes.controls));
    return result;
}

GradientEstimate summarise(const GradientRows& given) {
    const Index count = given.rows.rows();
    expects(count > 0, "a gradient takes at least one repetition");
    DenseMatrix rows = given.rows;
    if (given.controls.size() == 1) {
        take_off_controls(rows, given.controls.front());
    } else if (!given.controls.empty()) {
        for (Index k = 0; k < rows.cols(); ++k)
            take_off_controls(rows.col(k), given.controls[static_cast<std::size_t>(k)]);
    }
    GradientEstimate estimate{.coordinates = given.coordinates,
                              .gradient = rows.colwise().mean().transpose(),
                              .covariance = {},
                              .values = given.values.colwise().mean().transpose(),
                              .repetitions = static_cast<std::uint32_t>(count),
                              .forward_runs = given.forward_runs};
    constexpr double unknown = std::numeric_limits<double>::quiet_NaN();
    if (count < 2) {
        estimate.covariance = DenseMatrix::Constant(rows.cols(), rows.cols(), unknown);
        estimate.value_error = unknown;
        return estimate;
    }
    const double degrees = static_cast<double>(count) * static_cast<double>(count - 1);
    rows.rowwise() -= estimate.gradient.transpose();
    estimate.covariance = product(rows.transpose(), rows) / degrees;
    estimate.value_error =
        std::sqrt((given.values.col(0).array() - estimate.values[0]).square().sum() / degrees);
    return estimate;
}

GradientEstimate estimate_gradient(const GradientEstimator& estimator, Problem& problem, const Vector& point,
                                   const Repetitions& repetitions) {
    return estimate_gradient(estimator, problem, point, repetitions,
                             Vector::Unit(1 + problem.constraints(), 0));
}

GradientEstimate estimate_gradient(const GradientEstimator& estimator, Problem& problem, const Vector& point,
                                   const Repetitions& repetitions, const Vector& weights) {
    return summarise(std::visit(
        [&](const auto& each) { return gradient_rows(each, problem, point, repetitions, weights); },
        estimator));
}

double runs_per_repetition(const GradientEstimator& estimator, const Problem& problem) {
    if (const auto* differences = std::get_if<CentralDifferences>(&estimator))
        return 2 * static_cast<double>(number_of(problem.set(), differences->coordinates));
    if (const auto* own = std::get_if<OwnEstimator>(&estimator))
        return problem.own_gradient(own->name).forward_runs;
    return 2;
}

GradientEstimate in_coordinates(const GradientEstimate& estimate, const FeasibleSet& set, const Vector& point,
                                Coordinates kind) {
    if (estimate.coordinates == kind) return estimate;
    DenseMatrix change = jacobian(set, kind, point).transpose();
    if (estimate.coordinates != Coordinates::ambient) {
        // The gradient by x of least length whose derivatives by the given coordinates are these.
        // Log-ratios see next to nothing of a share that is next to nothing: its derivative counts as
        // unknown, 0.
        const DenseMatrix given = jacobian(set, estimate.coordinates, point).transpose();
        const DenseMatrix back = pseudo_inverse(given, 1e-4, 1e-12);
        if (back.size() > 0)
            change = product(change, back);
        else  // a corner of the set
            change = DenseMatrix::Zero(change.rows(), given.rows());
    }
    GradientEstimate changed = estimate;
    changed.coordinates = kind;
    changed.gradient = change * estimate.gradient;
    changed.covariance = product(product(change, estimate.covariance), change.transpose());
    return changed;
}

}  // namespace venturi::optimiser
