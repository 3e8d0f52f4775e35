// How much an incident costs: a log-normal body with a generalised Pareto tail, in US dollars.
#pragma once

#include "sim/parameter.hpp"
#include "sim/random/draws.hpp"

#include <limits>

namespace venturi {

/// See `Severity` for what the numbers mean.
struct SeverityParameters {
    double median = 50000;
    double spread = 1.9;
    double tail_from = 0.95;
    double tail_shape = 0.79;
    double tail_scale = 0;
};

template <class Visitor>
void describe(SeverityParameters& severity, Visitor& visit) {
    visit.number(severity.median,
                 {.name = "median",
                  .dimension = Dimension::money,
                  .legal = above(0),
                  .plausible = {5000, 500000},
                  .meaning = "loss that half of the incidents exceed, where the tail begins above it",
                  .source = "assumed: 350 records at the $141 that each cost in a breach (Ponemon 2017)"});
    visit.number(severity.spread,
                 {.name = "spread",
                  .legal = {.low = 0, .high = 10, .low_open = true},
                  .plausible = {0.5, 2.5},
                  .meaning = "standard deviation of the logarithm of the loss, in the body",
                  .source = "1.9 for breaches, through the cost per record (Ponemon 2017) and of a million "
                            "records (IBM 2024), with the law of records of Maillart and Sornette 2010"});
    visit.number(severity.tail_from,
                 {.name = "tail_from",
                  .dimension = Dimension::share,
                  .legal = {.low = 0, .high = 1, .low_open = true},
                  .plausible = {0.8, 1},  // fines have no tail
                  .meaning = "share of the incidents below the tail; at 1 there is none"});
    visit.number(
        severity.tail_shape,
        {.name = "tail_shape",
         .legal = {.low = 0, .high = 1, .high_open = true},
         .plausible = {0, 0.8},
         .meaning = "shape of the tail: moments of order 1 / shape and above are infinite",
         .source = "0.79 for breaches, as the spread, with the cost of 50 million records (IBM 2024)"});
    visit.number(severity.tail_scale,
                 {.name = "tail_scale",
                  .dimension = Dimension::money,
                  .legal = at_least(0),
                  .plausible = {0, 1e6},
                  .meaning = "scale of the tail; 0 for the one with which the density does not jump"});
}

/// A loss X. With m = `median`, σ = `spread`, p = `tail_from`, z_p the normal quantile and t = m e^(σ z_p),
///
///     P(X > x) = 1 − Φ(ln(x / m) / σ)                        for x ≤ t,
///     P(X > x) = (1 − p) (1 + ξ (x − t) / β)^(−1/ξ)          above,
///
/// ξ = `tail_shape` in [0, 1), at 0 the exponential limit, and β = `tail_scale`, or (1 − p) σ t / φ(z_p)
/// where that is 0: the one β with which the density is continuous. Peaks over a threshold have this tail in
/// the limit: Pickands, Annals of Statistics 3, 119–131 (1975); McNeil, Frey and Embrechts, Quantitative Risk
/// Management (2015), section 5.2. A value, and trivially copyable.
class Severity {
  public:
    Severity() : Severity(SeverityParameters{}) {}
    /// Throws ContractViolation where a parameter is outside its legal range.
    explicit Severity(const SeverityParameters& parameters);

    /// t, dollars; infinite where there is no tail.
    [[nodiscard]] double threshold() const { return threshold_; }
    /// β, dollars.
    [[nodiscard]] double tail_scale() const { return tail_scale_; }

    /// P(X ≤ x).
    [[nodiscard]] double distribution(double loss) const;
    /// P(X > x), to a few units in the last place however small.
    [[nodiscard]] double survival(double loss) const;
    /// Per dollar.
    [[nodiscard]] double density(double loss) const;

    /// The x with P(X ≤ x) = `probability` in [0, 1]: 0 at 0, infinite at 1.
    [[nodiscard]] double quantile(double probability) const;
    /// The x with P(X > x) = `probability` in [0, 1]: precise far out.
    [[nodiscard]] double exceeded_with(double probability) const;

    /// E[X], m e^(σ²/2) Φ(z_p − σ) + (1 − p) (t + β / (1 − ξ)).
    [[nodiscard]] double mean() const { return integrated_survival(0, infinite); }
    /// E[min(X, u)] for u = `limit` ≥ 0. The integral of the survival, in closed form.
    [[nodiscard]] double limited_expected_value(double limit) const { return integrated_survival(0, limit); }
    /// E[min(max(X − d, 0), l)] for a deductible d ≥ 0 and a limit l ≥ 0, which may be infinite.
    [[nodiscard]] double layer(double deductible, double limit) const {
        return integrated_survival(deductible, deductible + limit);
    }

