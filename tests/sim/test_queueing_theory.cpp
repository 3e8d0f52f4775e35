#include "sim/queueing_theory.hpp"
#include "sim/station.hpp"

#include <catch2/catch.hpp>

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <limits>
#include <stdexcept>
#include <vector>

using namespace venturi;

namespace {

static_assert(QueueOptions::unlimited == StationOptions::unlimited);

// Sums of some hundred terms, each to rounding.
constexpr double summed = 1e-13;

double poisson(double mean, std::uint64_t n) {
    const auto count = static_cast<double>(n);
    return std::exp(count * std::log(mean) - mean - std::lgamma(count + 1));
}

const std::vector<QueueOptions> impatient_queues = {
    {.arrival_rate = 0.9, .service_rate = 1, .servers = 1, .patience_rate = 0.5},
    {.arrival_rate = 6, .service_rate = 1, .servers = 5, .patience_rate = 0.4},
    {.arrival_rate = 9, .service_rate = 1, .servers = 10, .patience_rate = 2},
    {.arrival_rate = 0.5, .service_rate = 0.2, .servers = 8, .patience_rate = 0.01},
    {.arrival_rate = 500, .service_rate = 2, .servers = 100, .patience_rate = 0.3},
};

}  // namespace

TEST_CASE("Erlang's loss formula has the loads of the published tables for a loss of 1%", "[queueing]") {
    // As printed in any table of Erlang B, to three digits after the point; loss grows with load.
    struct Row {
        std::uint32_t lines;
        double load;
    };
    for (const auto& [lines, load] :
         {Row{5, 1.361}, Row{10, 4.461}, Row{15, 8.108}, Row{20, 12.031}, Row{100, 84.064}}) {
        INFO(lines << " lines");
        CHECK(erlang_b({.arrival_rate = load - 0.0005, .servers = lines}).blocked < 0.01);
        CHECK(erlang_b({.arrival_rate = load + 0.0005, .servers = lines}).blocked > 0.01);
    }
}

TEST_CASE("Erlang's loss formula is its definition", "[queueing]") {
    for (const double load : {0.1, 1.0, 4.0, 30.0}) {
        double sum = 0;
        for (std::uint32_t servers = 0; servers <= 20; ++servers) {
            sum += poisson(load, servers);
            if (servers == 0) continue;
            const LossMeans means =
                erlang_b({.arrival_rate = 3 * load, .service_rate = 3, .servers = servers});
            // The logarithm of the gamma function costs the definition some digits.
            CHECK(means.blocked == Approx(poisson(load, servers) / sum).epsilon(1e-12));
            CHECK(means.throughput == Approx(3 * means.mean_in_service).epsilon(1e-15));
            CHECK(means.throughput == Approx(3 * load * (1 - means.blocked)).epsilon(1e-15));
            CHECK(means.utilisation * servers == Approx(means.mean_in_service).epsilon(1e-15));
        }
    }
}

TEST_CASE("an eye clinic of three doctors keeps patients as long as the textbook says", "[queueing]") {
    // Gross & Harris, Fundamentals of Queueing Theory, the eye clinic among the examples of M/M/c: six
    // patients an hour, twenty minutes each.
    const QueueMeans clinic = erlang_c({.arrival_rate = 6, .service_rate = 3, .servers = 3});
    CHECK(clinic.waits == Approx(4.0 / 9).epsilon(1e-15));
    CHECK(clinic.mean_waiting == Approx(8.0 / 9).epsilon(1e-15));
    CHECK(clinic.mean_wait == Approx(4.0 / 27).epsilon(1e-15));
    CHECK(clinic.mean_sojourn == Approx(13.0 / 27).epsilon(1e-15));
    CHECK(clinic.mean_present() == Approx(26.0 / 9).epsilon(1e-15));
    CHECK(clinic.utilisation == Approx(2.0 / 3).epsilon(1e-15));
    CHECK(number_present({.arrival_rate = 6, .service_rate = 3, .servers = 3}).of(0)
          == Approx(1.0 / 9).epsilon(1e-14));
}

TEST_CASE("a call centre loses the callers and keeps the waits that are published of it", "[queueing]") {
    // Garnett, Mandelbaum & Reiman (2002), section 1: 50 agents, 48 calls a minute of a minute each, patience
    // of two minutes. Printed to the digits compared here.
    const QueueOptions centre{.arrival_rate = 48, .service_rate = 1, .servers = 50, .patience_rate = 0.5};
    const QueueMeans patient = erlang_c(centre);
    CHECK(std::abs(60 * patient.mean_wait - 20.8) < 0.05);
    CHECK(std::abs(patient.mean_waiting - 17) < 0.5);
    CHECK(std::abs(patient.utilisation - 0.96) < 0.005);
    const QueueMeans impatient = erlang_a(centre);
    CHECK(std::abs(impatient.abandons - 0.031) < 0.0005);
    CHECK(std::abs(60 * impatient.mean_wait - 3.7) < 0.05);
    CHECK(std::abs(impatient.mean_waiting - 3) < 0.5);
    CHECK(std::abs(impatient.utilisation - 0.93) < 0.005);
}

