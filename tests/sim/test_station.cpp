#include "sim/station.hpp"
#include "tests/sim/station_driver.hpp"

#include <Eigen/Dense>
#include <catch2/catch.hpp>

#include <array>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <vector>

using namespace venturi;
using venturi::testing::Node;
using venturi::testing::replicate;
using venturi::testing::Replications;
using venturi::testing::require_mean;
using venturi::testing::StationNetwork;

namespace {

double mean_wait(const StationNetwork& network) {
    const auto& seen = network.seen();
    return (seen.waited[0] + seen.waited[1]) / (seen.served[0] + seen.served[1]);
}

// Probability of waiting in M/M/c with offered load a = λ/μ (Erlang 1917), by the stable recursion for Erlang
// B.
double erlang_c(unsigned servers, double load) {
    double blocked = 1;
    for (unsigned k = 1; k <= servers; ++k) blocked = load * blocked / (k + load * blocked);
    const double utilisation = load / servers;
    return blocked / (1 - utilisation * (1 - blocked));
}

// M/M/c+M: the stationary law of the birth–death chain with births λ and deaths min(n, c) μ + max(n − c, 0)
// θ.
struct ErlangA {
    double abandoned;  // probability
    double waiting;    // mean number
    double wait;       // mean of all, served or not

    ErlangA(double arrival_rate, double service_rate, unsigned servers, double impatience) {
        double weight = 1;
        double total = 1;
        double weighted = 0;
        for (unsigned n = 1; n < 2000; ++n) {
            const unsigned line = n > servers ? n - servers : 0;
            weight *= arrival_rate / ((n - line) * service_rate + line * impatience);
            total += weight;
            weighted += line * weight;
        }
        waiting = weighted / total;
        abandoned = impatience * waiting / arrival_rate;
        wait = waiting / arrival_rate;
    }
};

}  // namespace

TEST_CASE("M/M/1: mean number, wait and utilisation", "[station][long]") {
    constexpr double rho = 0.8;
    const std::vector<Node> nodes = {
        {.station = {.service = Exponential{1}}, .interval = Exponential{1 / rho}}};
    const auto [present, wait, working] =
        replicate<3>(nodes, {.count = 100, .length = 20'000, .seed = 101}, [](StationNetwork& network) {
            return std::array{network.mean_present(0), mean_wait(network),
                              network.statistics(0).working_integral / network.elapsed()};
        });
    require_mean("number present", present, rho / (1 - rho));
    require_mean("wait", wait, rho / (1 - rho));
    require_mean("utilisation", working, rho);
}

