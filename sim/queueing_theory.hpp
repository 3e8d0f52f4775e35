// What stations do in the long run, exactly: the yardsticks of simulations.
//
// Arrivals are Poisson and service times independent; time is in the model's unit and rates are per that
// unit. `sim/station.hpp` simulates such stations, `sim/jackson_network.hpp` puts them together.
#pragma once

#include <cstdint>
#include <limits>
#include <vector>

namespace venturi {

/// A station with exponential service and exponential patience: M/M/c+M.
struct QueueOptions {
    static constexpr std::uint32_t unlimited = std::numeric_limits<std::uint32_t>::max();

    double arrival_rate = 0;
    double service_rate = 1;    ///< of one server, above 0
    std::uint32_t servers = 1;  ///< at least 1; `unlimited` for a station without a line
    double patience_rate = 0;   ///< at which a job that waits gives up; 0 and it waits for ever
};

/// A station with one server, whose service times have any law: M/G/1.
struct GeneralServiceOptions {
    double arrival_rate = 0;
    double service_mean = 1;  ///< above 0
    double service_variance = 0;
};

/// Long-run means of a station. An arrival sees what an outside observer sees (Wolff, Operations Research
/// 30(2), 1982), so probabilities are of both.
struct QueueMeans {
    double utilisation = 0;          ///< share of the servers at work; 0 of unlimited ones
    double waits = 0;                ///< probability that a job has to wait
    double abandons = 0;             ///< probability that a job gives up waiting
    double mean_waiting = 0;         ///< number waiting
    double mean_in_service = 0;      ///< number in service
    double mean_wait = 0;            ///< of all jobs, also those that give up
    double mean_wait_of_served = 0;  ///< of those that do not give up
    double mean_sojourn = 0;         ///< from arrival to departure, served or not

    [[nodiscard]] double mean_present() const { return mean_waiting + mean_in_service; }
};

/// Long-run means of a station that turns jobs away when all servers are at work.
struct LossMeans {
    double blocked = 0;          ///< probability that a job is turned away
    double utilisation = 0;      ///< share of the servers at work
    double mean_in_service = 0;  ///< number in service
    double throughput = 0;       ///< jobs served per unit of time
};

/// Every function throws std::invalid_argument, with a message for the user, where a rate is negative or no
/// number, a service rate is 0, there is no server, or the line would grow for ever.

/// M/M/c/c, where a job that finds no free server is lost: Erlang's loss formula B(c, a) (1917), by the
/// stable recursion B(k, a) = a B(k − 1, a) / (k + a B(k − 1, a)). Patience plays no part. Takes c steps.
[[nodiscard]] LossMeans erlang_b(const QueueOptions& options);

/// M/M/c: Erlang's delay formula C(c, a) = B / (1 − ρ (1 − B)) (1917), and from it the mean number waiting
/// C ρ / (1 − ρ). With unlimited servers, M/M/∞. Patience is for ever, whatever the options say.
[[nodiscard]] QueueMeans erlang_c(const QueueOptions& options);

/// Probability that a job of M/M/c waits for longer than `time`: C e^{−(c μ − λ) time}.
[[nodiscard]] double erlang_c_wait_exceeds(const QueueOptions& options, double time);

/// M/M/c+M, from its stationary law: Palm, "Research on telephone traffic carried by full availability
/// groups", Tele 1 (1957); Garnett, Mandelbaum & Reiman, Manufacturing & Service Operations Management 4(3),
/// 208–227 (2002). Abandonments per unit of time are patience_rate times the number waiting. A job that
/// arrives k-th in line is served with probability cμ / (cμ + kθ), after a mean wait of Σᵢ₌₁ᵏ 1 / (cμ + iθ)
/// (each place of the line is left at rate cμ + iθ, and whether by moving up or by giving up does not depend
/// on when). With patience rate 0, M/M/c.
[[nodiscard]] QueueMeans erlang_a(const QueueOptions& options);

/// M/M/∞: the number present is Poisson of mean λ / μ. Servers and patience play no part.
[[nodiscard]] QueueMeans unlimited_servers(const QueueOptions& options);

/// M/G/1: E[wait] = λ E[S²] / (2 (1 − ρ)), Pollaczek (1930) and Khinchine (1932).
[[nodiscard]] QueueMeans pollaczek_khinchine(const GeneralServiceOptions& options);

/// The stationary law of a number present, where it is not negligible.
struct PresentLaw {
    std::uint64_t first = 0;          ///< the smallest number tabulated
    std::vector<double> probability;  ///< of first, first + 1, ...; sums to 1

    /// 0 where it is not tabulated.
    [[nodiscard]] double of(std::uint64_t number) const {
        return number >= first && number - first < probability.size()
                   ? probability[static_cast<std::size_t>(number - first)]
                   : 0;
    }
};

/// The number present in M/M/c+M, M/M/c and M/M/∞: the birth–death chain that goes up at rate λ and down at
/// rate min(n, c) μ + max(n − c, 0) θ. Left out is what is below 1e-17 of the whole, and of the part of it
/// with a line. Besides the errors above, throws std::invalid_argument where more than 2²² numbers matter: a
/// queue within a hundred-thousandth of its capacity.
[[nodiscard]] PresentLaw number_present(const QueueOptions& options);

}  // namespace venturi
