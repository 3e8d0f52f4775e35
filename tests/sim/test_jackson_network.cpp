#include "sim/jackson_network.hpp"

#include <catch2/catch.hpp>

#include <algorithm>
#include <cmath>
#include <cstdint>
#include <limits>
#include <stdexcept>
#include <string>

using namespace venturi;

namespace {

// Small linear systems, well conditioned.
constexpr double solved = 1e-14;

// Two stations that send each other jobs; one has two servers.
JacksonNetworkOptions two_stations() {
    Eigen::Matrix2d routing;
    routing << 0, 0.5,  //
        0.25, 0;
    return {.arrival_rates = Eigen::Vector2d(1, 0.5),
            .routing = routing,
            .servers = {1, 2},
            .service_rates = Eigen::Vector2d(12.0 / 7, 8.0 / 7)};
}

}  // namespace

TEST_CASE("stations in tandem are as if each stood alone", "[jackson]") {
    Eigen::Matrix2d routing;
    routing << 0, 1,  //
        0, 0;
    const JacksonNetwork tandem({.arrival_rates = Eigen::Vector2d(1, 0),
                                 .routing = routing,
                                 .servers = {1, 1},
                                 .service_rates = Eigen::Vector2d(2, 3)});
    CHECK(tandem.mean_present().isApprox(Eigen::Vector2d(1, 0.5), solved));
    CHECK(tandem.utilisations().isApprox(Eigen::Vector2d(1.0 / 2, 1.0 / 3), solved));
    CHECK(tandem.throughputs().isApprox(Eigen::Vector2d(1, 1), solved));
    CHECK(tandem.visit_ratios().isApprox(Eigen::Vector2d(1, 1), solved));
    CHECK(tandem.mean_sojourn() == Approx(1.5).epsilon(solved));
    CHECK(tandem.mean_sojourns_from().isApprox(Eigen::Vector2d(1.5, 0.5), solved));
}

TEST_CASE("a job that may have to be done again comes back as often as it must", "[jackson]") {
    // M/M/1 with feedback p: flow γ / (1 − p), and 1 / (1 − p) visits of 1 / (μ − γ / (1 − p)) each.
    constexpr double arrivals = 1;
    constexpr double rate = 3;
    for (const double again : {0.0, 0.25, 0.5, 0.6}) {
        const double flow = arrivals / (1 - again);
        const JacksonNetwork network({.arrival_rates = Eigen::VectorXd::Constant(1, arrivals),
                                      .routing = Eigen::MatrixXd::Constant(1, 1, again),
                                      .servers = {1},
                                      .service_rates = Eigen::VectorXd::Constant(1, rate)});
        CHECK(network.throughputs()[0] == Approx(flow).epsilon(solved));
        CHECK(network.throughput() == arrivals);
        CHECK(network.visit_ratios()[0] == Approx(1 / (1 - again)).epsilon(solved));
        CHECK(network.station(0).mean_sojourn == Approx(1 / (rate - flow)).epsilon(solved));
        CHECK(network.mean_number() == Approx(flow / (rate - flow)).epsilon(solved));
        CHECK(network.mean_sojourn() == Approx(1 / (1 - again) / (rate - flow)).epsilon(solved));
        CHECK(network.mean_sojourns_from()[0] == Approx(network.mean_sojourn()).epsilon(solved));
    }
}

TEST_CASE("two stations that send each other jobs have the means worked out by hand", "[jackson]") {
    // λ₁ = 1 + λ₂ / 4 and λ₂ = 1/2 + λ₁ / 2. The first is M/M/1 at ρ = 3/4; the second M/M/2 at ρ = 1/2,
    // where a job waits with probability 1/3.
    const JacksonNetwork network(two_stations());
    CHECK(network.throughputs().isApprox(Eigen::Vector2d(9.0 / 7, 8.0 / 7), solved));
    CHECK(network.utilisations().isApprox(Eigen::Vector2d(0.75, 0.5), solved));
    CHECK(network.station(1).waits == Approx(1.0 / 3).epsilon(solved));
    CHECK(network.mean_present().isApprox(Eigen::Vector2d(3, 4.0 / 3), solved));
    CHECK(network.mean_sojourns().isApprox(Eigen::Vector2d(7.0 / 3, 7.0 / 6), solved));
    CHECK(network.visit_ratios().isApprox(Eigen::Vector2d(6.0 / 7, 16.0 / 21), solved));
    CHECK(network.mean_number() == Approx(13.0 / 3).epsilon(solved));
    CHECK(network.mean_sojourn() == Approx(26.0 / 9).epsilon(solved));
    CHECK(network.mean_sojourns_from().isApprox(Eigen::Vector2d(10.0 / 3, 2), solved));
}