TEST_CASE("one server and two have the closed forms of the textbooks", "[queueing]") {
    for (const double rho : {0.01, 0.5, 0.9, 0.999}) {
        const QueueMeans one = erlang_c({.arrival_rate = rho});
        CHECK(one.waits == Approx(rho).epsilon(1e-14));
        CHECK(one.mean_present() == Approx(rho / (1 - rho)).epsilon(1e-13));
        CHECK(one.mean_sojourn == Approx(1 / (1 - rho)).epsilon(1e-13));
        const QueueMeans two = erlang_c({.arrival_rate = 2 * rho, .servers = 2});
        CHECK(two.waits == Approx(2 * rho * rho / (1 + rho)).epsilon(1e-14));
        CHECK(two.mean_present() == Approx(2 * rho / (1 - rho * rho)).epsilon(1e-13));
    }
}

TEST_CASE("the mean wait is what the probabilities of waiting longer add up to", "[queueing]") {
    const QueueOptions queue{.arrival_rate = 4, .service_rate = 1, .servers = 5};
    CHECK(erlang_c_wait_exceeds(queue, 0) == erlang_c(queue).waits);
    // ∫ P(wait > t) dt by Simpson's rule, whose error on e^{−t} in steps of h is h⁴/180 of it; cut off at
    // e^−40.
    constexpr double h = 0.01;
    double integral = 0;
    for (int i = 0; i < 4000; i += 2)
        integral += h / 3
                    * (erlang_c_wait_exceeds(queue, i * h) + 4 * erlang_c_wait_exceeds(queue, (i + 1) * h)
                       + erlang_c_wait_exceeds(queue, (i + 2) * h));
    CHECK(integral == Approx(erlang_c(queue).mean_wait).epsilon(2 * h * h * h * h / 180));
}

TEST_CASE("where waiting is left as fast as service ends, the number present is Poisson", "[queueing]") {
    constexpr double load = 7.5;
    for (const std::uint32_t servers : {1U, 5U, 8U, 30U}) {
        const QueueOptions queue{
            .arrival_rate = 2 * load, .service_rate = 2, .servers = servers, .patience_rate = 2};
        const PresentLaw law = number_present(queue);
        double waits = 0;
        double waiting = 0;
        for (std::uint64_t n = 0; n < 120; ++n) {
            CHECK(law.of(n) == Approx(poisson(load, n)).epsilon(1e-12).margin(1e-17));
            if (n < servers) continue;
            waits += poisson(load, n);
            waiting += static_cast<double>(n - servers) * poisson(load, n);
        }
        const QueueMeans means = erlang_a(queue);
        CHECK(means.waits == Approx(waits).epsilon(1e-12));
        CHECK(means.mean_waiting == Approx(waiting).epsilon(1e-12));
        CHECK(means.mean_present() == Approx(load).epsilon(1e-12));
        CHECK(means.mean_sojourn == Approx(0.5).epsilon(1e-12));
    }
}

TEST_CASE("what comes goes: flows, cuts and Little's law balance with impatient jobs", "[queueing]") {
    for (const QueueOptions& queue : impatient_queues) {
        INFO(queue.servers << " servers");
        const QueueMeans means = erlang_a(queue);
        CHECK(queue.service_rate * means.mean_in_service
              == Approx(queue.arrival_rate * (1 - means.abandons)).epsilon(summed));
        CHECK(queue.arrival_rate * means.mean_sojourn == Approx(means.mean_present()).epsilon(summed));
        CHECK(queue.arrival_rate * means.mean_wait == Approx(means.mean_waiting).epsilon(summed));
        CHECK(means.mean_wait_of_served < means.mean_wait * 2);

        const PresentLaw law = number_present(queue);
        double total = 0;
        double present = 0;
        for (std::size_t i = 0; i < law.probability.size(); ++i) {
            const std::uint64_t n = law.first + i;
            total += law.probability[i];
            present += static_cast<double>(n) * law.probability[i];
            if (i + 1 == law.probability.size()) continue;
            const double in_service = std::min<double>(static_cast<double>(n + 1), queue.servers);
            const double down = in_service * queue.service_rate
                                + (static_cast<double>(n + 1) - in_service) * queue.patience_rate;
            CHECK(law.probability[i] * queue.arrival_rate
                  == Approx(law.probability[i + 1] * down).epsilon(summed));
        }
        CHECK(total == Approx(1).epsilon(summed));
        CHECK(present == Approx(means.mean_present()).epsilon(summed));
    }
}