    /// One draw, by inversion of one uniform: two scenarios that share the draw have the same rank of loss.
    template <DrawPolicy Draws>
    [[nodiscard]] double sample(Draws& draws, DrawSource& source) const {
        return quantile(draws.uniform(source));
    }

  private:
    static constexpr double infinite = std::numeric_limits<double>::infinity();

    [[nodiscard]] double standardised(double loss) const;
    [[nodiscard]] double integrated_survival(double from, double to) const;
    [[nodiscard]] double integrated_body(double from, double to) const;
    [[nodiscard]] double integrated_tail(double from, double to) const;

    double median_;
    double spread_;
    double tail_probability_;  // 1 − p
    double tail_shape_;
    double threshold_;
    double tail_scale_;
    double body_mean_;  // m e^(σ²/2), were there no tail
};

/// The same law in other money: losses `factor` > 0 times as large.
[[nodiscard]] SeverityParameters scaled(SeverityParameters severity, double factor);

/// σ of the log-normal with that median and mean, √(2 ln(mean / median)). 0 < median ≤ mean.
[[nodiscard]] double spread_from_mean(double median, double mean);

/// σ of the log-normal that exceeds two losses with these probabilities, and its median: what two figures of
/// the kind "60% cost more than $100,000, 15% more than $1M" say.
struct ExceededLoss {
    double loss = 0;         ///< dollars, > 0
    double probability = 0;  ///< that an incident costs more, in (0, 1)
};
[[nodiscard]] SeverityParameters log_normal_through(const ExceededLoss& one, const ExceededLoss& other);

/// Body and tail from a median and two large losses: σ and ξ such that both are exceeded with their
/// probabilities, the density being continuous at the quantile `tail_from` of the body. Throws
/// ContractViolation where median, large and larger are not in order or no ξ in [0, 0.999] does it.
[[nodiscard]] SeverityParameters severity_through(double median, const ExceededLoss& large,
                                                  const ExceededLoss& larger, double tail_from);

// What is published, and what a startup is taken to suffer. Spreads and tails are carried over as they are;
// medians are not, for no publication is about companies that small.

/// A breach of 1,000 records or more at any company. From the cost per record, $141 (Ponemon 2017), of a
/// breach of a million records, $42M, and of 50 million, $375M (IBM 2024), and from the law of the number of
/// records lost, P(≥ n) ~ n^−0.7: Maillart and Sornette, European Physical Journal B 75, 357–364 (2010),
/// taken to hold from 1,000 on. So the median is at 2,692 records, and $42M and $375M are exceeded in 0.79%
/// and 0.051% of breaches, which `severity_through` gives to the digits here. The mean comes out at $3.3M,
/// where IBM's samples have $3.6M (2017) to $4.9M (2024). The tail's index, 1 / 0.79, is the law of records'
/// divided by the power of records with which costs grow from $42M to $375M: 0.7 / 0.56.
inline constexpr SeverityParameters published_data_breach{
    .median = 380000, .spread = 1.9, .tail_from = 0.95, .tail_shape = 0.79};

/// The same, of a startup with 350 records to lose at $141 (assumed). Its mean is $0.43M.
inline constexpr SeverityParameters startup_data_breach{
    .median = 50000, .spread = 1.9, .tail_from = 0.95, .tail_shape = 0.79};

/// Fines for breaches under the General Data Protection Regulation: 70 of them to 2020, with a median of
/// €25,000, a mean of €250,000 and from €300 to €10M (Cambridge Centre for Risk Studies), at $1.12 a euro
/// (European Central Bank, mean of 2019). Small companies are among the fined, so this is not scaled. The
/// log-normal that median and mean give puts the least of 70 at €170 and the largest at €3.7M (their
/// medians), and the largest above €10M in one case of six. It needs no tail, and the law has a ceiling.
inline constexpr SeverityParameters regulatory_fine{
    .median = 28000, .spread = 2.146, .tail_from = 1, .tail_shape = 0};

/// Outages: 60% of those of data centres cost more than $100,000, 15% more than $1M (Uptime Institute 2022,
/// "more than 60%"), which is a log-normal with a median of $157,000 and this spread. That a startup's costs
/// a tenth of it, and the tail, are assumed.
inline constexpr SeverityParameters startup_outage{
    .median = 15700, .spread = 1.785, .tail_from = 0.95, .tail_shape = 0.3};

/// Fraud by staff: 1,921 cases had a median of $145,000 and cost $3.1 billion, $1.61M each (Association of
/// Certified Fraud Examiners, Report to the Nations 2024). That a startup loses a seventh of it, and the
/// tail, are assumed.
inline constexpr SeverityParameters startup_fraud{
    .median = 20000, .spread = 2.195, .tail_from = 0.95, .tail_shape = 0.3};

}  // namespace venturi