TEST_CASE("M/M/c: Erlang's probability of waiting and mean wait", "[station][long]") {
    for (const unsigned servers : {2U, 5U, 20U}) {
        const double load = 0.8 * servers;
        const double waits = erlang_c(servers, load);
        const std::vector<Node> nodes = {
            {.station = {.servers = servers, .service = Exponential{1}}, .interval = Exponential{1 / load}}};
        const auto [wait, waited, waiting] =
            replicate<3>(nodes, {.count = 100, .length = 50'000.0 / servers, .seed = 200 + servers},
                         [](StationNetwork& network) {
                             const auto& seen = network.seen();
                             return std::array{mean_wait(network), 1 - seen.served_at_once / seen.served[0],
                                               network.mean_waiting(0)};
                         });
        INFO(servers << " servers");
        require_mean("wait", wait, waits / (servers - load), 0.02);
        require_mean("probability of waiting", waited, waits);
        require_mean("number waiting", waiting, waits * load / (servers - load), 0.02);
    }
}

TEST_CASE("M/G/1: Pollaczek and Khinchine's mean wait", "[station][long]") {
    constexpr double rate = 0.7;
    for (const Distribution& service :
         {Distribution{Gamma{0.5, 1}}, Distribution{Gamma{3, 1}}, Distribution{Constant{1}},
          Distribution{LogNormal{std::exp(-0.125), 0.5}}, Distribution{Uniform{0, 2}}}) {
        const double second_moment = variance(service) + 1;
        const double exact = rate * second_moment / (2 * (1 - rate));
        const std::vector<Node> nodes = {
            {.station = {.service = service}, .interval = Exponential{1 / rate}}};
        const auto [wait, waiting] =
            replicate<2>(nodes, {.count = 100, .length = 20'000, .seed = 301}, [](StationNetwork& network) {
                return std::array{mean_wait(network), network.mean_waiting(0)};
            });
        INFO("variance of the service time " << variance(service));
        require_mean("wait", wait, exact);
        require_mean("number waiting", waiting, rate * exact);
    }
}

TEST_CASE("M/M/c+M: Erlang A's abandonments and waits", "[station][long]") {
    struct Case {
        unsigned servers;
        double arrival_rate;
        double impatience;
    };
    for (const auto& [servers, arrival_rate, impatience] :
         {Case{1, 0.9, 0.5}, Case{5, 6, 0.4}, Case{10, 9, 2}}) {
        const ErlangA exact(arrival_rate, 1, servers, impatience);
        const std::vector<Node> nodes = {{.station = {.servers = servers,
                                                      .service = Exponential{1},
                                                      .patience = Exponential{1 / impatience}},
                                          .interval = Exponential{1 / arrival_rate}}};
        const auto [abandoned, waiting, wait] =
            replicate<3>(nodes, {.length = 3000, .seed = 401}, [](StationNetwork& network) {
                const StationStatistics statistics = network.statistics(0);
                const auto arrived = static_cast<double>(statistics.arrived);
                return std::array{static_cast<double>(statistics.reneged) / arrived, network.mean_waiting(0),
                                  statistics.waiting_integral / arrived};
            });
        INFO(servers << " servers");
        require_mean("probability of abandoning", abandoned, exact.abandoned);
        require_mean("number waiting", waiting, exact.waiting);
        require_mean("wait", wait, exact.wait);
    }
}

TEST_CASE("M/M/∞: the number present is Poisson", "[station][long]") {
    constexpr double load = 4;
    const std::vector<Node> nodes = {
        {.station = {.servers = StationOptions::unlimited, .service = Exponential{2}},
         .interval = Exponential{2 / load}}};
    Moments average;
    Moments count;
    Moments square;
    Moments none;
    for (std::uint32_t trajectory = 0; trajectory < 20'000; ++trajectory) {
        StationNetwork network(nodes, 501, trajectory);
        network.run_until(40);  // e^−20 from its stationary law
        const double present = network.present(0);
        count.add(present);
        square.add((present - load) * (present - load));
        none.add(present == 0 ? 1 : 0);
        network.restart_statistics();
        network.run_until(60);
        average.add(network.mean_present(0));
    }
    require_mean("mean number", count, load);
    require_mean("its variance", square, load, 0.02);
    require_mean("time average", average, load);
    require_mean("probability of nobody", none, std::exp(-load), 0.1);
}

TEST_CASE("an open Jackson network of four stations with feedback has the product form's means",
          "[station][long]") {
    constexpr int stations = 4;
    const Eigen::Vector4d outside{0.5, 0.2, 0, 0};
    Eigen::Matrix4d routing;
    routing << 0.0, 0.6, 0.4, 0.0,  //
        0.2, 0.0, 0.3, 0.5,         //
        0.0, 0.1, 0.2, 0.6,         //
        0.1, 0.0, 0.0, 0.0;
    const std::array<unsigned, stations> servers = {1, 2, 3, 1};
    const std::array<double, stations> service_rate = {1.0, 0.6, 0.4, 1.2};
    // Traffic equations: flow = outside + routingᵀ flow.
    const Eigen::Vector4d flow =
        (Eigen::Matrix4d::Identity() - routing.transpose()).partialPivLu().solve(outside);

    std::vector<Node> nodes(stations);
    std::array<double, stations> exact{};
    double total = 0;
    for (int i = 0; i < stations; ++i) {
        const auto k = static_cast<std::size_t>(i);
        nodes[k].station = {.servers = servers[k], .service = Exponential{1 / service_rate[k]}};
        if (outside[i] > 0) nodes[k].interval = Exponential{1 / outside[i]};
        for (int j = 0; j < stations; ++j) nodes[k].next.push_back(routing(i, j));
        const double load = flow[i] / service_rate[k];
        REQUIRE(load < servers[k]);
        exact[k] = load + erlang_c(servers[k], load) * load / (servers[k] - load);
        total += exact[k];
    }
    const auto seen = replicate<stations + 2>(
        nodes, {.count = 100, .length = 10'000, .seed = 601}, [](StationNetwork& network) {
            return std::array{network.mean_present(0),
                              network.mean_present(1),
                              network.mean_present(2),
                              network.mean_present(3),
                              network.seen().sojourn / network.seen().left,
                              static_cast<double>(network.statistics(2).arrived) / network.elapsed()};
        });
    for (std::size_t i = 0; i < stations; ++i) require_mean("number at a station", seen[i], exact[i], 0.02);
    require_mean("sojourn", seen[4], total / outside.sum());
    require_mean("flow through the third station", seen[5], flow[2]);
}

TEST_CASE("M^[X]/M/1: batches lengthen the line as they should", "[station][long]") {
    // Batches of 1, 2 or 3 with probability 1/4, 1/2, 1/4: the rounded uniform on [1, 3).
    constexpr double batch_mean = 2;
    constexpr double batch_second_moment = 4.5;
    constexpr double batch_rate = 0.35;
    constexpr double rho = batch_rate * batch_mean;
    // E[N] = ρ (1 + E[X²]/E[X]) / (2 (1 − ρ)), Gross and Harris, Fundamentals of Queueing Theory,
    // section 3.1.
    constexpr double exact = rho * (1 + batch_second_moment / batch_mean) / (2 * (1 - rho));
    const std::vector<Node> nodes = {{.station = {.service = Exponential{1}},
                                      .interval = Exponential{1 / batch_rate},
                                      .batch = Uniform{1, 3}}};
    const auto [present, flow] =
        replicate<2>(nodes, {.count = 100, .length = 20'000, .seed = 701}, [](StationNetwork& network) {
            return std::array{network.mean_present(0),
                              static_cast<double>(network.statistics(0).arrived) / network.elapsed()};
        });
    require_mean("number present", present, exact);
    require_mean("flow", flow, rho);
}

TEST_CASE("two classes without preemption wait as Cobham's formula says", "[station][long]") {
    // Cobham, "Priority assignment in waiting line problems", Operations Research 2(1), 1954.
    constexpr double rate = 0.75;
    constexpr std::array<double, 2> shares = {0.4, 0.6};
    const Distribution service = Gamma{2, 1};
    const double residual = rate * (variance(service) + 1) / 2;
    constexpr double first_load = rate * shares[0];
    const std::vector<Node> nodes = {{.station = {.service = service, .priorities = 2},
                                      .interval = Exponential{1 / rate},
                                      .classes = {shares[0], shares[1]}}};
    const auto [first, second] =
        replicate<2>(nodes, {.count = 100, .length = 10'000, .seed = 801}, [](StationNetwork& network) {
            const auto& seen = network.seen();
            return std::array{seen.waited[0] / seen.served[0], seen.waited[1] / seen.served[1]};
        });
    require_mean("wait of the first class", first, residual / (1 - first_load));
    require_mean("wait of the second class", second, residual / ((1 - first_load) * (1 - rate)), 0.02);
}

TEST_CASE("breakdowns stretch service as Gaver's completion time does", "[station]") {
    // Gaver, "A waiting line with interrupted service", JRSS B 24(1), 1962: with breakdowns at rate ξ while
    // working and repairs R, E[C] = E[S](1 + ξ E[R]) and E[C²] = E[S²](1 + ξ E[R])² + ξ E[S] E[R²]; then
    // Pollaczek–Khinchine.
    constexpr double rate = 0.5;
    constexpr double breakdown_rate = 0.2;
    const Distribution repair = Gamma{2, 1.5};
    for (const Distribution& service : {Distribution{Exponential{1}}, Distribution{Uniform{0.5, 1.5}}}) {
        const double stretch = 1 + breakdown_rate * mean(repair);
        const double first = stretch * mean(service);
        const double second = (variance(service) + 1) * stretch * stretch
                              + breakdown_rate * (variance(repair) + mean(repair) * mean(repair));
        const double load = rate * first;
        const double exact_wait = rate * second / (2 * (1 - load));
        const std::vector<Node> nodes = {
            {.station = {.service = service, .breakdown = Breakdown{Exponential{1 / breakdown_rate}, repair}},
             .interval = Exponential{1 / rate}}};
        const auto [wait, present, working] =
            replicate<3>(nodes, {.count = 100, .length = 20'000, .seed = 901}, [](StationNetwork& network) {
                return std::array{mean_wait(network), network.mean_present(0),
                                  network.statistics(0).working_integral / network.elapsed()};
            });
        require_mean("wait", wait, exact_wait);
        require_mean("number present", present, load + rate * exact_wait);
        require_mean("share of time at work", working, rate);
    }
}

TEST_CASE("many servers that break down are at work as much as the work demands", "[station][long]") {
    const std::vector<Node> nodes = {{.station = {.servers = 4,
                                                  .service = Gamma{2, 1},
                                                  .breakdown = Breakdown{Weibull{1.5, 4}, Exponential{0.5}}},
                                      .interval = Exponential{1 / 2.4}}};
    const auto [working] = replicate<1>(nodes, {.seed = 902}, [](StationNetwork& network) {
        return std::array{network.statistics(0).working_integral / network.elapsed()};
    });
    require_mean("servers at work", working, 2.4);
}