TEST_CASE("those who are served have waited as first-step analysis of their place in line says",
          "[queueing]") {
    for (const QueueOptions& queue : impatient_queues) {
        const PresentLaw law = number_present(queue);
        const double capacity = queue.servers * queue.service_rate;
        double served = 1;          // probability, of one who stands at this place
        double wait_if_served = 0;  // expectation of the wait, counted as 0 where not served
        double probability = 0;
        double wait = 0;
        for (std::uint64_t n = 0; n < law.first + law.probability.size(); ++n) {
            if (n >= queue.servers) {
                const auto place = static_cast<double>(n - queue.servers + 1);
                const double leaves = capacity + place * queue.patience_rate;
                const double moves_up = 1 - queue.patience_rate / leaves;
                served *= moves_up;
                wait_if_served = served / leaves + moves_up * wait_if_served;
            }
            probability += law.of(n) * served;
            wait += law.of(n) * wait_if_served;
        }
        const QueueMeans means = erlang_a(queue);
        CHECK(1 - means.abandons == Approx(probability).epsilon(summed));
        CHECK(means.mean_wait_of_served == Approx(wait / probability).epsilon(summed));
    }
}

TEST_CASE("patience without end makes Erlang A into Erlang C", "[queueing]") {
    constexpr double impatience = 1e-9;
    for (const QueueOptions& queue :
         {QueueOptions{.arrival_rate = 0.9, .patience_rate = impatience},
          QueueOptions{.arrival_rate = 4, .servers = 5, .patience_rate = impatience},
          QueueOptions{.arrival_rate = 48, .servers = 50, .patience_rate = impatience}}) {
        const QueueMeans patient = erlang_c(queue);
        const QueueMeans means = erlang_a(queue);
        // A line of j has ρ^j ∏ cμ / (cμ + iθ) ≥ ρ^j (1 − θ j (j + 1) / (2 cμ)) of the weight of none, and
        // the whole weighs no more than without impatience. So the mean lacks at most this.
        const double rho = patient.utilisation;
        double lacks = 0;
        double geometric = patient.waits * (1 - rho);
        for (double j = 0; j < 2000; ++j, geometric *= rho)
            lacks += geometric * impatience * j * j * (j + 1) / (2 * queue.servers * queue.service_rate);
        CHECK(means.mean_waiting <= patient.mean_waiting * (1 + summed));
        CHECK(means.mean_waiting >= patient.mean_waiting * (1 - summed) - lacks);
        CHECK(lacks < 1e-5 * patient.mean_waiting);  // or it would say nothing

        QueueOptions never_leaves = queue;
        never_leaves.patience_rate = 0;
        CHECK(erlang_a(never_leaves).mean_waiting == patient.mean_waiting);
        CHECK(erlang_a(never_leaves).abandons == 0);
        CHECK(erlang_a(never_leaves).mean_wait_of_served == patient.mean_wait);
    }
}

TEST_CASE("no patience at all makes Erlang A into Erlang B", "[queueing]") {
    constexpr double impatience = 1e9;
    for (const QueueOptions& queue :
         {QueueOptions{.arrival_rate = 3, .patience_rate = impatience},
          QueueOptions{.arrival_rate = 4, .servers = 5, .patience_rate = impatience}}) {
        const double blocked = erlang_b(queue).blocked;
        const double abandons = erlang_a(queue).abandons;
        // Lines weigh at most r / (1 − r) of full servers without one, and keep c servers at work meanwhile.
        const double capacity = queue.servers * queue.service_rate;
        const double r = queue.arrival_rate / (capacity + impatience);
        const double slack = capacity / queue.arrival_rate * blocked * r / (1 - r);
        CHECK(abandons <= blocked * (1 + summed));
        CHECK(abandons >= blocked * (1 - summed) - slack);
        CHECK(slack < 1e-7 * blocked);
    }
}

