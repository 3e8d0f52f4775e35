#include "agents/market/customer_base.hpp"
#include "sim/calendar.hpp"
#include "sim/contract.hpp"
#include "sim/random/draws.hpp"
#include "tests/agents/sample.hpp"

#include <catch2/catch.hpp>

#include <cmath>
#include <limits>

namespace {

using namespace venturi;
using namespace venturi::testing;

/// An M/M/∞ queue on a calendar: accounts arrive by a Poisson process and leave each at the churn rate.
class Provider {
  public:
    Provider(std::uint32_t replication, double arrivals, double churn, std::uint32_t accounts)
        : draws_(FastVariates(1953, replication)), arrivals_(arrivals) {
        base_.start(draws_, leaving_, 0, accounts, churn);
        follow();
        calendar_.schedule(draws_.exponential(arriving_, arrivals_), What::arrival);
    }

    void run_until(double month) {
        calendar_.run_until(month, [&](const auto& delivery) {
            if (delivery.event == What::arrival) {
                base_.join(draws_, calendar_.now());
                calendar_.schedule(calendar_.now() + draws_.exponential(arriving_, arrivals_), What::arrival);
            } else {
                base_.leave(draws_, leaving_, calendar_.now());
            }
            follow();
        });
    }
    void set_churn(double churn) {
        base_.set_churn(draws_, calendar_.now(), churn);
        follow();
    }
    [[nodiscard]] std::uint32_t accounts() const { return base_.accounts(); }

  private:
    enum class What : std::uint8_t { arrival, departure };

    void follow() {
        const double time = base_.next_departure();
        if (time == std::numeric_limits<double>::infinity())
            calendar_.cancel(departure_);
        else if (!calendar_.reschedule(departure_, time))
            departure_ = calendar_.schedule(time, What::departure);
    }

    PlainDraws draws_;
    double arrivals_;
    Calendar<What> calendar_;
    CustomerBase<PlainDraws> base_;
    DrawSource arriving_{.agent = 1, .purpose = 1};
    DrawSource leaving_{.agent = 1, .purpose = 2};
    EventHandle departure_;
};

/// Mean and central moments of the accounts of an M/M/∞ queue after `t` months: those left of the `initial`
/// ones, a binomial, and the newcomers, a Poisson law.
struct Transient {
    double mean;
    double variance;
    double fourth;
};
Transient transient(double arrivals, double churn, double initial, double t) {
    const double stays = std::exp(-churn * t);
    const double newcomers = arrivals / churn * (1 - stays);
    const double binomial = initial * stays * (1 - stays);
    const double variance = binomial + newcomers;
    const double fourth_cumulant = binomial * (1 - 6 * stays * (1 - stays)) + newcomers;
    return {initial * stays + newcomers, variance, fourth_cumulant + 3 * variance * variance};
}

void check(const Sample& sample, const Transient& law) {
    CHECK(std::abs(sample.z_of_mean(law.mean)) < 4);
    CHECK(std::abs(sample.z_of_variance(law.variance, law.fourth)) < 4);
}

}  // namespace

TEST_CASE("A customer base with Poisson arrivals is an M/M/infinity queue at every time") {
    Sample soon;
    Sample later;
    Sample at_last;
    for (std::uint32_t i = 0; i < 4000; ++i) {
        Provider provider(i, 5, 0.1, 20);
        provider.run_until(3);
        soon.add(provider.accounts());
        provider.run_until(10);
        later.add(provider.accounts());
        provider.run_until(90);
        at_last.add(provider.accounts());
    }
    check(soon, transient(5, 0.1, 20, 3));
    check(later, transient(5, 0.1, 20, 10));
    // By now stationary but for e^(-9): a Poisson law of mean arrivals / churn.
    CHECK(transient(5, 0.1, 20, 90).mean == Approx(50).epsilon(1e-4));
    check(at_last, {50, 50, fourth_moment_of_poisson(50)});
}

TEST_CASE("A churn that changes acts from then on, on all who are there") {
    Sample accounts;
    for (std::uint32_t i = 4000; i < 8000; ++i) {
        Provider provider(i, 5, 0.1, 0);
        provider.run_until(10);
        provider.set_churn(0.3);
        provider.run_until(15);
        accounts.add(provider.accounts());
    }
    // A Poisson law at all times, since it is one at the start.
    const double mean = 50 * (1 - std::exp(-1.0)) * std::exp(-1.5) + 5 / 0.3 * (1 - std::exp(-1.5));
    check(accounts, {mean, mean, fourth_moment_of_poisson(mean)});
}

TEST_CASE("The time until the last of n accounts leaves has the mean of a maximum of exponentials") {
    Sample times;
    for (std::uint32_t i = 0; i < 4000; ++i) {
        PlainDraws draws(FastVariates(1975, i));
        DrawSource source{.agent = 0, .purpose = 2};
        CustomerBase<PlainDraws> base;
        base.start(draws, source, 2, 5, 0.25);
        double now = 2;
        while (base.accounts() > 0) {
            now = base.next_departure();
            base.leave(draws, source, now);
        }
        times.add(now - 2);
        REQUIRE(base.next_departure() == std::numeric_limits<double>::infinity());
    }
    CHECK(std::abs(times.z_of_mean((1 + 1.0 / 2 + 1.0 / 3 + 1.0 / 4 + 1.0 / 5) / 0.25)) < 4);
}

TEST_CASE("A base that disbands has nobody left to leave") {
    PlainDraws draws(FastVariates(1, 0));
    DrawSource source{.agent = 0, .purpose = 2};
    CustomerBase<PlainDraws> base;
    base.start(draws, source, 0, 3, 0.1);
    base.join(draws, 1, 4);
    CHECK(base.accounts() == 7);
    CHECK(base.disband(draws, 2) == 7);
    CHECK(base.accounts() == 0);
    CHECK(base.next_departure() == std::numeric_limits<double>::infinity());
    CHECK_THROWS_AS(base.leave(draws, source, 3), ContractViolation);
}