TEST_CASE("what enters a network leaves it, and Little's law agrees with the way of a job", "[jackson]") {
    Eigen::Matrix4d routing;
    routing << 0.0, 0.6, 0.4, 0.0,  //
        0.2, 0.0, 0.3, 0.5,         //
        0.0, 0.1, 0.2, 0.6,         //
        0.1, 0.0, 0.0, 0.0;
    const JacksonNetwork network({.arrival_rates = Eigen::Vector4d(0.5, 0.2, 0, 0),
                                  .routing = routing,
                                  .servers = {1, 2, QueueOptions::unlimited, 1},
                                  .service_rates = Eigen::Vector4d(1.0, 0.6, 0.4, 1.2)});
    const Eigen::Vector4d leaves = Eigen::Vector4d::Ones() - routing.rowwise().sum();
    CHECK(network.throughputs().dot(leaves) == Approx(0.7).epsilon(solved));
    CHECK(network.mean_sojourn()
          == Approx(Eigen::Vector4d(0.5, 0.2, 0, 0).dot(network.mean_sojourns_from()) / 0.7).epsilon(solved));
    CHECK(network.mean_sojourn()
          == Approx(network.visit_ratios().dot(network.mean_sojourns())).epsilon(solved));
    // Where there is no line, the number present is the load.
    CHECK(network.station(2).mean_present() == Approx(network.throughputs()[2] / 0.4).epsilon(solved));
    CHECK(network.station(2).waits == 0);
}

TEST_CASE("the product of the stations' laws balances every state of the network", "[jackson]") {
    const JacksonNetworkOptions options = two_stations();
    const JacksonNetwork network(options);
    const PresentLaw first = number_present(network.queue(0));
    const PresentLaw second = number_present(network.queue(1));
    const auto probability = [&](int n, int m) {
        if (n < 0 || m < 0) return 0.0;
        return first.of(static_cast<std::uint64_t>(n)) * second.of(static_cast<std::uint64_t>(m));
    };
    const auto service = [&](int station, int present) {
        const double servers = options.servers[static_cast<std::size_t>(station)];
        return std::min<double>(present, servers) * options.service_rates[station];
    };
    const Eigen::Vector2d& arrivals = options.arrival_rates;
    const Eigen::Vector2d leaves(0.5, 0.75);
    for (int n = 0; n < 30; ++n) {
        for (int m = 0; m < 20; ++m) {
            const double out = probability(n, m) * (arrivals.sum() + service(0, n) + service(1, m));
            const double in = probability(n - 1, m) * arrivals[0] + probability(n, m - 1) * arrivals[1]
                              + probability(n + 1, m) * service(0, n + 1) * leaves[0]
                              + probability(n, m + 1) * service(1, m + 1) * leaves[1]
                              + probability(n + 1, m - 1) * service(0, n + 1) * options.routing(0, 1)
                              + probability(n - 1, m + 1) * service(1, m + 1) * options.routing(1, 0);
            REQUIRE(in == Approx(out).epsilon(1e-13));
        }
    }
}

TEST_CASE("a station that nobody reaches stands empty", "[jackson]") {
    JacksonNetworkOptions options = two_stations();
    options.arrival_rates = Eigen::Vector2d(1, 0);
    options.routing.setZero();
    const JacksonNetwork network(options);
    CHECK(network.mean_present()[1] == 0);
    CHECK(network.throughputs()[1] == 0);
    CHECK(network.mean_sojourns()[1] == Approx(7.0 / 8).epsilon(solved));  // of whoever were to come
}

TEST_CASE("a network that has no long run is refused, and its station named", "[jackson]") {
    const auto message_of = [](auto&& change) {
        JacksonNetworkOptions options = two_stations();
        change(options);
        try {
            const JacksonNetwork network(options);
        } catch (const std::invalid_argument& problem) {
            return std::string(problem.what());
        }
        return std::string("nothing");
    };
    using Options = JacksonNetworkOptions;
    CHECK(message_of([](Options&) {}) == "nothing");
    CHECK(message_of([](Options& o) { o.routing(1, 0) = 1.5; })
          == "station 1: the transition probabilities sum to more than 1");
    CHECK(message_of([](Options& o) { o.routing(0, 0) = -0.1; })
          == "station 0: a transition probability is negative or no number");
    CHECK(message_of([](Options& o) { o.routing << 0.5, 0.5, 1, 0; })
          == "station 0: whoever is there can never leave for good");
    CHECK(message_of([](Options& o) {
              o.service_rates[1] = 0.5;
          }).starts_with("station 1: the line grows for ever: jobs arrive at rate 1.14286"));
    CHECK(message_of([](Options& o) { o.service_rates[0] = 0; })
          == "station 0: a queue's service rate is a number above 0");
    CHECK(message_of([](Options& o) { o.servers[1] = 0; }) == "station 1: a queue has at least one server");
    CHECK(message_of([](Options& o) { o.arrival_rates[1] = -1; })
          == "station 1: a rate of arrivals from outside is a number of at least 0");
    CHECK(message_of([](Options& o) { o.arrival_rates[1] = std::numeric_limits<double>::infinity(); })
          == "station 1: a rate of arrivals from outside is a number of at least 0");
    CHECK(message_of([](Options& o) { o.arrival_rates.setZero(); })
          == "no job comes to the network from outside");
    CHECK(message_of([](Options& o) { o.servers.pop_back(); })
          == "a network has arrival rates, servers, service rates and a row of routing for each station");
}