TEST_CASE("a line that hardly ever forms, and one that always stands, are told as exactly", "[queueing]") {
    // Twenty servers for a tenth of one's work: π₂₀ = e^{−0.1} 0.1²⁰ / 20! but for as rare a line behind.
    const QueueOptions idle{.arrival_rate = 0.1, .servers = 20, .patience_rate = 1e-12};
    const double full = poisson(0.1, 20);
    CHECK(erlang_a(idle).waits == Approx(full / (1 - 0.1 / 20)).epsilon(1e-12));
    CHECK(erlang_a(idle).waits == Approx(erlang_c(idle).waits).epsilon(1e-12));
    // A hundred thousand jobs an hour more than can be served: the line stands where as many give up.
    const QueueOptions swamped{
        .arrival_rate = 2e5, .service_rate = 1, .servers = 100'000, .patience_rate = 0.1};
    const QueueMeans means = erlang_a(swamped);
    CHECK(means.mean_waiting == Approx(1e6).epsilon(summed * 100));
    CHECK(means.abandons == Approx(0.5).epsilon(summed * 100));
    CHECK(means.utilisation == Approx(1).epsilon(summed * 100));
    // Nobody comes.
    const QueueMeans nobody = erlang_a({.arrival_rate = 0, .patience_rate = 1});
    CHECK(nobody.mean_present() == 0);
    CHECK(nobody.abandons == 0);
    CHECK(number_present({.arrival_rate = 0, .patience_rate = 1}).of(0) == 1);
    CHECK(erlang_c({.arrival_rate = 0, .servers = 3}).mean_sojourn == 1);
}

TEST_CASE("with unlimited servers the number present is Poisson, and nobody waits", "[queueing]") {
    const QueueOptions queue{.arrival_rate = 12, .service_rate = 2, .servers = QueueOptions::unlimited};
    const PresentLaw law = number_present(queue);
    for (std::uint64_t n = 0; n < 60; ++n)
        CHECK(law.of(n) == Approx(poisson(6, n)).epsilon(1e-12).margin(1e-17));
    for (const QueueMeans& means : {unlimited_servers(queue), erlang_c(queue), erlang_a(queue)}) {
        CHECK(means.mean_present() == 6);
        CHECK(means.mean_sojourn == 0.5);
        CHECK(means.waits == 0);
    }
    CHECK(erlang_b(queue).blocked == 0);
    // As many servers as make no difference.
    CHECK(erlang_c({.arrival_rate = 12, .service_rate = 2, .servers = 200}).mean_present()
          == Approx(6).epsilon(1e-15));
}

TEST_CASE("Pollaczek and Khinchine's wait is M/M/1's for exponential service and half of it for constant",
          "[queueing]") {
    const QueueMeans exponential =
        pollaczek_khinchine({.arrival_rate = 0.4, .service_mean = 2, .service_variance = 4});
    const QueueMeans markov = erlang_c({.arrival_rate = 0.4, .service_rate = 0.5});
    CHECK(exponential.mean_wait == Approx(markov.mean_wait).epsilon(1e-14));
    CHECK(exponential.mean_sojourn == Approx(markov.mean_sojourn).epsilon(1e-14));
    CHECK(exponential.mean_present() == Approx(markov.mean_present()).epsilon(1e-14));
    CHECK(exponential.waits == Approx(markov.waits).epsilon(1e-14));
    const QueueMeans constant = pollaczek_khinchine({.arrival_rate = 0.4, .service_mean = 2});
    CHECK(constant.mean_wait == Approx(markov.mean_wait / 2).epsilon(1e-14));
    CHECK(constant.mean_waiting == Approx(0.4 * constant.mean_wait).epsilon(1e-15));
}

TEST_CASE("a queue that has no long run is refused", "[queueing]") {
    CHECK_THROWS_WITH(erlang_c({.arrival_rate = 6, .service_rate = 1, .servers = 5}),
                      "the line grows for ever: jobs arrive at rate 6 and are served at rate 5 at most");
    CHECK_THROWS_AS(erlang_c({.arrival_rate = 5, .servers = 5}), std::invalid_argument);
    CHECK_THROWS_AS(erlang_a({.arrival_rate = 5, .servers = 5}), std::invalid_argument);
    CHECK_THROWS_AS(number_present({.arrival_rate = 5, .servers = 5}), std::invalid_argument);
    CHECK_THROWS_AS(erlang_c_wait_exceeds({.arrival_rate = 5, .servers = 5}, 1), std::invalid_argument);
    CHECK_THROWS_AS(pollaczek_khinchine({.arrival_rate = 1, .service_mean = 1}), std::invalid_argument);
    CHECK_NOTHROW(erlang_a({.arrival_rate = 6, .servers = 5, .patience_rate = 0.01}));
    CHECK_NOTHROW(erlang_b({.arrival_rate = 6, .servers = 5}));
    CHECK_THROWS_AS(erlang_c({.arrival_rate = -1}), std::invalid_argument);
    CHECK_THROWS_AS(erlang_c({.arrival_rate = 1, .service_rate = 0}), std::invalid_argument);
    CHECK_THROWS_AS(erlang_b({.arrival_rate = 1, .servers = 0}), std::invalid_argument);
    CHECK_THROWS_AS(erlang_a({.arrival_rate = 1, .patience_rate = -1}), std::invalid_argument);
    CHECK_THROWS_AS(erlang_a({.arrival_rate = std::numeric_limits<double>::quiet_NaN()}),
                    std::invalid_argument);
    CHECK_THROWS_AS(pollaczek_khinchine({.service_variance = -1}), std::invalid_argument);
    // Within a hundred-millionth of its capacity.
    CHECK_THROWS_AS(number_present({.arrival_rate = 1 - 1e-8}), std::invalid_argument);
}
